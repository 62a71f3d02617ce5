"""Who was in on the chosen day? Read off the ribbons, so that choosing a day costs little."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from markupsafe import Markup

from projections.letters import sort_key
from projections.periods import Band, Ribbon
from projections.roster import Place, Roster, place
from webapp.languages import shown_language
from webapp.ribbons import Found
from webapp.roster_lines import RosterLine, counts_of_some, line


class DayShown(NamedTuple):
    counts: Sequence[tuple[str, int, Markup]]
    certain: Sequence[RosterLine]
    possible: Sequence[RosterLine]


def day_shown(found: Found, known: int | None) -> DayShown:
    """Of everybody, also of those whose rows are not shown."""
    language = shown_language()
    roster = roster_of(found, known)
    lines = [line(one, None, language) for one in roster.rows]
    return DayShown(
        counts_of_some(roster.numbers),
        [one for one in lines if one.is_certain],
        [one for one in lines if not one.is_certain],
    )


def roster_of(found: Found, known: int | None) -> Roster:
    places = [one for ribbon in found.everybody if (one := place_on(ribbon, found.names, found.on))]
    places.sort(key=lambda one: (sort_key(one.organisation, shown_language()), one.organisation_id))
    return Roster(found.coalition_id, found.coalition, found.on, known, tuple(places))


def place_on(ribbon: Ribbon, names: dict[UUID, str], on: date) -> Place | None:
    bands = [band for band in ribbon.bands if band.inside and covers(band, on)]
    if not bands:
        return None
    held = [(n, b.role, b.standing, b.scope, b.surely_inside, b.since_text, b.begun_by) for n, b in enumerate(bands)]
    return place(ribbon.organisation_id, names[ribbon.organisation_id], held)


def covers(band: Band, on: date) -> bool:
    return (band.since is None or band.since <= on) and (band.until is None or on < band.until)
