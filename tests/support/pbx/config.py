"""The configuration of a test's Asterisk: three agent phones, a carrier, some queues, a manager with few rights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

DIAL_SECONDS = 2  # how long a customer is rung whose number begins with 320; the others 20
AGENTS = ("1001", "1002", "1003")
EAR = ("ear", "ear-secret")
BENCH = ("bench", "bench-secret")  # what a test itself does to the PBX: originate, transfer

MODULES = """
res_timing_timerfd res_pjproject res_sorcery_config res_sorcery_memory res_sorcery_astdb res_rtp_asterisk
res_musiconhold res_http_websocket res_speech codec_ulaw codec_alaw format_pcm format_sln format_wav pbx_config
app_confbridge bridge_simple bridge_softmix bridge_holding bridge_native_rtp bridge_builtin_features app_dial app_queue
app_playback app_verbose app_echo app_stack app_originate app_channelredirect app_transfer func_callerid
func_channel func_logic func_strings func_devstate func_dialplan func_global
chan_pjsip chan_bridge_media res_manager_devicestate
res_pjsip res_pjsip_session res_pjsip_registrar res_pjsip_authenticator_digest
res_pjsip_outbound_authenticator_digest res_pjsip_endpoint_identifier_user res_pjsip_endpoint_identifier_ip
res_pjsip_sdp_rtp res_pjsip_caller_id res_pjsip_nat res_pjsip_rfc3326 res_pjsip_diversion res_pjsip_refer
res_pjsip_pubsub res_pjsip_header_funcs func_pjsip_endpoint
""".split()  # noqa: SIM905 - a list of words reads better so

EMPTY = "acl ccss dnsmgr dsp extconfig sorcery pjsip_notify codecs res_stun_monitor cli_permissions udptl queuerules"


@dataclass(frozen=True)
class Queue:
    """A queue of the test: who is in it, how it rings, for how long one phone rings and a caller waits (seconds).

    A member is an extension, or the whole line of one: `Local/1001@from-queue/n,0,Ana,hint:1001@ext-local`.
    """

    members: Sequence[str]
    strategy: str = "rrmemory"
    ring: int = 4
    wait: int = 30


def default_queues() -> dict[str, Queue]:
    return {
        "soporte": Queue(("1001", "1002")),
        "todos": Queue(("1001", "1002", "1003"), strategy="ringall", ring=15),
        "ventas": Queue(("1003",), wait=5),
    }


@dataclass(frozen=True)
class Plan:
    """What a configuration is made from. `root` is where Asterisk was unpacked, `home` its folder for this run."""

    root: str
    home: str
    modules: str
    ami: int
    sip: int
    rtp: int
    carrier: int
    agents: Sequence[str] = AGENTS
    queues: Mapping[str, Queue] = field(default_factory=default_queues)


def files(plan: Plan) -> dict[str, str]:
    """The configuration files by name."""
    made = {f"{name}.conf": "" for name in EMPTY.split()}
    made |= {
        "asterisk.conf": asterisk(plan),
        "modules.conf": "[modules]\nautoload = no\n" + "".join(f"load = {name}.so\n" for name in MODULES),
        "logger.conf": "[general]\n[logfiles]\nmessages.log => notice,warning,error\n",
        "manager.conf": manager(plan),
        "rtp.conf": f"[general]\nrtpstart = {plan.rtp}\nrtpend = {plan.rtp + 399}\n",
        "pjproject.conf": "[startup]\ntype = startup\nlog_level = 0\n",
        "pjsip.conf": pjsip(plan),
        "queues.conf": queues(plan),
        "extensions.conf": extensions(plan),
        "features.conf": "[general]\n[featuremap]\nblindxfer => #1\natxfer => *2\n",
        "musiconhold.conf": f"[default]\nmode = files\ndirectory = {plan.home}/data/sounds\n",
        "confbridge.conf": "[general]\n[default_user]\ntype = user\nquiet = yes\n[default_bridge]\ntype = bridge\n",
        "cdr.conf": "[general]\nenable = no\n",
        "cel.conf": "[general]\nenable = no\n",
        "http.conf": "[general]\nenabled = no\n",
        "indications.conf": "[general]\ncountry = us\n[us]\ndescription = any\nringcadence = 2000,4000\n",
    }
    return made


def asterisk(plan: Plan) -> str:
    where = {"astetcdir": "etc", "astvarlibdir": "lib", "astdbdir": "lib", "astkeydir": "lib", "astdatadir": "data",
             "astagidir": "agi", "astspooldir": "spool", "astrundir": "run", "astlogdir": "log"}  # fmt: skip
    lines = "".join(f"{key} => {plan.home}/{folder}\n" for key, folder in where.items())
    return f"[directories]\nastmoddir => {plan.modules}\n{lines}[options]\nhideconnect = yes\n"


def manager(plan: Plan) -> str:
    """The ear may hear calls and queues and read lists (`reporting`): nothing else. TestEvent is Debian's debugging."""
    common = "deny = 0.0.0.0/0.0.0.0\npermit = 127.0.0.1/255.255.255.255\n"
    common += "eventfilter(action(exclude),name(TestEvent)) =\n"
    return (
        f"[general]\nenabled = yes\nwebenabled = no\nbindaddr = 127.0.0.1\nport = {plan.ami}\n"
        f"[{EAR[0]}]\nsecret = {EAR[1]}\nread = system,call,agent\nwrite = reporting\n{common}"
        f"[{BENCH[0]}]\nsecret = {BENCH[1]}\nread = call\nwrite = call,originate,agent\n{common}"
    )


