"""Taking back an entry with one touch: as if nobody had ever pressed the button, but for the register."""

from __future__ import annotations

from uuid import uuid4

from flask import flash, g, make_response, render_template, url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from domain import amending
from domain.amending import Amended
from domain.entry import Told
from domain.refused import Refused
from projections import campaigns, engine, organisations, programmes, timeline
from projections.timeline import Happening
from webapp import amending_entries, who
from webapp.amending_entries import signed_in, today
from webapp.archive import records
from webapp.at_moment import reading
from webapp.entry_lines import lines_at
from webapp.moments import at
from webapp.pages import go, message, wants_fragment
from webapp.refusals import sentence, status_of
from webapp.sight import sight

OF_WORK = ("campaign.", "programme.", "project.")
OVERTAKEN = "chronicle.someone_was_first"


def together(position: int) -> int:
    """How many entries one touch recorded, and another takes back."""
    counts: dict[int, int] = g.setdefault("recorded_together", {})
    if position not in counts:
        found = amending.recorded_together(who.stores().chronicle, position)
        counts.update(dict.fromkeys([recorded.position for recorded in found], len(found)))
    return counts[position]


def undone(happening: Happening) -> Response:
    """A second touch is answered as the first was."""
    try:
        if happening.state != "undone":
            _record(happening.position)
    except Refused as refused:
        if refused.code in (OVERTAKEN, "entry.superseded") and _is_undone(happening.position):
            return _done(happening.position)
        return _refused(happening, refused)
    return _done(happening.position)


def _record(position: int) -> None:
    told = Told(occurred=today(), recorded_by=signed_in().id, command_id=uuid4())

    def plan() -> Amended:
        with records(who.stores()) as recorded:
            return amending.undo(recorded, position, told, amending_entries.now())

    amending.recorded(who.stores().chronicle, plan)


def _is_undone(position: int) -> bool:
    engine.keep_up(who.stores().chronicle, who.stores().reading)
    with reading() as connection:
        return timeline.lines_at(connection, [position], sight=sight())[position].state == "undone"


def _done(position: int) -> Response:
    engine.keep_up(who.stores().chronicle, who.stores().reading)
    with reading() as connection:
        happening = timeline.lines_at(connection, [position], sight=sight())[position]
        address = where_it_was(connection, happening)
    if wants_fragment():
        return make_response(render_template("amending/_undone.html", entry=happening))
    flash(_said(happening), "good")
    return go(address)


def _said(happening: Happening) -> Markup:
    kept = url_for("register.entry", position=happening.position)
    return Markup('%s <a href="%s">%s</a>') % (
        gettext("Taken back. No page shows it any more; the register keeps it, and that it was taken back."),
        kept,
        gettext("Entry %(number)s", number=happening.position),
    )


def where_it_was(connection: Connection, happening: Happening) -> str:
    """The page of its campaign, programme, coalition or organisation, as far as there still is one."""
    if happening.name.startswith(OF_WORK) or happening.work_id:
        return where_work_was(connection, happening)
    coalition, organisation = happening.coalition_id, happening.organisation_id
    state = organisations.state(connection, coalition) if coalition else None
    if state and state.is_coalition:
        return url_for("coalitions.coalition", id=coalition)
    for id in (coalition, organisation):
        if id and organisations.names_of(connection, id):
            return url_for("organisations.organisation", id=id)
    return url_for("desk.desk")


def where_work_was(connection: Connection, happening: Happening) -> str:
    id = happening.work_id or happening.subject
    if campaigns.campaign(connection, id, at().on, sight=sight()):
        return url_for("campaigns.campaign", id=id)
    if programmes.programme(connection, id):
        return url_for("programmes.programme", id=id)
    return url_for("campaigns.campaigns")


def _refused(happening: Happening, refused: Refused) -> Response:
    in_the_way = refused.details.get("position")
    with reading() as connection:
        built = lines_at(connection, [in_the_way]) if in_the_way else []
    return message(
        "amending/not_undone.html", status_of(refused), entry=happening, told=sentence(refused), in_the_way=built
    )
