"""My desk: how things stand, what ends soon, what was recorded lately."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from domain.dates import PartialDate
from domain.entry import Entry
from domain.membership_entries import Renewed, Suspended, WithdrawalNotified
from projections import organisations, timeline
from projections.roster import Roster, roster
from webapp import rights
from webapp.at_moment import known, reading
from webapp.entry_lines import lines, recorded_at
from webapp.languages import shown_language
from webapp.moments import at
from webapp.pages import page
from webapp.roster_lines import counts
from webapp.shown import partial_date

LATELY = 10
SOON = timedelta(days=60)
LOOKED_AT = 500
WITH_AN_END = tuple(kind.stored_name() for kind in (Suspended, Renewed, WithdrawalNotified))

blueprint = Blueprint("desk", __name__)


class Due(NamedTuple):
    day: date
    date: str
    what: str
    organisation: str
    organisation_id: UUID
    coalition_id: UUID
    is_late: bool


@blueprint.get("/")
def desk() -> Response:
    with reading() as connection:
        found = organisations.coalitions(connection, at().on, known())
        rosters = [roster(connection, one.id, at().on, known(), shown_language()) for one in found]
        due = sorted(one for each in rosters for one in due_in(connection, each))
        lately = lines(connection, timeline.register(connection, known=known(), limit=LATELY, with_taken_back=False))
    return page(
        "desk/desk.html",
        coalitions=[
            {"id": one.id, "name": one.called_now, "numbers": numbers(each)}
            for one, each in zip(found, rosters, strict=True)
        ],
        due=due,
        entries=lately,
        may_record=at().is_now and rights.may("changes.record"),
    )


def numbers(found: Roster) -> list[tuple[str, int, Markup]]:
    """The members, and of the rest what there is."""
    return [(code, number, words) for code, number, words in counts(found) if number or code == "members"]


def due_in(connection: Connection, found: Roster) -> Iterator[Due]:
    """Terms, reviews and notices that end soon, or should have ended, of who is still in."""
    happened = timeline.timeline(
        connection, coalition_id=found.coalition_id, names=WITH_AN_END, known=known(), limit=LOOKED_AT
    )
    recorded = recorded_at([one.position for one in happened if not one.taken_out_by])
    seen: set[tuple[UUID, str]] = set()
    places = {place.organisation_id: place for place in found.rows}
    for happening in happened:
        entry = recorded[happening.position].entry if happening.position in recorded else None
        place = places.get(happening.organisation_id) if happening.organisation_id else None
        if entry is None or place is None or (place.organisation_id, happening.name) in seen:
            continue
        seen.add((place.organisation_id, happening.name))
        end, what = end_of(entry, place.standing)
        day = end and (end.latest or end.earliest)
        if end and day and day <= at().today + SOON:
            yield Due(
                day,
                partial_date(end),
                what,
                place.organisation,
                place.organisation_id,
                found.coalition_id,
                day < at().today,
            )


def end_of(entry: Entry, standing: str | None) -> tuple[PartialDate | None, str]:
    match entry:
        case Suspended() if standing == "suspended":
            return entry.review_by, gettext("review of a suspension")
        case Renewed():
            return entry.until, gettext("end of a term")
        case WithdrawalNotified() if standing == "leaving":
            return entry.effective, gettext("last day of a member")
    return None, ""
