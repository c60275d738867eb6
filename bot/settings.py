"""The environment, read once; a wrong value stops the start with one line that names the variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

TELEGRAM = "https://api.telegram.org"
NAMES = (
    "BOT_TOKEN",
    "BOT_API_URL",
    "DATABASE_URL",
    "WEB_HOST",
    "WEB_PORT",
    "WEB_URL",
    "WEBHOOK_URL",
    "WEBHOOK_SECRET",
    "ADMIN_IDS",
    "TWO_PERSON_RELEASE",
    "LOG_FORMAT",
    "METRICS",
    "METRICS_TOKEN",
    "DATA_DIR",
    "ENGINE_URL",
)

LOG_FORMATS = ("text", "json")


class SettingRefused(ValueError):
    """A setting is missing or wrong; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a process needs to know; addresses end without a slash."""

    bot_token: str
    """One token, or several of one bot each."""
    bot_api_url: str
    database_url: str
    web_host: str
    web_port: int
    web_url: str
    webhook_url: str | None
    webhook_secret: str | None
    admin_ids: frozenset[int]
    two_person_release: bool = False
    log_format: str = "text"
    metrics: bool = False
    metrics_token: str | None = None
    data_dir: Path | None = None
    engine_url: str = ""

    @property
    def engine(self) -> str:
        """Return where the engine plans: a file beside the database's, or on PostgreSQL the database itself."""
        if self.engine_url or not self.database_url.startswith("sqlite:///"):
            return self.engine_url or self.database_url
        return f"sqlite:///{Path(self.database_url.removeprefix('sqlite:///')).with_name('engine.db')}"

    @property
    def bot_tokens(self) -> tuple[str, ...]:
        """Return the tokens of all bots of this deployment; the first bot stands in where none is named."""
        return _listed(self.bot_token)

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """Return the secrets that are taken; Telegram is told the first."""
        return _listed(self.webhook_secret)

    def secrets(self) -> tuple[str, ...]:
        """Return the values that no log may show."""
        passwords = (urlsplit(address).password for address in (self.database_url, self.engine_url))
        found = (*self.bot_tokens, *_listed(self.webhook_secret), self.metrics_token, *passwords)
        return tuple(one for one in found if one)


def read_settings(environment: Mapping[str, str], *, directory: Path, needs_token: bool = True) -> Settings:
    """Build the settings from the environment and `.env`; NAME_FILE reads NAME from a file; refuse with
    SettingRefused.
    """
    dotenv = _dotenv(directory / ".env")
    found = {name: _value(environment, name) or _value(dotenv, name) for name in NAMES}
    token = found["BOT_TOKEN"] or ""
    if needs_token and not _listed(token):
        raise SettingRefused(
            "BOT_TOKEN belum diisi: minta token dari @BotFather, atau jalankan `make demo` tanpa token"
        )
    _check_tokens(_listed(token))
    webhook = _address(found["WEBHOOK_URL"], "WEBHOOK_URL")
    secret = found["WEBHOOK_SECRET"]
    if webhook and not secret:
        raise SettingRefused("WEBHOOK_SECRET wajib diisi bila WEBHOOK_URL dipakai")
    if secret and not (_listed(secret) and all(map(_is_secret, _listed(secret)))):
        raise SettingRefused("WEBHOOK_SECRET hanya boleh huruf, angka, _ dan -, paling panjang 256")
    database = _database(found["DATABASE_URL"], directory)
    port = _port(found["WEB_PORT"])
    host = found["WEB_HOST"] or "127.0.0.1"
    return Settings(
        bot_token=token,
        bot_api_url=_address(found["BOT_API_URL"], "BOT_API_URL") or TELEGRAM,
        database_url=database,
        web_host=host,
        web_port=port,
        web_url=_address(found["WEB_URL"], "WEB_URL") or f"http://{host}:{port}",
        webhook_url=webhook,
        webhook_secret=secret,
        admin_ids=_ids(found["ADMIN_IDS"]),
        two_person_release=_switch(found["TWO_PERSON_RELEASE"], "TWO_PERSON_RELEASE"),
        log_format=_log_format(found["LOG_FORMAT"]),
        metrics=_switch(found["METRICS"], "METRICS"),
        metrics_token=_metrics_token(found["METRICS_TOKEN"]),
        engine_url=_engine(found["ENGINE_URL"]),
        data_dir=Path(found["DATA_DIR"]) if found["DATA_DIR"] else _beside(database, directory),
    )


