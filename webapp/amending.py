"""Amending an entry from its page: taken back, struck out, corrected, told otherwise, another account preferred."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from domain.amending import Amended
from domain.refused import Refused
from projections import engine, timeline
from projections.timeline import Happening
from webapp import amending_forms, amending_undo, drafts, who
from webapp.amending_entries import entry_at
from webapp.amending_forms import OpenAmendment, What
from webapp.amending_plans import opened, planned
from webapp.at_moment import reading
from webapp.entry_lines import EntryLine, lines, lines_at
from webapp.pages import go, page
from webapp.refusals import sentence

FIRST, RULE = 409, 422
OVERTAKEN = "chronicle.someone_was_first"
BOTH = ("GET", "POST")

blueprint = Blueprint("amending", __name__)
blueprint.app_context_processor(
    lambda: {"amending_reasons": amending_forms.reasons, "recorded_together": amending_undo.together}
)


@blueprint.post("/register/<int:position>/undo")
def undo(position: int) -> Response:
    return amending_undo.undone(entry_at(position))


@blueprint.route("/register/<int:position>/strike", methods=BOTH)
def strike(position: int) -> Response:
    return answered("strike", entry_at(position))


@blueprint.route("/register/<int:position>/correct", methods=BOTH)
def correct(position: int) -> Response:
    return answered("correct", entry_at(position))


@blueprint.route("/register/<int:position>/dispute", methods=BOTH)
def dispute(position: int) -> Response:
    return answered("dispute", entry_at(position))


@blueprint.route("/register/<int:position>/prefer", methods=BOTH)
def prefer(position: int) -> Response:
    return answered("prefer", entry_at(position))


def answered(what: What, happening: Happening) -> Response:
    """The form with what it would change; or, sent to be saved, its answer."""
    with reading() as connection:
        (entry,) = lines(connection, [happening])
        (last,) = timeline.register(connection, subject=happening.subject, limit=1)
    kept = drafts.resumed() if request.method == "GET" else None
    if request.method == "GET" and kept is None:
        amendment = amending_forms.blank(what, entry, last.version)
        opened(amendment)
        return shown(amendment)
    amendment = amending_forms.sent(what, entry, last.version, kept.fields if kept else request.form)
    if request.form.get("do") == "save":
        return already_recorded(amendment) or decided(amendment, happening.subject)
    planned(amendment)
    return shown(amendment)


def shown(amendment: OpenAmendment, status: int = 200) -> Response:
    with reading() as connection:
        amendment.with_it = lines_at(connection, amendment.also)
    is_typing = request.form.get("do") == "preview"
    block = "preview" if is_typing else "amendment"
    return page("amending/amend.html", block, status=status, amendment=amendment, is_typing=is_typing)


def already_recorded(amendment: OpenAmendment) -> Response | None:
    """The same form sent twice is answered as it was the first time."""
    found = who.stores().chronicle.recorded(amendment.command_id)
    return done(amendment, found[0]) if found else None


def decided(amendment: OpenAmendment, subject: UUID) -> Response:
    plan = planned(amendment)
    meanwhile = recorded_since(subject, amendment.version)
    if meanwhile:
        return already_recorded(amendment) or someone_was_first(amendment, meanwhile)
    if plan is None or amendment.errors:
        return shown(amendment, RULE)
    try:
        return done(amendment, record(plan))
    except Refused as refused:
        if refused.code != OVERTAKEN:
            raise
        return already_recorded(amendment) or overtaken(amendment, subject, refused)


def record(plan: Amended) -> int:
    return who.stores().chronicle.record(*plan.entries)


def recorded_since(subject: UUID, version: int) -> list[EntryLine]:
    """What came into the history after the form was made."""
    engine.keep_up(who.stores().chronicle, who.stores().reading)
    with reading() as connection:
        newest = timeline.register(connection, subject=subject)
        return lines(connection, [one for one in reversed(newest) if one.version > version])


def overtaken(amendment: OpenAmendment, subject: UUID, refused: Refused) -> Response:
    """Between the check and the recording; or in another history that it touches, which the form does not know."""
    meanwhile = recorded_since(subject, amendment.version)
    planned(amendment)
    if not meanwhile:
        amendment.errors[""] = sentence(refused)
    return someone_was_first(amendment, meanwhile)


def someone_was_first(amendment: OpenAmendment, meanwhile: list[EntryLine]) -> Response:
    """What was recorded meanwhile, the form as it was filled in, and whether it is still possible."""
    amendment.meanwhile = meanwhile
    if meanwhile:
        amendment.version = meanwhile[-1].entry.originator_version
    amendment.command_id = uuid4()
    return shown(amendment, FIRST)


def done(amendment: OpenAmendment, position: int) -> Response:
    engine.keep_up(who.stores().chronicle, who.stores().reading)
    return go(url_for("register.entry", position=amendment.position, recorded=position))
