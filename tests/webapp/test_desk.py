"""My desk: how each coalition stands on the day asked for, what ends soon, what was recorded lately."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.dates import parse
from domain.membership import Membership
from domain.membership_entries import BY_EVENT
from projections import engine
from tests.webapp.conftest import Person
from tests.webapp.reading import figures, id_of, words
from webapp.stores import Stores

SignedIn = Callable[..., Person]
INSTITUTE = "Žmogaus teisių stebėjimo institutas"
TODAY = date.today()  # noqa: DTZ011  # where the tests run; what they ask lies days away from midnight


def changed(stores: Stores, event: str, of: UUID, who: UUID, on: str, **days: str) -> int:
    subject = Membership.id_of(of, who)
    pair: dict[str, Any] = {"coalition_id": of, "organisation_id": who}
    told: dict[str, Any] = {"occurred": parse(on), "recorded_by": UUID(int=9), "command_id": uuid4()}
    version = len(stores.chronicle.history(subject)) + 1
    more: dict[str, Any] = {name: parse(day) for name, day in days.items()}
    entry = BY_EVENT[event](originator_id=subject, originator_version=version, **told, **pair, **more)
    position = stores.chronicle.record(entry)
    engine.keep_up(stores.chronicle, stores.reading)
    return position


def due(page: str) -> str:
    return words(page.partition('id="due"')[2].partition("</section>")[0])


def test_the_numbers_are_those_of_the_roster_and_lead_to_its_rows(signed_in: SignedIn, ztok: UUID) -> None:
    person = signed_in("viewer")
    for asked in ("", "?on=2011-12-31", "?on=2012-12-31", "?on=2020-05-15"):
        roster = {show: number for show, number in figures(person.open(f"/coalitions/{ztok}{asked}")).items() if number}
        for path in ("/", "/coalitions"):
            page = person.open(path + asked)
            assert {show: number for show, number in figures(page).items() if number} == roster
            for address, number in re.findall(r'<li><a href="(/coal[^"]+show=[^"]+)"><strong>(\d+)<', page.text):
                assert person.open(address.replace("&amp;", "&")).text.count('<tr id="m-') == int(number)


def test_the_numbers_are_those_known_at_the_moment(signed_in: SignedIn, ztok: UUID, stores: Stores) -> None:
    person, institute = signed_in("viewer"), id_of(stores, INSTITUTE)
    before = figures(person.open("/"))
    moment = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    changed(stores, "withdrew", ztok, institute, "2020-01-01")
    assert figures(person.open("/"))["members"] == before["members"] - 1
    assert figures(person.open(f"/?known={moment}")) == before
    assert figures(person.open(f"/coalitions?known={moment}")) == before


def test_what_ends_soon_and_what_should_have_ended(signed_in: SignedIn, ztok: UUID, stores: Stores) -> None:
    person, institute = signed_in("viewer"), id_of(stores, INSTITUTE)
    assert "ends in the next 60 days" in due(person.open("/").text)
    soon, later = (TODAY + timedelta(days) for days in (50, 70))
    changed(stores, "renewed", ztok, institute, "2020", until=later.isoformat())
    assert "ends in the next 60 days" in due(person.open("/").text)
    changed(stores, "renewed", ztok, institute, "2021", until=soon.isoformat())
    page = person.open("/")
    assert f"end of a term: {INSTITUTE}" in due(page.text)
    assert "late" not in due(page.text)
    assert f'href="/coalitions/{ztok}#m-{institute}"' in page.text
    changed(stores, "suspended", ztok, institute, "2022", review_by="2022-12")
    read = due(person.open("/").text)
    assert f"December 2022 late review of a suspension: {INSTITUTE}" in read
    assert read.index("review of a suspension") < read.index("end of a term")
    on = "2022-11-15"
    then = person.open(f"/?on={on}")
    assert f"December 2022 review of a suspension: {INSTITUTE}" in due(then.text)
    assert "end of a term" not in due(then.text)
    assert f'href="/coalitions/{ztok}?on={on}#m-{institute}"' in then.text


def test_a_long_list_of_ends_is_cut_and_can_be_read_whole(
    signed_in: SignedIn, ztok: UUID, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.desk.DUE", 1)
    institute, centre = id_of(stores, INSTITUTE), id_of(stores, "Lietuvos žmogaus teisių centras")
    for who in (institute, centre):
        changed(stores, "renewed", ztok, who, "2020", until="2021")
    person = signed_in("viewer")
    page = person.open("/")
    assert due(page.text).count("end of a term") == 1
    assert "1 more" in due(page.text)
    whole = due(person.open("/?due=all").text)
    assert whole.count("end of a term") == 2
    assert "more" not in whole
