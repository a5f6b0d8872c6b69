"""kill -9 in the middle of work: nothing lost, nothing double, screens true again within ten seconds."""

from __future__ import annotations

import pytest

from atiende.tests.support.faults.scenarios import SCENARIOS, TRUE_WITHIN, FaultFloor
from atiende.tests.support.promises import promised

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_after_kill_9_nothing_is_lost_or_double_and_screens_are_true_again(
    struck: FaultFloor, scenario: str
) -> None:
    """Imports, assignments, gestiones and pops survive the death of any process."""
    assert await SCENARIOS[scenario](struck) < promised(TRUE_WITHIN)
