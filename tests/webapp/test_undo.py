"""Taking back an entry with one touch: gone from every page, kept in the register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from tests.webapp.amending import Amender, position_of
from tests.webapp.changing import CENTRE, SUSPENSION, Desk, desk
from tests.webapp.conftest import Person
from tests.webapp.files import exported
from tests.webapp.reading import id_of, row_of, words
from webapp import amending_entries
from webapp.stores import Stores

__all__ = ["desk"]  # a fixture
SignedIn = Callable[..., Person]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SUSPENDED = f"{CENTRE} was suspended"


@pytest.fixture
def suspended(desk: Desk, stores: Stores) -> int:
    """The position of a suspension that was just recorded."""
    assert desk.send("save", **SUSPENSION).status_code == 303
    return stores.chronicle.last_position()


def undo(person: Person, position: int) -> str:
    person.open("/")
    answer = person.send(f"/register/{position}/undo")
    assert answer.status_code == 303, words(answer.text)
    return person.open(answer.headers["Location"]).text


@SQLITE
def test_the_answer_offers_to_take_it_back(desk: Desk) -> None:
    answer = desk.send("save", **SUSPENSION)
    page = desk.person.open(answer.headers["Location"])
    assert "Recorded. 5 April 2024" in words(page.text)
    assert "/undo" in page.text


def test_what_was_taken_back_leaves_no_trace_where_people_look(
    desk: Desk, suspended: int, stores: Stores, ztok: UUID, centre: UUID
) -> None:
    assert SUSPENDED in words(desk.person.open("/timeline").text)
    page = undo(desk.person, suspended)
    assert "Taken back." in words(page)
    pages = ("/", "/timeline", f"/coalitions/{ztok}", f"/coalitions/{ztok}/timeline", f"/organisations/{centre}")
    for path in pages:
        read = words(desk.person.open(path).text)
        assert SUSPENDED not in read, path
        assert "Struck out" not in read, path
    assert "suspended" not in row_of(desk.person.open(f"/coalitions/{ztok}"), centre)
    assert "2024-04-05" not in exported(stores)


def test_the_register_keeps_both_and_they_lead_to_each_other(desk: Desk, suspended: int, signed_in: SignedIn) -> None:
    undo(desk.person, suspended)
    auditor = signed_in("auditor")
    register = auditor.open("/register")
    assert f'id="e-{suspended}"' in register.text
    assert f"Struck out (mistyped): “ {SUSPENDED}" in words(register.text)
    assert f"Struck out by Entry {suspended + 1}" in words(auditor.open(f"/register/{suspended}").text)
    assert f"Strikes out Entry {suspended}" in words(auditor.open(f"/register/{suspended + 1}").text)


@SQLITE
def test_a_page_as_it_was_known_before_still_shows_it(desk: Desk, suspended: int, stores: Stores) -> None:
    known = stores.chronicle.at([suspended])[suspended].recorded_at.isoformat().replace("+00:00", "Z")
    undo(desk.person, suspended)
    assert SUSPENDED in words(desk.person.open(f"/timeline?known={known}").text)


def test_a_second_touch_changes_nothing(desk: Desk, suspended: int, stores: Stores) -> None:
    first = undo(desk.person, suspended)
    last = stores.chronicle.last_position()
    assert "Taken back." in words(first)
    assert "Taken back." in words(undo(desk.person, suspended))
    assert stores.chronicle.last_position() == last


@SQLITE
def test_a_touch_in_a_list_swaps_that_place(desk: Desk, suspended: int) -> None:
    desk.person.open("/timeline")
    answer = desk.person.send(f"/register/{suspended}/undo", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(f'<li class="entry screen-only" id="e-{suspended}">')
    assert "Taken back." in words(answer.text)


@SQLITE
def test_after_a_quarter_of_an_hour_it_is_struck_out_with_a_reason_instead(
    desk: Desk, suspended: int, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = stores.chronicle.at([suspended])[suspended].recorded_at + timedelta(minutes=15, seconds=1)
    monkeypatch.setattr(amending_entries, "now", lambda: later)
    assert "/undo" not in desk.person.open(f"/register/{suspended}").text
    answer = desk.person.send(f"/register/{suspended}/undo")
    assert answer.status_code == 422
    assert f"/register/{suspended}/strike" in answer.text
    assert stores.chronicle.last_position() == suspended


@SQLITE
def test_what_somebody_else_recorded_is_not_mine_to_take_back(
    desk: Desk, suspended: int, signed_in: SignedIn, stores: Stores
) -> None:
    other = signed_in("administrator")
    assert "/undo" not in other.open("/timeline").text
    assert other.send(f"/register/{suspended}/undo").status_code == 422
    viewer = signed_in("viewer")
    viewer.open("/")
    assert viewer.send(f"/register/{suspended}/undo").status_code == 404
    assert stores.chronicle.last_position() == suspended


@SQLITE
def test_what_somebody_built_on_says_on_what(
    desk: Desk, suspended: int, signed_in: SignedIn, ztok: UUID, centre: UUID, stores: Stores
) -> None:
    assert (
        Desk(signed_in("administrator"), ztok, centre)
        .send("save", event="reinstated", occurred="5 May 2024")
        .status_code
        == 303
    )
    answer = desk.person.send(f"/register/{suspended}/undo")
    assert answer.status_code == 422
    assert f"Entry {suspended + 1}" in words(answer.text)
    assert "was reinstated" in words(answer.text)
    assert stores.chronicle.last_position() == suspended + 1


def test_a_correction_is_taken_back_whole(desk: Desk, suspended: int, stores: Stores) -> None:
    assert Amender(desk.person, suspended, "correct").send(occurred="6 April 2024").status_code == 303
    assert "6 April 2024" in words(desk.person.open("/timeline").text)
    undo(desk.person, stores.chronicle.last_position())
    page = desk.person.open("/timeline").text
    assert f"5 April 2024 {SUSPENDED}" in words(page)
    assert "6 April 2024" not in page
    assert "entry-struck" not in page


def test_an_organisation_that_the_same_touch_registered_goes_with_it(
    signed_in: SignedIn, ztok: UUID, stores: Stores
) -> None:
    person = signed_in("secretariat")
    new = Desk(person, ztok, "new")
    fields = {"organisation_name": "Mistyped centre", "organisation_name_which": "new"}
    assert new.send("save", event="joined", occurred="2024", role="member", **fields).status_code == 303
    mistyped = id_of(stores, "Mistyped centre")
    assert "Undo all 2 entries" in words(person.open(f"/register/{stores.chronicle.last_position()}").text)
    undo(person, stores.chronicle.last_position())
    assert person.open(f"/organisations/{mistyped}").status_code == 404
    assert "Mistyped centre" not in words(person.open("/organisations").text)
    assert "Mistyped centre" not in words(person.open("/timeline").text)
    assert position_of(stores, "organisation.registered")