PHONE = """
[{agent}]
type = endpoint
context = agents
disallow = all
allow = ulaw
auth = {agent}
aors = {agent}
callerid = "Agente {agent}" <{agent}>
direct_media = no
rtp_symmetric = yes
force_rport = no
rewrite_contact = no
[{agent}]
type = auth
auth_type = userpass
username = {agent}
password = pw{agent}
[{agent}]
type = aor
max_contacts = 1
remove_existing = yes
minimum_expiration = 10
"""


def pjsip(plan: Plan) -> str:
    return (
        f"[udp]\ntype = transport\nprotocol = udp\nbind = 127.0.0.1:{plan.sip}\n"
        "[carrier]\ntype = endpoint\ntransport = udp\ncontext = incoming\ndisallow = all\nallow = ulaw\n"
        "aors = carrier\ndirect_media = no\nrtp_symmetric = yes\ntrust_id_inbound = yes\n"
        f"[carrier]\ntype = aor\ncontact = sip:127.0.0.1:{plan.carrier}\n"
        "[carrier]\ntype = identify\nendpoint = carrier\nmatch_header = X-Carrier: yes\n"
    ) + "".join(PHONE.format(agent=agent) for agent in plan.agents)


def queues(plan: Plan) -> str:
    return "[general]\npersistentmembers = no\n" + "".join(
        f"[{name}]\nstrategy = {queue.strategy}\ntimeout = {queue.ring}\nretry = 1\nringinuse = no\njoinempty = yes\n"
        + "".join(f"member => {member if '/' in member else f'PJSIP/{member}'}\n" for member in queue.members)
        for name, queue in plan.queues.items()
    )


def extensions(plan: Plan) -> str:
    """Callers reach a queue by its name, a phone by its extension; agents each other, and anyone by a longer number."""
    incoming = "[incoming]\nexten => _1XXX,1,Dial(PJSIP/${EXTEN},20,t)\n same => n,Hangup(${HANGUPCAUSE})\n"
    incoming += "".join(
        f"exten => {name},1,Answer()\n same => n,Queue({name},t,,,{queue.wait})\n same => n,Hangup()\n"
        for name, queue in plan.queues.items()
    )
    incoming += from_queue(plan)
    return incoming + (
        "[agents]\nexten => _1XXX,1,Dial(PJSIP/${EXTEN},20,tT)\n same => n,Hangup(${HANGUPCAUSE})\n"
        f"exten => _57320X.,1,Dial(PJSIP/${{EXTEN}}@carrier,{DIAL_SECONDS},T)\n same => n,Hangup(${{HANGUPCAUSE}})\n"
        "exten => _XXXXX.,1,Dial(PJSIP/${EXTEN}@carrier,20,T)\n same => n,Hangup(${HANGUPCAUSE})\n"
        "exten => 600,1,Answer()\n same => n,Echo()\n"
        "exten => _70X,1,ConfBridge(${EXTEN})\n same => n,Hangup()\n"
    )


def from_queue(plan: Plan) -> str:
    """In the manner of FreePBX and Issabel: a queue rings a way to the phone, and a hint says whether it is free."""
    hints = "".join(f"exten => {agent},hint,PJSIP/{agent}\n" for agent in plan.agents)
    return f"[from-queue]\nexten => _1XXX,1,Dial(PJSIP/${{EXTEN}},20,tT)\n same => n,Hangup()\n[ext-local]\n{hints}"
