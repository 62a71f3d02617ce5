"""Which moment is a page asked for?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from domain.refused import Refused
from tests.webapp.conftest import Person
from webapp.moments import at, instant

VILNIUS = ZoneInfo("Europe/Vilnius")


def test_a_page_shows_today_in_the_time_zone_of_the_installation(app: Flask) -> None:
    with app.test_request_context("/"):
        before = datetime.now(VILNIUS).date()
        moment = at()
        assert before <= moment.on <= datetime.now(VILNIUS).date()
        assert moment.is_now
        assert moment.args == {}


def test_a_page_shows_the_day_and_the_instant_that_are_asked_for(app: Flask) -> None:
    with app.test_request_context("/?on=2016-06-01&known=2024-03-01T12:00:00%2B02:00"):
        moment = at()
        assert moment.on == date(2016, 6, 1)
        assert moment.known == datetime(2024, 3, 1, 10, tzinfo=UTC)
        assert not moment.is_now
        assert moment.args == {"on": "2016-06-01", "known": "2024-03-01T10:00:00Z"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2024-03-01T12:00", datetime(2024, 3, 1, 10, tzinfo=UTC)),
        ("2024-03-01 12:00:30", datetime(2024, 3, 1, 10, 0, 30, tzinfo=UTC)),
        ("2024-03-01T12:00Z", datetime(2024, 3, 1, 12, tzinfo=UTC)),
        ("2024-03-01T12:00:00.123456+00:00", datetime(2024, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)),
        ("2024-03-01", datetime(2024, 3, 1, 21, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_an_instant_without_offset_is_told_by_the_clock_of_the_installation(text: str, meant: datetime) -> None:
    assert instant(text, VILNIUS) == meant


@pytest.mark.parametrize(
    "text",
    ["yesterday", "2024-13-01T00:00", "2024-03-01T25:00", "20240301", "2024-W10", "0001-01-01T00:00+14:00", "x" * 5000],
)
def test_an_instant_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        instant(text, VILNIUS)
    assert refused.value.code == "moment.unreadable_instant"


@pytest.mark.parametrize("query", ["on=2011", "on=2011-22", "on=../2012", "on=garbage", "on=2023-02-30", "known=soon"])
def test_a_moment_that_is_none_is_told_on_a_calm_page(signed_in: Callable[..., Person], query: str) -> None:
    answer = signed_in("viewer").open(f"/?{query}")
    assert answer.status_code == 422
    assert "That cannot be shown" in answer.text


@pytest.mark.parametrize("typed", ["20.06.2011", "20 June 2011", "2011-06-20"])
def test_a_day_in_the_address_is_read_as_people_type_it(app: Flask, typed: str) -> None:
    with app.test_request_context("/", query_string={"on": typed, "known": typed}):
        assert at().on == date(2011, 6, 20)
        assert at().known == datetime(2011, 6, 20, 20, 59, 59, 999999, tzinfo=UTC)


def test_a_day_that_is_none_can_be_typed_again(signed_in: Callable[..., Person]) -> None:
    page = signed_in("viewer").open("/timeline?on=summer 2011&kind=all").text
    assert "is not one day" in page
    assert '<form class="day-picker" method="get" action="/timeline">' in page
    assert '<input type="hidden" name="kind" value="all">' in page
    assert 'name="on" class="input-date" value="summer 2011"' in page


def test_the_main_places_stay_at_the_moment_shown(signed_in: Callable[..., Person]) -> None:
    assert 'href="/timeline?on=2016-06-01"' in signed_in("viewer").open("/coalitions?on=2016-06-01").text


def test_a_plus_sign_typed_into_the_address_is_an_offset(app: Flask) -> None:
    with app.test_request_context("/?known=2024-03-01T12:00:00+02:00"):
        assert at().known == datetime(2024, 3, 1, 10, tzinfo=UTC)


def test_a_bar_says_which_moment_it_is_and_leads_back_to_now(signed_in: Callable[..., Person]) -> None:
    person = signed_in("viewer")
    past = person.open("/?on=2016-06-01&known=2024-03-01T12:00Z&kind=all").text
    assert "As things stood on 1 June 2016, as known on 1 March 2024, 14:00." in past
    assert 'href="/?kind=all"' in past
    assert "As known on" in person.open("/?known=2024-03-01").text
    assert "As things will stand on 1 June 2096" in person.open("/?on=2096-06-01").text
    assert "As things" not in person.open("/").text


def test_nothing_is_recorded_from_a_page_of_another_moment(signed_in: Callable[..., Person]) -> None:
    person = signed_in("secretariat")
    person.open("/")
    assert person.send("/language?on=2016-06-01", language="lt", next="/").status_code == 422
    assert person.client.get_cookie("language") is None
