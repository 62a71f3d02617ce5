"""What does a person see when something goes wrong?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from domain.chronicle import ChronicleUnavailable
from domain.refused import Refused
from projections.engine import Outdated
from tests.webapp.conftest import Person
from webapp import rights
from webapp.security import LARGEST_FORM

GONE = OperationalError("INSERT", {}, sqlite3.OperationalError("attempt to write a readonly database"))
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#form"}


@pytest.fixture
def failing(app: Flask, monkeypatch: pytest.MonkeyPatch, signed_in: Callable[..., Person]) -> Callable[..., Person]:
    """`failing(error)`: somebody who meets a page that raises it."""

    def make(error: Exception) -> Person:
        def view() -> str:
            raise error

        app.add_url_rule("/failing", "failing", view, methods=["GET", "POST"])
        monkeypatch.setitem(rights.RIGHTS, "failing", rights.SIGNED_IN)
        person = signed_in("secretariat")
        person.open("/")
        return person

    return make


def test_a_refusal_is_a_page_with_its_sentence(failing: Callable[..., Person]) -> None:
    answer = failing(Refused("date.missing")).send("/failing")
    assert answer.status_code == 422
    assert "<h1>Not recorded</h1>" in answer.text
    assert "Enter a date." in answer.text


def test_a_refusal_is_a_message_above_the_form_for_htmx(failing: Callable[..., Person]) -> None:
    answer = failing(Refused("date.missing")).send("/failing", headers=HTMX)
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#messages"
    assert "Enter a date." in answer.text
    assert "<h1>" not in answer.text


def test_who_was_second_reads_that_someone_was_first(failing: Callable[..., Person]) -> None:
    answer = failing(Refused("chronicle.someone_was_first", id="x", version=3)).send("/failing")
    assert answer.status_code == 409
    assert "Someone was first" in answer.text


def test_an_unknown_subject_is_a_missing_page(failing: Callable[..., Person]) -> None:
    person = failing(Refused("organisation.unknown", id="x"))
    subject, nowhere = person.open("/failing"), person.open("/nowhere")
    assert subject.status_code == nowhere.status_code == 404
    assert "Page not found" in subject.text


@pytest.mark.parametrize("error", [GONE, ChronicleUnavailable("full"), Outdated("roster")])
def test_a_database_that_is_away_keeps_what_was_typed(failing: Callable[..., Person], error: Exception) -> None:
    with capture_logs() as logged:
        answer = failing(error).send("/failing", note="a long <story>")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "Nothing was stored." in answer.text
    assert 'name="note" value="a long &lt;story&gt;"' in answer.text
    assert [entry["event"] for entry in logged] == ["database unavailable"]


def test_a_mistake_of_ours_has_a_number_and_no_traceback(failing: Callable[..., Person]) -> None:
    person = failing(RuntimeError("inner secret"))
    with capture_logs() as logged:
        answer = person.send("/failing")
    assert answer.status_code == 500
    assert "inner secret" not in answer.text
    assert "Traceback" not in answer.text
    assert logged[0]["number"] in answer.text
    assert str(logged[0]["exc_info"]) == "inner secret"


def test_a_method_that_a_page_has_not_is_told_with_those_it_has(signed_in: Callable[..., Person]) -> None:
    answer = signed_in("viewer").open("/sign-out")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


def test_too_large_a_form_is_refused_calmly(failing: Callable[..., Person]) -> None:
    person = failing(RuntimeError("not reached"))
    answer = person.send("/failing", note="x" * (LARGEST_FORM + 1))
    assert answer.status_code == 413
    assert "Too large" in answer.text


def test_error_pages_read_in_the_language_of_the_reader(signed_in: Callable[..., Person]) -> None:
    answer = signed_in("viewer").open("/nowhere?lang=lt")
    assert '<html lang="lt">' in answer.text
