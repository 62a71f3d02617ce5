"""My desk: how things stand, what ends soon, what was recorded lately."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, request
from flask_babel import gettext
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from domain.membership_entries import Renewed, Suspended, WithdrawalNotified
from projections import organisations, timeline
from projections.due import Due, due
from projections.tallies import tallies
from webapp import logging_actions, rights
from webapp.at_moment import known, reading
from webapp.band_lines import in_words
from webapp.entry_lines import lines
from webapp.languages import shown_language
from webapp.logging_actions import OpenLog
from webapp.moments import at
from webapp.pages import page
from webapp.roster_lines import counts_of_some
from webapp.sight import sight

LATELY, DUE = 10, 30
SOON = timedelta(days=60)

blueprint = Blueprint("desk", __name__)


class DueLine(NamedTuple):
    date: str
    what: str
    organisation: str
    organisation_id: UUID
    coalition_id: UUID
    is_late: bool


@blueprint.get("/")
def desk() -> Response:
    return desk_page(logging_actions.opened_on_desk())


def desk_page(log: OpenLog | None, status: int = 200) -> Response:
    with reading() as connection:
        coalitions = organisations.coalitions(connection, at().on, known())
        numbers = tallies(connection, [one.id for one in coalitions], at().on, known())
        ending = due(connection, at().on, at().on + SOON, known())
        lately = timeline.register(connection, known=known(), limit=LATELY, with_taken_back=False, sight=sight())
        shown = ending if request.args.get("due") == "all" else ending[:DUE]
        return page(
            "desk/desk.html",
            status=status,
            log=log,
            coalitions=[
                {"id": one.id, "name": one.called_now, "numbers": counts_of_some(numbers[one.id])} for one in coalitions
            ],
            due=list(due_lines(connection, shown)),
            due_further=len(ending) - len(shown),
            entries=lines(connection, lately),
            may_record=at().is_now and rights.may("changes.record"),
        )


def due_lines(connection: Connection, ending: Sequence[Due]) -> Iterator[DueLine]:
    names = organisations.names_on(connection, {one.organisation_id for one in ending}, at().on, known())
    said = {
        Suspended.stored_name(): gettext("review of a suspension"),
        Renewed.stored_name(): gettext("end of a term"),
        WithdrawalNotified.stored_name(): gettext("last day of a member"),
    }
    for one in ending:
        yield DueLine(
            in_words(one.day, shown_language()),
            said[one.name],
            names[one.organisation_id],
            one.organisation_id,
            one.coalition_id,
            one.ends < at().on,
        )
