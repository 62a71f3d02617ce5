"""Who is in on a day, why, and who may vote: as the secretariat reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask, render_template

from domain.dates import parse
from projections.periods import Band
from tests.webapp.changing import Desk
from tests.webapp.conftest import Person
from tests.webapp.reading import figures, id_of, row_of, rows, words
from webapp.band_lines import periods
from webapp.moments import at
from webapp.stores import Stores

SignedIn = Callable[..., Person]


@pytest.mark.parametrize(
    ("on", "counted"),
    [
        ("2013-01-01", {"members": 8, "good": 7, "suspended": 1}),
        ("2016-06-01", {"members": 8, "good": 7, "suspended": 1}),
        ("2018-06-01", {"members": 8, "good": 8, "suspended": 0}),
        ("2020-05-15", {"members": 8, "good": 8, "possible": 1}),
        ("2026-01-01", {"members": 9, "good": 9, "observers": 0, "possible": 0}),
    ],
)
def test_the_roster_counts_who_was_in_on_a_day(
    signed_in: SignedIn, ztok: UUID, on: str, counted: dict[str, int]
) -> None:
    page = signed_in("viewer").open(f"/coalitions/{ztok}?on={on}")
    assert figures(page).items() >= counted.items()


def test_the_words_of_a_count_agree_with_their_number(signed_in: SignedIn, ztok: UUID) -> None:
    page = words(signed_in("viewer").open(f"/coalitions/{ztok}?on=2016-06-01&lang=lt").text)
    assert "8 nariai 7 su visomis teisėmis 1 narys sustabdyta naryste 0 stebėtojų" in page


def test_every_number_leads_to_the_rows_it_counts(signed_in: SignedIn, ztok: UUID) -> None:
    person = signed_in("viewer")
    for show, number in figures(person.open(f"/coalitions/{ztok}?on=2016-06-01")).items():
        assert len(rows(person.open(f"/coalitions/{ztok}?on=2016-06-01&show={show}"))) == number, show


def test_a_suspension_says_since_when_why_and_who_recorded_it(signed_in: SignedIn, ztok: UUID, stores: Stores) -> None:
    page = signed_in("viewer").open(f"/coalitions/{ztok}?on=2016-06-01")
    row = row_of(page, id_of(stores, "Žmogaus teisių stebėjimo institutas"))
    assert "suspended (all rights) 5 April 2012 conflict of interest, own initiative · recorded by" in row


def test_a_member_has_the_name_of_that_day(signed_in: SignedIn, ztok: UUID, stores: Stores) -> None:
    person = signed_in("viewer")
    assert "<h1>Žmogaus teisių koalicija</h1>" in person.open(f"/coalitions/{ztok}?on=2012-01-01").text
    assert "<h1>Žmogaus teisių organizacijų koalicija</h1>" in person.open(f"/coalitions/{ztok}").text


def test_who_is_possibly_in_stands_apart_with_what_is_possible(signed_in: SignedIn, ztok: UUID, stores: Stores) -> None:
    page = signed_in("viewer").open(f"/coalitions/{ztok}?on=2020-05-15")
    row = row_of(page, id_of(stores, "Diversity Development Group"))
    assert "possibly: member, full rights; observer; not in" in row
    assert page.text.index('id="possible"') < page.text.index(str(id_of(stores, "Diversity Development Group")))


def test_the_suspended_may_not_vote_and_of_the_possible_it_is_not_certain(signed_in: SignedIn, ztok: UUID) -> None:
    person = signed_in("viewer")
    page = words(person.open(f"/coalitions/{ztok}/voters?on=2016-06-01").text)
    assert "7 organisations may vote." in page
    assert "In, and may not vote Žmogaus teisių stebėjimo institutas: suspended" in page
    assert "Of 1 more it is not certain." in words(person.open(f"/coalitions/{ztok}/voters?on=2020-05-15").text)


def test_observers_do_not_vote(signed_in: SignedIn, ztok: UUID) -> None:
    page = words(signed_in("viewer").open(f"/coalitions/{ztok}/voters?on=2014-12-03").text)
    assert "Tolerantiško jaunimo asociacija: observer" in page.partition("In, and may not vote")[2]


@pytest.mark.parametrize("typed", ["1 June 2016", "01.06.2016", "2016-06-01"])
def test_a_day_is_typed_as_people_write_it(signed_in: SignedIn, ztok: UUID, typed: str) -> None:
    answer = signed_in("viewer").open(f"/coalitions/{ztok}/day?view=voters&day={typed}")
    assert answer.headers["Location"] == f"/coalitions/{ztok}/voters?on=2016-06-01"


@pytest.mark.parametrize("typed", ["2016", "hello", "31 February 2016"])
def test_a_day_that_is_none_stays_beside_its_error(signed_in: SignedIn, ztok: UUID, typed: str) -> None:
    page = signed_in("viewer").open(f"/coalitions/{ztok}/day?day={typed}")
    assert page.status_code == 422
    assert f'value="{typed}"' in page.text
    assert 'aria-describedby="day-error"' in page.text


def test_who_only_looks_sees_no_form_and_cannot_send_one(signed_in: SignedIn, ztok: UUID) -> None:
    for role in ("viewer", "auditor", "lead"):
        person = signed_in(role)
        assert "Record" not in words(person.open(f"/coalitions/{ztok}").text).replace("Recorded", "")
        assert person.send(f"/coalitions/{ztok}/changes", event="joined").status_code == 404


def test_nothing_can_be_recorded_from_a_page_of_the_past(signed_in: SignedIn, ztok: UUID) -> None:
    page = signed_in("secretariat").open(f"/coalitions/{ztok}?on=2016-06-01&change=new")
    assert "change-form" not in page.text
    assert "Record a change" not in page.text


def test_before_anything_was_recorded_nothing_was_known(signed_in: SignedIn, ztok: UUID) -> None:
    page = signed_in("viewer").open(f"/coalitions/{ztok}?known=2001-01-01")
    assert page.status_code == 404
    assert "Nothing of it was recorded by then" in page.text
    assert "Back to now" in page.text


def test_what_was_known_is_chosen_beside_the_day(signed_in: SignedIn, ztok: UUID) -> None:
    answer = signed_in("viewer").open(f"/coalitions/{ztok}/day?day=1 June 2016&known=1 May 2096")
    assert answer.headers["Location"] == f"/coalitions/{ztok}?on=2016-06-01&known=2096-05-01T20:59:59.999999Z"


def test_the_life_of_a_coalition_ends_with_the_day_shown(signed_in: SignedIn, ztok: UUID) -> None:
    person = signed_in("viewer")
    past, now = (person.open(f"/coalitions/{ztok}{on}").text.count('class="entry') for on in ("?on=2013-01-01", ""))
    assert 0 < past < now


def test_members_whose_standing_is_not_certain_are_counted(signed_in: SignedIn, ztok: UUID, stores: Stores) -> None:
    person = signed_in("secretariat")
    desk = Desk(person, ztok, id_of(stores, "Romų visuomenės centras"))
    desk.send("save", event="suspended", occurred="May 2024", scope="vote", reason="unpaid_dues")
    found = figures(person.open(f"/coalitions/{ztok}?on=2024-05-15"))
    assert found["uncertain"] == 1
    assert found["good"] + found["suspended"] + found["uncertain"] == found["members"]
    assert len(rows(person.open(f"/coalitions/{ztok}?on=2024-05-15&show=uncertain"))) == 1


def test_a_changed_suspension_still_says_since_when_and_why(signed_in: SignedIn, ztok: UUID, stores: Stores) -> None:
    person, centre = signed_in("secretariat"), id_of(stores, "Romų visuomenės centras")
    for event, day, scope in (("suspended", "5 April 2024", "all"), ("scope_changed", "1 May 2024", "vote")):
        Desk(person, ztok, centre).send("save", event=event, occurred=day, scope=scope, reason="unpaid_dues")
    row = row_of(person.open(f"/coalitions/{ztok}"), centre)
    assert "suspended (voting) 1 May 2024 suspended since: 5 April 2024, unpaid dues" in row


def test_periods_have_calculated_days_beside_the_words_of_the_source(app: Flask) -> None:
    band = Band(date(2018, 1, 1), None, "in", "member", "good", None, True, True, "2017", 1)
    with app.test_request_context("/"):
        (exact,) = periods([band._replace(since_text="2018-01-01")], date(2026, 1, 1))
        (told,) = periods([band], date(2026, 1, 1))
    assert exact[:3] == told[:3] == ("1 January 2018", "today", "member, full rights")
    assert (exact.recorded, told.recorded) == ("", "2017")


def test_what_has_only_been_announced_does_not_last_until_today(app: Flask) -> None:
    band = Band(date(2052, 5, 3), None, "in", "member", "suspended", None, True, True, "2052-05-03", 1)
    with app.test_request_context("/"):
        (announced,) = periods([band], date(2026, 1, 1))
    assert announced[:2] == ("3 May 2052", "–")


def test_the_printed_roster_says_of_which_day_it_is(signed_in: SignedIn, ztok: UUID) -> None:
    page = signed_in("viewer").open(f"/coalitions/{ztok}").text
    assert re.search(r'<p class="paper-only">As things stood on \d+ \w+ \d{4}\. Printed on \d', page)


def test_what_is_no_coalition_is_not_found(signed_in: SignedIn, ztok: UUID, stores: Stores) -> None:
    person = signed_in("secretariat")
    for id in (uuid4(), id_of(stores, "Diversity Development Group")):
        assert person.open(f"/coalitions/{id}").status_code == 404
        assert person.open(f"/coalitions/{id}/timeline").status_code == 404
        assert person.send(f"/coalitions/{id}/changes", event="joined").status_code == 404
    assert person.open(f"/coalitions/{ztok}?change={uuid4()}").status_code == 404


def test_an_empty_list_says_what_it_is_for(signed_in: SignedIn) -> None:
    person = signed_in("secretariat")
    for path in ("/", "/coalitions", "/organisations", "/timeline", "/register"):
        assert 'class="empty"' in person.open(path).text, path


def test_the_desk_shows_how_things_stand_and_what_was_recorded(signed_in: SignedIn, ztok: UUID) -> None:
    page = words(signed_in("lead").open("/").text)
    assert "9 members" in page
    assert "Find by any name" in page
    assert "took the name" in page


def test_an_organisation_is_found_by_any_name_without_marks(signed_in: SignedIn, ztok: UUID, stores: Stores) -> None:
    person = signed_in("viewer")
    page = person.open("/organisations?q=lietuvos geju")
    assert "Nacionalinė LGBT* teisių asociacija LGL also: Lietuvos gėjų lyga" in words(page.text)
    page = person.open(f"/organisations/{id_of(stores, 'Lietuvos gėjų lyga')}")
    assert "Lietuvos gėjų lyga the first name known" in words(page.text)
    assert "20 June 2011 today member, full rights" in words(page.text)


def test_an_organisation_that_is_not_there_is_not_found(signed_in: SignedIn) -> None:
    assert signed_in("viewer").open(f"/organisations/{uuid4()}").status_code == 404


def test_where_several_standings_are_possible_their_beginnings_are_told(
    signed_in: SignedIn, ztok: UUID, stores: Stores
) -> None:
    page = signed_in("viewer").open(f"/coalitions/{ztok}?on=2017-06-01")
    row = row_of(page, id_of(stores, "Žmogaus teisių stebėjimo institutas"))
    assert "one of: 2017; 5 April 2012" in row


def test_the_list_of_voters_says_that_no_quorum_is_known(signed_in: SignedIn, ztok: UUID) -> None:
    assert "No quorum is shown" in words(signed_in("viewer").open(f"/coalitions/{ztok}/voters").text)


def test_a_long_note_is_shortened_in_a_list_and_whole_on_the_page_of_its_entry(app: Flask) -> None:
    note = "word " * 100
    entry = {"position": 7, "note": note, "occurred": parse("2012", date(2026, 1, 1)), "told": "told", "author": "A"}
    with app.test_request_context():
        at()
        list_of_one = render_template("timeline/_entries.html", entries=[entry])
    assert 250 < list_of_one.count("word ") * 5 < 330
    assert "The whole note" in list_of_one
