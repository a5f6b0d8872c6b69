"""Static files: compressed once, sheets joined, and a page's modules known before it asks for them."""

from __future__ import annotations

import gzip
from itertools import pairwise

import brotli
import pytest

from atiende.tests.support.sheets import MODULES, SHEETS, STATIC, modules_of
from atiende.web.i18n import Tongues
from atiende.web.static_files import BuildFiles


@pytest.fixture(scope="module")
def files() -> BuildFiles:
    return BuildFiles(Tongues())


def test_every_file_is_the_same_packed_and_as_it_is(files: BuildFiles) -> None:
    names = [
        path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.suffix in (".js", ".css", ".svg")
    ]
    found = {name: files.find("es", name) for name in [*names, "lib/translations.js"]}
    for name, file in found.items():
        assert file is not None, name
        assert name == "lib/translations.js" or (STATIC / name).read_bytes() in file.plain, name
        for coding, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
            content, chosen = file.best({coding})
            assert (unpack(content) if chosen else content) == file.plain, name
    assert sum(len(file.best({"br"})[0]) for file in found.values() if file) < 0.4 * sum(
        len(file.plain) for file in found.values() if file
    )


def test_the_best_form_is_one_that_the_browser_takes(files: BuildFiles) -> None:
    module, font = files.find("es", "lib/live.js"), files.find("es", "vendor/inter.woff2")
    assert module is not None and font is not None
    assert module.best({"gzip", "br", "zstd"})[1] == "br"
    assert module.best({"gzip", "deflate"})[1] == "gzip"
    assert module.best(set()) == (module.plain, "")
    assert font.best({"br", "gzip"}) == (font.plain, ""), "a font is packed already"


def test_sheets_are_joined_in_the_order_of_their_names(files: BuildFiles) -> None:
    joined = files.find("es", "css/tokens+frame.rail+users.users.css")
    assert joined is not None and joined.media_type == "text/css"
    texts = [SHEETS[name].read_bytes() for name in ("tokens", "frame/rail", "users/users")]
    places = [joined.plain.index(text) for text in texts]
    assert all(before < after for before, after in pairwise(places))
    assert len(joined.plain) == sum(map(len, texts)) + 2


@pytest.mark.parametrize(
    "name",
    [
        "css/tokens+nothing.css",
        "css/+.css",
        "css/..css",
        "css/tokens+.css",
        "css/tokens+...i18n.css",
        "css",
        "",
        "../i18n.py",
        "vendor/.stamp",
        "es/lib/translations.js.map",
    ],
)
def test_what_is_no_file_is_not_found(files: BuildFiles, name: str) -> None:
    assert files.find("es", name) is None


def test_sentences_are_those_of_a_language_that_there_is(files: BuildFiles) -> None:
    english, spanish = (files.find(locale, "lib/translations.js") for locale in ("en", "es"))
    assert english is not None and spanish is not None and english.plain != spanish.plain
    assert files.find("xx", "lib/translations.js") is None


def test_needs_are_all_modules_below_each_once(files: BuildFiles) -> None:
    for module in MODULES:
        name = module.relative_to(STATIC).as_posix()
        needs = files.needs(name)
        below = {path.relative_to(STATIC.resolve()).as_posix() for path in modules_of([f'"{name}"'])}
        assert len(needs) == len(set(needs)) and {name, *needs} == below | {name}, name
        assert all(files.find("es", need) for need in needs)


def test_no_sheet_in_a_folder_names_a_file() -> None:
    """Joined, it would look for it at another place than alone."""
    assert [name for name, sheet in SHEETS.items() if "/" in name and "url(" in sheet.read_text()] == []
