"""Reading phones as people write them, against the full parser, with the same answers."""

from __future__ import annotations

import random
import time

import phonenumbers

from atiende.models.phones import read_phone

from .harness import Figure, Run

WHAT = "phone normalisation: microseconds each on a mixed corpus, and answers that differ from phonenumbers"
REGION = "CO"
_FORMS = (
    "3{a}{b}", "+57 3{a} {b}", "57 3{a}-{b}", "(601) {b}", "601{b}", "+1 212 555 {c}", "3{a} {b} ext 12", "{c}",
    "0034 91 {b}", "+52 55 {c} {c}", "n/a", "", "3{a}{b}.0", "٣١٠{b}", "03 {b}", "018000 {c}12",
)  # fmt: skip


async def bench(run: Run) -> list[Figure]:
    """Nine in ten are mobiles of the country, as in a base; the rest is what makes a parser hard."""
    corpus = _corpus(run.size(200_000, 20_000, 500))
    hard = [text for text in corpus if not text.isdigit()] + corpus[:2000]
    wrong = sum(_ours(text) != _theirs(text) for text in hard[: run.size(20_000, 4_000, 200)])

    async def ours() -> float:
        return _each(corpus, _ours)

    async def peer() -> float:
        return _each(corpus[:: run.size(20, 5, 1)], _theirs)

    return [
        await run.compare("microseconds each", "µs", "", ours, ("phonenumbers", peer)),
        await run.alone("the same", "µs", "<= 4", ours),
        Figure("answers that differ", wrong, "", "<= 0"),
    ]


def _corpus(count: int) -> list[str]:
    dice = random.Random(11)
    forms = ["3{a}{b}"] * 9
    texts = []
    for _ in range(count):
        form = dice.choice(forms) if dice.random() < 0.9 else dice.choice(_FORMS)
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
    """The same rule with the full parser alone: as it stands, else as a PBX writes it, without the plus."""
    for form in (text, f"+{text}"):
        try:
            number = phonenumbers.parse(form[:40], REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None
