"""What does the picture of memberships show? Bands by colour and pattern, fades, gaps, the chosen day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from domain.clusters import MAX, MIN
from projections.marks import Mark
from projections.periods import Band, Ribbon
from tests.webapp.conftest import Person
from tests.webapp.reading import words
from webapp.ribbon_axis import Span, span_of, ticks
from webapp.ribbon_looks import Look
from webapp.ribbon_marks import spots
from webapp.ribbon_picture import Drawn, Labels, Scale, pieces, svg
from webapp.ribbons import svg_of
from webapp.stores import Stores

SPAN = Span(date(2010, 1, 1), date(2020, 1, 1))
LABELS = Labels(title="Members", description="A row each")
MONTHS = [f"month {n}" for n in range(1, 13)]
ONE = UUID(int=1)


def band(since: int | None, until: int | None, standing: str = "good", **more: object) -> Band:
    days = {"since": since and date(since, 1, 1), "until": until and date(until, 1, 1)}
    told = {"place": "in", "role": "member", "scope": None, "certain": True, "surely_inside": True, "since_text": None}
    return Band(**{**days, **told, "standing": standing, "begun_by": None, **more})  # type: ignore[arg-type]  # told by name


def picture(*bands: Band, on: date = date(2016, 6, 1), name: str = "Centre") -> str:
    scale = Scale(ticks(SPAN, MONTHS), SPAN.share(on, 0) if SPAN.has(on) else None, "1 June 2016")
    return svg([Drawn(name, pieces(bands, SPAN), ())], scale, LABELS, [(Look("member"), "member")], 1120)


def mark(on: tuple[int, int], name: str = "membership.suspended", **more: object) -> Mark:
    told = {"position": 7, "occurred": "2012-04-05", "is_alternative": False, **more}
    return Mark(name=name, earliest=on[0], latest=on[1], **told)  # type: ignore[arg-type]  # told by name


def looks(*bands: Band) -> list[tuple[str, str]]:
    return [(piece.look.kind, piece.look.fade) for piece in pieces(bands, SPAN)]


def test_each_role_and_standing_has_its_look() -> None:
    assert looks(band(2011, 2012), band(2012, 2013, "in_arrears"), band(2013, 2014, "leaving")) == [
        ("member", ""),
        ("in_arrears", ""),
        ("leaving", ""),
    ]
    assert looks(band(2011, 2012, role="observer"), band(2012, 2013, role="associate")) == [
        ("observer", ""),
        ("associate", ""),
    ]


def test_a_wider_suspension_is_hatched_denser() -> None:
    wide = pieces([band(2011, 2012, "suspended", scope="all")], SPAN)[0].look.density
    some = pieces([band(2011, 2012, "suspended", scope="vote;office")], SPAN)[0].look.density
    one = pieces([band(2011, 2012, "suspended", scope="vote")], SPAN)[0].look.density
    assert wide < some < one


def test_an_uncertain_end_fades_over_the_days_it_spans() -> None:
    assert looks(
        band(2011, 2016, "suspended", scope="all"),
        band(2016, 2017, "suspended", scope="all", certain=False),
        band(2016, 2017, certain=False),
        band(2017, None),
    ) == [("suspended", ""), ("suspended", "out"), ("member", ""), ("member", "in")]


def test_what_is_only_possible_stays_faint_throughout() -> None:
    assert looks(band(2011, 2012, certain=False)) == [("member", "through")]


def test_a_gap_stays_empty() -> None:
    first, second = pieces([band(2011, 2012), band(2012, 2015, "former", place="former"), band(2015, None)], SPAN)
    assert first.right < second.left


def test_the_chosen_day_is_a_line_through_all_rows() -> None:
    drawn = picture(band(2011, None))
    assert re.search(r'<line id="on" x1="64\.\d+%" x2="64\.\d+%" y1="-6" y2="34" stroke="#D55E00"', drawn)
    assert drawn.count('<use href="#on"/>') == 1
    assert '<g id="chosen"><line' in drawn
    assert '<g id="chosen" display="none">' in picture(band(2011, None), on=date(2030, 1, 1))


def test_the_picture_is_well_formed_and_has_a_text_in_place_of_it() -> None:
    drawn = picture(band(2011, None), name='<b>"R&D"</b> ' + "x" * 300)
    root = ET.fromstring(drawn)
    assert root.attrib["role"] == "img"
    assert "<title" in drawn
    assert "<desc" in drawn
    assert "style=" not in drawn


def test_two_hundred_organisations_over_twenty_years_stay_light() -> None:
    bands = [
        band(2000 + n, 2001 + n, "suspended" if n % 2 else "good", scope="all" if n % 2 else None) for n in range(20)
    ]
    ribbons = [Ribbon(ONE, UUID(int=n), tuple(bands)) for n in range(200)]
    span = span_of(ribbons, date(2020, 1, 1))
    rows = [Drawn(f"Organisation {n}", pieces(bands, span), ()) for n in range(200)]
    drawn = svg(rows, Scale(ticks(span, MONTHS), None, ""), LABELS, [], 1120)
    assert len(drawn) < 700_000
    assert drawn.count("<use") > 200 * 20


def test_a_mark_stands_on_its_day_or_in_the_middle_of_the_days_that_it_can_be(app: Flask) -> None:
    first, last = date(2012, 1, 1).toordinal(), date(2013, 1, 1).toordinal()
    with app.test_request_context():
        exact, about, other = spots(
            [mark((first, first)), mark((first, last)), mark((last, last), is_alternative=True)], SPAN, "en"
        )
    assert [spot.look for spot in (exact, about, other)] == ["mark", "mark-about", "mark-other"]
    assert exact.share < about.share < other.share
    assert about.share - exact.share == pytest.approx(other.share - about.share, abs=0.05)
    assert exact.told == "5 April 2012: suspension"
    assert other.told == "5 April 2012: suspension (another source says)"


def test_marks_of_one_day_stand_above_each_other(app: Flask) -> None:
    day = date(2012, 1, 1).toordinal()
    with app.test_request_context():
        levels = [spot.level for spot in spots([mark((day, day))] * 3, SPAN, "en")]
    assert len(set(levels)) == 3


def test_a_mark_outside_of_the_period_is_left_out(app: Flask) -> None:
    day = date(2009, 12, 31).toordinal()
    with app.test_request_context():
        assert list(spots([mark((day, day)), mark((MIN, day)), mark((MIN, MAX))], SPAN, "en")) == []


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (date(2010, 1, 1), date(2019, 12, 31), ["2011", "2012", "2013"]),
        (date(2012, 6, 15), date(2013, 6, 14), ["month 7 2012", "month 8", "month 9"]),
        (date(2012, 12, 30), date(2013, 1, 3), ["30 month 12", "31", "1 month 1"]),
    ],
)
def test_the_axis_names_years_or_months_or_days(first: date, last: date, labels: list[str]) -> None:
    assert [tick.label for tick in ticks(Span(first, last), MONTHS)][:3] == labels


@given(st.dates(), st.integers(1, 900_000))
def test_no_period_crowds_its_axis(first: date, days: int) -> None:
    last = date.fromordinal(min(first.toordinal() + days, date.max.toordinal()))
    if first < last:
        assert len(ticks(Span(first, last), MONTHS)) <= 24


def test_the_page_shows_the_ribbons_and_the_same_as_a_table(signed_in: Callable[..., Person], ztok: UUID) -> None:
    page = signed_in("viewer").open(f"/coalitions/{ztok}/timeline?on=2016-06-01")
    assert 'class="ribbons"' in page.text
    table = words(page.text).partition("The same as a table")[2]
    assert "Žmogaus teisių stebėjimo institutas 20 June 2011 4 April 2012 member, full rights" in table
    assert "possibly: member, full rights; member, suspended (all rights)" in table


def test_the_picture_can_be_taken_along(signed_in: Callable[..., Person], ztok: UUID) -> None:
    answer = signed_in("viewer").open(f"/coalitions/{ztok}/timeline.svg?on=2016-06-01")
    assert answer.headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ribbons-2016-06-01.svg"'
    assert ET.fromstring(answer.text).attrib["width"] == "1120"


def test_the_command_line_draws_the_same(app: Flask, stores: Stores, ztok: UUID) -> None:
    with app.app_context(), stores.reading.connect() as connection:
        drawn = svg_of(connection, ztok, date(2016, 6, 1), None, "en")
    assert "Membership of Žmogaus teisių organizacijų koalicija through time" in drawn
