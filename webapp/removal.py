"""Words of an entry removed for ever: asked with a reason and a tick, done at once, and what remains to be done."""

from __future__ import annotations

from uuid import uuid5

import structlog
from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from domain.chronicle import ChronicleUnavailable
from domain.chronicle.vault import Erased
from domain.refused import Refused
from domain.removal import WordsRemoved
from projections import engine
from projections.timeline import Happening
from webapp import removal_forms, removal_traces, who
from webapp.amending_entries import entry_at
from webapp.at_moment import reading
from webapp.pages import go, page
from webapp.refusals import sentence, status_of
from webapp.removal_forms import OpenRemoval
from webapp.removed_words import removal_of

TRIES = 5

log = structlog.get_logger()
blueprint = Blueprint("removal", __name__)


@blueprint.get("/register/<int:position>/remove-words")
def ask(position: int) -> Response:
    return shown(position, opened(entry_at(position)))


@blueprint.post("/register/<int:position>/remove-words")
def remove(position: int) -> Response:
    form = opened(entry_at(position))
    if already_recorded(form):
        return done(position)
    removal_forms.check(form)
    if form.errors:
        return shown(position, form, 422)
    try:
        erase(recorded(form))
    except Refused as refused:
        form.errors[""] = sentence(refused)
        return shown(position, form, status_of(refused))
    return done(position)


def opened(happening: Happening) -> OpenRemoval:
    with reading() as connection:
        return removal_forms.opened(connection, happening)


def already_recorded(form: OpenRemoval) -> bool:
    """The same form sent twice is answered as it was the first time."""
    found = who.stores().chronicle.recorded(uuid5(form.command_id, "0"))
    return found is not None and isinstance(found[1], WordsRemoved)


def recorded(form: OpenRemoval) -> list[WordsRemoved]:
    """No rule depends on what somebody recorded meanwhile: then it is planned anew."""
    for left in reversed(range(TRIES)):
        planned = removal_forms.planned(form)
        try:
            who.stores().chronicle.record(*planned)
        except Refused as refused:
            if refused.code != "chronicle.someone_was_first" or not left:
                raise
        else:
            return planned
    raise AssertionError(TRIES)


def erase(removed: list[WordsRemoved]) -> None:
    """It is recorded: where the vault is away just now, it is done within a second of its coming back."""
    try:
        removal_traces.erase(who.stores(), {(e.originator_id, e.of): e for e in removed})
    except ChronicleUnavailable as unavailable:
        log.warning("removed words not yet erased", reason=unavailable.reason)
    engine.keep_up(who.stores().chronicle, who.stores().reading)


def done(position: int) -> Response:
    return go(url_for("removal.ask", position=position))


def shown(position: int, form: OpenRemoval, status: int = 200) -> Response:
    recorded = who.stores().chronicle.at([position], words=False)[position]
    is_removed = removal_of(recorded) is not None
    key = who.stores().chronicle.vault.find([recorded.sealed_by])[recorded.sealed_by] if recorded.sealed_by else None
    return page(
        "removal/removed.html" if is_removed else "removal/remove.html",
        status=status,
        form=form,
        entry=form.entry,
        has_words=recorded.sealed_by is not None,
        is_erased=isinstance(key, Erased),
        is_final=isinstance(key, Erased) and key.is_final,
    )
