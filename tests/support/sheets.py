"""Which classes, ids and elements sheets style, and which templates and modules may draw: read from their text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from atiende import web

WEB = Path(web.__file__).parent
TEMPLATES, STATIC = WEB / "templates", WEB / "static"
SHEETS = {str(file.relative_to(STATIC / "css"))[:-4]: file for file in sorted((STATIC / "css").rglob("*.css"))}
MODULES = [file for file in sorted(STATIC.rglob("*.js")) if "vendor" not in file.parts]
WORD = r"[a-zA-Z][\w-]*"
PARTS = r'{%-? (?:include|extends)[^%]*?"([\w/]+\.html)"'
IMPORTS = r'{%-? from "([\w/]+\.html)" import ([\w, ]+?)(?: with context)? -?%}'


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
    """A template or a module without its comments."""
    return re.sub(r"/\*\*.*?\*/" if file.suffix == ".js" else r"{#.*?#}", "", file.read_text(), flags=re.S)


def words_in(text: str) -> set[str]:
    """What may be a class (`card`), an id (`#card`) or an element (`<p`) in a template."""
    words = " ".join(re.findall(r'class="((?:{{.*?}}|{%.*?%}|[^"])*)"', text, flags=re.S))
    ids = {f"#{name}" for name in re.findall(r'id="([\w-]+)"', text)}
    return {*re.findall(WORD, words), *ids} | {f"<{name}" for name in re.findall(r"<([a-z][a-z0-9]*)", text)}


@lru_cache
def words_in_module(file: Path) -> set[str]:
    """The same for a module: each word of a string that has but words may be a class or an id."""
    text = read(file)
    elements = {f"<{name}" for name in re.findall(r'\bel\(\s*"([a-z][a-z0-9]*)"', text)}
    text = re.sub(r'\b(from |import |el\(\s*)"[^"]*"', "", text)
    strings = re.findall(r'"([^"\n]*)"', text) + re.findall(r"`([^`]*)`", text)
    words = {w for one in strings if re.fullmatch(r"([\w -]|\${[^}]*})*", one) for w in re.findall(WORD, one)}
    return words | {f"#{word}" for word in words} | elements


@lru_cache
def macros_of(template: str) -> dict[str, str]:
    """The macros of a template by name, each with what it draws."""
    return dict(re.findall(r"{%-? macro (\w+)(.*?){%-? endmacro", read(TEMPLATES / template), re.S))


def texts_of(template: str) -> dict[str, str]:
    """What a page draws, by template: its own, those that it extends and includes, and the macros it takes."""
    found, todo = dict[str, str](), [(template, read(TEMPLATES / template))]
    while todo:
        name, text = todo.pop()
        if name not in found:
            found[name] = text
            todo += [(other, read(TEMPLATES / other)) for other in re.findall(PARTS, text)]
            for file, names in re.findall(IMPORTS, text):
                todo += [(f"{file} {macro}", macros_of(file)[macro]) for macro in names.split(", ")]
            todo += _beside(name, text)
    return found


def _beside(name: str, text: str) -> list[tuple[str, str]]:
    """For a macro (`frame/macros.html chip`): what its file imports, and the macros of its file that it calls."""
    file, _, macro = name.partition(" ")
    if not macro:
        return []
    head = read(TEMPLATES / file).split("macro", 1)[0]
    called = [(f"{file} {other}", drawn) for other, drawn in macros_of(file).items() if f"{other}(" in text]
    return [(f"{file} imports", head), *called]


def modules_of(texts: Iterable[str]) -> set[Path]:
    """The modules these templates name, and those that they import."""
    named = [module for text in texts for module in re.findall(r"['\"]([\w/-]+\.js)['\"]", text)]
    found, todo = set[Path](), [STATIC / name for name in named]
    while todo:
        one = todo.pop().resolve()
        if one not in found:
            found.add(one)
            todo += [one.parent / name for name in re.findall(r'(?:from|import) "(\.[^"]+)"', read(one))]
    return found


def sheets_in(texts: Iterable[str]) -> list[str]:
    """The sheets these templates load."""
    calls = [call for text in texts for call in re.findall(r"{{\s+sheets\((.*?)\)\s+}}", text, re.S)]
    return [name for call in calls for name in re.findall(r'"([\w/-]+)"', call)]
