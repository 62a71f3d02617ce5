"""Ribbons with their words: the rows in order, the labels, the legend and the same as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from babel.dates import get_month_names
from flask_babel import force_locale, gettext, ngettext
from markupsafe import Markup
from sqlalchemy import Connection

from projections import marks as marks_read
from projections import organisations
from projections import periods as periods_read
from projections.letters import sort_key
from projections.marks import Mark
from projections.periods import Ribbon
from projections.roster import whoever
from webapp import labels, ribbon_period, ribbon_picture
from webapp.band_lines import Period, periods
from webapp.dates import show_day
from webapp.languages import shown_language
from webapp.ribbon_axis import span_of, ticks
from webapp.ribbon_filter import EVERYBODY, Wanted, left, wanted
from webapp.ribbon_looks import DENSEST, Look, swatch_of
from webapp.ribbon_marks import EXACT, FUZZY, OTHER, spots
from webapp.ribbon_period import Asked
from webapp.ribbon_picture import Drawn, Labels, Scale

FILE_WIDTH = 1120
KINDS = ("member", "associate", "observer", "suspended", "in_arrears", "leaving", "applicant")
FADED = Look("member", 0, "in")


class Found(NamedTuple):
    """Who had to do with the coalition, who came first on top, by their names on the day; and what was asked for."""

    coalition_id: UUID
    coalition: str
    on: date
    ribbons: Sequence[Ribbon]  # those that are shown
    everybody: Sequence[Ribbon]
    names: dict[UUID, str]
    marks: Mapping[UUID, Sequence[Mark]]
    asked: Asked
    wanted: Wanted


class RibbonLine(NamedTuple):
    id: UUID
    name: str
    periods: Sequence[Period]


class LegendLine(NamedTuple):
    look: Look | None  # None: a mark
    shape: Markup
    words: str


def of_coalition(
    connection: Connection, coalition_id: UUID, on: date, today: date, known: int | None, args: Mapping[str, str]
) -> Found:
    """`args` as an address has them: from, to, q, role, standing."""
    everybody = periods_read.bands(connection, coalition_id, known)
    latest = organisations.names_on(connection, whoever(coalition_id), None, known)
    names = latest | organisations.names_on(connection, whoever(coalition_id), on, known)
    everybody.sort(key=lambda ribbon: (surely_since(ribbon), sort_key(names.get(ribbon.organisation_id, ""))))
    asked = ribbon_period.asked(args, span_of(everybody, max(on, today)), shown_language(), today)
    want = wanted(args)
    is_whole = asked.is_whole and want == EVERYBODY
    shown = everybody if is_whole else left(connection, coalition_id, known, everybody, want, asked.span)
    own = organisations.names_on(connection, [coalition_id], on, known).get(coalition_id, "")
    found = marks_read.marks(connection, coalition_id, known)
    return Found(coalition_id, own, on, shown, everybody, names, found, asked, want)


def surely_since(ribbon: Ribbon) -> date:
    return min((band.since for band in ribbon.bands if band.surely_inside and band.since), default=date.max)


def drawn(found: Found) -> list[tuple[UUID, Drawn]]:
    """What happened to the coalition itself stands on top."""
    language, span = shown_language(), found.asked.span
    own = list(spots(found.marks.get(found.coalition_id, ()), span, language))
    rows = [(found.coalition_id, Drawn(found.coalition, (), own))] if own else []
    for ribbon in found.ribbons:
        id = ribbon.organisation_id
        marked = list(spots(found.marks.get(id, ()), span, language))
        rows.append((id, Drawn(found.names.get(id, ""), ribbon_picture.pieces(ribbon.bands, span), marked)))
    return rows


def scale(found: Found) -> Scale:
    language, span, on = shown_language(), found.asked.span, found.on
    months = list(get_month_names("abbreviated", "stand-alone", language).values())
    return Scale(ticks(span, months), span.share(on, 0) if span.has(on) else None, show_day(on, language))


def worded(found: Found) -> Labels:
    count = len(found.ribbons)
    language, span = shown_language(), found.asked.span
    return Labels(
        title=gettext("Membership of %(coalition)s through time", coalition=found.coalition),
        description=gettext(
            "%(organisations)s, from %(first)s to %(last)s: a row an organisation, a band a period, a mark an entry.",
            organisations=ngettext("%(num)s organisation", "%(num)s organisations", count),
            first=show_day(span.first, language),
            last=show_day(span.last, language),
        ),
    )


def legend(rows: Sequence[Drawn]) -> list[LegendLine]:
    """Only what there is to see."""
    looks = {piece.look for row in rows for piece in row.pieces}
    seen = {spot.look for row in rows for spot in row.spots}
    return [
        *(LegendLine(look, swatch_of(look), words) for look, words in explained(looks)),
        *(LegendLine(None, mark_of(mark), words) for mark, words in told_marks(seen)),
    ]


def explained(looks: set[Look]) -> Iterator[tuple[Look, str]]:
    kinds = {look.kind for look in looks}
    for kind in KINDS:
        if kind in kinds:
            yield Look(kind, DENSEST if kind == "suspended" else 0), called(kind)
    if any(look.fade for look in looks):
        yield FADED, gettext("fading: the day is not certain")


def called(kind: str) -> str:
    if kind in labels.ROLES:
        return labels.role(kind)
    if kind == "suspended":
        return str(gettext("suspended (the denser, the more rights)"))
    return labels.standing(kind)


def told_marks(seen: set[str]) -> Iterator[tuple[str, str]]:
    if seen:
        yield EXACT, gettext("an entry")
    if any(look.startswith(FUZZY) or look.endswith("about") for look in seen):
        yield FUZZY, gettext("an entry, the day is not certain")
    if any(look.startswith(OTHER) for look in seen):
        yield OTHER, gettext("another source says")


def mark_of(look: str) -> Markup:
    return Markup(
        '<svg class="swatch swatch-mark" width="18" height="18" aria-hidden="true" focusable="false">'
        '<use href="#%s" x="9" y="9"/></svg>'
    ) % (look)


def lines(found: Found) -> list[RibbonLine]:
    return [
        RibbonLine(ribbon.organisation_id, found.names.get(ribbon.organisation_id, ""), periods(ribbon.bands, found.on))
        for ribbon in found.ribbons
    ]


def file(found: Found) -> str:
    rows = [row for _, row in drawn(found)]
    shown = [(line.look, line.words) for line in legend(rows) if line.look]
    return ribbon_picture.svg(rows, scale(found), worded(found), shown, FILE_WIDTH)


def svg_of(connection: Connection, coalition_id: UUID, on: date, known: int | None, locale: str) -> str:
    """A file of its own, for the command line; within an application context."""
    with force_locale(locale):
        return file(of_coalition(connection, coalition_id, on, on, known, {}))
