"""What may be recorded of a programme."""

from __future__ import annotations

from typing import Any

import pytest

from domain.entry import Entry, Refused
from domain.programme import Programme, ProgrammeClosed, ProgrammeOpened
from tests.campaign_scenario import some
from tests.scenario import told

Deed = tuple[type[Entry], str, dict[str, Any]]
OPENED: Deed = (
    ProgrammeOpened,
    "2001",
    {"organisation_id": some("Socium"), "direction": "medical", "title": "Medical"},
)
CLOSED: Deed = (ProgrammeClosed, "2010", {})


def programme(*deeds: Deed) -> Programme:
    history = Programme(id=some("Programme"))
    for kind, on, fields in deeds:
        said = {name: fields[name] for name in fields if name == "variant"}
        own = {name: value for name, value in fields.items() if name not in said}
        history = history.after(history.change(kind, told(on, **said), **own))
    return history


def no_to(*deeds: Deed) -> tuple[Any, ...]:
    programme(*deeds[:-1])
    with pytest.raises(Refused) as no:
        programme(*deeds)
    return no.value.code, *(no.value.details.get(name) for name in ("event", "on", "state", "since", "allowed"))


def test_a_programme_is_opened_and_closed() -> None:
    closed = programme(OPENED, CLOSED)
    assert closed.opened
    assert closed.opened.direction == "medical"
    assert closed.closed
    assert closed.closed.text == "2010"
    assert programme(OPENED).closed is None


def test_it_is_opened_and_closed_once() -> None:
    again: Deed = (ProgrammeOpened, "2005", OPENED[2])
    assert no_to(OPENED, again) == ("programme.only_once", "programme.opened", "2005", "open", "2001", ())
    twice: Deed = (ProgrammeClosed, "2011", {})
    assert no_to(OPENED, CLOSED, twice) == ("programme.only_once", "programme.closed", "2011", "closed", "2010", ())


def test_it_is_not_closed_before_it_was_opened() -> None:
    early: Deed = (ProgrammeClosed, "2000", {})
    assert no_to(OPENED, early) == ("programme.ends_before", "programme.closed", "2000", "none", "2001", ())
    assert programme(OPENED, (ProgrammeClosed, "2001", {})).closed


def test_what_is_not_there_is_not_closed() -> None:
    assert no_to(CLOSED)[0] == "programme.unknown"


def test_it_does_not_begin_with_what_only_another_source_says() -> None:
    assert no_to((ProgrammeOpened, "2001", {**OPENED[2], "variant": "alternative"}))[0] == "entry.only_alternative"


def test_an_opening_is_not_struck_while_a_closing_stands() -> None:
    with pytest.raises(Refused) as no:
        programme(OPENED, CLOSED).strike(told("2026"), 1, "wrong")
    assert (no.value.code, no.value.details["event"]) == ("programme.opening_needed", "programme.closed")


def test_a_title_that_cannot_be_shown_is_refused() -> None:
    assert no_to((ProgrammeOpened, "2001", {**OPENED[2], "title": "\u202e"}))[0] == "text.unreadable"
