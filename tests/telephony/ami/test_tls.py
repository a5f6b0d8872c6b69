"""A PBX that is reached by TLS: whom we talk to is checked before a word, and a secret, is said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from atiende.server.commands.check import ami
from atiende.server.settings import Settings
from atiende.telephony.ami.address import Address
from atiende.telephony.commands import AddMember, HandLost, HangUp
from atiende.telephony.ear import Patience
from atiende.telephony.facts import PbxBack, PbxLost
from atiende.telephony.hand import Hand
from atiende.telephony.simulated_pbx import SimulatedPbx
from atiende.tests.support.pbx.ears import listening
from atiende.tests.support.pbx.tls import behind_tls, certificates


@pytest.fixture
async def pbx() -> AsyncIterator[SimulatedPbx]:
    simulated = SimulatedPbx(("1001",), {"soporte": []})
    await simulated.start()
    yield simulated
    await simulated.stop()


async def test_ear_and_hand_work_by_tls_with_the_pbxs_own_authority(pbx: SimulatedPbx, tmp_path: Path) -> None:
    files = certificates(tmp_path, "127.0.0.1")
    async with behind_tls(pbx.url, files) as door, listening(f"{door}?ca={files.authority}") as heard:
        await heard.next(PbxBack)
        hand = Hand(f"{door}?ca={files.authority}")
        try:
            members = [AddMember(queue="soporte", interface="PJSIP/1001", paused=False, reason="")] * 3
            for member in members:
                await hand.do(member)
            await asyncio.gather(*(hand.do(HangUp("0" * 32)) for _ in range(20)))
        finally:
            await hand.close()
        assert await ami(f"{door}?ca={files.authority}")


@pytest.mark.parametrize("wrong", ["authority", "host", "unknown"])
async def test_nothing_is_said_to_a_pbx_that_cannot_prove_who_it_is(
    pbx: SimulatedPbx, tmp_path: Path, wrong: str
) -> None:
    """Another authority, another host's certificate, and an authority that nobody named."""
    files = certificates(tmp_path / "ours", "127.0.0.1" if wrong != "host" else "pbx.example")
    other = certificates(tmp_path / "theirs", "127.0.0.1")
    ca = {"authority": f"?ca={other.authority}", "host": f"?ca={files.authority}", "unknown": ""}[wrong]
    async with behind_tls(pbx.url, files) as door:
        async with listening(door + ca, patience=Patience(first=60)) as heard:
            assert "certificate verify failed" in (await heard.next(PbxLost)).reason
        hand = Hand(door + ca)
        with pytest.raises(HandLost, match="certificate verify failed"):
            await hand.do(HangUp("0" * 32))
        await hand.close()


async def test_a_cut_frees_a_hand_that_waits_by_tls(pbx: SimulatedPbx, tmp_path: Path) -> None:
    files = certificates(tmp_path, "127.0.0.1")
    async with behind_tls(pbx.url, files) as door:
        hand = Hand(f"{door}?ca={files.authority}")
        await hand.do(HangUp("0" * 32))
    with pytest.raises(HandLost):
        await hand.do(HangUp("0" * 32))
    await hand.close()


def test_an_address_by_tls_has_its_own_port_and_no_way_around_the_certificate() -> None:
    plain, secured = Address.parse("ami://u:s@pbx"), Address.parse("amis://u:s@pbx?ca=/etc/pbx.pem")
    assert (plain.port, plain.tls_context()) == (5038, None)
    assert (secured.port, secured.ca_file) == (5039, "/etc/pbx.pem")
    context = Address.parse("amis://u:s@pbx").tls_context()
    assert context is not None and context.check_hostname and context.verify_mode.name == "CERT_REQUIRED"
    assert Settings(ami_url="amis://u:s@pbx?ca=/etc/pbx.pem").ami_url
