"""What changed since? What was recorded between two moments, and what that changed in the roster of a day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from domain.refused import Refused
from projections import timeline
from projections.changed import KINDS, Changed, changed
from projections.roster import roster
from projections.timeline import Happening
from webapp import who
from webapp.at_moment import known, reading
from webapp.change_forms import number_of
from webapp.entry_lines import lines
from webapp.languages import shown_language
from webapp.moments import INSTANT, at, instant, one_day
from webapp.named_coalition import named
from webapp.pages import page
from webapp.refusals import sentence
from webapp.roster_lines import RosterLine, line
from webapp.sight import sight

A_PAGE = 100
USUALLY = timedelta(days=7)


class Line(NamedTuple):
    """None: not in the roster."""

    id: UUID
    name: str
    name_before: str
    before: RosterLine | None
    after: RosterLine | None


def changes_since(id: UUID) -> Response:
    typed = request.args.get("since", "").strip()
    error = ""
    try:
        begins = moment_of(typed)
    except Refused as refused:
        begins, error = moment_of(""), sentence(refused)
    with reading() as connection:
        shown = named(connection, id)
        found = between(connection, id, begins)
        entries = recorded(connection, id, begins)
        return page(
            "coalitions/changes_since.html",
            status=422 if error else 200,
            view="changes",
            coalition=shown,
            since=begins,
            since_typed=typed,
            since_error=error,
            groups=[(kind, [shown_line(one) for one in found if one.kind == kind]) for kind in KINDS],
            entries=lines(connection, entries[:A_PAGE]),
            older=older(id, begins, entries[A_PAGE - 1]) if len(entries) > A_PAGE else "",
        )


def moment_of(typed: str) -> datetime:
    """An instant as addresses have it, or the beginning of a day as people type it; a week ago where nothing is."""
    here = ZoneInfo(who.config().timezone)
    if len(typed) > len("2024-03-01") and INSTANT.fullmatch(typed):
        return instant(typed, here)
    day = one_day(typed, at().today) if typed else at().today - USUALLY
    return datetime.combine(day, time(), here)


def between(connection: Connection, id: UUID, begins: datetime) -> list[Changed]:
    then, now = who.stores().chronicle.position_at(begins), known()
    moments = (then if now is None else min(then, now), now)
    before, after = (roster(connection, id, at().on, moment, shown_language()) for moment in moments)
    return changed(before, after)


def recorded(connection: Connection, id: UUID, begins: datetime) -> list[Happening]:
    """Newest first, without what was taken back at once."""
    return timeline.register(
        connection,
        since=begins + timedelta(microseconds=1),
        coalition_id=id,
        known=known(),
        before=number_of(request.args.get("before", "")),
        limit=A_PAGE + 1,
        with_taken_back=False,
        sight=sight(),
    )


def older(id: UUID, begins: datetime, last: Happening) -> str:
    return url_for("coalitions.changes_since", id=id, since=begins.isoformat(), before=last.position, **at().args)


def shown_line(one: Changed) -> Line:
    before, after = (line(place, None, shown_language()) if place else None for place in (one.before, one.after))
    return Line(one.organisation_id, one.name, one.before.organisation if one.before else "", before, after)
