"""Is EDTF read as ISO 8601-2 means it, and nothing else read at all?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from edtf import parse_edtf, struct_time_to_date
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.dates import PartialDate, parse
from domain.edtf import neighbour
from domain.refused import LONGEST_QUOTE, Refused

TODAY = date(2026, 11, 22)

DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31)).map(date.isoformat)
YEARS = st.integers(1, 9999).map("{:04}".format)
WHOLE = st.one_of(
    DAYS, YEARS, DAYS.map(lambda day: day[:7]), st.builds("{}-{}".format, YEARS, st.sampled_from(["21", "22", "23"]))
)
VAGUE = st.one_of(
    DAYS.map(lambda day: day[:7] + "-XX"),
    YEARS.map(lambda year: year + "-XX"),
    st.integers(100, 999).map("{}X".format),
    st.integers(10, 99).map("{}XX".format),
    st.integers(1, 9).map("{}XXX".format),
)
SINGLE = WHOLE | VAGUE
MARKED = st.builds("{}{}".format, SINGLE, st.sampled_from(["", "~", "?", "%"]))
OPEN = st.just("..")
IN_ORDER = st.lists(st.dates(date(1000, 1, 1)).map(date.isoformat), min_size=2, max_size=2).map(sorted)
PRECISION = st.sampled_from([len("2011"), len("2011-06"), len("2011-06-20")])
ANY = st.one_of(
    MARKED,
    st.builds("{}/{}".format, MARKED | OPEN, MARKED | OPEN),
    st.builds("[{}..{}]".format, MARKED | st.just(""), MARKED | st.just("")),
    st.lists(MARKED, min_size=1, max_size=4).map(lambda parts: f"[{','.join(parts)}]"),
    st.just("XXXX"),
)


def bounds(text: str, today: date | None = None) -> tuple[str, str]:
    read = parse(text, today)
    return str(read.earliest or ".."), str(read.latest or "..")


def refusal(text: str) -> Refused:
    with pytest.raises(Refused) as refused:
        parse(text)
    return refused.value


def outcome(text: str, today: date | None = None) -> PartialDate | Refused:
    try:
        return parse(text, today)
    except Refused as refused:
        return refused


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2011-06-20", "2011-06-20", "2011-06-20"),
        ("2012-02", "2012-02-01", "2012-02-29"),
        ("2017", "2017-01-01", "2017-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
        ("2011-21", "2011-03-01", "2011-05-31"),
        ("2011-22", "2011-06-01", "2011-08-31"),
        ("2011-23", "2011-09-01", "2011-11-30"),
        ("2011-24", "2011-12-01", "2012-02-29"),
        ("201X", "2010-01-01", "2019-12-31"),
        ("19XX", "1900-01-01", "1999-12-31"),
        ("2011-XX", "2011-01-01", "2011-12-31"),
        ("2011-XX-XX", "2011-01-01", "2011-12-31"),
        ("2011-05-XX", "2011-05-01", "2011-05-31"),
        ("XXXX", "..", ".."),
        ("2017-09/2017-12", "2017-09-01", "2017-12-31"),
        ("2011/2011-06-20", "2011-01-01", "2011-06-20"),
        ("2011-24/2012-01", "2011-12-01", "2012-01-31"),
        ("2011~/2012-06?", "2010-01-01", "2012-06-30"),
        ("../2014-12-03", "..", "2014-12-03"),
        ("2014-12-03/..", "2014-12-03", ".."),
        ("../..", "..", ".."),
        ("[2011-06-21..2017-12-31]", "2011-06-21", "2017-12-31"),
        ("[2013-05,2011, 2012]", "2011-01-01", "2013-05-31"),
        ("[..2011]", "..", "2011-12-31"),
        ("[2011..]", "2011-01-01", ".."),
        ("[2009,2011..2013]", "2009-01-01", "2013-12-31"),
    ],
)
def test_every_form_has_its_first_and_last_day(text: str, earliest: str, latest: str) -> None:
    assert bounds(text) == (earliest, latest)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2012~", "2011-01-01", "2013-12-31"),
        ("2012-03~", "2012-02-01", "2012-04-30"),
        ("2012-03-01~", "2012-02-29", "2012-03-02"),
        ("2011-22~", "2011-03-01", "2011-11-30"),
        ("201X~", "2000-01-01", "2029-12-31"),
        ("2012%", "2011-01-01", "2013-12-31"),
        ("2012?", "2012-01-01", "2012-12-31"),
        ("0001~", "..", "0002-12-31"),
        ("9999-12-31~", "9999-12-30", ".."),
    ],
)
def test_an_approximate_date_is_wider_by_its_own_unit_on_both_sides(text: str, earliest: str, latest: str) -> None:
    assert bounds(text) == (earliest, latest)


@settings(max_examples=60, deadline=None)
@given(SINGLE)
def test_single_dates_agree_with_the_edtf_package(text: str) -> None:
    assert bounds(text) == oracle(text)


@settings(max_examples=40, deadline=None)
@given(IN_ORDER, PRECISION, PRECISION)
def test_intervals_agree_with_the_edtf_package(days: list[str], first: int, second: int) -> None:
    text = f"{days[0][:first]}/{days[1][:second]}"
    assert bounds(text) == oracle(text)


@settings(max_examples=40, deadline=None)
@given(IN_ORDER, PRECISION, st.sampled_from(["[{}..{}]", "[{},{}]"]))
def test_sets_agree_with_the_edtf_package(days: list[str], precision: int, form: str) -> None:
    text = form.format(*(day[:precision] for day in days))
    assert bounds(text) == oracle(text)


def oracle(text: str) -> tuple[str, str]:
    read = parse_edtf(text)
    return str(struct_time_to_date(read.lower_strict())), str(struct_time_to_date(read.upper_strict()))


@given(ANY)
def test_the_text_is_kept_and_its_bounds_are_in_order(text: str) -> None:
    read = outcome(f"  {text} ")
    if isinstance(read, Refused):
        assert read.code == "date.reversed" or text == "[..]"
    else:
        assert read.text == text
        assert read.earliest is None or read.latest is None or read.earliest <= read.latest


@given(ANY, st.dates())
def test_what_has_happened_lies_not_later_than_the_day_it_is_recorded(text: str, today: date) -> None:
    freely, read = outcome(text), outcome(text, today)
    assume(not isinstance(freely, Refused))
    assert isinstance(freely, PartialDate)
    assert isinstance(read, PartialDate)
    if freely.is_announcement(today):
        assert read == freely
    else:
        assert read.earliest == freely.earliest
        assert read.latest == min(freely.latest or today, today)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2026", "2026-01-01", "2026-11-22"),
        ("2020-05-01/..", "2020-05-01", "2026-11-22"),
        ("XXXX", "..", "2026-11-22"),
        ("../2030", "..", "2026-11-22"),
        ("2030", "2030-01-01", "2030-12-31"),
        ("2030/..", "2030-01-01", ".."),
    ],
)
def test_only_an_announcement_reaches_into_the_future(text: str, earliest: str, latest: str) -> None:
    assert bounds(text, TODAY) == (earliest, latest)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "yesterday",
            "20.06.2011",
            "2011-6-2",
            "11",
            "20111",
            "-2011",
            "Y12011",
            "201x",
            "2011~?",
            "~2011",
            "2011-06-20T10:00",
        ),
        *(
            "201X-05",
            "2011-XX-05",
            "20X1",
            "[2011",
            "2011]",
            "[]",
            "[,]",
            "[..]",
            "[2011,]",
            "{2011}",
            "..",
            "/",
            "2011/2012/2013",
        ),
        *(
            "٢٠١١",
            "２０１１",
            "2011\u00b2",
            "20\n11",
            "2011\x00",
            "\ud800",
            "2011\ud800",
            "9" * 10_000,
            "[" + "2011," * 3000 + "2011]",
        ),
    ],
)
def test_what_is_no_edtf_is_unreadable(text: str) -> None:
    assert refusal(text).code == "date.unreadable"


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_date_is_missing(text: str) -> None:
    assert refusal(text).code == "date.missing"


@pytest.mark.parametrize(
    "text", ["2011-02-30", "2011-02-29", "2011-13", "2011-00", "2011-06-00", "2011-25", "2011-22-XX", "0000"]
)
def test_a_day_that_no_calendar_has_is_refused(text: str) -> None:
    assert (refusal(text).code, refusal(text).details) == ("date.no_such_day", {"text": text})


@pytest.mark.parametrize("text", ["2012/2011", "2012-06-20/2012-06-19", "2012~/2011~", "[2012..2011]"])
def test_an_end_before_its_start_is_refused(text: str) -> None:
    assert refusal(text).code == "date.reversed"


def test_an_empty_end_is_refused_with_what_would_be_right() -> None:
    assert refusal("/2019-12-31").details == {"text": "/2019-12-31", "instead": "../2019-12-31"}
    assert refusal("/2019-12-31").code == "date.empty_start"
    assert refusal("2019-12-31/").details == {"text": "2019-12-31/", "instead": "2019-12-31/.."}
    assert refusal("2019-12-31/").code == "date.empty_end"


HOSTILE = st.text() | st.text(alphabet="0129-/.,X~?%[] ٣\ud800\x00", max_size=40)


@given(HOSTILE, st.none() | st.dates())
def test_nothing_but_a_refusal_comes_of_any_text(text: str, today: date | None) -> None:
    read = outcome(text, today)
    if isinstance(read, PartialDate):
        assert read.text == text.strip()
    else:
        assert read.code.startswith("date.")
        assert all(quote.encode() and len(quote) <= LONGEST_QUOTE + 1 for quote in read.details.values())


def test_a_day_is_certainly_possibly_or_not_reached() -> None:
    may = parse("2020-05")
    assert may.begun_by(date(2020, 4, 30)) == "no"
    assert may.begun_by(date(2020, 5, 1)) == "possibly"
    assert may.begun_by(date(2020, 5, 30)) == "possibly"
    assert may.begun_by(date(2020, 5, 31)) == "certainly"


def test_an_open_end_leaves_every_day_possible() -> None:
    assert parse("../2014-12-03").begun_by(date.min) == "possibly"
    assert parse("../2014-12-03").begun_by(date(2014, 12, 3)) == "certainly"
    assert parse("2014-12-03/..").begun_by(date.max) == "possibly"
    assert parse("XXXX").begun_by(date.min) == "possibly"


def test_a_date_precedes_another_only_if_all_its_days_do() -> None:
    assert parse("2011").precedes(parse("2012"))
    assert not parse("2012").precedes(parse("2011"))
    assert not parse("2011").precedes(parse("2011-12-31"))
    assert not parse("XXXX").precedes(parse("2012"))
    assert not parse("2011").precedes(parse("../2012"))
    assert parse("../2011").precedes(parse("2012/.."))


@given(st.builds(PartialDate, st.just(""), st.none() | st.dates(), st.none() | st.dates()), st.dates())
def test_what_is_certain_by_a_day_was_possible(partial: PartialDate, day: date) -> None:
    assume(partial.earliest is None or partial.latest is None or partial.earliest <= partial.latest)
    assert partial.possibly_by(day) or not partial.certainly_by(day)
    assert partial.is_announcement(day) == (partial.begun_by(day) == "no")


@given(WHOLE | YEARS.map("{}-24".format), st.sampled_from([-1, 1]))
def test_the_next_unit_begins_where_the_one_before_it_ends(text: str, step: int) -> None:
    other = neighbour(text, step)
    if other is None:
        assert text[:4] in {"0001", "9999"}
        return
    earlier, later = sorted([parse(text), parse(other)], key=lambda partial: partial.earliest or date.min)
    assert len(other) == len(text)
    assert earlier.latest is not None
    assert later.earliest == earlier.latest + timedelta(1)
    assert neighbour(other, -step) == text


@pytest.mark.parametrize(
    "text", ["2012~", "201X", "XXXX", "2011-XX", "2011/2012", "", "9999", "9999-12", "9999-24", "9999-12-31"]
)
def test_nothing_follows_what_is_no_plain_unit_or_the_last_one(text: str) -> None:
    assert neighbour(text, 1) is None
