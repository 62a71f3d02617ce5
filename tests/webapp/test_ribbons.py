"""What does the picture of memberships show? Bands by colour and pattern, fades, gaps, the chosen day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID
from xml.etree import ElementTree as ET

from flask import Flask

from projections.periods import Band, Ribbon
from tests.webapp.conftest import Person
from tests.webapp.reading import words
from webapp.ribbon_picture import Labels, Span, pieces, span_of, svg
from webapp.ribbons import svg_of
from webapp.stores import Stores

SPAN = Span(date(2010, 1, 1), date(2020, 1, 1))
LABELS = Labels(title="Members", description="A row each", chosen="1 June 2016")
ONE = UUID(int=1)


def band(since: int | None, until: int | None, standing: str = "good", **more: object) -> Band:
    days = {"since": since and date(since, 1, 1), "until": until and date(until, 1, 1)}
    told = {"place": "in", "role": "member", "scope": None, "certain": True, "surely_inside": True, "since_text": None}
    return Band(**{**days, **told, "standing": standing, "begun_by": None, **more})  # type: ignore[arg-type]  # told by name


def picture(*bands: Band, on: date = date(2016, 6, 1), name: str = "Centre") -> str:
    return svg([Ribbon(ONE, ONE, bands)], {ONE: name}, SPAN, on, LABELS)


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
    assert re.search(r'<line x1="64\.\d+%" x2="64\.\d+%" y1="0" y2="\d+" stroke="#D55E00"', drawn)
    assert "1 June 2016" in drawn
    assert "1 June 2016" not in picture(band(2011, None), on=date(2030, 1, 1))


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
    drawn = svg(
        ribbons,
        {UUID(int=n): f"Organisation {n}" for n in range(200)},
        span_of(ribbons, date(2020, 1, 1)),
        SPAN.last,
        LABELS,
    )
    assert len(drawn) < 700_000
    assert drawn.count("<use") > 200 * 20


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
