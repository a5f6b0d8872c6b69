"""Sheets, templates and modules belong together: no class without a use, no page without the sheets of its classes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pytest

from atiende import web

WEB = Path(web.__file__).parent
TEMPLATES, STATIC = WEB / "templates", WEB / "static"
SHEETS = {str(file.relative_to(STATIC / "css"))[:-4]: file for file in sorted((STATIC / "css").rglob("*.css"))}
MODULES = [file for file in sorted(STATIC.rglob("*.js")) if "vendor" not in file.parts]
PAGES = [
    str(file.relative_to(TEMPLATES))
    for file in sorted(TEMPLATES.rglob("*.html"))
    if re.search(r"{% extends|<!doctype", file.read_text()) and file.parent.name != "frame"
]
LONGEST = 120
WORD = r"[a-zA-Z][\w-]*"
# A template or module puts these together from a part and a value: `k-${hue}`, "av-" ~ letter.
COMPOSED = {
    "k-": "blue green amber red violet teal grey",
    "c-": "blue green amber red grey",
    "av-": "t v a b g",
    "p": "1 2 3 4",
    "re-l": "1 2 3",
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
    "users": {"users/users.html"},
    "why-l": {"desk/desk.html"},
    "rules": {"rules/rules.html"},
    "refusal": {"case/case.html"},
}


def composed(text: str) -> set[str]:
    """The classes that this text of templates and modules composes."""
    starts = [start for start in COMPOSED if re.search(rf"\b{start}(\${{|{{{{|['\"] ~)", text)]
    return {start + end for start in starts for end in COMPOSED[start].split()}


def names_in(selector: str) -> set[str]:
    """The classes, ids and elements: `card`, `#list`, `<p` of `.card > #list[data-x=".y"] p`."""
    plain = re.sub(r'"[^"]*"', "", selector)
    elements = re.findall(r"(?:^|[\s>+~(,])([a-z][a-z0-9]*)", re.sub(r"\[[^]]*]|:nth[^)]*\)", "", plain))
    return set(re.findall(r"(?:\.|(?=#))(#?[a-zA-Z][\w-]*)", plain)) | {f"<{name}" for name in elements}


def bare(selector: str) -> bool:
    """Whether it is of elements alone: `td, th`."""
    return all(name.startswith("<") for name in names_in(selector))


@lru_cache
def selectors_of(sheet: str) -> list[str]:
    """Each selector of a sheet, those in at-rules too."""
    text = re.sub(r"/\*.*?\*/", "", SHEETS[sheet].read_text(), flags=re.S)
    lists = re.findall(r"(?:^|[{};])\s*([^@\s{};][^{};]*){", text)
    return [one.strip() for part in lists for one in re.split(r",(?![^(]*\))", part)]


@lru_cache
def read(file: Path) -> str:
    """A template without its comments, or a module."""
    return re.sub(r"{#.*?#}", "", file.read_text(), flags=re.S)


def words_in(text: str) -> set[str]:
    """What may be a class (`card`), an id (`#card`) or an element (`<p`) in a template."""
    words = " ".join(re.findall(r'class="((?:{{.*?}}|{%.*?%}|[^"])*)"', text, flags=re.S))
    ids = {f"#{name}" for name in re.findall(r'id="([\w-]+)"', text)}
    return {*re.findall(WORD, words), *ids} | {f"<{name}" for name in re.findall(r"<([a-z][a-z0-9]*)", text)}


@lru_cache
def words_in_module(file: Path) -> set[str]:
    """The same for a module: each word of a string that has but words may be a class or an id."""
    text = read(file)
    elements = {f"<{name}" for name in re.findall(r'\bel\("([a-z][a-z0-9]*)"', text)}
    text = re.sub(r'\b(from |import |el\()"[^"]*"', "", text)
    strings = re.findall(r'"([^"\n]*)"', text) + re.findall(r"`([^`]*)`", text)
    words = {w for one in strings if re.fullmatch(r"([\w -]|\${[^}]*})*", one) for w in re.findall(WORD, one)}
    return words | {f"#{word}" for word in words} | elements


@lru_cache
def macros_of(template: str) -> dict[str, str]:
    """The macros of a template by name, each with what it draws."""
    found = re.findall(r"{%-? macro (\w+)(.*?){%-? endmacro", read(TEMPLATES / template), re.S)
    return dict(found)


def texts_of(template: str) -> dict[str, str]:
    """What a page draws, by template: its own, those that it extends and includes, and the macros it takes."""
    found, todo = dict[str, str](), [(template, read(TEMPLATES / template))]
    while todo:
        name, text = todo.pop()
        if name in found:
            continue
        found[name] = text
        todo += [
            (one, read(TEMPLATES / one)) for one in re.findall(r'{%-? (?:include|extends)[^%]*?"([\w/]+\.html)"', text)
        ]
        for one, names in re.findall(r'{%-? from "([\w/]+\.html)" import ([\w, ]+?)(?: with context)? -?%}', text):
            todo += [(f"{one} {macro}", macros_of(one)[macro]) for macro in names.split(", ")]
        if " " in name:  # a macro: what the file imports, and the macros beside it that it calls
            file = name.split()[0]
            imports = re.match(r".*?{%-? macro", read(TEMPLATES / file), re.S)
            todo += [(f"{file} imports", imports[0])] if imports else []
            todo += [(f"{file} {other}", macros_of(file)[other]) for other in macros_of(file) if f"{other}(" in text]
    return found


def modules_of(texts: Iterable[str]) -> set[Path]:
    """The modules these templates name, and those that they import."""
    named = [module for text in texts for module in re.findall(r"static\('([\w/-]+\.js)'\)", text)]
    found, todo = set[Path](), [STATIC / name for name in named]
    while todo:
        one = todo.pop().resolve()
        if one not in found:
            found.add(one)
            todo += [one.parent / name for name in re.findall(r'(?:from|import) "(\.[^"]+)"', read(one))]
    return found


def sheets_in(texts: Iterable[str]) -> list[str]:
    """The sheets these templates load."""
    calls = [call for text in texts for call in re.findall(r"{{ sheets\((.*?)\) }}", text, re.S)]
    return [name for call in calls for name in re.findall(r'"([\w/-]+)"', call)]


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


@pytest.mark.parametrize("folder", [TEMPLATES, STATIC])
def test_every_line_fits_a_screen(folder: Path) -> None:
    kinds = {".css", ".html"}
    files = [file for file in folder.rglob("*") if file.suffix in kinds and "vendor" not in file.parts]
    lines = [(file, i, line) for file in files for i, line in enumerate(file.read_text().splitlines(), 1)]
    long = [f"{file.relative_to(WEB)}:{i} has {len(line)}" for file, i, line in lines if len(line) > LONGEST]
    assert long == []
