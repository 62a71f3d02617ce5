"""Does a person read a date as precise as it is, and can type it back?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import parse
from domain.typed_dates import read
from webapp.dates import show_date, show_day, show_instant

TODAY = date(2026, 11, 22)
LANGUAGES = ["en", "uk", "lt", "az"]


@pytest.fixture(scope="module", autouse=True)
def page() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


def shown(text: str, locale: str = "en") -> str:
    return show_date(parse(text, TODAY), locale)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("2011-06-20", "20 June 2011"),
        ("2020-05", "May 2020"),
        ("2020-05-XX", "May 2020"),
        ("2017", "2017"),
        ("2017-XX", "2017"),
        ("2011-21", "spring 2011"),
        ("2011-22", "summer 2011"),
        ("2011-23", "autumn 2011"),
        ("2011-24", "winter 2011/2012"),
        ("2012~", "about 2012"),
        ("2012-05~", "about May 2012"),
        ("2014?", "2014, uncertain"),
        ("2012%", "about 2012, uncertain"),
        ("201X", "2010–2019"),
        ("XXXX", "not known"),
        ("XXXX?", "not known"),
        ("../..", "not known"),
        ("../2014-12-03", "before 4 December 2014"),
        ("../2012-02-29", "before 1 March 2012"),
        ("../2014", "before 2015"),
        ("../2011-24", "before spring 2012"),
        ("../2014~", "not later than about 2014"),
        ("2014-12-03/..", "after 2 December 2014"),
        ("2012?/..", "not before 2012, uncertain"),
        ("2017-09/2017-12", "between September 2017 and December 2017"),
        ("2011~/2012", "between about 2011 and 2012"),
        ("[2011-06-21..2017-12-31]", "between 21 June 2011 and 31 December 2017"),
        ("[..2011]", "before 2012"),
        ("[2011, 2013-05..2014]", "one of: 2011; between May 2013 and 2014"),
        ("[2011]", "2011"),
    ],
)
def test_english_readers_see_words_and_no_edtf(text: str, english: str) -> None:
    assert shown(text) == english


@pytest.mark.parametrize(
    ("locale", "day", "month"),
    [
        ("en", "20 June 2011", "May 2020"),
        ("uk", "20\u00a0червня 2011\u00a0р.", "травень 2020"),
        ("lt", "2011\u00a0m. birželio\u00a020\u00a0d.", "2020\u00a0m. gegužė"),
        ("az", "20\u00a0iyun 2011", "may 2020"),
    ],
)
def test_each_language_has_its_own_grammar(locale: str, day: str, month: str) -> None:
    assert (shown("2011-06-20", locale), shown("2020-05", locale), shown("2017", locale)) == (day, month, "2017")


DAYS = st.dates(date(1100, 1, 1), date(2100, 12, 31)).map(date.isoformat)
PLAIN = DAYS | DAYS.map(lambda day: day[:7]) | DAYS.map(lambda day: day[:4])
SEASONS = st.builds("{}-{}".format, st.integers(1100, 2100), st.integers(21, 24))
UNITS = PLAIN | SEASONS
MARKED = st.builds("{}{}".format, UNITS, st.sampled_from(["", "~", "?", "%"]))
PHRASES = (
    MARKED | st.builds("../{}".format, UNITS) | st.builds("{}/..".format, UNITS) | st.sampled_from(["XXXX", "201X"])
)


@given(PLAIN, st.sampled_from(LANGUAGES))
def test_what_is_shown_can_be_typed_back_in_every_language(text: str, language: str) -> None:
    assert read(show_date(parse(text), language), language, TODAY) == parse(text, TODAY)


@given(PHRASES)
def test_what_is_shown_in_words_can_be_typed_back(text: str) -> None:
    again, before = read(show_date(parse(text), "en"), "en", TODAY), parse(text, TODAY)
    assert (again.earliest, again.latest) == (before.earliest, before.latest)


@given(st.tuples(UNITS, UNITS).map(sorted).filter(lambda ends: ends[0][:4] < ends[1][:4]))
def test_an_interval_can_be_typed_back(ends: list[str]) -> None:
    text = "/".join(ends)
    assert read(show_date(parse(text), "en"), "en", TODAY) == parse(text, TODAY)


def test_a_date_is_shown_without_a_page_too() -> None:
    assert show_date(parse("../2014-12-03"), "en") == "before 4 December 2014"


def test_a_day_stands_in_the_readers_language() -> None:
    assert show_day(date(2011, 6, 20), "lt") == "2011\u00a0m. birželio\u00a020\u00a0d."


def test_an_instant_is_shown_in_the_zone_of_the_reader() -> None:
    late = datetime(2011, 6, 20, 22, 5, tzinfo=UTC)
    assert show_instant(late, "en", "Europe/Vilnius") == "21 June 2011, 01:05"
    assert show_instant(late, "lt", "UTC") == "2011\u00a0m. birželio\u00a020\u00a0d., 22:05"
    assert show_instant(late, "az", timezone(timedelta(hours=4))) == "21\u00a0iyun 2011, 02:05"
