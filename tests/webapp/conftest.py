"""What do tests of pages stand on? An application over an empty database of each kind, people, and a running server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib.resources import files
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from waitress import create_server
from werkzeug.test import TestResponse

from projections import engine, organisations
from tests.postgres import Server
from tests.webapp import trial_form
from tests.webapp.files import opened_in
from tests.webapp.places import Place, places
from tests.webapp.reading import id_of
from webapp import create_app, importing, rights
from webapp.accounts import Accounts
from webapp.archive import archive
from webapp.config import Config, read_config
from webapp.installation import prepare
from webapp.stores import Stores, open_stores

PASSWORD = "seven quiet herons"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Person:
    """Somebody with a browser of their own, without script."""

    def __init__(self, client: FlaskClient, email: str = "") -> None:
        self.client, self.email = client, email
        self.page: TestResponse | None = None

    def open(self, path: str, **headers: str) -> TestResponse:
        self.page = self.client.get(path, headers=_named(headers), buffered=True)
        return self.page

    def send(
        self,
        path: str,
        fields: Mapping[str, str | list[str]] | None = None,
        *,
        csrf: bool = True,
        headers: Mapping[str, str] | None = None,
        **more: str,
    ) -> TestResponse:
        """Post the form; the token comes from the page that is open."""
        token = {"csrf_token": self.token()} if csrf else {}
        self.page = self.client.post(path, data={**token, **(fields or {}), **more}, headers=headers)
        return self.page

    def token(self) -> str:
        texts = (self.page.text if self.page else "", self.client.get("/").text, self.client.get("/sign-in").text)
        return next(found[1] for text in texts if (found := TOKEN.search(text)))

    def sign_in(self, password: str = PASSWORD, **fields: str) -> TestResponse:
        self.open("/sign-in")
        return self.send("/sign-in", fields, email=self.email, password=password)


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    told = {"KRONIKA_DATA": str(tmp_path / "var"), "KRONIKA_CONFIG": str(tmp_path / "none.toml")}
    return read_config(told, database_url=database_url, timezone="Europe/Vilnius")


@pytest.fixture
def stores(config: Config) -> Iterator[Stores]:
    stores = open_stores(config)
    prepare(config, stores)
    yield stores
    stores.close()


@pytest.fixture
def app(config: Config, stores: Stores) -> Flask:
    return create_app(config, stores)


@pytest.fixture
def accounts(stores: Stores) -> Accounts:
    return Accounts(stores.accounts)


@pytest.fixture
def stranger(app: Flask) -> Person:
    return Person(app.test_client())


@pytest.fixture
def known(app: Flask, accounts: Accounts) -> Callable[..., Person]:
    """`known(role)`: somebody with an account, not signed in."""

    def make(role: str, email: str = "") -> Person:
        email = email or f"{role}@example.org"
        accounts.add(email, role.title(), role, PASSWORD)
        return Person(app.test_client(), email)

    return make


@pytest.fixture
def signed_in(known: Callable[..., Person]) -> Callable[..., Person]:
    """`signed_in(role)`: somebody with an account and an open session."""

    def make(role: str, email: str = "") -> Person:
        person = known(role, email)
        assert person.sign_in().status_code == 303
        return person

    return make


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """A database in which nothing is ever recorded, for what is only planned."""
    with opened_in(tmp_path_factory.mktemp("empty")) as stores:
        yield stores


@pytest.fixture
def centre(stores: Stores, ztok: UUID) -> UUID:
    """A member of it that nothing has happened to but a renaming."""
    return id_of(stores, "Romų visuomenės centras")


@pytest.fixture
def institute(stores: Stores, ztok: UUID) -> UUID:
    """The member of it that was suspended from 2012 to 2017."""
    return id_of(stores, "Žmogaus teisių stebėjimo institutas")


@pytest.fixture
def place(tmp_path: Path, postgres_server: Server) -> Iterator[Place]:
    with places(tmp_path, postgres_server) as place:
        yield place


@pytest.fixture
def rasa(signed_in: Callable[..., Person]) -> Person:
    """Somebody of the secretariat, signed in."""
    return signed_in("secretariat")


@pytest.fixture
def trial(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest form that has a source with files and is kept as a draft."""
    monkeypatch.setattr(rights, "RIGHTS", dict(rights.RIGHTS))
    trial_form.add_to(app)


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """The address of the application, served by waitress from a thread."""
    sockets: dict[int, Any] = {}
    server, over = create_server(app, sockets, host="127.0.0.1", port=0, threads=8), Event()

    def serve() -> None:
        while not over.is_set():
            server.asyncore.loop(timeout=0.05, map=sockets, count=1)
        server.task_dispatcher.shutdown()
        server.asyncore.close_all(sockets)

    with ThreadPoolExecutor(1) as pool:
        served = pool.submit(serve)
        yield f"http://127.0.0.1:{server.effective_port}"
        over.set()
        served.result(timeout=10)


@pytest.fixture
def ztok(stores: Stores) -> UUID:
    """The coalition of the example, with its history recorded."""
    content = files("webapp").joinpath("examples", "ztok.csv").read_bytes()
    with archive(stores) as known:
        terms = importing.Terms(UUID(int=9), date(2026, 1, 1), importing.EveryName())
        plan = importing.plan_file(content, known, terms)
    importing.record(plan, stores.chronicle)
    engine.keep_up(stores.chronicle, stores.reading)
    with stores.reading.connect() as connection:
        (coalition,) = organisations.find(connection, "Žmogaus teisių koalicija")
    return coalition.id
