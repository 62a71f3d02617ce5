"""What changed since: what was recorded between two moments, and what that changed in a roster."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from domain.dates import parse
from domain.history import EntryStruck
from domain.membership import Membership
from domain.membership_entries import Suspended
from projections import engine
from tests.webapp.conftest import Person
from tests.webapp.reading import words
from webapp.stores import Stores

CENTRE = "Romų visuomenės centras"


@pytest.fixture
def viewer(signed_in: Callable[..., Person]) -> Person:
    return signed_in("viewer")


def suspend(stores: Stores, of: UUID, who: UUID) -> None:
    record(stores, Suspended, of, who, coalition_id=of, organisation_id=who, scope=("vote",))


def record(stores: Stores, kind: type, coalition: UUID, who: UUID, **fields: object) -> None:
    subject = Membership.id_of(coalition, who)
    version = len(stores.chronicle.history(subject)) + 1
    told = {"occurred": parse("2024-04-05", date(2026, 1, 1)), "recorded_by": UUID(int=9), "command_id": uuid4()}
    stores.chronicle.record(kind(originator_id=subject, originator_version=version, **told, **fields))
    engine.keep_up(stores.chronicle, stores.reading)


def now() -> str:
    return datetime.now(UTC).isoformat()


def told(person: Person, of: UUID, **asked: str) -> str:
    query = "&".join(f"{name}={quote(text)}" for name, text in asked.items())
    return words(person.open(f"/coalitions/{of}/changes-since?{query}").text)


def test_a_change_is_told_before_and_after_with_its_entry(
    viewer: Person, ztok: UUID, centre: UUID, stores: Stores
) -> None:
    then = now()
    assert "Nothing changed in the roster of this day." in told(viewer, ztok, since=then)
    suspend(stores, ztok, centre)
    page = told(viewer, ztok, since=then)
    assert f"Stands otherwise 1 Organisation As known then As known now {CENTRE} member, full rights" in page
    assert "member, suspended (voting)" in page
    assert "5 April 2024" in page.partition("Recorded in between")[2]
    assert "Nothing changed" in told(viewer, ztok, since=then, on="2020-01-01")


def test_what_was_struck_out_is_told_too(viewer: Person, ztok: UUID, centre: UUID, stores: Stores) -> None:
    suspend(stores, ztok, centre)
    then = now()
    version = len(stores.chronicle.history(Membership.id_of(ztok, centre)))
    record(stores, EntryStruck, ztok, centre, of=version, reason="wrong")
    page = told(viewer, ztok, since=then)
    assert f"{CENTRE} member, suspended (voting) member, full rights" in page


def test_two_moments_bound_what_is_told(viewer: Person, ztok: UUID, centre: UUID, stores: Stores) -> None:
    first = now()
    suspend(stores, ztok, centre)
    second = now()
    page = told(viewer, ztok, since=first, known=second)
    assert "As known later" in page
    assert CENTRE in page
    assert "Nothing was recorded about this coalition in this time." in told(viewer, ztok, since=second)
    assert "Nothing changed" in told(viewer, ztok, since=second, known=first)


def test_before_anything_was_known_everybody_came(viewer: Person, ztok: UUID) -> None:
    assert "Came in 9" in told(viewer, ztok, since="2001-01-01", on="2026-01-01")


def test_a_day_is_typed_as_people_write_it_and_means_its_beginning(viewer: Person, ztok: UUID) -> None:
    assert "since 1 June 2016, 00:00" in told(viewer, ztok, since="1 June 2016")
    page = viewer.open(f"/coalitions/{ztok}/changes-since?since=hello")
    assert page.status_code == 422
    assert 'value="hello"' in page.text
    assert 'aria-describedby="since-error"' in page.text


def test_long_lists_are_paged(viewer: Person, ztok: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.what_changed.A_PAGE", 5)
    address, seen = f"/coalitions/{ztok}/changes-since?since=2001-01-01", list[str]()
    while address:
        page = viewer.open(address).text
        seen += re.findall(r'id="e-(\d+)"', page)
        older = re.search(r'href="([^"]+)">Older entries', page)
        address = older[1].replace("&amp;", "&") if older else ""
    assert len(seen) == len(set(seen)) > 20


def test_who_is_not_signed_in_sees_nothing(stranger: Person, ztok: UUID) -> None:
    assert stranger.open(f"/coalitions/{ztok}/changes-since").status_code == 303
