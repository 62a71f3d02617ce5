"""The moment that a page is asked for: `?on=` a day in the world, `?known=` an instant of the chronicle."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec
from flask import Flask, g, request

from domain.refused import Refused, quoted
from domain.typed_dates import read
from webapp import who
from webapp.languages import shown_language

INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?")


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """`on` is today and `known` is None unless the address says otherwise."""

    on: date
    known: datetime | None
    today: date

    @property
    def is_now(self) -> bool:
        return self.on == self.today and self.known is None

    @property
    def args(self) -> dict[str, Any]:
        """For links that stay at this moment: `url_for(endpoint, **at.args)`."""
        on = {"on": self.on.isoformat()} if self.on != self.today else {}
        known = {"known": self.known.astimezone(UTC).isoformat().replace("+00:00", "Z")} if self.known else {}
        return on | known


def at() -> Moment:
    """The moment of this request; Refused when the address names none that can be."""
    if "moment" not in g:
        here = ZoneInfo(who.config().timezone)
        today = datetime.now(here).date()
        g.moment = Moment(on=_day(today), known=_instant(here, today), today=today)
    found: Moment = g.moment
    return found


def _day(today: date) -> date:
    text = request.args.get("on", "").strip()
    return one_day(text, today) if text else today


def one_day(text: str, today: date) -> date:
    """As people type it in the language of the page, or as addresses have it."""
    try:
        named = read(text, shown_language(), today)
    except Refused as error:
        raise Refused("moment.not_one_day", text=quoted(text)) from error
    if named.earliest is None or named.earliest != named.latest:
        raise Refused("moment.not_one_day", text=quoted(text))
    return named.earliest


def _instant(here: ZoneInfo, today: date) -> datetime | None:
    text = request.args.get("known", "").strip()
    if not text:
        return None
    with_offset = re.sub(r"(?<=:\d\d) (?=\d\d:\d\d$)", "+", text)  # "+" typed into an address
    if INSTANT.fullmatch(with_offset):
        return instant(with_offset, here)
    try:
        return instant(one_day(text, today).isoformat(), here)
    except Refused as error:
        raise Refused("moment.unreadable_instant", text=quoted(text)) from error


def instant(text: str, here: ZoneInfo) -> datetime:
    """ISO 8601; a day alone means its end, and without an offset the clock of this installation."""
    if not INSTANT.fullmatch(text):
        raise Refused("moment.unreadable_instant", text=quoted(text))
    try:
        read = datetime.fromisoformat(text if len(text) > 10 else f"{text}T23:59:59.999999")
        return (read if read.tzinfo else read.replace(tzinfo=here)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refused("moment.unreadable_instant", text=quoted(text)) from error


def settle() -> None:
    """Before each request: the moment is read once, and nothing is recorded from a page that shows another."""
    if request.endpoint != "static":
        at()
    if request.method not in ("GET", "HEAD", "OPTIONS") and ("on" in request.args or "known" in request.args):
        raise Refused("moment.past")


def now_address() -> str:
    """This page as things stand now."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in ("on", "known")]
    return request.path + ("?" + urlencode(kept) if kept else "")


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"at": g.get("moment")})
    app.jinja_env.globals["now_address"] = now_address
