"""Faults of the simulated PBX: slow answers, garbage, events that come twice or in another order."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

GARBAGE = (
    b"\xff\xfe\x00 no header at all\r\n\r\n",
    b"Event\r\n: no name\r\nno value:\r\n\r\n",
    b"Event: Newstate\r\nUniqueid: \r\nChannelState: many\r\n\r\n",
    b"Response: Success\r\nActionID: nobody-asked-this\r\n\r\n",
    b"Event: Hangup\r\nCause: NaN\r\n\r\n",
    b"ChanVariable: x\r\nEvent: VarSet\r\nVariable: status will follow\r\n\r\n",
)


@dataclass
class Faults:
    """All off at first; set them while it runs. `slow` seconds delay each answer, the others are chances per event."""

    slow: float = 0.0
    garbage: float = 0.0
    repeat: float = 0.0
    reorder: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(4))  # noqa: S311 - bad luck, not secrets
    _late: list[bytes] = field(default_factory=list)

    def spoil(self, data: bytes) -> list[bytes]:
        """What is sent instead of one event; one that is late comes after the next that is not."""
        if self.reorder and self.chance.random() < self.reorder and len(self._late) < 3:
            self._late.append(data)
            return []
        sent = [data]
        if self.repeat and self.chance.random() < self.repeat:
            sent.append(data)
        if self.garbage and self.chance.random() < self.garbage:
            sent.insert(0, self.chance.choice(GARBAGE))
        late, self._late = self._late, []
        return sent + late
