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
T = TypeVar("T")
_EASY = """
    12345678 123456789 1234567890 87654321 11111111 00000000 password password1 passw0rd contraseña contrasena
    qwertyuiop qwerty123 asdfghjkl abcd1234 abc12345 iloveyou princesa estrella colombia argentina mexico123
    bienvenido bienvenida welcome1 admin123 administrador atiende1 atiende123 callcenter
"""
_COMMON = frozenset(_EASY.split())


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


def check_new_password(password: str, username: str) -> None:
    """Raise BadInput when this is too easy to guess."""
    if len(password) < SHORTEST:
        raise BadInput(
            field="password",
            sentence=N_("La contraseña debe tener al menos %(shortest)s caracteres."),
            shortest=SHORTEST,
        )
    if len(password) > LONGEST:
        raise BadInput(field="password", sentence=N_("Es demasiado largo."))
    plain = password.casefold()
    if plain in _COMMON or len(set(plain)) < 4 or plain == username.casefold():
        raise BadInput(field="password", sentence=N_("Esa contraseña es fácil de adivinar. Elija otra."))
