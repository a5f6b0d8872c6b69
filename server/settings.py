"""Settings of an installation: the `ATIENDE_*` variables of the environment and of a `.env` file.

Read once, by the command line, and passed down as plain arguments. A wrong value raises `WrongSetting`, whose text is
one sentence that names the variable and never repeats its value (it may hold a secret).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ..models.rows.wallboard import WallboardLimits
from .data_folder import SharedFolder, open_data_folder
from .listening.forwarded import TrustedProxies
from .url_checks import plain_url, postgres_url

Hidden = Field(default=None, repr=False)
INTERFACE = r"^[\w.:-]{1,20}[/\w.:@-]{0,60}\{extension\}[/\w.:@-]{0,60}$"
INTERFACE_OR_NONE = rf"^$|{INTERFACE}"


class WrongSetting(Exception):
    """A variable of the environment has a value that cannot be used; the text names it."""

    def __init__(self, variable: str, reason: str) -> None:
        self.variable = variable
        super().__init__(f"{variable} no sirve: {reason}.")


def default_data_dir() -> Path:
    """Where data is kept when nothing says otherwise: the machine's folder for root, the person's own for others."""
    return Path("/var/lib/atiende") if os.geteuid() == 0 else Path.home() / ".local/share/atiende"


class Settings(BaseSettings):
    """What one installation is told from outside. Secrets do not show in its repr.

    database_url  SQLAlchemy URL of PostgreSQL (`postgres://` and `sslmode` are understood); absent: a private one
    redis_url     `redis://`, `rediss://` or `unix://`; absent: a private one
    ami_url       `ami://user:secret@host:5038`, or `amis://…:5039?ca=FILE` by TLS; absent: no PBX is listened to
    ami_hand_url  another account for what is done at the PBX (`write = call,originate,agent`); absent: ami_url
    dial_context, dial_prefix   where in the PBX's dial plan an agent's call begins, and what goes before the number
    phone         an agent's phone for the PBX: `PJSIP/{extension}`, `SIP/{extension}`
    queue_member, queue_member_state   how agents whom no queue has yet become its members: with FreePBX
                  `Local/{extension}@from-queue/n` and `hint:{extension}@ext-local`; absent: the phone itself
    ari_url       `http://user:secret@host:8088`
    secret_key    signs the cookie of known browsers, 32 characters or more; absent: made once and kept in `data_dir`
    data_dir      private PostgreSQL and Redis, attachments, process ids
    public_url    the address people type, without a final slash; absent: `http://host:port`
    time_zone, default_region, locale   what a person, a number and a text are when they do not say it themselves
    board_…       what the wall board measures the longest wait, the service level and the abandoned calls against
    disk_floor_mb megabytes that must be free beside the data folder, else nothing is changed; twice as many for uploads
    host, port    where the web process listens; port 0 lets `atiende up` choose a free one
    allowed_hosts    names in the address people type, with commas; absent: those of the house (`listening/hosts.py`)
    trusted_proxies  networks of the proxies whose `X-Forwarded-For` is believed, with commas; absent: none
    log_format    `json`, `console` or `auto` (console on a terminal)
    """

    model_config = SettingsConfigDict(
        env_prefix="ATIENDE_", env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    database_url: Annotated[str | None, AfterValidator(postgres_url)] = Hidden
    redis_url: Annotated[str | None, AfterValidator(plain_url("redis", "rediss", "unix"))] = Hidden
    ami_url: Annotated[str | None, AfterValidator(plain_url("ami", "amis"))] = Hidden
    ami_hand_url: Annotated[str | None, AfterValidator(plain_url("ami", "amis"))] = Hidden
    dial_context: str = Field(default="from-internal", pattern=r"^[\w.-]{1,80}$")
    dial_prefix: str = Field(default="", pattern=r"^[0-9*#]{0,10}$")
    phone: str = Field(default="PJSIP/{extension}", pattern=INTERFACE)
    queue_member: str = Field(default="", pattern=INTERFACE_OR_NONE)
    queue_member_state: str = Field(default="", pattern=INTERFACE_OR_NONE)
    ari_url: Annotated[str | None, AfterValidator(plain_url("http", "https"))] = Hidden
    secret_key: str = Field(default="", repr=False)
    data_dir: Path = Field(default_factory=default_data_dir)
    public_url: Annotated[str | None, AfterValidator(plain_url("http", "https"))] = None
    time_zone: str = "America/Bogota"
    default_region: str = "CO"
    locale: str = "es"
    board_wait_seconds: int = Field(default=90, ge=1, le=3600)
    board_service_percent: int = Field(default=80, ge=1, le=100)
    board_abandoned_percent: int = Field(default=5, ge=1, le=100)
    disk_floor_mb: int = Field(default=500, ge=0, le=1_000_000)
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    allowed_hosts: str = Field(default="", pattern=r"^[\w.*:,\[\] -]*$")
    trusted_proxies: str = ""
    log_level: str = "INFO"
    log_format: str = "auto"

    @property
    def address(self) -> str:
        """The address people type into the browser, without a final slash."""
        return self.public_url.rstrip("/") if self.public_url else self.own_address

    @property
    def own_address(self) -> str:
        """The address by which this machine reaches its own web process."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def zone(self) -> ZoneInfo:
        """The installation's own time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def board_limits(self) -> WallboardLimits:
        """The limits of the wall board."""
        return WallboardLimits(
            wait_seconds=self.board_wait_seconds,
            service_percent=self.board_service_percent,
            abandoned_percent=self.board_abandoned_percent,
        )

    @property
    def run_dir(self) -> Path:
        """Folder of process ids and of what the running supervisor says about itself."""
        return self.data_dir / "run"

    def environment(self) -> dict[str, str]:
        """The environment of a child process: ours, with every setting as it was resolved here."""
        values = {f"ATIENDE_{name.upper()}": value for name, value in self if value is not None}
        return {**os.environ, **{name: str(value) for name, value in values.items()}}

    def with_values(self, **values: Any) -> Settings:
        """The same settings with some of them replaced (values are trusted: they come from this program)."""
        return self.model_copy(update=values)

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        if value and len(value) < 32:
            raise ValueError("debe tener al menos 32 caracteres")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        try:
            TrustedProxies.parse(value)
        except ValueError:
            raise ValueError("deben ser redes separadas por comas, como 10.0.0.0/8, 192.168.1.5") from None
        return value

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("debe ser una zona horaria como America/Bogota") from None

    @field_validator("default_region")
    @classmethod
    def _known_region(cls, value: str) -> str:
        import phonenumbers

        if value.upper() not in phonenumbers.SUPPORTED_REGIONS:
            raise ValueError("debe ser un país de dos letras como CO, AR o MX")
        return value.upper()

    @field_validator("locale")
    @classmethod
    def _known_locale(cls, value: str) -> str:
        from babel import Locale, UnknownLocaleError

        try:
            Locale.parse(value.replace("-", "_"))
        except (ValueError, UnknownLocaleError):
            raise ValueError("debe ser un idioma como es o es_CO") from None
        return value.replace("-", "_")

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("debe ser DEBUG, INFO, WARNING o ERROR")
        return value.upper()

    @field_validator("log_format")
    @classmethod
    def _known_format(cls, value: str) -> str:
        if value not in {"auto", "json", "console"}:
            raise ValueError("debe ser auto, json o console")
        return value


def load_settings(**values: Any) -> Settings:
    """Read the environment and `.env`; `values` (from the command line, None means not given) go before both.

    Raises WrongSetting. Creates the data folder (0700), or closes it to others, and keeps a secret key there when none
    is given.
    """
    try:
        settings = Settings(**{name: value for name, value in values.items() if value is not None})
    except ValidationError as error:
        raise _sentence(error) from None
    try:
        open_data_folder(settings.data_dir)
        secret = settings.secret_key or kept_secret(settings.data_dir / "secret_key")
    except SharedFolder as error:
        raise WrongSetting("ATIENDE_DATA_DIR", str(error)) from None
    except OSError as error:
        raise WrongSetting("ATIENDE_DATA_DIR", f"no se puede usar la carpeta ({error.strerror})") from None
    return settings.with_values(secret_key=secret)


def kept_secret(file: Path, size: int = 32) -> str:
    """The secret in `file`, made of `size` random bytes on the first call; only its owner may read it.

    Written aside and linked into place, so that processes starting together agree on one.
    """
    if not file.exists():
        aside = file.with_name(f".{file.name}-{os.getpid()}")
        aside.unlink(missing_ok=True)
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(size))
        try:
            os.link(aside, file)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return file.read_text().strip()


def _sentence(error: ValidationError) -> WrongSetting:
    first = error.errors(include_input=False, include_url=False)[0]
    variable = "ATIENDE_" + str(first["loc"][0]).upper() if first["loc"] else "ATIENDE"
    limits = first.get("ctx", {})
    reason = {
        "int_parsing": "debe ser un número entero",
        "string_pattern_mismatch": "tiene un carácter que ahí no puede estar",
        "less_than_equal": f"debe ser como mucho {limits.get('le')}",
        "greater_than_equal": f"debe ser por lo menos {limits.get('ge')}",
    }.get(first["type"], first["msg"].removeprefix("Value error, "))
    return WrongSetting(variable, reason)


def without_secret(url: str) -> str:
    """The URL as it may be shown: its password replaced by three points."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return url.replace(f":{parts.password}@", ":…@", 1)
