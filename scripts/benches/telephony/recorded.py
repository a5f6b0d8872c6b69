"""What a PBX says of queue calls, to be heard again."""

from __future__ import annotations

from atiende.telephony.simulated_pbx import IncomingCall, SimulatedPbx
from atiende.telephony.simulated_pbx.managers import packet


def recorded(calls: int) -> tuple[bytes, int]:
    """What a manager hears of so many answered queue calls, and how many events that is."""
    pbx = SimulatedPbx(("1001",), {"soporte": ("1001",)})
    said: list[bytes] = []
    pbx.managers.tell = lambda pairs: said.append(packet(pairs))  # type: ignore[method-assign]
    for _ in range(calls):
        call = IncomingCall(pbx, "3001112233", "Ana Muñoz", "soporte", pbx.queues["soporte"])
        call.ring(pbx.phones["1001"])
        call.answer()
        call.hang_up()
    return b"".join(said), len(said)
