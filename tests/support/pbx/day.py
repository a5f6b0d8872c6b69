"""A day of calls on a real Asterisk: each is scripted, and says beforehand which legs it must have."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from atiende.telephony import facts as f
from atiende.telephony.ami.address import Address
from atiende.telephony.ami.connection import AmiConnection
from atiende.telephony.calls.translator import EVENT_CLASSES
from atiende.tests.support.pbx import config
from atiende.tests.support.pbx.caller import Caller
from atiende.tests.support.pbx.config import Queue
from atiende.tests.support.pbx.ears import Heard
from atiende.tests.support.pbx.scenes import RealScene
from atiende.tests.support.pbx.sipp import NEVER_MS

# Calls of different groups go on at the same time: each group has phones of its own.
QUEUES = {
    "soporte": Queue(("1001", "1002"), ring=15),
    "espera": Queue(("1005",), ring=15),
    "lenta": Queue(("1004",), ring=20),
    "corta": Queue(("1004",), ring=20, wait=2),
    "ausente": Queue(("1009",)),
}
ANSWER = ("1001", "1002", "1003", "1006", "1007", "1008")
NEVER_ANSWERS, HOLDS = "1004", "1005"
OUTSIDE, ROOM = "6015550000", "700"
PAUSE = 0.3  # seconds between two acts, as people are slower than the PBX

Leg = tuple[str, str, str]  # kind; queue, of a queue's leg; outcome
WAITED: Leg = ("queue", "soporte", "answered")
HANDED_ON: Leg = ("agent", "", "handed_on")
TALKED: Leg = ("agent", "", "ended")


@dataclass
class Stage:
    """What a script can do: customers' phones, one account of the manager, and what is heard meanwhile."""

    scene: RealScene
    ami: AmiConnection
    heard: Heard
    customer_phone: Caller | None = None

    async def dial(self, to: str, number: str) -> None:
        """A customer calls and stays on the line."""
        self.customer_phone = await Caller.dial(self.scene.pbx.sip_address, to, number)

    async def talk(self, number: str, to: str = "soporte") -> f.CallAnswered:
        """A customer calls and is answered."""
        await self.dial(to, number)
        return await self.heard.next(f.CallAnswered, caller_number=number)

    async def wait(self, number: str, to: str) -> f.CallerWaits:
        """A customer calls a queue and waits in it."""
        await self.dial(to, number)
        return await self.heard.next(f.CallerWaits, caller_number=number)

    async def do(self, action: str, **headers: str) -> None:
        await asyncio.sleep(PAUSE)
        await self.ami.ask(action, headers)

    async def transfer(self, talked: f.CallAnswered, context: str, to: str) -> None:
        """The agent transfers the customer, and is out of the call."""
        channel = await self.phone(talked.extension)
        await self.do("BlindTransfer", Channel=channel, Context=context, Exten=to)

    async def give_up(self, call: str) -> None:
        """The customer hangs up, talking or waiting, and the call is over."""
        assert self.customer_phone is not None
        await asyncio.sleep(PAUSE)
        self.customer_phone.hang_up()
        await self.over(call)

    async def over(self, call: str) -> None:
        await self.heard.next(f.CallEnded, call=call)

    async def phone(self, extension: str) -> str:
        """The channel of an agent's phone."""
        rows = await self._channels()
        return next(row[0] for row in rows if row[0].startswith(f"PJSIP/{extension}-"))

    async def customer(self, call: str) -> str:
        """The channel of the customer, after whom the call is named."""
        return next(row[0] for row in await self._channels() if row[-1] == call)

    async def _channels(self) -> list[list[str]]:
        said = await asyncio.to_thread(self.scene.pbx.cli, "core show channels concise")
        return [line.split("!") for line in said.splitlines() if "!" in line]


Script = Callable[[Stage, str], Awaitable[list[Leg]]]


async def answered(stage: Stage, number: str) -> list[Leg]:
    talked = await stage.talk(number)
    await stage.give_up(talked.call)
    return [WAITED, TALKED]


async def hung_up_by_the_agent(stage: Stage, number: str) -> list[Leg]:
    talked = await stage.talk(number)
    await stage.do("Hangup", Channel=await stage.phone(talked.extension))
    await stage.over(talked.call)
    return [WAITED, TALKED]


async def put_through_to_a_colleague(stage: Stage, number: str) -> list[Leg]:
    talked = await stage.talk(number)
    await stage.transfer(talked, "agents", "1006")
    await stage.heard.next(f.CallAnswered, call=talked.call, extension="1006")
    await stage.give_up(talked.call)
    return [WAITED, HANDED_ON, TALKED]


async def announced_to_a_colleague(stage: Stage, number: str) -> list[Leg]:
    """An attended transfer: the two agents speak in a call of their own, then customer and colleague are joined."""
    talked = await stage.talk(number)
    ask = {"Context": "agents", "Exten": "1003", "Priority": "1", "Async": "true"}
    await stage.do("Originate", Channel=f"PJSIP/{talked.extension}", **ask)
    await stage.heard.next(f.CallAnswered, extension="1003")
    customer, colleague = await stage.customer(talked.call), await stage.phone("1003")
    await stage.do("Bridge", Channel1=customer, Channel2=colleague)
    await stage.heard.next(f.CallAnswered, call=talked.call, extension="1003")
    await stage.give_up(talked.call)
    return [WAITED, HANDED_ON, TALKED]


