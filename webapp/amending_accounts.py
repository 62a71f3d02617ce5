"""Which entries tell the same happening differently, and which of them counts?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from domain.accounts import accounts
from domain.chronicle import Recorded
from domain.history import History, holding
from projections import timeline
from projections.timeline import Happening
from webapp import who
from webapp.at_moment import known


class Told(NamedTuple):
    """Where an account stands in the register, and whether it is the one that counts."""

    position: int
    counts: bool


def in_conflict(connection: Connection, happenings: Iterable[Happening]) -> dict[int, list[Told]]:
    """By the position of each of them that is contested: all accounts of the same happening, itself among them."""
    standing = [happening for happening in happenings if happening.taken_out_by is None]
    contested = timeline.contested(connection, (happening.subject for happening in standing), known())
    histories = {subject: history_of(subject) for subject in contested}
    found = {h.position: told(histories[h.subject], h.version) for h in standing if h.subject in contested}
    return {position: each for position, each in found.items() if len(each) > 1}


def told(history: Sequence[Recorded], version: int) -> list[Told]:
    entries = tuple(recorded.entry for recorded in history)
    counting = {e.originator_version for e in holding(entries)}
    versions = accounts(History(id=history[0].originator_id, entries=entries), version)
    return [Told(history[each - 1].position, each in counting) for each in versions]


def history_of(subject: UUID) -> list[Recorded]:
    """As it was known at the moment asked for."""
    recorded = who.stores().chronicle.recordings(subject, words=False)
    upto = known()
    return [each for each in recorded if upto is None or each.position <= upto]
