"""The database and Redis of a command that is not `atiende up` itself: the URLs that its settings lack."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from ..settings import Settings, WrongSetting
from .private_server import PrivateServer
from .run_folder import only_one, running_state


def joined(settings: Settings) -> Settings:
    """The settings, with the URLs they lack taken from the `atiende up` that runs on the same data folder.

    Raises WrongSetting when something is missing and none runs.
    """
    if settings.database_url and settings.redis_url:
        return settings
    state = running_state(settings.run_dir)
    if state is None:
        missing = "ATIENDE_REDIS_URL" if settings.database_url else "ATIENDE_DATABASE_URL"
        raise WrongSetting(missing, "falta; indíquelo o use `atiende up`, que inicia lo que falta")
    return settings.with_values(
        database_url=settings.database_url or state.database_url,
        redis_url=settings.redis_url or state.redis_url,
        ami_url=settings.ami_url or state.ami_url,
        public_url=settings.public_url or state.address,
    )


@contextmanager
def borrowed(settings: Settings) -> Iterator[Settings]:
    """Like `joined`, but the private servers are started for the time of the command when no `atiende up` runs."""
    if (settings.database_url and settings.redis_url) or running_state(settings.run_dir):
        yield joined(settings)
        return
    from .postgres import PrivatePostgres
    from .redis import PrivateRedis

    with only_one(settings.run_dir), ExitStack() as stack:
        if not settings.database_url:
            postgres = PrivatePostgres(settings.data_dir)
            _start(postgres, stack)
            settings = settings.with_values(database_url=postgres.url())
        if not settings.redis_url:
            redis = PrivateRedis(settings.data_dir)
            _start(redis, stack)
            settings = settings.with_values(redis_url=redis.url())
        yield settings


def _start(server: PrivateServer, stack: ExitStack) -> None:
    stack.callback(server.stop)
    server.start()
    server.wait_ready()
