"""Settings: what is understood, and the one sentence of what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from atiende.server.settings import Settings, WrongSetting, kept_secret, load_settings, without_secret


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.setenv("ATIENDE_DATA_DIR", str(tmp_path / "data"))
    return monkeypatch


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ATIENDE_DATABASE_URL", "mysql://root:hunter2@host/x"),
        ("ATIENDE_DATABASE_URL", "postgresql://host:hunter2/x"),
        ("ATIENDE_DATABASE_URL", "hunter2"),
        ("ATIENDE_REDIS_URL", "redis:hunter2"),
        ("ATIENDE_AMI_URL", "http://admin:hunter2@pbx:5038"),
        ("ATIENDE_AMI_URL", "ami://admin:hunter2@pbx:many"),
        ("ATIENDE_ARI_URL", "ari://admin:hunter2@pbx:8088"),
        ("ATIENDE_SECRET_KEY", "hunter2"),
        ("ATIENDE_PUBLIC_URL", "hunter2.example"),
        ("ATIENDE_TIME_ZONE", "Mars/hunter2"),
        ("ATIENDE_DEFAULT_REGION", "hunter2"),
        ("ATIENDE_LOCALE", "hunter2"),
        ("ATIENDE_PORT", "hunter2"),
        ("ATIENDE_PORT", "70000"),
        ("ATIENDE_BOARD_WAIT_SECONDS", "0"),
        ("ATIENDE_BOARD_SERVICE_PERCENT", "101"),
        ("ATIENDE_BOARD_ABANDONED_PERCENT", "hunter2"),
        ("ATIENDE_LOG_LEVEL", "hunter2"),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_variable_and_hides_the_value(
    environment: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    environment.setenv(variable, value)
    with pytest.raises(WrongSetting) as caught:
        load_settings()
    sentence = str(caught.value)
    assert sentence.startswith(f"{variable} no sirve: ")
    assert "hunter2" not in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ("postgres://me:x@db/atiende", "postgresql+asyncpg://me:x@db/atiende"),
        ("postgresql://me:p%40ss@db:5433/a?sslmode=require", "postgresql+asyncpg://me:p%40ss@db:5433/a?ssl=require"),
        ("postgresql+asyncpg://atiende@/a?host=/run/pg", "postgresql+asyncpg://atiende@/a?host=/run/pg"),
    ],
)
def test_every_usual_spelling_of_a_database_url_is_understood(given: str, understood: str) -> None:
    assert Settings(database_url=given).database_url == understood


def test_a_file_called_env_is_read_and_the_environment_goes_before_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ATIENDE_PORT=9001\nATIENDE_LOCALE=es_AR\nUNRELATED=1\n")
    settings = Settings(_env_file=tmp_path / ".env", port=9002)
    assert (settings.port, settings.locale) == (9002, "es_AR")


def test_no_secret_is_in_a_repr() -> None:
    settings = Settings(
        database_url="postgresql://me:hunter2@db/a",
        redis_url="redis://:hunter2@r",
        ami_url="ami://a:hunter2@pbx",
        ari_url="http://a:hunter2@pbx",
        secret_key="hunter2" * 5,
    )
    assert "hunter2" not in repr(settings) + str(settings)
    assert without_secret("ami://a:hunter2@pbx") == "ami://a:…@pbx"


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, second = load_settings(), load_settings()
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    file = tmp_path / "data/secret_key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert kept_secret(file) == first.secret_key
    assert [found.name for found in (tmp_path / "data").iterdir()] == ["secret_key"]


def test_a_folder_that_cannot_be_made_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ATIENDE_DATA_DIR", str(tmp_path / "file/below"))
    with pytest.raises(WrongSetting, match=r"^ATIENDE_DATA_DIR no sirve"):
        load_settings()


def test_a_child_process_is_told_the_same(environment: pytest.MonkeyPatch) -> None:
    settings = load_settings(port=9003).with_values(redis_url="unix:///run/r.sock")
    for name, value in settings.environment().items():
        environment.setenv(name, value)
    assert load_settings() == settings


def test_the_address_is_the_public_one_or_one_that_works_here() -> None:
    assert Settings(public_url="https://cc.example/").address == "https://cc.example"
    assert Settings(host="0.0.0.0", port=81).address == "http://127.0.0.1:81"
    assert Settings(host="::").own_address == "http://[::1]:8000"


def test_the_limits_of_the_wall_board_are_the_installations(environment: pytest.MonkeyPatch) -> None:
    """Ninety seconds, 80 % and 5 %, unless it is said otherwise."""
    assert tuple(load_settings().board_limits.model_dump().values()) == (90, 80, 5)
    environment.setenv("ATIENDE_BOARD_WAIT_SECONDS", "30")
    environment.setenv("ATIENDE_BOARD_SERVICE_PERCENT", "90")
    limits = load_settings().board_limits
    assert (limits.wait_seconds, limits.service_percent, limits.abandoned_percent) == (30, 90, 5)
