"""The pages and files of the ribbons of a coalition: a picture to work with, the same as SVG and as a table."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from flask import make_response, request, url_for
from flask_babel import gettext
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from webapp import labels, ribbon_picture, ribbons
from webapp.at_moment import known, reading
from webapp.csv_rows import made_harmless
from webapp.dates import show_day
from webapp.languages import shown_language
from webapp.moments import at
from webapp.named_coalition import named
from webapp.pages import page, wants_fragment
from webapp.ribbon_axis import Span
from webapp.ribbon_day import day_shown
from webapp.ribbon_filter import STANDINGS, Wanted
from webapp.ribbons import Found

ASKED = ("from", "to", "q", "role", "standing")
PERIOD = ("from", "to")
PAGE = "coalitions.ribbons"
MARK = "\ufeff"  # by which a spreadsheet knows the letters of a file


class Row(NamedTuple):
    id: UUID
    name: str
    is_itself: bool
    drawn: Markup


class Step(NamedTuple):
    """A link to another period."""

    words: str
    address: str
    is_here: bool


def ribbon_page(id: UUID, status: int = 200, **more: Any) -> Response:
    with reading() as connection:
        shown = named(connection, id)
        found = ribbons.of_coalition(connection, id, at().on, at().today, known(), request.args)
    rows = ribbons.drawn(found)
    scale, legend = ribbons.scale(found), ribbons.legend([row for _, row in rows])
    swatches = ribbon_picture.Drawn("", [ribbon_picture.Piece(0, 0, line.look) for line in legend if line.look], ())
    address = entry_address()
    return page(
        "coalitions/ribbons.html",
        "day",
        status=422 if found.asked.errors else status,
        view="ribbons",
        coalition=shown,
        rows=[Row(of, row.name, of == id, ribbon_picture.ribbon(row, address)) for of, row in rows],
        shared=Markup(ribbon_picture.shared([*(row for _, row in rows), swatches], scale)),  # noqa: S704  # words are escaped where they are written
        axis=ribbon_picture.axis(scale),
        labels_of=ribbons.worded(found),
        legend=[(line.shape, line.words) for line in legend],
        lines=ribbons.lines(found),
        found=found,
        day=day_shown(found, known()),
        period=told_period(found),
        steps=list(steps(id, found)),
        filters=list(chosen_filters(found.wanted)),
        kept=kept(),
        here={**at().args, **kept()},
        roles=[(code, labels.role(code)) for code in labels.ROLES],
        standings=[(code, labels.standing(code)) for code in STANDINGS],
        is_part=wants_fragment(),
        **more,
    )


def entry_address() -> tuple[str, str]:
    """What stands before and after the position in the address of an entry, at this moment."""
    moment = "?" + urlencode(at().args) if at().args else ""
    return f"{url_for('register.register')}/", str(escape(moment))


def chosen_filters(wanted: Wanted) -> Iterator[str]:
    if wanted.role:
        yield labels.role(wanted.role)
    if wanted.standing:
        yield labels.standing(wanted.standing)
    if wanted.q:
        yield f"“{wanted.q}”"


def kept(*without: str) -> dict[str, Any]:
    """What the address asks for beside the moment."""
    return {name: text for name in ASKED if name not in without and (text := request.args.get(name, "").strip())}


def steps(id: UUID, found: Found) -> Iterator[Step]:
    asked = found.asked

    def step(words: str, span: Span | None, is_here: bool = False) -> Step:
        period: dict[str, Any] = {"from": span.first.isoformat(), "to": span.last.isoformat()} if span else {}
        return Step(words, url_for(PAGE, id=id, **at().args, **kept(*PERIOD), **period), is_here)

    yield step(gettext("All"), None, asked.is_whole)
    for n, span in asked.zooms(found.on):
        yield step(years(n), span, n == asked.years)
    if earlier := asked.beside(-1):
        yield step(gettext("← Earlier"), earlier)
    if later := asked.beside(1):
        yield step(gettext("Later →"), later)


def years(n: int) -> str:
    return str({10: gettext("10 years"), 5: gettext("5 years"), 1: gettext("1 year")}[n])


def ribbons_file(id: UUID) -> Response:
    found = of_address(id)
    return download(ribbons.file(found), "image/svg+xml", "svg", found.on)


def ribbons_table(id: UUID) -> Response:
    found = of_address(id)
    out = StringIO(MARK)
    out.seek(0, 2)
    csv.writer(out, lineterminator="\r\n").writerows(cells(found))
    return download(out.getvalue(), "text/csv", "csv", found.on)


def of_address(id: UUID) -> Found:
    with reading() as connection:
        named(connection, id)
        return ribbons.of_coalition(connection, id, at().on, at().today, known(), request.args)


def cells(found: Found) -> Iterator[list[str]]:
    """Days as a spreadsheet sorts them; what is not known, or still so, is empty."""
    yield [
        gettext("Organisation"),
        gettext("From"),
        gettext("To"),
        gettext("Standing"),
        gettext("Beginning, as recorded"),
        gettext("Entry"),
    ]
    for line in ribbons.lines(found):
        for period in line.periods:
            if found.asked.span.meets(period.first, period.last):
                first, last = (day.isoformat() if day else "" for day in (period.first, period.last))
                row = [line.name, first, last, period.standing, period.recorded, str(period.begun_by or "")]
                yield [made_harmless(cell) for cell in row]


def download(content: str, kind: str, ending: str, on: date) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = f"{kind}; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="ribbons-{on.isoformat()}.{ending}"'
    return answer


def told_period(found: Found) -> str:
    language = shown_language()
    span = found.asked.span
    return str(
        gettext("%(first)s to %(last)s", first=show_day(span.first, language), last=show_day(span.last, language))
    )
