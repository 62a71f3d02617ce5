"""Drafts: kept on the server while somebody types, offered again on return, shown to nobody else."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from babel.dates import format_datetime, get_timezone
from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from domain.refused import Refused
from webapp import rights, who
from webapp.accounts import Account
from webapp.addresses import safe_address
from webapp.blank_forms import BLANK, NOT_TYPED, is_blank, marked
from webapp.change_forms import uuid_of
from webapp.drafts_kept import KEPT_FOR, LONGEST_KEY, Drafts, Kept, Typed, kept_drafts
from webapp.files_kept import attachments
from webapp.kept_forms import KeptForm
from webapp.languages import shown_language
from webapp.pages import go, typed, wants_fragment
from webapp.refusals import sentence, status_of

KEY, TITLE, LONGEST_TITLE = "form_key", "form_title", 300
UNKEPT = (KEY, TITLE, "do", "source_upload")

blueprint = Blueprint("drafts", __name__)


@blueprint.post("/drafts")
def keep() -> Response:
    if not is_form(request.form.get(KEY, "")):
        abort(404)
    if is_blank(typed()):
        return nothing_to_keep()
    try:
        kept = keep_form(_account().id, typed())
    except Refused as refused:
        if not wants_fragment():
            raise
        return make_response(render_template("drafts/_unkept.html", why=sentence(refused)), status_of(refused))
    if wants_fragment():
        return make_response(render_template("drafts/_kept.html", kept=kept))
    if kept is None:
        return go(url_for("desk.desk"))
    flash(gettext("Kept as a draft. You find it on your desk, too."), "good")
    return go(address_of(kept))


def nothing_to_keep() -> Response:
    """What was kept of this form is let go, too; what was kept of another one at its address stays."""
    if command_id := uuid_of(request.form.get("command_id", "")):
        drafts().drop(_account().id, command_id)
    if wants_fragment():
        return make_response("")
    flash(gettext("Nothing is typed into this form yet, so there is nothing to keep."), "warn")
    return go(request.form[KEY])


@blueprint.get("/drafts/<uuid:id>")
def draft(id: UUID) -> Response:
    return go(address_of(_mine(id)))


@blueprint.post("/drafts/<uuid:id>/discard")
def discard(id: UUID) -> Response:
    if not drafts().discard(_account().id, _mine(id).id):
        abort(404)
    return make_response("") if wants_fragment() else go(safe_address(request.form.get("next")))


def drafts() -> Drafts:
    return kept_drafts(who.stores())


def keep_form(account_id: UUID, fields: list[tuple[str, str]], sent_at: datetime | None = None) -> Kept | None:
    """What was typed into a form that opted in; None if it has been recorded meanwhile. `sent_at`: see Drafts.save."""
    told = dict(fields)
    command_id = uuid_of(told.get("command_id", ""))
    if command_id is None or not is_address(told.get(KEY, "")):
        abort(404)
    content = Typed(told.get(TITLE, "")[:LONGEST_TITLE], [pair for pair in fields if pair[0] not in UNKEPT])
    kept = drafts().save(account_id, told[KEY], command_id, content, sent_at)
    if kept:
        attachments(who.stores()).hold(kept.files, KEPT_FOR)
    return kept


def is_address(key: str) -> bool:
    return 0 < len(key) <= LONGEST_KEY and safe_address(key) == key


def is_form(key: str) -> bool:
    """True for the address of a page that this person may open."""
    if not is_address(key):
        return False
    try:
        endpoint, _values = current_app.url_map.bind(request.host).match(urlsplit(key).path, "GET")
    except (HTTPException, RequestRedirect):
        return False
    return rights.may(endpoint)


def resumed() -> Kept | None:
    """The draft with which this page was asked to open its form, if it is mine and of a form on this page."""
    account, id = who.account(), uuid_of(request.args.get("draft", ""))
    kept = drafts().find(account.id, id) if account and id else None
    return kept if kept and urlsplit(kept.form_key).path == request.path else None


def blank_form() -> str:
    """How this form was before anybody typed into it; empty if it opens just now, and is marked with that."""
    kept = resumed()
    return (kept.fields.get(BLANK) or "not known") if kept else request.form.get(BLANK, "")


def begun(form_key: str) -> list[Kept]:
    """What I began to type into this form earlier, and is not what the page shows already."""
    shown = (request.args.get("draft", ""), request.form.get("command_id", ""))
    return [kept for kept in mine(form_key) if str(kept.id) not in shown and str(kept.command_id) not in shown]


def mine(form_key: str | None = None) -> list[Kept]:
    account = who.account()
    return drafts().of(account.id, form_key) if account else []


def address_of(kept: Kept) -> str:
    """The page with its form, filled in."""
    return f"{kept.form_key}{'&' if '?' in kept.form_key else '?'}draft={kept.id}"


def purge_about(*, position: int | None = None, subject: UUID | None = None, command_id: UUID | None = None) -> int:
    """Of everybody: when words are removed, no draft keeps them."""
    return drafts().purge_about(position=position, subject=subject, command_id=command_id)


def go_on(account_id: UUID, form: KeptForm) -> Response | None:
    """After a new sign-in: the form as it was filled in, if it is one that opted in, and no other one was begun at its
    address since."""
    told = dict(form.fields)
    if not is_form(told.get(KEY, "")):
        return None
    if is_blank(form.fields):
        return go(told[KEY])
    try:
        kept = keep_form(account_id, form.fields, form.sent_at)
    except HTTPException:
        return None
    if kept and kept.command_id != uuid_of(told["command_id"]):
        return None
    return go(address_of(kept) if kept else told[KEY])


def keep_for_its_author(form: KeptForm) -> None:
    """Somebody else has signed in: they do not see it, and its author finds it as a draft, if the form opted in."""
    if not is_blank(form.fields):
        with suppress(HTTPException):
            keep_form(form.account_id, form.fields, form.sent_at)


def purge_recorded(answer: Response) -> Response:
    """After each request: what a form has recorded is no draft any more."""
    account = who.account()
    if account and request.method == "POST" and answer.status_code in (204, 303) and KEY in request.form:
        command_id = uuid_of(request.form.get("command_id", ""))
        if command_id and request.blueprint != blueprint.name:
            drafts().purge_recorded(account.id, [command_id])
    return answer


def clock(moment: datetime) -> str:
    """Hour and minute here."""
    return format_datetime(moment, "HH:mm", get_timezone(who.config().timezone), shown_language())


def _mine(id: UUID) -> Kept:
    return drafts().find(_account().id, id) or abort(404)


def _account() -> Account:
    return who.account() or abort(404)


def init_app(app: Flask) -> None:
    app.after_request(purge_recorded)
    app.jinja_env.filters["clock"] = clock
    app.after_request(marked)
    app.jinja_env.globals.update(
        begun_drafts=begun, my_drafts=mine, resumed_draft=resumed, blank_form=blank_form, not_typed=NOT_TYPED
    )
