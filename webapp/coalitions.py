"""Coalitions: who is in on a day, the ribbons of membership, who may vote, and the coalition's own life."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from domain.refused import Refused
from projections import coalitions as lives
from projections import organisations
from projections.roster import SHOWS, roster, whoever
from projections.sight import LEAST
from projections.tallies import tallies
from webapp import open_change, rights
from webapp.at_moment import known, reading
from webapp.change_forms import uuid_of
from webapp.change_subjects import LIFE, LifeOf, MembershipOf, NewOne
from webapp.entry_lines import just_recorded, lines_at, recorded_at
from webapp.languages import shown_language
from webapp.moments import at, one_day
from webapp.named_coalition import Shown, named
from webapp.named_organisations import NEW
from webapp.names import Names
from webapp.open_change import OpenChange
from webapp.pages import page, wants_fragment
from webapp.refusals import sentence
from webapp.ribbon_pages import kept, ribbon_page, ribbons_file, ribbons_table
from webapp.roster_lines import begun_by, beside_the_same, counts, counts_of_some, roster_lines, wanted
from webapp.what_changed import changes_since

VIEWS = {"roster": "coalitions.coalition", "ribbons": "coalitions.ribbons", "voters": "coalitions.voters"}

blueprint = Blueprint("coalitions", __name__)


@blueprint.get("/coalitions")
def coalitions() -> Response:
    change = open_change.opened_for(NewOne(True)) if request.args.get("change") == NEW and may_record() else None
    return open_change.alone(change) if change and wants_fragment() else coalitions_page(change)


def coalitions_page(change: OpenChange | None = None, status: int = 200) -> Response:
    """The list, with the form for a new one open in it if there is one."""
    with reading() as connection:
        found = organisations.coalitions(connection, at().on, known())
        ids = [one.id for one in found]
        names, numbers = Names(connection, known()).met(ids), tallies(connection, ids, at().on, known())
        shown = [
            {
                "id": one.id,
                "name": one.called_now,
                "other_names": names.others(one.id, one.called_now),
                "counts": counts_of_some(numbers[one.id]),
            }
            for one in found
        ]
    return page("coalitions/coalitions.html", status=status, coalitions=shown, change=change, may_record=may_record())


@blueprint.get("/coalitions/<uuid:id>")
def coalition(id: UUID) -> Response:
    asked = request.args.get("change", "")
    change = asked_change(id, asked) if asked and may_record() else None
    if change and wants_fragment():
        return open_change.alone(change)
    return coalition_page(id, change)


def asked_change(id: UUID, asked: str) -> OpenChange:
    known_coalition(id)
    organisation_id = uuid_of(asked)
    if asked == LIFE:
        return open_change.opened_for(LifeOf(id, True), request.args.get("event", ""))
    if organisation_id is None and asked != NEW:
        abort(404)
    if organisation_id:
        with reading() as connection:
            if not organisations.names_of(connection, organisation_id):
                abort(404)
    return open_change.opened_for(MembershipOf(id, organisation_id), request.args.get("event", ""))


def coalition_page(id: UUID, change: OpenChange | None = None, status: int = 200, **more: Any) -> Response:
    """The roster, with a form open in it if there is one."""
    show = request.args.get("show", "")
    with reading() as connection:
        shown = named(connection, id)
        found = roster(connection, id, at().on, known(), shown_language())
        life_by_then = list(lived(connection, id))
        places, deeds = wanted(found, show), [deed.position for deed in life_by_then]
        recorded = recorded_at([*begun_by(places), *deeds])
        lines = beside_the_same(roster_lines(places, recorded), same_in(connection, id))
        life = lines_at(connection, deeds, recorded, LEAST)  # no campaign is among them
        new = just_recorded(connection)
    return page(
        "coalitions/coalition.html",
        status=status,
        view="roster",
        coalition=shown,
        certain=[line for line in lines if line.is_certain],
        possible=[line for line in lines if not line.is_certain],
        shown_ids=[line.id for line in lines],
        counts=counts(found.numbers),
        show=show if show in SHOWS else "",
        life=life,
        dissolved=next((line for line in life if line.position in ended_by(life_by_then)), None),
        change=change,
        recorded=new,
        recorded_id=getattr(new.entry, "organisation_id", None) if new else None,
        opens_life=isinstance(change.subject, LifeOf) if change else False,
        may_record=may_record(),
        **more,
    )


def lived(connection: Connection, id: UUID) -> Iterator[lives.Deed]:
    """What may have happened in its life by the day asked for; of a page as of now, all that is recorded."""
    moment = at()
    for deed in lives.life(connection, id, known()):
        if moment.on == moment.today or deed.earliest is None or deed.earliest <= moment.on:
            yield deed


def ended_by(life: Iterable[lives.Deed]) -> set[int]:
    """The entry that says that it was dissolved by the day asked for."""
    return {
        deed.position
        for deed in life
        if deed.kind == "dissolved"
        and deed.variant == "preferred"
        and (deed.earliest is None or deed.earliest <= at().on)
    }


def same_in(connection: Connection, id: UUID) -> dict[UUID, frozenset[UUID]]:
    return organisations.joined_among(connection, whoever(id), known())


def may_record() -> bool:
    return at().is_now and rights.may("changes.record")


def known_coalition(id: UUID) -> Shown:
    with reading() as connection:
        return named(connection, id)


@blueprint.get("/coalitions/<uuid:id>/day")
def day(id: UUID) -> Response:
    """A day as people type it, made part of the address."""
    typed = request.args.get("day", "").strip()
    try:
        on = one_day(typed, at().today) if typed else at().today
    except Refused as refused:
        show = ribbon_page if request.args.get("view") == "ribbons" else coalition_page
        return show(id, status=422, day_error=sentence(refused), day_typed=typed)
    view = VIEWS.get(request.args.get("view", ""), VIEWS["roster"])
    moment: dict[str, Any] = {} if on == at().today else {"on": on.isoformat()}
    if at().known:
        moment["known"] = at().args["known"]
    if view == VIEWS["ribbons"]:
        moment |= kept()
    return redirect(url_for(view, id=id, **moment), 303)


@blueprint.get("/coalitions/<uuid:id>/timeline")
def ribbons(id: UUID) -> Response:
    return ribbon_page(id)


blueprint.add_url_rule("/coalitions/<uuid:id>/timeline.svg", view_func=ribbons_file)
blueprint.add_url_rule("/coalitions/<uuid:id>/timeline.csv", view_func=ribbons_table)
blueprint.add_url_rule("/coalitions/<uuid:id>/changes-since", view_func=changes_since)


@blueprint.get("/coalitions/<uuid:id>/voters")
def voters(id: UUID) -> Response:
    with reading() as connection:
        shown = named(connection, id)
        places = roster(connection, id, at().on, known(), shown_language()).rows
        lines = beside_the_same(roster_lines(places, recorded_at(begun_by(places))), same_in(connection, id))
    return page(
        "coalitions/voters.html",
        view="voters",
        coalition=shown,
        voters=[line for line in lines if line.may_vote],
        uncertain=[line for line in lines if line.may_vote is None],
        twice=[line for line in lines if line.same],
        barred=[line for line in lines if line.may_vote is False and line.is_certain],
    )
