"""What a cookie, a program's token and a one-time link carry: random, and only its SHA-256 is stored.

A copy of the database opens nothing.
"""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> tuple[str, bytes]:
    """A random text for the person or program that gets it, and the hash that is stored."""
    secret = secrets.token_urlsafe(32)
    return secret, hash_of(secret)


def hash_of(secret: str) -> bytes:
    """What is stored of a secret. It has 256 random bits, so no salt and no slow hash is needed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
