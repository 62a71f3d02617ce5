"""The entry that somebody wants to amend, who wants it, and when."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import abort

from domain.dates import PartialDate, parse
from domain.programme import ProgrammeEntry
from projections import timeline
from projections.timeline import Happening
from webapp import rights, who
from webapp.accounts import Account
from webapp.at_moment import reading
from webapp.moments import at
from webapp.sight import sight

LARGEST = 2**62


def entry_at(position: int) -> Happening:
    """Not found, where there is no such entry."""
    with reading() as connection:
        found = timeline.lines_at(connection, [position], sight=sight()) if position < LARGEST else {}
    return found[position] if position in found and may_amend(found[position]) else abort(404)


def may_amend(happening: Happening) -> bool:
    """A lead only what belongs to campaigns, programmes and projects, and his own entries."""
    account = who.account()
    if account is None or not rights.may("amending.strike"):
        return False
    if rights.may("changes.record") or happening.work_id or happening.recorded_by == account.id:
        return True
    first = who.stores().chronicle.history(happening.subject, words=False)[0]
    return isinstance(first, ProgrammeEntry)


def signed_in() -> Account:
    account = who.account()
    return account or abort(404)


def now() -> datetime:
    return datetime.now(UTC)


def today() -> PartialDate:
    """The day on which an entry is amended is the day of the amendment."""
    return parse(at().today.isoformat(), at().today)
