"""The entry that somebody wants to amend, who wants it, and when."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import abort

from domain.dates import PartialDate, parse
from projections import timeline
from projections.timeline import Happening
from webapp import who
from webapp.accounts import Account
from webapp.at_moment import reading
from webapp.moments import at

LARGEST = 2**62


def entry_at(position: int) -> Happening:
    """Not found, where there is no such entry."""
    with reading() as connection:
        found = timeline.lines_at(connection, [position]) if position < LARGEST else {}
    return found[position] if position in found else abort(404)


def signed_in() -> Account:
    account = who.account()
    return account or abort(404)


def now() -> datetime:
    return datetime.now(UTC)


def today() -> PartialDate:
    """The day on which an entry is amended is the day of the amendment."""
    return parse(at().today.isoformat(), at().today)
