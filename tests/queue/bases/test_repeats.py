"""Names of an upload: whatever the chunks are cut like, and whichever of them is done twice, the answer is the same."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from atiende.queue.bases.store.repeats import Name, SeenNames, name_of


@settings(deadline=None)
@given(st.lists(st.integers(0, 12), max_size=60), st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1))
def test_repeated_names_are_found_in_any_chunks_and_when_a_chunk_is_done_again(
    names: list[int], cuts: list[tuple[int, bool]]
) -> None:
    rows: list[Name] = [(name, number) for number, name in enumerate(names, 1)]
    expected = {number: names.index(name) + 1 for name, number in rows if names.index(name) + 1 != number}
    with TemporaryDirectory() as folder:
        assert _in_chunks(Path(folder) / "seen", rows, cuts) == expected


def _in_chunks(path: Path, rows: list[Name], cuts: list[tuple[int, bool]]) -> dict[int, int]:
    """Each cut says how many rows are next, and whether the worker was killed before they were stored."""
    found: dict[int, int] = {}
    at, turn = 0, 0
    while at < len(rows):
        many, killed = cuts[turn % len(cuts)] if turn < 200 else (1, False)
        chunk = rows[at : at + many]
        with SeenNames(path, afresh=at == 0) as seen:
            earlier = seen.earlier(chunk, at + 1)
            seen.remember(chunk)
        if not killed:
            found |= earlier
            at += many
        turn += 1
    return found


def test_a_file_tried_anew_forgets_the_names_of_before(tmp_path: Path) -> None:
    with SeenNames(tmp_path / "seen") as seen:
        seen.remember([name_of("CC|1", 1)])
        assert seen.earlier([name_of("CC|1", 2)], 2) == {2: 1}
    with SeenNames(tmp_path / "seen", afresh=True) as seen:
        assert seen.earlier([name_of("CC|1", 2)], 2) == {}
