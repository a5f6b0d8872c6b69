"""Passwords: Argon2id in a small pool of threads.

The parameters are OWASP's (19 MiB, 2 passes, 1 lane; about 25 ms of one core): two hundred people who sign in at nine
o'clock cost some seconds of CPU, and two threads never take the whole machine from the live screens. A hash made with
other parameters is renewed when its owner signs in.
"""

from __future__ import annotations

import asyncio
import functools
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ...models.refused import N_, BadInput

SHORTEST, LONGEST = 8, 256
LONG = 12  # characters from which on only what everybody knows is refused
T = TypeVar("T")
# What the list of the world lacks: words of the trade, as they are first tried here.
_OURS = frozenset(
    {"atiende", "callcenter", "contraseña", "administrador", "administradora", "bienvenido", "bienvenida"}
)


class Passwords:
    """Hashes and checks, never more than `threads` at a time."""

    def __init__(self, memory_kib: int = 19 * 1024, passes: int = 2, threads: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._nobody = self._hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        """What is stored."""
        return await self._in_thread(functools.partial(self._hasher.hash, password))

    async def matches(self, password: str, stored: str | None) -> bool:
        """Whether this is the password. As slow when there is no such user, so that names cannot be guessed by time."""
        right = await self._in_thread(functools.partial(self._verify, stored or self._nobody, password))
        return right and stored is not None

    def is_old(self, stored: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _in_thread(self, work: functools.partial[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


def check_new_password(password: str, username: str, field: str = "password") -> None:
    """Raise BadInput when this is too short, or known to whoever guesses.

    Known is what stands on the list of breached passwords, names and words that the `zxcvbn` package carries (some
    90,000), what it guesses within a million tries (runs, repetitions, dates), and the user's own name. Of fewer than
    12 characters neither may it be such a word with figures or signs around it.
    """
    if len(password) < SHORTEST:
        sentence = N_("La contraseña debe tener al menos %(shortest)s caracteres.")
        raise BadInput(field=field, sentence=sentence, shortest=SHORTEST)
    if len(password) > LONGEST:
        raise BadInput(field=field, sentence=N_("Es demasiado largo."))
    plain = password.casefold()
    short = len(plain) < LONG and is_known(plain.strip("".join(c for c in plain if not c.isalpha())))
    if short or is_known(plain) or len(set(plain)) < 4 or plain == username.casefold() or _is_guessed(plain):
        raise BadInput(field=field, sentence=N_("Esa contraseña es fácil de adivinar. Elija otra."))


def is_known(plain: str) -> bool:
    """Whether a text in small letters is on the lists of what people choose."""
    return plain in _OURS or any(plain in words for words in _lists())


@functools.cache
def _lists() -> tuple[frozenset[str], ...]:
    """Read when the first password is chosen: most processes never ask."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return tuple(frozenset(words) for words in FREQUENCY_LISTS.values())


def _is_guessed(plain: str) -> bool:
    """Whether an attacker has it within a million tries; the estimator takes long for long texts."""
    from zxcvbn import zxcvbn

    return len(plain) <= 16 and int(zxcvbn(plain)["score"]) < 2
