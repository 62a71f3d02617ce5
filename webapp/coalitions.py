"""Coalitions: who is in on a day, the ribbons of membership, who may vote, and the coalition's own life."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from domain.refused import Refused
from projections import coalitions as lives
from projections import organisations
from projections.roster import roster
from webapp import membership_forms, open_change, rights
from webapp import ribbons as ribbons_read
from webapp.at_moment import known, reading
from webapp.entry_lines import EntryLine, lines_at
from webapp.languages import shown_language
from webapp.membership_forms import uuid_of
from webapp.moments import at, one_day
from webapp.names import Names
from webapp.open_change import OpenChange
from webapp.pages import page, wants_fragment
from webapp.refusals import sentence
from webapp.roster_lines import SHOWS, counts, roster_lines
from webapp.troubles import not_known_yet

VIEWS = {"roster": "coalitions.coalition", "ribbons": "coalitions.ribbons", "voters": "coalitions.voters"}

blueprint = Blueprint("coalitions", __name__)


class Shown(NamedTuple):
    """A coalition by its name on the day asked for."""

    id: UUID
    name: str
    other_names: Sequence[str]


@blueprint.get("/coalitions")
def coalitions() -> Response:
    with reading() as connection:
        names = Names(connection, known())
        found = organisations.coalitions(connection, at().on, known())
        shown = [
            {
                "id": one.id,
                "name": one.called_now,
                "other_names": names.others(one.id, one.called_now),
                "counts": roster(connection, one.id, at().on, known()).counts,
            }
            for one in found
        ]
    return page("coalitions/coalitions.html", coalitions=shown)


@blueprint.get("/coalitions/<uuid:id>")
def coalition(id: UUID) -> Response:
    asked = request.args.get("change", "")
    change = asked_change(id, asked) if asked and may_record() else None
    if change and wants_fragment():
        part = render_template("coalitions/_change.html", change=change, coalition=known_coalition(id))
        return make_response(part)
    return coalition_page(id, change)


def asked_change(id: UUID, asked: str) -> OpenChange:
    organisation_id = uuid_of(asked)
    if organisation_id is None and asked != membership_forms.NEW:
        abort(404)
    if organisation_id:
        with reading() as connection:
            if not organisations.names_of(connection, organisation_id):
                abort(404)
    return open_change.opened_for(id, organisation_id, request.args.get("event", ""))


def coalition_page(id: UUID, change: OpenChange | None = None, status: int = 200, **more: Any) -> Response:
    """The roster, with a form open in it if there is one."""
    show = request.args.get("show", "")
    with reading() as connection:
        shown = named(connection, id)
        found = roster(connection, id, at().on, known(), shown_language())
        lines = roster_lines(found, show)
        life = lines_at(connection, [deed.position for deed in lived(connection, id)])
        recorded = just_recorded(connection)
    return page(
        "coalitions/coalition.html",
        status=status,
        view="roster",
        coalition=shown,
        certain=[line for line in lines if line.is_certain],
        possible=[line for line in lines if not line.is_certain],
        shown_ids=[line.id for line in lines],
        counts=counts(found),
        show=show if show in SHOWS else "",
        life=life,
        change=change,
        recorded=recorded,
        recorded_id=getattr(recorded.entry, "organisation_id", None) if recorded else None,
        may_record=may_record(),
        **more,
    )


def lived(connection: Connection, id: UUID) -> Iterator[lives.Deed]:
    """What may have happened in its life by the day asked for; of a page as of now, all that is recorded."""
    moment = at()
    for deed in lives.life(connection, id, known()):
        if moment.on == moment.today or deed.earliest is None or deed.earliest <= moment.on:
            yield deed


def just_recorded(connection: Connection) -> EntryLine | None:
    text = request.args.get("recorded", "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        return None
    return next(iter(lines_at(connection, [int(text)])), None)


def may_record() -> bool:
    return at().is_now and rights.may("changes.record")


def known_coalition(id: UUID) -> Shown:
    with reading() as connection:
        return named(connection, id)


def named(connection: Connection, id: UUID) -> Shown:
    """Not found, if there is no such coalition at the moment asked for."""
    state = organisations.state(connection, id, known())
    if state is None or not state.is_coalition:
        abort(not_known_yet() if is_coalition_now(connection, id) else 404)
    names = Names(connection, known())
    name = names.on(id, at().on)
    return Shown(id, name, names.others(id, name))


def is_coalition_now(connection: Connection, id: UUID) -> bool:
    state = organisations.state(connection, id)
    return state is not None and state.is_coalition


@blueprint.get("/coalitions/<uuid:id>/day")
def day(id: UUID) -> Response:
    """A day as people type it, made part of the address."""
    typed = request.args.get("day", "").strip()
    try:
        on = one_day(typed, at().today) if typed else at().today
    except Refused as refused:
        return coalition_page(id, status=422, day_error=sentence(refused), day_typed=typed)
    view = VIEWS.get(request.args.get("view", ""), VIEWS["roster"])
    moment: dict[str, Any] = {} if on == at().today else {"on": on.isoformat()}
    if at().known:
        moment["known"] = at().args["known"]
    return redirect(url_for(view, id=id, **moment), 303)


@blueprint.get("/coalitions/<uuid:id>/timeline")
def ribbons(id: UUID) -> Response:
    with reading() as connection:
        shown = named(connection, id)
        found = ribbons_read.of_coalition(connection, id, at().on, known())
    return page(
        "coalitions/ribbons.html",
        view="ribbons",
        coalition=shown,
        lines=ribbons_read.lines(found, at().on),
        picture=ribbons_read.inline(found, shown.name, at().on, at().today),
        legend=ribbons_read.legend(found),
    )


@blueprint.get("/coalitions/<uuid:id>/timeline.svg")
def ribbons_file(id: UUID) -> Response:
    with reading() as connection:
        shown = named(connection, id)
        found = ribbons_read.of_coalition(connection, id, at().on, known())
    svg = ribbons_read.picture(found, shown.name, at().on, at().today, ribbons_read.FILE_WIDTH)
    answer = make_response(svg)
    answer.headers["Content-Type"] = "image/svg+xml; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="ribbons-{at().on.isoformat()}.svg"'
    return answer


@blueprint.get("/coalitions/<uuid:id>/voters")
def voters(id: UUID) -> Response:
    with reading() as connection:
        shown = named(connection, id)
        lines = roster_lines(roster(connection, id, at().on, known(), shown_language()))
    return page(
        "coalitions/voters.html",
        view="voters",
        coalition=shown,
        voters=[line for line in lines if line.may_vote],
        uncertain=[line for line in lines if line.may_vote is None],
        barred=[line for line in lines if line.may_vote is False and line.is_certain],
    )
