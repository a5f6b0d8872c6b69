"""Sheets, templates and modules belong together: no class without a use, no page without the sheets of its classes."""

from __future__ import annotations

import re

import pytest

from atiende.tests.support.sheets import (
    MODULES,
    SHEETS,
    TEMPLATES,
    bare,
    modules_of,
    names_in,
    read,
    selectors_of,
    sheets_in,
    texts_of,
    words_in,
    words_in_module,
)

PAGES = [
    str(file.relative_to(TEMPLATES))
    for file in sorted(TEMPLATES.rglob("*.html"))
    if re.search(r"{% extends|<!doctype", file.read_text()) and file.parent.name != "frame"
]
LONGEST = 120
# A template or module puts these together from a part and a value: `k-${hue}`, "av-" ~ letter.
COMPOSED = {
    "k-": "blue green amber red violet teal grey",
    "c-": "blue green amber red grey",
    "av-": "t v a b g",
    "p": "1 2 3 4",
    "re-l": "1 2 3",
    "ov-": "waiting on_call handling wrap_up paused",
}
# Words that modules and macros of other pages have, too, but no class there: values, and what these do not draw there.
FRAMED = set(PAGES) - {"wallboard/wallboard.html"}
CLASS_ONLY_AT = {
    "avatar": FRAMED,
    "av-": FRAMED,
    "live": FRAMED,
    "main": FRAMED,
    "p": {"case/case.html", "desk/desk.html"},
    "save": {"case/case.html"},
    "tab": {"case/case.html"},
    "thin": {"case/case.html"},
    "users": {"users/users.html"},
    "why-l": {"desk/desk.html"},
    "rules": {"rule_packs/rule_packs.html"},
    "refusal": {"case/case.html"},
}


def composed(text: str) -> set[str]:
    """The classes that this text of templates and modules composes."""
    starts = [start for start in COMPOSED if re.search(rf"\b{start}(\${{|{{{{|['\"] ~)", text)]
    return {start + end for start in starts for end in COMPOSED[start].split()}


def test_every_class_of_a_sheet_is_used() -> None:
    templates = [read(file) for file in TEMPLATES.rglob("*.html")]
    used = composed("".join([*templates, *map(read, MODULES)])) | {"<from", "<to"}
    used = used.union(*map(words_in, templates), *map(words_in_module, MODULES))
    unused = {f"{sheet}: {one}" for sheet in SHEETS for one in selectors_of(sheet) if names_in(one) - used}
    assert unused == set()


def test_every_composed_class_has_a_rule() -> None:
    styled = {name for sheet in SHEETS for one in selectors_of(sheet) for name in names_in(one)}
    assert {start + end for start, ends in COMPOSED.items() for end in ends.split()} - styled == set()


def test_every_sheet_a_page_loads_exists_and_every_sheet_is_loaded() -> None:
    loaded = sheets_in(map(read, TEMPLATES.rglob("*.html")))
    assert set(loaded) == set(SHEETS)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_loads_the_sheets_of_its_classes_and_no_other(page: str) -> None:
    texts = list(texts_of(page).values())
    modules = modules_of(texts)
    words = composed("".join([*texts, *map(read, modules)])).union(
        *map(words_in, texts), *map(words_in_module, modules)
    )
    for word, pages in CLASS_ONLY_AT.items():
        if page not in pages:
            words -= {word, *(word + end for end in COMPOSED.get(word, "").split())}
    loaded = sheets_in(texts)
    assert len(loaded) == len(set(loaded)), "a sheet is loaded twice"
    for sheet in SHEETS:
        styled = [one for one in selectors_of(sheet) if names_in(one) <= words and (sheet in loaded or not bare(one))]
        if sheet in loaded:
            assert styled or not selectors_of(sheet), f"{sheet} styles nothing of {page}"
        else:
            assert styled == [], f"{page} uses what {sheet} styles"
