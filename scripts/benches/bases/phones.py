"""Reading phones as people write them, against the full parser, with the same answers."""

from __future__ import annotations

import random
import time

import phonenumbers

from atiende.models.customers import phones
from atiende.models.customers.phones import read_phone

from ..shared.harness import Figure, Run

WHAT = "phone normalisation: microseconds each on a mixed corpus, and answers that differ from phonenumbers"
REGION = "CO"
_APART = str.maketrans("", "", " -()")
_FORMS = (
    "3{a}{b}", "+57 3{a} {b}", "57 3{a}-{b}", "(601) {b}", "601{b}", "+1 212 555 {c}", "3{a} {b} ext 12", "{c}",
    "0034 91 {b}", "+52 55 {c} {c}", "n/a", "", "3{a}{b}.0", "٣١٠{b}", "03 {b}", "018000 {c}12",
)  # fmt: skip


async def bench(run: Run) -> list[Figure]:
    """A base, nearly all of it plain numbers of the country; and a corpus of what makes a parser hard."""
    base = _corpus(run.size(200_000, 20_000, 500), hard=0.02)
    corpus = _corpus(run.size(20_000, 4_000, 200), hard=0.8)
    wrong = [text for text in corpus if _ours(text) != _theirs(text)]

    async def ours() -> float:
        read_phone.cache_clear()  # in a base hardly any number comes twice
        return _each(base, _ours)

    async def peer() -> float:
        return _each(base[:: run.size(20, 5, 1)], _theirs)

    return [
        await run.alone("microseconds each, a base with 2 % of odd ones", "µs", "<= 4", ours),
        await run.compare("the same", "µs", "", ours, ("phonenumbers", peer)),
        Figure(f"answers that differ, of {len(corpus):,} in a hard corpus", len(wrong), "", "<= 0"),
    ]


def _corpus(count: int, hard: float) -> list[str]:
    """Numbers as people write them; `hard` is the share of those that are not plain mobiles of the country."""
    dice = random.Random(11)
    texts = []
    for _ in range(count):
        form = dice.choice(_FORMS) if dice.random() < hard else "3{a}{b}"
        a, b, c = dice.randint(0, 25), dice.randint(0, 9_999_999), dice.randint(0, 9999)
        texts.append(form.format(a=f"{a:02}", b=f"{b:07}", c=f"{c:04}"))
    return texts


def _each(corpus: list[str], read: object) -> float:
    began = time.perf_counter()
    for text in corpus:
        read(text)  # type: ignore[operator]
    return (time.perf_counter() - began) * 1e6 / len(corpus)


def _ours(text: str) -> str | None:
    found = read_phone(text, REGION)
    return found.value if found else None


def _theirs(text: str) -> str | None:
    """The same readings, each judged by the full parser alone."""
    digits = text.translate(_APART).removeprefix("+").removesuffix(".0")
    plain = digits.isascii() and digits.isdigit()
    forms = list(phones.readings(digits, text.startswith("+"), REGION)) if plain else [(text, False), (text, True)]
    for form, international in forms:
        try:
            number = phonenumbers.parse(("+" if international else "") + form[:40], REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None
