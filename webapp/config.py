"""How this installation is set: environment KRONIKA_*, then kronika.toml, then what is usual."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from flask_babel import gettext
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

LANGUAGES = {"en": "English", "uk": "Українська", "lt": "Lietuvių", "az": "Azərbaycanca"}
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHORTEST_SECRET = 32

T = TypeVar("T")


class WrongSetting(Exception):
    """A setting cannot be used: its name, and what would be right."""

    def __init__(self, name: str, wanted: str) -> None:
        super().__init__(f"{name}: {wanted}")
        self.name, self.wanted = name, wanted


class Config(msgspec.Struct, frozen=True, kw_only=True):
    folder: Path
    database_url: str
    owner_url: str
    views_url: str
    vault_url: str
    key_file: Path
    secret_key: str
    timezone: str = "UTC"
    languages: tuple[str, ...] = tuple(LANGUAGES)
    base_url: str = "http://127.0.0.1:8000"
    proxies: int = 0
    metrics_token: str = ""
    demo: bool = False

    @property
    def of_owner(self) -> Config:
        """For commands that make tables: entries and accounts may belong to a role that serves no pages."""
        return msgspec.structs.replace(self, database_url=self.owner_url)

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    @property
    def trusted_hosts(self) -> list[str]:
        """That of the address, and this machine's own: from here the health of the process is asked, at its port."""
        own = [*LOOPBACK[:2], "[::1]"]
        return own if self.host in LOOPBACK else [self.host, *own]


def read_config(environment: Mapping[str, str] | None = None, *, makes: bool = True, **given: Any) -> Config:
    """The settings, or WrongSetting. `given` comes from the command line and goes before everything.

    Not `makes`: where no secret is kept none is made, and there is none.
    """
    told = _told(os.environ if environment is None else environment, given)
    folder = Path(told.get("data", "var")).absolute()
    database_url = _setting(told, "database_url", _database, f"sqlite:///{folder / 'kronika.db'}")
    return _checked(
        Config(
            folder=folder,
            database_url=database_url,
            owner_url=_setting(told, "owner_url", _database, database_url),
            views_url=_views_beside(database_url),
            vault_url=_setting(told, "vault_url", _database, f"sqlite:///{folder / 'vault.db'}"),
            key_file=Path(told.get("key_file", folder / "vault.key")),
            secret_key=_setting(told, "secret_key", _secret, "") or _kept_secret(folder, makes),
            timezone=_setting(told, "timezone", _timezone, "UTC"),
            languages=_setting(told, "languages", _languages, tuple(LANGUAGES)),
            base_url=_setting(told, "base_url", _base_url, "http://127.0.0.1:8000"),
            proxies=_setting(told, "proxies", _count, 0),
            metrics_token=_setting(told, "metrics_token", _secret, ""),
            demo=_setting(told, "demo", _yes_or_no, False),
        )
    )


def _told(environment: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    named = {name.removeprefix("KRONIKA_").lower(): value for name, value in environment.items() if value != ""}
    spoken = {name: value for name, value in given.items() if value is not None}
    return {**_from_file(Path(named.get("config", "kronika.toml"))), **named, **spoken}


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise WrongSetting(str(path), gettext("cannot be read: %(why)s", why=str(error))) from error


def _setting(told: Mapping[str, Any], name: str, read: Callable[[Any], T], usual: T) -> T:
    if name not in told:
        return usual
    try:
        return read(told[name])
    except ValueError as error:
        raise WrongSetting(f"KRONIKA_{name.upper()}", str(error)) from error


def _database(text: str) -> str:
    wanted = gettext("must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME")
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise ValueError(wanted) from error
    if url.get_backend_name() not in ("sqlite", "postgresql") or not url.database:
        raise ValueError(wanted)
    return text


def _views_beside(database_url: str) -> str:
    """SQLite gives the read tables a file of their own; PostgreSQL keeps all in one database."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return database_url
    recorded = Path(url.database or "")
    return f"sqlite:///{recorded.with_name(recorded.stem + '-views' + recorded.suffix)}"


def _secret(text: str) -> str:
    if len(text) < SHORTEST_SECRET:
        raise ValueError(gettext("must have at least %(shortest)s characters", shortest=SHORTEST_SECRET))
    return text


def _kept_secret(folder: Path, makes: bool) -> str:
    """The secret of this folder, made when there is none yet; readable by its owner only."""
    path = folder / "secret.key"
    if not makes and not path.exists():
        return ""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass  # another start was first: its secret is the one
    except OSError as error:
        raise WrongSetting("KRONIKA_DATA", gettext("the folder cannot be written: %(why)s", why=str(error))) from error
    return _setting({"secret_key": path.read_text(encoding="ascii").strip()}, "secret_key", _secret, "")


def _timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(gettext("must be a time zone such as Europe/Vilnius")) from error
    return text


def _languages(told: str | list[str]) -> tuple[str, ...]:
    names = tuple(told.replace(",", " ").split() if isinstance(told, str) else told)
    unknown = [name for name in names if name not in LANGUAGES]
    if unknown or not names:
        raise ValueError(gettext("must be some of: %(allowed)s", allowed=", ".join(LANGUAGES)))
    return names


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(gettext("must be the address that people open, such as https://kronika.example.org"))
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError(gettext("must begin with https:// (http is for this machine alone)"))
    return text.rstrip("/")


def _count(told: str | int) -> int:
    if not str(told).isdecimal() or int(told) > 10:
        raise ValueError(gettext("must be a number from 0 to 10"))
    return int(told)


def _yes_or_no(told: str | bool) -> bool:
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    answer = told if isinstance(told, bool) else known.get(told.lower())
    if answer is None:
        raise ValueError(gettext("must be true or false"))
    return answer


def _checked(config: Config) -> Config:
    if config.demo and config.host not in LOOPBACK:
        wanted = gettext("the demonstration is served on this machine alone, not at %(host)s", host=config.host)
        raise WrongSetting("KRONIKA_DEMO", wanted)
    return config
