"""The language of a page: asked for, preferred by the account, chosen before, or the browser's."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request
from flask_babel import Babel, get_locale

from webapp import who
from webapp.addresses import safe_address
from webapp.config import LANGUAGES
from webapp.pages import go

COOKIE = "language"
A_YEAR = 365 * 24 * 60 * 60

blueprint = Blueprint("languages", __name__)


def language() -> str:
    known, account = who.config().languages, who.account()
    for wanted in (request.args.get("lang"), account and account.language, request.cookies.get(COOKIE)):
        if wanted in known:
            return str(wanted)
    return request.accept_languages.best_match(known) or known[0]


def locale() -> str:
    """English here is that of Europe: 1 June 2016, not June 1."""
    return {"en": "en_GB"}.get(language(), language())


def shown_language() -> str:
    shown = get_locale()
    return shown.language if shown else "en"


@blueprint.post("/language")
def choose() -> Response:
    answer = go(safe_address(request.form.get("next")))
    chosen = request.form.get("language", "")
    if chosen in who.config().languages:
        answer.set_cookie(COOKIE, chosen, max_age=A_YEAR, secure=who.config().is_https, httponly=True, samesite="Lax")
        account = who.account()
        if account:
            who.accounts().choose_language(account.id, chosen)
    return answer


def offered() -> dict[str, str]:
    """Code and own name of each language of this installation."""
    return {code: LANGUAGES[code] for code in who.config().languages}


def tell_language(answer: Response) -> Response:
    if answer.mimetype == "text/html":
        answer.content_language.add(shown_language())
    return answer


def init_app(app: Flask) -> None:
    Babel(app, locale_selector=locale, timezone_selector=lambda: who.config().timezone)
    app.register_blueprint(blueprint)
    app.after_request(tell_language)
    app.jinja_env.globals.update(languages=offered, language=shown_language)
