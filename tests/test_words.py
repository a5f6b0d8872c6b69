"""The words: those that `docs/GLOSSARY.md` forbids stand nowhere, and what papers name is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
GLOSSARY = TOP / "docs/GLOSSARY.md"
READ = (".py", ".js", ".css", ".html", ".md", ".sh")
# the glossary itself, what is made by a script from words that stand elsewhere, and history
LEFT_OUT = ("docs/GLOSSARY.md", "CHANGELOG.md", "LICENSE", "tests/test_words.py")
PATH = re.compile(r"`(\w[\w-]*/[\w./-]*|[\w-]+\.(?:py|js|html|css|md))`")
NO_PATH = ("America/Bogota", "run/up.json")  # a time zone; a file of a running installation
STRANGE = ("anew", "lest", "whence", "thence", "hence", "thereof", "born", "he", "his", "him", "himself")


def texts() -> dict[str, str]:
    """Every text that people wrote, by its path."""
    listing = subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True).stdout
    files = [file for file in listing.splitlines() if file.endswith(READ) or re.fullmatch(r"scripts/[\w-]+", file)]
    return {file: (TOP / file).read_text() for file in files if file not in LEFT_OUT and (TOP / file).is_file()}


def forbidden() -> set[str]:
    """The last column of the words of the code."""
    table = GLOSSARY.read_text().partition("## Words of the screens")[0]
    cells = re.findall(r"^\|[^|]+\|[^|]+\|([^|]*)\|$", table, re.MULTILINE)[2:]
    return {word.strip() for cell in cells for word in cell.split(",") if word.strip()}


def places(word: str) -> list[str]:
    spelt = "|".join(map(re.escape, {word, word[0].upper() + word[1:]}))
    pattern = re.compile(rf"(?<![\w-])(?:{spelt})(?![\w-])")
    return [
        f"{file}:{text.count(chr(10), 0, found.start()) + 1} {word}"
        for file, text in texts().items()
        for found in pattern.finditer(text)
    ]


def test_the_glossary_forbids_words() -> None:
    assert {"ImportJob", "dashboard", "ticket"} <= forbidden()


def test_no_forbidden_word_stands_anywhere() -> None:
    assert [place for word in sorted(forbidden()) for place in places(word)] == []


def test_no_word_stops_a_reader_from_another_country() -> None:
    assert [place for word in STRANGE for place in places(word)] == []


def test_every_path_that_a_paper_names_is_there() -> None:
    """In `backticks`, from the top, or in a README from its own folder."""
    missing = []
    for file, text in texts().items():
        if file.endswith(".md"):
            for path in PATH.findall(text):
                if not _is_there(path, Path(file).parent):
                    missing.append(f"{file}: {path}")
    assert missing == []


def _is_there(path: str, folder: Path) -> bool:
    return path in NO_PATH or any((TOP / start / path).exists() for start in ("", folder))


def test_every_file_that_a_comment_names_is_there() -> None:
    """From the top, as in `queue/work.py`: whoever follows a comment arrives."""
    named = re.compile(r"(?<![\w./-])((?:models|queue|realtime|server|telephony|web|scripts|docs)/[\w./-]+\.\w+)\b")
    missing = {
        f"{file}: {path}"
        for file, text in texts().items()
        if not file.endswith("README.md")  # which names files from its own folder, too: the test above follows those
        for path in named.findall(text)
        if path.endswith(READ) and not (TOP / path).exists()
    }
    assert missing == set()


def test_no_text_holds_the_marks_of_a_merge() -> None:
    marks = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
    assert [file for file, text in texts().items() if marks.search(text)] == []