def _check_tokens(tokens: tuple[str, ...]) -> None:
    if not all(map(_is_token, tokens)):
        raise SettingRefused("BOT_TOKEN tidak berbentuk token Telegram (angka, titik dua, huruf)")
    if len({int(token.partition(":")[0]) for token in tokens}) < len(tokens):
        raise SettingRefused("BOT_TOKEN memuat dua token dari bot yang sama")


def _is_token(value: str) -> bool:
    bot_id, colon, secret = value.partition(":")
    return (
        _is_number(bot_id)
        and all((colon, secret))
        and all(ch.isascii() and (ch.isalnum() or ch in "_-") for ch in secret)
    )


def _dotenv(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingRefused(f".env tidak terbaca: {error}") from error
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.removeprefix("export ").partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, equals, value in pairs if equals}


def _value(values: Mapping[str, str], name: str) -> str | None:
    """Return a setting; an empty one counts as absent."""
    if values.get(name):
        return values[name].strip()
    file = values.get(f"{name}_FILE")
    if not file:
        return None
    try:
        return Path(file).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingRefused(f"{name}_FILE tidak terbaca: {error}") from error


def _address(value: str | None, name: str) -> str | None:
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise SettingRefused(f"{name} harus berupa alamat http:// atau https://")
    return value.rstrip("/")


def _port(value: str | None) -> int:
    if value is None:
        return 8080
    if not _is_number(value) or not 0 <= int(value) <= 65535:
        raise SettingRefused("WEB_PORT harus bilangan 0 sampai 65535")
    return int(value)


def _database(value: str | None, directory: Path) -> str:
    if value is None:
        return f"sqlite:///{directory / 'var' / 'tangga.db'}"
    if not value.startswith(("sqlite:///", "postgresql://")):
        raise SettingRefused("DATABASE_URL harus sqlite:///jalur atau postgresql://…")
    return value


def _engine(value: str | None) -> str:
    if value is not None and not value.startswith(("sqlite:///", "postgresql://")):
        raise SettingRefused("ENGINE_URL harus sqlite:///jalur atau postgresql://…")
    return value or ""


def _beside(database: str, directory: Path) -> Path:
    """Return the folder of a SQLite file, `var` where the database is elsewhere."""
    path = database.removeprefix("sqlite:///")
    return directory / "var" if path == database else Path(path).parent


def _listed(value: str | None) -> tuple[str, ...]:
    """Return what is separated by commas or spaces."""
    return tuple((value or "").replace(",", " ").split())


def _is_secret(text: str) -> bool:
    return len(text) <= 256 and all(ch.isascii() and (ch.isalnum() or ch in "_-") for ch in text)


def _ids(value: str | None) -> frozenset[int]:
    parts = [part.strip() for part in (value or "").split(",") if part.strip()]
    if not all(map(_is_number, parts)):
        raise SettingRefused("ADMIN_IDS harus nomor Telegram yang dipisah koma")
    return frozenset(map(int, parts))


def _switch(value: str | None, name: str) -> bool:
    if value not in (None, "0", "1"):
        raise SettingRefused(f"{name} harus 1 (ya) atau 0 (tidak)")
    return value == "1"


def _log_format(value: str | None) -> str:
    if value is not None and value not in LOG_FORMATS:
        raise SettingRefused("LOG_FORMAT harus text atau json")
    return value or "text"


def _metrics_token(value: str | None) -> str | None:
    if value is not None and not (len(value) >= 16 and value.isascii() and value.isprintable() and " " not in value):
        raise SettingRefused("METRICS_TOKEN harus paling sedikit 16 huruf atau angka, tanpa spasi")
    return value


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18
