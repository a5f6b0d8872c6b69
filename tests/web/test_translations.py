"""English and Portuguese say all that the program says, with the same places filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from atiende.web.extraction import carried, translations
from atiende.web.i18n import Tongues

PLACE = re.compile(r"%\(\w+\)s|\$\{\w+\}")
FILES = translations()
LANGUAGES = [file.parts[-3] for file in FILES]


def messages(file: Path) -> Iterator[tuple[Message, tuple[str, ...], tuple[str, ...]]]:
    """Each message with its sentences and their translations."""
    with file.open("rb") as po:
        for message in read_po(po, locale=file.parts[-3]):
            if message.id:
                yield message, _tuple(message.id), _tuple(message.string)


def _tuple(text: object) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)  # type: ignore[arg-type]


def test_the_three_languages_are_there() -> None:
    assert LANGUAGES == ["en", "pt"]
    assert sorted(Tongues().all) == ["en", "es", "pt"]


@pytest.mark.parametrize("file", FILES, ids=LANGUAGES)
def test_a_translation_has_exactly_the_sentences_of_the_program(file: Path) -> None:
    assert file.read_text() == carried(file), "run scripts/extract_words, then translate what is empty"


@pytest.mark.parametrize("file", FILES, ids=LANGUAGES)
def test_nothing_is_left_untranslated_or_guessed(file: Path) -> None:
    left = [said[0] for message, said, translated in messages(file) if message.fuzzy or not all(translated)]
    assert not left, f"{len(left)} to translate in {file}: {left[:20]}"


@pytest.mark.parametrize("file", FILES, ids=LANGUAGES)
def test_a_translation_fills_the_same_places(file: Path) -> None:
    for message, said, translated in messages(file):
        wanted = set(PLACE.findall("".join(said)))
        for text in filter(None, translated):
            places = set(PLACE.findall(text))
            assert places == wanted or (message.pluralizable and places <= wanted), (said, text)


@pytest.mark.parametrize("file", FILES, ids=LANGUAGES)
def test_a_translation_begins_and_ends_as_its_sentence(file: Path) -> None:
    """Parts that are put together keep their spaces; a sentence keeps its full stop, colon or question mark."""
    for _, said, translated in messages(file):
        for text in filter(None, translated):
            one = said[0]
            assert (one[0] == " ", one[-1] == " ") == (text[0] == " ", text[-1] == " "), (one, text)
            assert _mark(one) == _mark(text), (one, text)


def _mark(text: str) -> str:
    last = text.rstrip()[-1]
    return last if last in ".:?…" else ""
