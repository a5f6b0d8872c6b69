"""`atiende prepare`, run by `atiende up` before anything serves: migrations, then what a first start needs.

Prints on standard output what people must know once all is running: the demo's sign-ins, or the one-time link of
the first administrator.
"""

from __future__ import annotations

from ..settings import Settings
from .migrate import migrate


def prepare(settings: Settings, demo: bool) -> str:
    """Prepare the database of the settings; the sentences for people (may be empty)."""
    migrate(settings)
    if demo:
        from ..up.demo import prepare_demo

        rows = [f"  {username:<14} {password:<20} {role}" for username, password, role in prepare_demo(settings)]
        return "\n".join(["Entre con uno de estos usuarios de demostración:", *rows])
    from ..identity.first_administrator import first_administrator_link

    link = first_administrator_link(settings)
    return f"Cree el primer administrador en este enlace, que sirve una sola vez:\n  {link}" if link else ""
