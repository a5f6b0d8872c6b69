"""`atiende prepare`, run by `atiende up` before anything serves: migrations, then what a first start needs.

Prints on standard output what people must know once all is running: the demo's sign-ins, or the one-time link of
the first administrator.
"""

from __future__ import annotations

from ..settings import Settings
from .migrate import migrate


def prepare(settings: Settings, demo: bool) -> str:
    """Prepare the database of the settings; the sentences for people (may be empty)."""
    from ..up.demo_password import password_file, reached_by_others

    migrate(settings)
    closed = _close_demo(settings) if reached_by_others(settings) else []
    if demo:
        from ..up.demo import prepare_demo

        rows = [f"  {username:<14} {password:<20} {role}" for username, password, role in prepare_demo(settings)]
        return "\n".join(["Entre con uno de estos usuarios de demostración:", *rows])
    from ..identity.first_administrator import first_administrator_link

    if closed:
        return f"{', '.join(closed)}: la contraseña de demostración se cambió por la de {password_file(settings)}"
    link = first_administrator_link(settings)
    return f"Cree el primer administrador en este enlace, que sirve una sola vez:\n  {link}" if link else ""


def _close_demo(settings: Settings) -> list[str]:
    from ..up.demo import close_demo

    return close_demo(settings)
