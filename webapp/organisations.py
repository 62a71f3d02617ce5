"""Organisations: found by any name, with their names through time, memberships and entries."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, abort, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from projections import organisations as read
from projections import periods as periods_read
from projections import timeline
from projections.organisations import Found, State
from webapp import labels, rights
from webapp.at_moment import known, reading
from webapp.band_lines import periods
from webapp.dates import worded
from webapp.entry_lines import lines
from webapp.languages import shown_language
from webapp.moments import at
from webapp.names import Names
from webapp.pages import page
from webapp.troubles import not_known_yet

LONGEST_SEARCH = 300
ENTRIES = 50

blueprint = Blueprint("organisations", __name__)


@blueprint.get("/organisations")
def organisations() -> Response:
    q = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    with reading() as connection:
        names = Names(connection, known())
        found = read.search(connection, q) if q else read.everyone(connection, known())
        found = read.by_name(found, shown_language())
        near = read.nearest(connection, q) if q and not found else []
        return page(
            "organisations/organisations.html",
            "found",
            q=q,
            organisations=[shown(one, names) for one in found],
            near=[shown(one, names) for one in near],
        )


def shown(found: Found, names: Names) -> dict[str, object]:
    name = names.on(found.id, at().on)
    return {"id": found.id, "name": name, "other_names": names.others(found.id, name)}


def facts(state: State, names: Names) -> Iterator[tuple[str, str | Markup]]:
    """What is known of it beside its names and memberships."""
    if state.kind:
        yield gettext("Kind"), labels.organisation_kind(state.kind)
    if state.founded:
        yield gettext("Founded"), worded(state.founded, shown_language())
    if state.country or state.region:
        yield gettext("Where"), ", ".join(part for part in (state.region, state.country) if part)
    if state.successor_id:
        yield gettext("Merged into"), linked(state.successor_id, names)
    if state.ended_on:
        yield gettext("Its end"), worded(state.ended_on, shown_language())
    for other in state.same_as:
        yield gettext("The same as"), linked(other, names)


def linked(id: UUID, names: Names) -> Markup:
    address = url_for("organisations.organisation", id=id, **at().args)
    return Markup('<a href="%s">%s</a>') % (address, names.on(id, at().on))


@blueprint.get("/organisations/<uuid:id>")
def organisation(id: UUID) -> Response:
    moment = at()
    with reading() as connection:
        state = read.state(connection, id, known())
        if state is None:
            abort(not_known_yet() if read.state(connection, id) else 404)
        names = Names(connection, known())
        mine = timeline.timeline(connection, organisation_id=id, known=known(), limit=ENTRIES + 1)
        ribbons = periods_read.of_organisation(connection, id, known())
        return page(
            "organisations/organisation.html",
            organisation={"id": id, "name": names.on(id, moment.on), "is_coalition": state.is_coalition},
            facts=list(facts(state, names)),
            names=[
                {"called": name.called, "since": name.since and worded(name.since, shown_language())}
                for name in names.of(id)
            ],
            memberships=[
                {
                    "id": ribbon.coalition_id,
                    "name": names.on(ribbon.coalition_id, moment.on),
                    "periods": periods(ribbon.bands, moment.on),
                }
                for ribbon in ribbons
            ],
            entries=lines(connection, mine[:ENTRIES]),
            more=url_for("timeline.timeline", organisation=id, **moment.args) if len(mine) > ENTRIES else "",
            may_record=moment.is_now and rights.may("changes.record"),
        )
