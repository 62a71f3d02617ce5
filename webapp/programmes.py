"""Programmes: the standing directions of organisations' work, and what each of them did, by year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, abort, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from projections import actions, timeline
from projections import campaigns as campaigns_read
from projections import programmes as read
from projections.actions import Counted
from projections.campaigns import Fact
from projections.kept import day
from projections.programmes import Programme
from webapp import campaign_lists, changes, labels, open_change, rights
from webapp.at_moment import known, reading
from webapp.campaign_subjects import LIFE, NewProgramme, ProgrammeOf
from webapp.entry_lines import just_recorded, lines, recorded_at
from webapp.moments import at
from webapp.named_organisations import NEW
from webapp.names import Names
from webapp.open_change import OpenChange
from webapp.pages import page, wants_fragment
from webapp.programme_lists import row, rows
from webapp.sight import sight
from webapp.troubles import not_known_yet

RESULTS = ("outcome_recorded", "promise_made")

blueprint = Blueprint("programmes", __name__)


class Year(NamedTuple):
    """What a programme did in a year; 0: no year is known."""

    year: int
    done: Counted
    kinds: Sequence[tuple[str, int]]  # what kind of action, and how many
    outcomes: Sequence[tuple[Fact, str]]  # with its words
    promises: int


@blueprint.get("/programmes")
def programmes() -> Response:
    change = open_change.opened_for(NewProgramme()) if request.args.get("change") == NEW and may_record() else None
    return open_change.alone(change) if change and wants_fragment() else programmes_page(change)


def programmes_page(change: OpenChange | None = None, status: int = 200) -> Response:
    with reading() as connection:
        found = read.find(connection, known())
        return page(
            "programmes/programmes.html",
            status=status,
            change=change,
            may_record=may_record(),
            programmes=rows(connection, found),
        )


def may_record() -> bool:
    return at().is_now and rights.may("programmes.record")


@blueprint.post("/programmes")
def begin() -> Response:
    return changes.sent(NewProgramme())


@blueprint.post("/programmes/<uuid:id>/changes")
def record(id: UUID) -> Response:
    with reading() as connection:
        known_programme(connection, id)
    return changes.sent(ProgrammeOf(id))


@blueprint.get("/programmes/<uuid:id>")
def programme(id: UUID) -> Response:
    with reading() as connection:
        known_programme(connection, id)
    asks = request.args.get("change") == LIFE and may_record()
    change = open_change.opened_for(ProgrammeOf(id)) if asks else None
    return open_change.alone(change) if change and wants_fragment() else programme_page(id, change)


def known_programme(connection: Connection, id: UUID) -> Programme:
    found = read.programme(connection, id, known())
    if found is None:
        abort(not_known_yet() if known() is not None and read.programme(connection, id) else 404)
    return found


def programme_page(id: UUID, change: OpenChange | None = None, status: int = 200) -> Response:
    with reading() as connection:
        of = known_programme(connection, id)
        names = Names(connection, known())
        mine = campaigns_read.find(connection, at().on, known(), sight=sight(), programme_id=id)
        life = timeline.register(connection, subject=id, known=known(), with_taken_back=False, sight=sight())
        opened = recorded_at([of.position])[of.position].entry
        return page(
            "programmes/programme.html",
            status=status,
            change=change,
            recorded=just_recorded(connection),
            programme=row(of, names) | {"purpose": getattr(opened, "purpose", "")},
            campaigns=campaign_lists.rows(connection, mine),
            years=years(connection, id),
            entries=lines(connection, life, titled=False),
            may_record=may_record(),
            may_close=may_record() and of.closed is None,
        )


def years(connection: Connection, id: UUID) -> list[Year]:
    """The last one first. What lies within no one year stands under none."""
    counted: dict[int, list[Counted]] = defaultdict(list)
    for each in actions.counted(connection, known(), sight=sight(), programme_id=id):
        counted[each.year or 0].append(each)
    facts = campaigns_read.facts_of(connection, RESULTS, known(), sight=sight(), programme_id=id)
    found: dict[int, list[Fact]] = defaultdict(list)
    for fact in (each for of_one in facts.values() for each in of_one if each.drives):
        found[year_of(fact)].append(fact)
    return [told(year, counted[year], found[year]) for year in sorted({*counted, *found}, reverse=True)]


def year_of(fact: Fact) -> int:
    first, last = day(fact.earliest), day(fact.latest)
    return first.year if first and last and first.year == last.year else 0


def told(year: int, counted: Sequence[Counted], facts: Sequence[Fact]) -> Year:
    kinds: dict[str, int] = defaultdict(int)
    for each in counted:
        kinds[each.kind] += each.actions
    outcomes = [each for each in facts if each.kind == "outcome_recorded"]
    recorded = recorded_at([each.position for each in outcomes])
    words = [(each, str(getattr(recorded[each.position].entry, "change", ""))) for each in outcomes]
    return Year(
        year,
        actions.together(counted),
        [(labels.action_kind(kind), number) for kind, number in sorted(kinds.items(), key=lambda one: -one[1])],
        words,
        sum(each.kind == "promise_made" for each in facts),
    )


def page_of(change: OpenChange, status: int) -> Response:
    if not isinstance(change.subject, ProgrammeOf):
        raise TypeError(type(change.subject))
    return programme_page(change.subject.id, change, status)


changes.PAGES |= {ProgrammeOf: page_of, NewProgramme: programmes_page}
