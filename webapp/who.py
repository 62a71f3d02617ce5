"""Who asks: the account behind the session cookie of this request, or nobody."""

from __future__ import annotations

import structlog
from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import InternalError, OperationalError

from webapp.accounts import LONGEST, Account, Accounts, OpenSession
from webapp.config import Config
from webapp.stores import Stores

NOBODY = "nobody"

log = structlog.get_logger()


def config() -> Config:
    found: Config = current_app.extensions["kronika.config"]
    return found


def stores() -> Stores:
    found: Stores = current_app.extensions["kronika.stores"]
    return found


def accounts() -> Accounts:
    return Accounts(stores().accounts)


def account() -> Account | None:
    found: Account | None = g.get("account")
    return found


def role() -> str:
    known = account()
    return known.role if known else NOBODY


def cookie_name(config: Config) -> str:
    return "__Host-kronika" if config.is_https else "kronika"


def session_token() -> str | None:
    return request.cookies.get(cookie_name(config()))


def recognise() -> None:
    """Before each request: look up the holder of the cookie."""
    token = None if request.endpoint in ("static", "health.alive") else session_token()
    found = accounts().who_holds(token) if token else None
    if found:
        g.account, opened = found
        _note_seen(opened)


def _note_seen(opened: OpenSession) -> None:
    """Reading goes on when nothing can be written."""
    try:
        accounts().note_seen(opened)
    except (OperationalError, InternalError) as error:
        log.warning("session time not noted", exc_info=error)


def let_in(answer: Response, known: Account) -> Response:
    token = accounts().begin(known.id, request.remote_addr, request.user_agent.string)
    answer.set_cookie(
        cookie_name(config()),
        token,
        max_age=LONGEST,
        secure=config().is_https,
        httponly=True,
        samesite="Lax",
    )
    return answer


def let_out(answer: Response) -> Response:
    token = session_token()
    if token:
        accounts().end(token)
    answer.delete_cookie(cookie_name(config()), secure=config().is_https, httponly=True, samesite="Lax")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"account": account()})
