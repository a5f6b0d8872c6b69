"""What a manager may ask the simulated PBX, each answered as Asterisk answers: a response, then the list's entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from .equipment import ENDPOINT_WORDS, VERSION, Pairs, Phone, Queue, extension_in
from .exchange import Exchange
from .outgoing import call_by_click

Fields = Mapping[str, str]
Answers = Iterator[Pairs]


def refused(message: str) -> Answers:
    yield [("Response", "Error"), ("Message", message)]


def done(message: str, *more: tuple[str, str]) -> Answers:
    yield [("Response", "Success"), ("Message", message), *more]


def listing(message: str, event: str, entries: list[Pairs]) -> Answers:
    yield [("Response", "Success"), ("EventList", "start"), ("Message", message)]
    yield from entries
    yield [("Event", event), ("EventList", "Complete"), ("ListItems", str(len(entries)))]


def ping(exchange: Exchange, fields: Fields) -> Answers:
    yield [("Response", "Success"), ("Ping", "Pong")]


def events(exchange: Exchange, fields: Fields) -> Answers:
    yield [("Response", "Success"), ("Events", "On")]


def core_settings(exchange: Exchange, fields: Fields) -> Answers:
    yield [("Response", "Success"), ("AMIversion", "11.0.0"), ("AsteriskVersion", VERSION)]


def show_channels(exchange: Exchange, fields: Fields) -> Answers:
    entries = []
    for channel in exchange.channels.values():
        doing = [("Application", channel.application), ("ApplicationData", channel.data), ("BridgeId", channel.bridge)]
        entries.append([("Event", "CoreShowChannel"), *channel.fields(), *doing])
    return listing("Channels will follow", "CoreShowChannelsComplete", entries)


def device_states(exchange: Exchange, fields: Fields) -> Answers:
    entries: list[Pairs] = [
        [("Event", "DeviceStateChange"), ("Device", phone.interface), ("State", phone.device_state)]
        for phone in exchange.phones.values()
    ]
    return listing("Device State Changes will follow", "DeviceStateListComplete", entries)


def endpoints(exchange: Exchange, fields: Fields) -> Answers:
    entries: list[Pairs] = [
        [
            ("Event", "EndpointList"),
            ("ObjectType", "endpoint"),
            ("ObjectName", phone.extension),
            ("DeviceState", ENDPOINT_WORDS.get(phone.device_state, "On Hold")),
        ]
        for phone in exchange.phones.values()
    ]
    return listing("A listing of Endpoints follows, presented as EndpointList events", "EndpointListComplete", entries)


def queue_status(exchange: Exchange, fields: Fields) -> Answers:
    entries: list[Pairs] = []
    for queue in exchange.queues.values():
        entries.append([("Event", "QueueParams"), ("Queue", queue.name), ("Calls", str(len(queue.waiting)))])
        for interface in queue.members:
            phone = exchange.phones[extension_in(interface)]
            entries.append([("Event", "QueueMember"), *queue.member_fields(interface, phone)])
        for place, channel in enumerate(queue.waiting, 1):
            at = [("Queue", queue.name), ("Position", str(place)), ("Channel", channel.name)]
            who = [pair for pair in channel.fields() if pair[0] in ("Uniqueid", "CallerIDNum", "CallerIDName")]
            entries.append([("Event", "QueueEntry"), *at, *who])
    return listing("Queue status will follow", "QueueStatusComplete", entries)


def _members(exchange: Exchange, fields: Fields) -> tuple[str, Phone | None, list[Queue]]:
    """What `Interface` names, its phone, and the queue named, or all."""
    interface, named = fields.get("interface", ""), fields.get("queue")
    phone = exchange.phones.get(extension_in(interface))
    return interface, phone, [queue for queue in exchange.queues.values() if not named or queue.name == named]


def queue_pause(exchange: Exchange, fields: Fields) -> Answers:
    interface, phone, queues = _members(exchange, fields)
    queues = [queue for queue in queues if interface in queue.members]
    if phone is None or not queues:
        return refused("Interface not found")
    paused = fields.get("paused", "").lower() in ("1", "true", "yes")
    for queue in queues:
        queue.members[interface] = paused
        queue.reasons[interface] = fields.get("reason", "")
        exchange.tell("QueueMemberPause", "agent", queue.member_fields(interface, phone))
    return done("Interface paused successfully" if paused else "Interface unpaused successfully")


def queue_add(exchange: Exchange, fields: Fields) -> Answers:
    interface, phone, queues = _members(exchange, fields)
    if phone is None or not fields.get("queue") or not queues:
        return refused("Unable to add interface to queue: No such queue")
    if interface in queues[0].members:
        return refused("Unable to add interface: Already there")
    queues[0].members[interface] = fields.get("paused", "").lower() in ("1", "true", "yes")
    exchange.tell("QueueMemberAdded", "agent", queues[0].member_fields(interface, phone))
    return done("Added interface to queue")


def queue_remove(exchange: Exchange, fields: Fields) -> Answers:
    interface, phone, queues = _members(exchange, fields)
    if phone is None or not queues or interface not in queues[0].members:
        return refused("Unable to remove interface: Not there")
    gone = queues[0].member_fields(interface, phone)
    del queues[0].members[interface]
    exchange.tell("QueueMemberRemoved", "agent", gone)
    return done("Removed interface from queue")


def hang_up(exchange: Exchange, fields: Fields) -> Answers:
    wanted = fields.get("channel")
    for call in (*exchange.calls.values(), *exchange.outgoing.values()):
        if any(wanted in (leg.name, leg.uniqueid) for leg in call.legs):
            call.hang_up()
            return done("Channel Hungup")
    return refused("No such channel")


def originate(exchange: Exchange, fields: Fields) -> Answers:
    """Only from an agent's phone to a number; the outcome is an OriginateResponse."""
    extension = fields.get("channel", "").partition("/")[2]
    if not fields.get("exten") or "/" not in fields.get("channel", ""):
        return refused("Originate failed")
    if call_by_click(exchange, extension, fields["exten"], fields) is None:
        number = [("ActionID", fields["actionid"])] if fields.get("actionid") else []
        why = [("Response", "Failure"), ("Channel", fields["channel"]), ("Reason", "5")]
        exchange.tell("OriginateResponse", "call", [*number, *why, ("Uniqueid", "<null>")])
    return done("Originate successfully queued")


ACTIONS: dict[str, Callable[[Exchange, Fields], Answers]] = {
    "ping": ping,
    "events": events,
    "coresettings": core_settings,
    "coreshowchannels": show_channels,
    "devicestatelist": device_states,
    "pjsipshowendpoints": endpoints,
    "queuestatus": queue_status,
    "queuepause": queue_pause,
    "queueadd": queue_add,
    "queueremove": queue_remove,
    "hangup": hang_up,
    "originate": originate,
}
