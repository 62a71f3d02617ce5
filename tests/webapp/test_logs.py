"""What stands in the logs of a Kronika that serves? That something happened, and never what somebody wrote."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from threading import Event
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
import structlog
from flask import Flask

from tests.webapp.conftest import PASSWORD, TOKEN, Person
from webapp import logs, rights
from webapp.accounts import Accounts
from webapp.commands import serving
from webapp.config import Config
from webapp.stores import Stores

CANARY = "geltona kanarėlė"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(app: Flask, capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """What was written down since it was asked last."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    logs.configure(app)
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    structlog.configure(**before)
    root.handlers[:], root.level = handlers, level


def test_a_request_is_a_line_without_its_address(app: Flask, lines: Lines, signed_in: Callable[..., Person]) -> None:
    rasa = signed_in("viewer", "rasa@example.org")
    lines()
    answer = rasa.open(f"/organisations?q={CANARY}")
    (line,) = lines()
    assert line["number"] == answer.headers["X-Request-Id"]
    assert {name: line[name] for name in ("event", "level", "endpoint", "method", "status")} == {
        "event": "request", "level": "info", "endpoint": "organisations.organisations", "method": "GET", "status": 200,
    }  # fmt: skip
    assert set(line) == {"event", "level", "time", "number", "endpoint", "method", "status", "milliseconds", "account"}
    rasa.open("/")
    assert lines()[0]["account"] == line["account"] != None  # noqa: E711  # the same, and somebody


def test_an_error_says_where_and_not_what(
    app: Flask, lines: Lines, signed_in: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    def view() -> str:
        nothing: dict[str, str] = {}
        try:
            return nothing[CANARY]
        except KeyError as error:
            raise ValueError(f"cannot read {CANARY}") from error

    app.add_url_rule("/failing", "failing", view, methods=["GET", "POST"])
    monkeypatch.setitem(rights.RIGHTS, "failing", rights.SIGNED_IN)
    person = signed_in("secretariat")
    person.open("/")
    lines()
    answer = person.send("/failing", note=CANARY)
    failed, request = lines()[-2:]
    assert CANARY not in json.dumps([failed, request], ensure_ascii=False)
    assert failed["number"] == request["number"]
    assert failed["number"] in answer.text
    assert [each["kind"] for each in failed["error"]] == ["ValueError", "KeyError"]
    assert failed["error"][0]["at"][-1].endswith(" view")
    assert "test_logs.py:" in failed["error"][0]["at"][-1]


def test_lines_of_libraries_go_the_same_way_without_what_fills_them(lines: Lines) -> None:
    try:
        int(CANARY)
    except ValueError:
        logging.getLogger("waitress").exception("Exception while serving %s", f"/organisations?q={CANARY}")
    (line,) = lines()
    assert (line["event"], line["logger"], line["level"]) == ("Exception while serving %s", "waitress", "error")
    assert CANARY not in json.dumps(line, ensure_ascii=False)


class Visitor:
    """Somebody with a browser, over the network."""

    def __init__(self, address: str) -> None:
        self._address, self._opener = address, build_opener(HTTPCookieProcessor(CookieJar()))

    def open(self, path: str, **fields: str) -> str:
        found = TOKEN.search(self.open("/sign-in")) if fields and path == "/sign-in" else None
        sent = {**fields, "csrf_token": found[1]} if found else fields
        try:
            with self._opener.open(self._address + path, urlencode(sent).encode() if sent else None) as answer:
                text: str = answer.read().decode()
                return text
        except HTTPError as error:
            return error.read().decode()


def test_a_word_that_was_typed_is_in_no_line_of_a_running_kronika(
    config: Config, stores: Stores, tmp_path: Path
) -> None:
    Accounts(stores.accounts).add("rasa@example.org", "Rasa", "administrator", PASSWORD)
    settings = {
        "KRONIKA_DATA": str(config.folder), "KRONIKA_DATABASE_URL": config.database_url,
        "KRONIKA_CONFIG": str(tmp_path / "none.toml"), "PATH": "",
    }  # fmt: skip
    written = tmp_path / "stderr"
    command = [sys.executable, "-c", "from webapp.cli import main; main()", "run", "--port", "0"]
    with (
        written.open("w") as err,
        subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, stderr=err, text=True) as running,
    ):
        assert running.stdout is not None
        visitor = Visitor(next(word for word in running.stdout.readline().split() if word.startswith("http://")))
        visitor.open("/sign-in", email="canary@example.org", password=CANARY)
        visitor.open("/sign-in", email="rasa@example.org", password=PASSWORD)
        assert "Desk" in visitor.open("/")
        visitor.open("/?" + urlencode({"on": CANARY}))
        visitor.open("/organisations?" + urlencode({"q": CANARY}))
        visitor.open("/language", language=CANARY, next=CANARY)
        running.terminate()
    everything = written.read_text(encoding="utf-8")
    told = [json.loads(line) for line in everything.splitlines() if line.startswith("{")]  # advice is a sentence
    assert {"signing_in.sign_in", "desk.desk", "organisations.organisations"} <= {each["endpoint"] for each in told}
    text = json.dumps(told, ensure_ascii=False) + everything
    for word in (CANARY, CANARY.replace(" ", "+"), "kanar", "canary", "rasa", "Rasa", PASSWORD):
        assert word not in text


def test_read_tables_that_are_not_kept_up_are_told_once_until_it_is_something_else(
    lines: Lines, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds, over = ["one", "one", "", "one", "other", "other"], Event()

    def fold(*_: object) -> None:
        if trouble := rounds.pop(0):
            raise ValueError(trouble)

    monkeypatch.setattr(over, "wait", lambda _: not rounds)
    monkeypatch.setattr("webapp.commands.serving.engine.keep_up", fold)
    serving._keep_up(stores, over, 0)
    assert [line["event"] for line in lines()] == ["read tables not kept up"] * 3
