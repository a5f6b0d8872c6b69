"""A real Asterisk whose manager speaks TLS."""

from __future__ import annotations

from pathlib import Path

import pytest

from atiende.telephony.commands import HangUp
from atiende.telephony.facts import PbxBack
from atiende.telephony.hand import Hand
from atiende.tests.support.pbx.asterisk import RealAsterisk
from atiende.tests.support.pbx.ears import listening
from atiende.tests.support.pbx.tls import Certificates, certificates

pytestmark = pytest.mark.pbx


class SecuredAsterisk(RealAsterisk):
    """Its manager listens by TLS beside the open door."""

    files: Certificates

    def _write(self) -> None:
        super()._write()
        self.files = certificates(self.home / "keys", "127.0.0.1")
        manager = self.home / "etc/manager.conf"
        lines = ["tlsenable = yes", f"tlsbindaddr = 127.0.0.1:{self.plan.ami + 1}"]
        lines += [f"tlscertfile = {self.files.certificate}", f"tlsprivatekey = {self.files.key}"]
        manager.write_text(manager.read_text().replace("[general]\n", "[general]\n" + "\n".join(lines) + "\n", 1))

    def secured(self, url: str) -> str:
        return url.replace("ami://", "amis://").replace(str(self.plan.ami), str(self.plan.ami + 1)) + (
            f"?ca={self.files.authority}"
        )


async def test_ear_and_hand_reach_a_real_asterisk_by_tls(tmp_path: Path) -> None:
    pbx = SecuredAsterisk(tmp_path)
    pbx.start()
    try:
        async with listening(pbx.secured(pbx.ear_url)) as heard:
            assert (await heard.next(PbxBack)).complete
        hand = Hand(pbx.secured(pbx.bench_url))
        await hand.do(HangUp("0" * 32))
        await hand.close()
    finally:
        pbx.kill()
