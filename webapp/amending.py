"""Amending an entry from its page: taken back, struck out, corrected, told otherwise, another account preferred."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from domain import amending
from domain.amending import Amended
from domain.refused import Refused
from domain.removal import WordsRemoved
from projections import engine, timeline
from projections.timeline import Happening
from webapp import amending_forms, amending_undo, drafts, who
from webapp.amending_contents import CONTENTS
from webapp.amending_entries import entry_at
from webapp.amending_forms import OpenAmendment, What
from webapp.amending_plans import opened, planned
from webapp.at_moment import reading
from webapp.entry_lines import EntryLine, in_time, lines, lines_at
from webapp.pages import go, page
from webapp.refusals import sentence
from webapp.sight import sight

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
        (last,) = timeline.register(connection, subject=happening.subject, limit=1, sight=sight())
    kept = drafts.resumed() if request.method == "GET" else None
    if request.method == "GET" and kept is None:
        amendment = amending_forms.blank(what, entry, last.version)
        opened(amendment)
        if what in CONTENTS and happening.taken_out_by:
            amendment.errors[""] = sentence(Refused("entry.superseded", of=happening.version))
        return shown(amendment)
    amendment = amending_forms.sent(what, entry, kept.fields if kept else request.form)
    if request.form.get("do") == "save":
        return already_recorded(amendment) or decided(amendment, happening.subject)
    planned(amendment)
    return shown(amendment)


def shown(amendment: OpenAmendment, status: int = 200) -> Response:
    with reading() as connection:
        amendment.with_it = sorted(lines_at(connection, amendment.also), key=in_time)
    is_typing = request.form.get("do") == "preview"
    block = "preview" if is_typing else "amendment"
    return page("amending/amend.html", block, status=status, amendment=amendment, is_typing=is_typing)


def already_recorded(amendment: OpenAmendment) -> Response | None:
    """The same form sent twice is answered as it was the first time."""
    found = who.stores().chronicle.recorded(amendment.command_id)
    return done(amendment, found[0]) if found else None


def decided(amendment: OpenAmendment, subject: UUID) -> Response:
    meanwhile: list[EntryLine] = []

    def plan() -> Amended | None:
        found = planned(amendment)
        meanwhile[:] = recorded_since(subject, amendment.version)
        return None if meanwhile or amendment.errors else found

    try:
        position = amending.recorded(who.stores().chronicle, plan)
    except Refused as refused:
        if refused.code != OVERTAKEN:
            raise
        return already_recorded(amendment) or overtaken(amendment, subject, refused)
    if position:  # of the last of them; the first is what was asked for
        return (already_recorded(amendment) if amendment.also else None) or done(amendment, position)
    if meanwhile:
        return already_recorded(amendment) or someone_was_first(amendment, meanwhile)
    return shown(amendment, RULE)


def recorded_since(subject: UUID, version: int) -> list[EntryLine]:
    """What came into the history after the form was made."""
    engine.keep_up(who.stores().chronicle, who.stores().reading)
    with reading() as connection:
        newest = timeline.register(connection, subject=subject, sight=sight())
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
    leave_out_removed_words(amendment)
    if meanwhile:
        amendment.version = meanwhile[-1].entry.originator_version
    amendment.command_id = uuid4()
    return shown(amendment, FIRST)


def leave_out_removed_words(amendment: OpenAmendment) -> None:
    """A form that was open when the words of its entry were removed does not bring them back."""
    of, form = amendment.entry.entry.originator_version, amendment.form
    removed = any(isinstance(one.entry, WordsRemoved) and one.entry.of == of for one in amendment.meanwhile)
    if form is None or not removed:
        return
    form.typed = {name: text for name, text in form.typed.items() if not name.startswith(form.kind.words)}
    form.files, amendment.compared = (), ()
    said = gettext("The words of this entry were removed meanwhile; they are not in this form any more.")
    amendment.errors[""] = said


def done(amendment: OpenAmendment, position: int) -> Response:
    engine.keep_up(who.stores().chronicle, who.stores().reading)
    return go(url_for("register.entry", position=amendment.position, recorded=position))
