"""Organisations: found by any name, with their names through time, memberships and entries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from domain.history import holding
from domain.organisation import OrganisationSameAs
from projections import organisations as read
from projections import periods as periods_read
from projections import programmes as programmes_read
from projections import timeline
from projections.organisations import Found, State
from projections.periods import Ribbon
from webapp import campaign_lists, contacts, labels, open_change, rights, who
from webapp.at_moment import known, reading
from webapp.band_lines import periods
from webapp.change_forms import uuid_of
from webapp.change_subjects import LIFE, LifeOf, NewOne
from webapp.chosen_organisation import AT_MOST
from webapp.dates import worded
from webapp.entry_lines import just_recorded, lines, recorded_at
from webapp.languages import shown_language
from webapp.moments import at
from webapp.named_organisations import NEW
from webapp.names import Names
from webapp.open_change import OpenChange
from webapp.pages import page, wants_fragment
from webapp.programme_lists import rows as programme_rows
from webapp.sight import sight
from webapp.troubles import not_known_yet
from webapp.works import works_of

LONGEST_SEARCH = 300
A_PAGE, ENTRIES = 100, 50

blueprint = Blueprint("organisations", __name__)


@blueprint.get("/organisations/names")
def names() -> Response:
    """What may be meant by what is being typed into a field of that name."""
    text = next((request.args[name] for name in ("organisation", "subject") if name in request.args), "")
    with reading() as connection:
        found = read.listed(connection, text.strip()[:LONGEST_SEARCH], known(), limit=AT_MOST)
    return page("organisations/_names.html", names=[one.called_now for one in found])


@blueprint.get("/organisations")
def organisations() -> Response:
    change = open_change.opened_for(NewOne(False)) if request.args.get("change") == NEW and may_record() else None
    return open_change.alone(change) if change and wants_fragment() else organisations_page(change)


def organisations_page(change: OpenChange | None = None, status: int = 200) -> Response:
    """Those that were asked for, with the form for a new one open if there is one."""
    q, after = request.args.get("q", "").strip()[:LONGEST_SEARCH], uuid_of(request.args.get("after", ""))
    with reading() as connection:
        listed = read.listed(connection, q, known(), after, A_PAGE + 1)
        found, is_whole = listed[:A_PAGE], len(listed) <= A_PAGE and not after
        near = read.nearest(connection, q) if q and not found else []
        names = Names(connection, known()).met(one.id for one in (*found, *near))
        kept: dict[str, Any] = at().args | ({"q": q} if q else {})
        return page(
            "organisations/organisations.html",
            "found",
            status,
            change=change,
            may_record=may_record(),
            q=q,
            organisations=[shown(one, names) for one in (read.by_name(found, shown_language()) if is_whole else found)],
            number=len(found) if is_whole else read.how_many(connection, q, known()),
            first=url_for("organisations.organisations", **kept) if after else "",
            more=url_for("organisations.organisations", **kept, after=found[-1].id) if len(listed) > A_PAGE else "",
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


def same_facts(connection: Connection, id: UUID, names: Names) -> Iterator[tuple[str, Markup]]:
    """Other records of the same organisation, by this record or by their own; whoever may can part them again."""
    for record in (id, *read.joined_to(connection, id, known())):
        recordings = [r for r in who.stores().chronicle.recordings(record, words=False) if is_known(r.position)]
        positions = {r.entry.originator_version: r.position for r in recordings}
        for e in holding(tuple(r.entry for r in recordings)):
            if isinstance(e, OrganisationSameAs) and id in (record, e.other_id):
                other = e.other_id if record == id else record
                yield gettext("The same as"), linked(other, names) + parting(positions[e.originator_version])


def contact_rows(connection: Connection, id: UUID) -> dict[UUID | None, list[dict[str, Any]]]:
    """Who is written to (None), and who speaks for it in each coalition."""
    present = contacts.present(connection, id, at().on, known())
    recorded = recorded_at([one.position for one in present])
    found: dict[UUID | None, list[dict[str, Any]]] = {}
    for one in present:
        entry, withheld = recorded[one.position].entry, recorded[one.position].words_removed
        fields = {name: getattr(entry, name) for name in ("post", *contacts.HOW_TO_REACH)}
        row = {"position": one.position, "since": entry.occurred, "withheld": withheld, **fields}
        found.setdefault(one.coalition_id, []).append(row)
    return found


def is_in(ribbon: Ribbon) -> bool:
    on = at().on
    return any(
        band.place == "in" and (not band.since or band.since <= on) and (not band.until or on < band.until)
        for band in ribbon.bands
    )


def is_known(position: int) -> bool:
    last = known()
    return last is None or position <= last


def parting(position: int) -> Markup:
    if not may_record():
        return Markup("")
    address = url_for("amending.strike", position=position)
    return Markup(' · <a class="screen-only" href="%s">%s</a>') % (address, gettext("These are two: part them again"))


def linked(id: UUID, names: Names) -> Markup:
    address = url_for("organisations.organisation", id=id, **at().args)
    return Markup('<a href="%s">%s</a>') % (address, names.on(id, at().on))


@blueprint.get("/organisations/<uuid:id>")
def organisation(id: UUID) -> Response:
    known_organisation(id)
    asks = request.args.get("change") == LIFE and may_record()
    change = open_change.opened_for(LifeOf(id, False), request.args.get("event", "")) if asks else None
    return open_change.alone(change) if change and wants_fragment() else organisation_page(id, change)


def may_record() -> bool:
    return at().is_now and rights.may("changes.record")


def known_organisation(id: UUID) -> State:
    """Not found, if there is no such organisation at the moment asked for."""
    with reading() as connection:
        state = read.state(connection, id, known())
        if state is None:
            abort(not_known_yet() if read.state(connection, id) else 404)
        told = timeline.timeline(connection, None, id, known=known(), sight=sight())
        if not told and not read.names_of(connection, id, known()):
            abort(404)  # it was registered by mistake, and that was taken back at once
        return state


def organisation_page(id: UUID, change: OpenChange | None = None, status: int = 200) -> Response:
    """Its page, with a form open in it if there is one."""
    moment, state = at(), known_organisation(id)
    with reading() as connection:
        names = Names(connection, known())
        works = works_of(connection, organisation_id=id)
        mine = timeline.timeline(
            connection, organisation_id=id, works=works, known=known(), limit=ENTRIES + 1, sight=sight()
        )
        ribbons = periods_read.of_organisation(connection, id, known())
        reached = contact_rows(connection, id)
        return page(
            "organisations/organisation.html",
            status=status,
            change=change,
            recorded=just_recorded(connection),
            organisation={"id": id, "name": names.on(id, moment.on), "is_coalition": state.is_coalition},
            facts=[*facts(state, names), *same_facts(connection, id, names)],
            names=[
                {"called": name.called, "since": name.since and worded(name.since, shown_language())}
                for name in names.of(id)
            ],
            contacts=reached.get(None, []),
            memberships=[
                {
                    "id": ribbon.coalition_id,
                    "name": names.on(ribbon.coalition_id, moment.on),
                    "periods": periods(ribbon.bands, moment.on),
                    "delegates": reached.get(ribbon.coalition_id, []) if is_in(ribbon) else [],
                }
                for ribbon in ribbons
            ],
            programmes=programme_rows(connection, programmes_read.find(connection, known(), organisation_id=id)),
            campaigns=campaign_lists.of_organisation(connection, id),
            entries=lines(connection, mine[:ENTRIES]),
            more=url_for("timeline.timeline", organisation=id, **moment.args) if len(mine) > ENTRIES else "",
            may_record=may_record(),
        )