async def back_to_the_queue(stage: Stage, number: str) -> list[Leg]:
    talked = await stage.talk(number)
    await stage.transfer(talked, "incoming", "soporte")
    again = await stage.heard.next(f.CallAnswered, call=talked.call, queue="soporte")
    await stage.give_up(again.call)
    return [WAITED, HANDED_ON, WAITED, TALKED]


async def back_to_a_queue_and_given_up(stage: Stage, number: str) -> list[Leg]:
    talked = await stage.talk(number)
    await stage.transfer(talked, "incoming", "ausente")
    await stage.heard.next(f.AgentLeft, call=talked.call)
    await stage.give_up(talked.call)
    return [WAITED, HANDED_ON, ("queue", "ausente", "abandoned")]


async def put_through_outside(stage: Stage, number: str) -> list[Leg]:
    talked = await stage.talk(number)
    await stage.transfer(talked, "agents", OUTSIDE)
    await stage.heard.next(f.TalksOutside, call=talked.call, number=OUTSIDE)
    await stage.give_up(talked.call)
    return [WAITED, HANDED_ON, ("outside", "", "ended")]


async def conference(stage: Stage, number: str) -> list[Leg]:
    """Customer and agent go into a room; the customer leaves last."""
    talked = await stage.talk(number)
    channel, customer = await stage.phone(talked.extension), await stage.customer(talked.call)
    room = {"Context": "agents", "Exten": ROOM, "Priority": "1"}
    extra = {f"Extra{name}": value for name, value in room.items()}
    await stage.do("Redirect", Channel=customer, ExtraChannel=channel, **room, **extra)
    await asyncio.sleep(1)
    await stage.do("Hangup", Channel=channel)
    await stage.heard.next(f.AgentLeft, call=talked.call)
    await stage.give_up(talked.call)
    return [WAITED, TALKED]


async def held(stage: Stage, number: str) -> list[Leg]:
    talked = await stage.talk(number, "espera")
    await stage.heard.next(f.CallHeld, call=talked.call, held=False)
    await stage.give_up(talked.call)
    return [("queue", "espera", "answered"), TALKED]


async def given_up_where_nobody_is(stage: Stage, number: str) -> list[Leg]:
    waits = await stage.wait(number, "ausente")
    await stage.give_up(waits.call)
    return [("queue", "ausente", "abandoned")]


async def given_up_while_it_rang(stage: Stage, number: str) -> list[Leg]:
    waits = await stage.wait(number, "lenta")
    await stage.heard.next(f.CallRang, call=waits.call)
    await stage.give_up(waits.call)
    return [("queue", "lenta", "abandoned"), ("agent", "", "abandoned")]


async def waited_too_long(stage: Stage, number: str) -> list[Leg]:
    """Out of the queue when its time is up; then the dial plan hangs up."""
    waits = await stage.wait(number, "corta")
    await stage.over(waits.call)
    return [("queue", "corta", "left"), ("agent", "", "no_answer")]


async def direct(stage: Stage, number: str) -> list[Leg]:
    talked = await stage.talk(number, "1008")
    await stage.give_up(talked.call)
    return [TALKED]


async def colleagues(stage: Stage, _number: str) -> list[Leg]:
    """1007 calls 1008: an internal call, which no figure counts."""
    await stage.do("Originate", Channel="PJSIP/1007", Context="agents", Exten="1008", Priority="1", Async="true")
    talked = await stage.heard.next(f.CallAnswered, extension="1008", direction=f.Direction.INTERNAL)
    await stage.do("Hangup", Channel=await stage.phone("1007"))
    await stage.over(talked.call)
    return []


# In a group one call follows the other.
GROUPS: tuple[tuple[Script, ...], ...] = (
    (answered, put_through_to_a_colleague, back_to_the_queue, announced_to_a_colleague, put_through_outside,
     conference, hung_up_by_the_agent, back_to_a_queue_and_given_up),
    (given_up_while_it_rang, waited_too_long, given_up_where_nobody_is),
    (held, direct, colleagues),
)  # fmt: skip


@asynccontextmanager
async def phones_of_the_day(scene: RealScene) -> AsyncIterator[AmiConnection]:
    """Phones that answer, one that never does, one that holds, a carrier that answers; and the manager's account."""
    for extension in ANSWER:
        await scene.phone(extension, "answers")
    await asyncio.to_thread(scene.bench.phone, NEVER_ANSWERS, NEVER_MS)
    await asyncio.to_thread(scene.bench.phone, HOLDS, 200, scenario="phone_holds")
    await scene.customer(OUTSIDE, "answers")
    ami = AmiConnection(Address.parse(scene.pbx.url(*config.BENCH)), lambda *_: None, EVENT_CLASSES)
    await ami.open()
    try:
        yield ami
    finally:
        await ami.close()
