"""Ribbons to work with: a period, a filter, a day, marks that lead to their entries, the same as files."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from html import unescape
from io import StringIO
from uuid import UUID

import pytest
from flask import Flask

from projections.roster import roster
from tests.webapp.conftest import Person
from tests.webapp.reading import id_of, words
from tests.webapp.test_life_forms import Form
from webapp.moments import at
from webapp.ribbon_day import roster_of
from webapp.ribbons import of_coalition
from webapp.stores import Stores

SignedIn = Callable[..., Person]
NAME = re.compile(r'<th scope="row"><a href="/organisations/[^"]+">([^<]+)</a></th><td><svg class="ribbon"')
DAYS = ("2011-06-20", "2012-04-05", "2014-12-03", "2016-06-01", "2017-06-01", "2020-05-15", "2026-01-01")


def shown(html: str) -> list[str]:
    return [unescape(name) for name in NAME.findall(html)]


@pytest.fixture
def viewer(signed_in: SignedIn) -> Person:
    return signed_in("viewer")


def test_everybody_is_shown_unless_something_else_is_asked_for(viewer: Person, ztok: UUID) -> None:
    page = viewer.open(f"/coalitions/{ztok}/timeline")
    assert len(shown(page.text)) == 10
    assert "organisations shown" not in page.text


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("q=zmogaus teisiu stebejimo", ["Žmogaus teisių stebėjimo institutas"]),
        ("standing=suspended", ["Žmogaus teisių stebėjimo institutas"]),
        ("role=observer", ["Tolerantiško jaunimo asociacija", "Diversity Development Group"]),
        ("role=observer&from=2016", ["Diversity Development Group"]),
        ("role=observer&q=toler", ["Tolerantiško jaunimo asociacija"]),
        ("q=nobody", []),
    ],
)
def test_rows_are_filtered_by_name_role_and_standing(viewer: Person, ztok: UUID, asked: str, names: list[str]) -> None:
    page = viewer.open(f"/coalitions/{ztok}/timeline?{asked}")
    assert shown(page.text) == names
    assert f"{len(names)} of 10 organisations shown" in words(page.text)


def test_who_was_never_in_during_the_period_is_left_out(viewer: Person, ztok: UUID) -> None:
    page = viewer.open(f"/coalitions/{ztok}/timeline?from=2016&to=2018")
    assert "Lygių teisių ir socialinės plėtros centras" not in shown(page.text)
    assert "1 January 2016 to 31 December 2018" in words(page.text)


def test_a_step_keeps_the_filter_and_the_moment(viewer: Person, ztok: UUID) -> None:
    page = viewer.open(f"/coalitions/{ztok}/timeline?q=toler&on=2016-06-01&from=2014&to=2018")
    steps = dict(re.findall(r'<li><a href="([^"]+)"[^>]*>([^<]+)</a></li>', page.text))
    by_words = {said: unescape(address) for address, said in steps.items()}
    assert "from=2009-01-01&to=2013-12-31" in by_words["← Earlier"]
    assert "from=2019-01-01&to=2023-12-31" in by_words["Later →"]
    assert "from=" not in by_words["All"]
    for said in ("← Earlier", "Later →", "All", "1 year"):
        assert "on=2016-06-01" in by_words[said]
        assert "q=toler" in by_words[said]
    assert "from=2015-12-01&to=2016-11-30" in by_words["1 year"], "around the chosen day"


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ("from=hello", "from", "cannot be read"),
        ("from=2016&to=2015", "to", "ends after its beginning"),
        ("to=99999", "to", "cannot be read"),
    ],
)
def test_a_period_that_is_none_stays_beside_its_error(
    viewer: Person, ztok: UUID, asked: str, field: str, said: str
) -> None:
    page = viewer.open(f"/coalitions/{ztok}/timeline?{asked}")
    assert page.status_code == 422
    error = re.search(rf'id="{field}-error">([^<]+)', page.text)
    assert error
    assert said in error[1]
    assert len(shown(page.text)) == 10


@pytest.mark.parametrize(
    "asked", ["from=0001&to=9999", "from=9998&to=9999&on=9998-12-31", "from=0001-01-01&to=0001-01-02&on=0001-01-01"]
)
def test_the_ends_of_the_calendar_can_be_asked_for(viewer: Person, ztok: UUID, asked: str) -> None:
    assert viewer.open(f"/coalitions/{ztok}/timeline?{asked}").status_code == 200


def test_every_entry_that_stands_has_a_mark_that_leads_to_it(viewer: Person, ztok: UUID, stores: Stores) -> None:
    page = viewer.open(f"/coalitions/{ztok}/timeline")
    marked = {int(n) for n in re.findall(r'<a href="/register/(\d+)" tabindex="-1"><title>', page.text)}
    recorded = stores.chronicle.at(range(1, stores.chronicle.last_position() + 1))
    told = {at for at, one in recorded.items() if one.entry.stored_name().startswith(("membership.", "coalition."))}
    assert told <= marked
    assert "<title>5 April 2012: suspension</title>" in page.text
    assert re.search(r"<title>2014: founding \(another source says\)</title><use href=\"#mark-other-about\"", page.text)


def test_a_mark_stays_at_the_moment(viewer: Person, ztok: UUID) -> None:
    page = viewer.open(f"/coalitions/{ztok}/timeline?on=2016-06-01")
    assert re.search(r'<a href="/register/\d+\?on=2016-06-01" tabindex="-1">', page.text)


def test_the_legend_explains_only_what_is_shown(viewer: Person, ztok: UUID) -> None:
    def legend(asked: str) -> str:
        page = viewer.open(f"/coalitions/{ztok}/timeline?{asked}").text
        return words(page.partition('<ul class="legend">')[2].partition("</ul>")[0])

    assert legend("").startswith("member observer suspended (the denser, the more rights) fading")
    assert legend("q=romu&from=2019&to=2020") == "member"


def test_the_roster_of_the_chosen_day_is_that_of_the_roster_page(app: Flask, ztok: UUID, stores: Stores) -> None:
    with app.test_request_context(), stores.reading.connect() as connection:
        for on in DAYS:
            day = at().today.fromisoformat(on)
            found = of_coalition(connection, ztok, day, at().today, None, {"q": "nobody"})
            assert roster_of(found, None).rows == roster(connection, ztok, day, None, "en").rows, on


def test_htmx_gets_the_roster_of_the_day_and_all_that_names_the_moment(viewer: Person, ztok: UUID) -> None:
    viewer.open("/")
    asked = f"/coalitions/{ztok}/day?view=ribbons&day=1 June 2016&q=toler"
    answer = viewer.open(asked, HX_Request="true")
    assert answer.headers["Location"] == f"/coalitions/{ztok}/timeline?on=2016-06-01&q=toler"
    part = viewer.open(answer.headers["Location"], HX_Request="true").text
    assert "<html" not in part
    assert "8 members · 7 with full rights · 1 suspended member" in words(part)
    assert "As things stood on 1 June 2016" in words(part)
    for id in ("coalition-head", "moment", "places", "ribbon-steps", "filter-moment"):
        assert re.search(rf'id="{id}" hx-swap-oob=', part), id


def test_a_day_that_is_none_is_told_on_the_page_of_the_ribbons(viewer: Person, ztok: UUID) -> None:
    page = viewer.open(f"/coalitions/{ztok}/day?view=ribbons&day=hello")
    assert page.status_code == 422
    assert 'id="day-error"' in page.text
    assert len(shown(page.text)) == 10


def test_the_table_can_be_taken_along(viewer: Person, ztok: UUID) -> None:
    answer = viewer.open(f"/coalitions/{ztok}/timeline.csv?q=stebejimo")
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    head, *rows = csv.reader(StringIO(answer.text.removeprefix("\ufeff")))
    assert head[:4] == ["Organisation", "From", "To", "Standing"]
    assert rows[0][:4] == ["Žmogaus teisių stebėjimo institutas", "2011-06-20", "2012-04-04", "member, full rights"]
    assert rows[1][1:4] == ["2012-04-05", "2016-12-31", "member, suspended (all rights)"]
    assert len(rows) == 4


def test_the_file_shows_the_period_and_the_rows_that_were_asked_for(viewer: Person, ztok: UUID) -> None:
    drawn = viewer.open(f"/coalitions/{ztok}/timeline.svg?q=stebejimo&from=2012&to=2013").text
    assert "1 organisation, from 1 January 2012 to 31 December 2013" in drawn
    assert "Romų visuomenės centras" not in drawn
    assert "suspended (the denser, the more rights)" in drawn
    assert "/register/" not in drawn


def test_a_coalition_without_members_says_what_will_stand_here(viewer: Person, ztok: UUID, stores: Stores) -> None:
    other = id_of(stores, "Romų visuomenės centras")
    assert viewer.open(f"/coalitions/{other}/timeline").status_code == 404


def test_a_mark_whose_day_nobody_knows_is_not_in_the_picture(signed_in: SignedIn, ztok: UUID, stores: Stores) -> None:
    person, centre = signed_in("secretariat"), f"/organisations/{id_of(stores, 'Romų visuomenės centras')}"
    for day, name in (("5 May 2015", "Kitas"), ("not known", "Trečias")):
        answer = Form(person, centre).send("save", "organisation.renamed", occurred=day, new_name=name)
        assert answer.status_code == 303
    last = stores.chronicle.last_position()
    picture = person.open(f"/coalitions/{ztok}/timeline").text
    assert f'"/register/{last - 1}"' in picture
    assert f'"/register/{last}"' not in picture
