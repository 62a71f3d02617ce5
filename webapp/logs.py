"""What does Kronika write down of its own work? A line of JSON an event on stderr: no content, names or addresses."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, MutableMapping
from hmac import new as hmac
from time import perf_counter
from traceback import FrameSummary, extract_tb
from types import TracebackType
from typing import Any
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

from webapp import measures, who

NO_PAGE = "none"
ASKED_OFTEN = ("health", "measures")
DEEPEST = 40  # frames of one error

log = structlog.get_logger()


def configure(app: Flask) -> None:
    """For a process that serves; what other libraries log goes the same way."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            where_it_failed,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[Forwarded(logging.WARNING)], level=logging.WARNING, force=True)
    app.after_request(write_down)


class Forwarded(logging.Handler):
    """A library's own line, without what was filled into it."""

    def emit(self, record: logging.LogRecord) -> None:
        log.log(record.levelno, str(record.msg), logger=record.name, exc_info=record.exc_info)


Event = MutableMapping[str, Any]


def where_it_failed(_logger: object, _method: str, event: Event) -> Event:
    """Of an error its kind and the lines it passed through. What it says may quote what somebody wrote."""
    told = event.pop("exc_info", None)
    error = sys.exc_info()[1] if told is True else told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        event["error"] = [
            {"kind": type(each).__qualname__, "at": [_line(frame) for frame in _frames(each.__traceback__)]}
            for each in _with_causes(error)
        ]
    return event


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    """An error, what led to it, and so on."""
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        yield at
        at = at.__cause__ or at.__context__


def _frames(at: TracebackType | None) -> list[FrameSummary]:
    return list(extract_tb(at))[-DEEPEST:]


def _line(frame: FrameSummary) -> str:
    return f"{frame.filename}:{frame.lineno} {frame.name}"


# Requests


def begin() -> None:
    g.began, g.number = perf_counter(), uuid4().hex[:12]


def number() -> str:
    """By which the lines of this request are found."""
    found: str = g.number
    return found


def count(answer: Response) -> Response:
    measures.of_app().answered(request.endpoint or NO_PAGE, answer.status_code, perf_counter() - g.began)
    answer.headers["X-Request-Id"] = number()
    return answer


def write_down(answer: Response) -> Response:
    """Not its address, which says whose page it was. Who only asks every few seconds whether we live is left out."""
    if request.blueprint in ASKED_OFTEN and answer.status_code == 200:
        return answer
    log.info(
        "request",
        number=number(),
        endpoint=request.endpoint or NO_PAGE,
        method=request.method,
        status=answer.status_code,
        milliseconds=round((perf_counter() - g.began) * 1000, 1),
        account=_alias(),
    )
    return answer


def _alias() -> str | None:
    """The same for the same account, and of no use without the secret of this installation."""
    account = who.account()
    if account is None:
        return None
    return hmac(who.config().secret_key.encode(), b"kronika/log\n" + account.id.bytes, "sha256").hexdigest()[:12]


def init_app(app: Flask) -> None:
    """In front of everything else: what it counts begins with it and ends with it."""
    app.before_request(begin)
    app.after_request(count)
    app.log_exception = _said_elsewhere  # type: ignore[method-assign]  # Flask's own line repeats what the error says


def _said_elsewhere(exc_info: object) -> None:
    """`troubles` logs it, with its number and without its words."""
