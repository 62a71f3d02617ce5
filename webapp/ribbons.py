"""Ribbons with their words: the rows in order, the labels, the legend and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from flask_babel import force_locale, gettext, ngettext
from markupsafe import Markup
from sqlalchemy import Connection

from projections import organisations
from projections import periods as periods_read
from projections.letters import sort_key
from projections.periods import Ribbon
from projections.roster import whoever
from webapp import labels
from webapp.band_lines import Period, periods
from webapp.dates import show_day
from webapp.languages import shown_language
from webapp.ribbon_looks import ALWAYS, look_of, swatch, swatch_of
from webapp.ribbon_picture import Labels, Span, span_of, svg

FILE_WIDTH = 1120
KINDS = ("member", "associate", "observer", "suspended", "in_arrears", "leaving", "applicant")


class Found(NamedTuple):
    """All that ever had to do with the coalition, who came first on top, by their names on the day."""

    ribbons: Sequence[Ribbon]
    names: dict[UUID, str]


class RibbonLine(NamedTuple):
    id: UUID
    name: str
    periods: Sequence[Period]


def of_coalition(connection: Connection, coalition_id: UUID, on: date, known: int | None) -> Found:
    found = periods_read.bands(connection, coalition_id, known)
    latest = organisations.names_on(connection, whoever(coalition_id), None, known)
    names = latest | organisations.names_on(connection, whoever(coalition_id), on, known)
    found.sort(key=lambda ribbon: (surely_since(ribbon), sort_key(names[ribbon.organisation_id])))
    return Found(found, names)


def surely_since(ribbon: Ribbon) -> date:
    return min((band.since for band in ribbon.bands if band.surely_inside and band.since), default=date.max)


def picture(found: Found, coalition: str, on: date, today: date, width: int | None = None) -> str:
    span = span_of(found.ribbons, max(on, today))
    return svg(found.ribbons, found.names, span, on, worded(found, coalition, span, on), width)


def inline(found: Found, coalition: str, on: date, today: date) -> Markup:
    return Markup(picture(found, coalition, on, today))  # noqa: S704  # names are escaped where it is drawn


def worded(found: Found, coalition: str, span: Span, on: date) -> Labels:
    count = len(found.ribbons)
    organisations_told = ngettext("%(num)s organisation", "%(num)s organisations", count)
    return Labels(
        title=gettext("Membership of %(coalition)s through time", coalition=coalition),
        description=gettext(
            "%(organisations)s, from %(first)s to %(last)s: a row an organisation, a band a period.",
            organisations=organisations_told,
            first=span.first.year,
            last=span.last.year,
        ),
        chosen=show_day(on, shown_language()),
    )


def legend(found: Found) -> list[tuple[Markup, str]]:
    """Only what there is to see."""
    seen = {look.kind for ribbon in found.ribbons for band in ribbon.bands if (look := look_of(band))}
    shown = [(swatch(kind), called(kind)) for kind in KINDS if kind in seen]
    return [*shown, (swatch_of(ALWAYS[0]), gettext("fading: the day is not certain"))]


def called(kind: str) -> str:
    if kind in labels.ROLES:
        return labels.role(kind)
    if kind == "suspended":
        return str(gettext("suspended (the denser, the more rights)"))
    return labels.standing(kind)


def lines(found: Found, on: date) -> list[RibbonLine]:
    return [
        RibbonLine(ribbon.organisation_id, found.names[ribbon.organisation_id], periods(ribbon.bands, on))
        for ribbon in found.ribbons
    ]


def svg_of(connection: Connection, coalition_id: UUID, on: date, known: int | None, locale: str) -> str:
    """A file of its own, for the command line; within an application context."""
    with force_locale(locale):
        found = of_coalition(connection, coalition_id, on, known)
        name = organisations.names_on(connection, [coalition_id], on, known).get(coalition_id, "")
        return picture(found, name, on, on, FILE_WIDTH)
