"""Pages for what went wrong: a refusal, a forged or stale form, a missing page, a database that is away, a mistake."""

from __future__ import annotations

from typing import Any, NamedTuple

import structlog
from flask import Flask, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from domain.chronicle import ChronicleUnavailable
from domain.chronicle.unavailable import Reason, reason_of
from domain.refused import Refused
from projections.engine import Outdated
from webapp import logs, measures
from webapp.pages import message, typed
from webapp.refusals import sentence, status_of
from webapp.security import SAFE

UNAVAILABLE = (OperationalError, InternalError, PoolExhausted, ChronicleUnavailable, Outdated)  # the last: upgraded

log = structlog.get_logger()


class Trouble(NamedTuple):
    """What an error page says: what happened, and what to do now."""

    title: str
    sentence: str
    advice: str = ""


def trouble(status: int) -> Trouble:
    return _known_troubles().get(status) or _known_troubles()[500 if status >= 500 else 400]


def _known_troubles() -> dict[int, Trouble]:
    once_more = gettext("Go back, load the page again and try once more.")
    tell = gettext("If it goes on, tell who runs this installation.")
    return {
        400: Trouble(
            gettext("That did not work"), gettext("The request was not understood, and nothing was done."), once_more
        ),
        403: Trouble(
            gettext("Not accepted"),
            gettext("The request came from another site, and nothing was done."),
            gettext("Open Kronika itself and try again there."),
        ),
        404: Trouble(
            gettext("Page not found"),
            gettext("There is no such page, or it is not yours to see."),
            gettext("Check the address, or begin at your desk."),
        ),
        413: Trouble(
            gettext("Too large"),
            gettext("What you sent is larger than Kronika takes at once, and nothing was stored."),
            gettext("Send a smaller file, or divide it."),
        ),
        500: Trouble(
            gettext("Something went wrong"),
            gettext("This is a mistake in Kronika. What you did last may not be stored: look before you repeat it."),
            tell,
        ),
        503: Trouble(
            gettext("The database cannot be used just now"),
            gettext("Nothing was stored. What you typed is kept on this page: wait a minute, then send it again."),
            tell,
        ),
    }


def show_refused(refused: Refused) -> Response:
    """A page or fragment for a refusal that no form has shown beside its field."""
    status = status_of(refused)
    if status == 404:
        return show(404)
    title = gettext("Someone was first") if status == 409 else _not_done()
    asked = request.args.get("on") if refused.code == "moment.not_one_day" and request.method in SAFE else None
    return message("errors/error.html", status, trouble=Trouble(title, sentence(refused)), day_asked=asked)


def not_known_yet() -> Response:
    """To who asks for something at a moment before the first entry about it."""
    told = Trouble(
        gettext("Nothing of it was recorded by then"),
        gettext("The first entry about it was recorded later than the moment that you ask for."),
        gettext("Go back to now, or choose a later moment."),
    )
    return message("errors/error.html", 404, trouble=told)


def _not_done() -> str:
    return str(gettext("That cannot be shown") if request.method in SAFE else gettext("Not recorded"))


def show_forged(_error: CSRFError) -> Response:
    told = Trouble(
        gettext("Please send it once more"),
        gettext("The form was open for too long or came from an older page, and nothing was stored."),
    )
    return message("errors/error.html", 400, trouble=told, again=typed(), afresh=True)


def show_http(error: HTTPException) -> Response:
    if isinstance(error.response, Response):
        return error.response
    answer = show(error.code or 500)
    answer.headers.extend([(n, v) for n, v in error.get_headers() if n in ("Allow", "Retry-After", "WWW-Authenticate")])
    return answer


def show_unavailable(error: Exception) -> Response:
    """Gone, locked, read-only or full: nothing was stored, and what was typed can be sent again."""
    reason = why_away(error)
    measures.of_app().unavailable.labels(reason).inc()
    log.error("database unavailable", number=logs.number(), reason=reason, exc_info=error)
    answer = show(503, again=typed())
    answer.headers["Retry-After"] = "60"
    return answer


def why_away(error: Exception) -> Reason:
    if isinstance(error, ChronicleUnavailable):
        return error.reason
    if isinstance(error, DBAPIError) and error.orig:
        return reason_of(error.orig)
    return "locked" if isinstance(error, PoolExhausted) else "failing"


def show_unforeseen(error: InternalServerError) -> Response:
    number = logs.number()
    log.error("unforeseen error", number=number, exc_info=error.original_exception or error)
    return show(500, number=number)


def show(status: int, **context: Any) -> Response:
    return message("errors/error.html", status, trouble=trouble(status), **context)


def init_app(app: Flask) -> None:
    app.register_error_handler(Refused, show_refused)
    app.register_error_handler(CSRFError, show_forged)
    app.register_error_handler(HTTPException, show_http)
    for unavailable in UNAVAILABLE:
        app.register_error_handler(unavailable, show_unavailable)
    app.register_error_handler(InternalServerError, show_unforeseen)
