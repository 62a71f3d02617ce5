"""Signing in and out; a form that was sent after its session had ended is kept and can be sent again."""

from __future__ import annotations

from time import time

from flask import Blueprint, Flask, Response, request, session, url_for
from flask_babel import gettext
from flask_limiter import Limiter, RequestLimit
from flask_limiter.util import get_remote_address

from webapp import rights, who
from webapp.accounts import folded
from webapp.addresses import safe_address, this_address
from webapp.pages import go, message, page, typed, wants_fragment
from webapp.security import SAFE

KEPT = "kept."
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
    known = who.accounts().who_proves(request.form.get("email", ""), request.form.get("password", ""))
    if known is None:
        return form(422, problem=gettext("This e-mail address and password do not match."))
    return who.let_in(_after_signing_in(), known)


def _after_signing_in() -> Response:
    address = safe_address(request.form.get("next"))
    if "again" in request.form:
        return page("signing_in/go_on.html", address=address, kept=kept_fields())
    return go(address)


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
        again="again" in request.form,
        kept=kept_fields(),
    )


def kept_fields() -> list[tuple[str, str]]:
    fields = request.form.items(multi=True)
    return [(name.removeprefix(KEPT), value) for name, value in fields if name.startswith(KEPT)]


def ask_to_sign_in() -> Response | None:
    """To who is not signed in: the same for every address, whether or not it exists."""
    if who.account() or not rights.is_refused():
        return None
    if wants_fragment():
        return message("signing_in/ended.html", 401)
    if request.method in SAFE:
        return go(url_for("signing_in.sign_in", next=this_address()))
    return page(
        "signing_in/sign_in.html", status=401, problem="", email="", next=this_address(), again=True, kept=typed()
    )


def init_app(app: Flask) -> None:
    limiter.init_app(app)
    app.register_blueprint(blueprint)
