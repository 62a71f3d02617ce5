"""Signing in and out; a form that was sent after its session had ended is kept and can be sent again."""

from __future__ import annotations

from time import time

from flask import Blueprint, Flask, Response, flash, g, request, session, url_for
from flask_babel import gettext
from flask_limiter import Limiter, RequestLimit
from flask_limiter.util import get_remote_address

from domain.refused import Refused
from webapp import drafts, kept_forms, rights, who
from webapp.accounts import Account, folded
from webapp.addresses import safe_address, this_address
from webapp.pages import go, message, page, wants_fragment
from webapp.security import SAFE
from webapp.sent_forms import has_files

KEPT = "kept"
PER_ADDRESS = "30/minute;120/hour"
PER_ACCOUNT = "50/hour"
PER_ACCOUNT_AND_ADDRESS = "10/15minutes"

blueprint = Blueprint("signing_in", __name__)
limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")


def was_refused(answer: Response) -> bool:
    return answer.status_code == 422


def too_often(limit: RequestLimit) -> Response:
    answer = form(429, problem=gettext("Too many attempts. Wait a few minutes, then try again."))
    answer.headers["Retry-After"] = str(max(1, int(limit.reset_at - time())))
    return answer


def _asked_account() -> str:
    return "account:" + folded(request.form.get("email", ""))


def _asked_account_from_here() -> str:
    return f"{_asked_account()} from {get_remote_address()}"


@blueprint.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(PER_ADDRESS, methods=["POST"], deduct_when=was_refused, on_breach=too_often)
@limiter.limit(PER_ACCOUNT, key_func=_asked_account, methods=["POST"], deduct_when=was_refused, on_breach=too_often)
@limiter.limit(
    PER_ACCOUNT_AND_ADDRESS,
    key_func=_asked_account_from_here,
    methods=["POST"],
    deduct_when=was_refused,
    on_breach=too_often,
)
def sign_in() -> Response:
    if request.method == "GET":
        return go(safe_address(request.args.get("next"))) if who.account() else form(200)
    if "email" not in request.form:
        return form(200)
    known = who.accounts().who_proves(request.form.get("email", ""), request.form.get("password", ""))
    if known is None:
        return form(422, problem=gettext("This e-mail address and password do not match."))
    g.account = known
    return who.let_in(_after_signing_in(known), known)


def _after_signing_in(known: Account) -> Response:
    sealed = request.form.get(KEPT, "")
    if not sealed:
        return go(safe_address(request.form.get("next")))
    kept = kept_forms.opened(sealed)
    if kept is None or kept.account_id != known.id:
        if kept:
            drafts.keep_for_its_author(kept)
        flash(gettext("What was typed before you signed in is not shown: only who typed it can go on with it."), "warn")
        return go(url_for("desk.desk"))
    if kept.had_files:
        flash(gettext("The files have to be chosen again: they were not kept."), "warn")
    return drafts.go_on(known.id, kept) or page("signing_in/go_on.html", address=kept.address, kept=kept.fields)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    session.clear()
    return who.let_out(go(url_for("signing_in.sign_in", out=1)))


def form(status: int, problem: str = "") -> Response:
    return page(
        "signing_in/sign_in.html",
        status=status,
        problem=problem,
        email=request.form.get("email", ""),
        next=request.values.get("next", ""),
        kept=request.form.get(KEPT, ""),
    )


def ask_to_sign_in() -> Response | None:
    """To who is not signed in: the same for every address, whether or not it exists."""
    if who.account() or not rights.is_refused():
        return None
    if request.method in SAFE and not wants_fragment():
        return go(url_for("signing_in.sign_in", next=this_address()))
    kept = "" if request.method in SAFE else kept_forms.kept()
    if wants_fragment():
        return message("signing_in/ended.html", 401, kept=kept, had_files=has_files())
    return page("signing_in/sign_in.html", status=401, problem="", email="", next="", kept=kept, had_files=has_files())


def refuse_anothers() -> None:
    """A page that somebody else left open in this browser records nothing in my name, and shows me nothing."""
    if request.method not in SAFE and kept_forms.is_anothers():
        raise Refused("form.of_another")


def init_app(app: Flask) -> None:
    limiter.init_app(app)
    app.register_blueprint(blueprint)
