"""How long does it take to record a change, and to answer who was in on a day as known at a moment?"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import msgspec
from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, StoredEvent
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Connection

from domain import subjects
from domain.chronicle import Chronicle
from domain.dates import parse
from domain.entry import Entry, Told
from domain.membership_entries import Joined
from projections import engine, roster
from webapp.bench_ground import Archive, Ground
from webapp.bench_history import PER_COALITION, SECRETARY, coalition_id

CHANGES, QUESTIONS, WARM_UP = 400, 600, 60
RECORD, AS_OF = 3.0, 1.5
SMALL = 10_000
Measured = tuple[dict[str, float], dict[str, tuple[float, float, bool]]]


def record(where: Ground, _entries: int) -> Measured:
    """One change from the command to the committed entry and the read tables that show it, and a bare save of it."""
    with where.filled(PER_COALITION) as archive, where.database() as (_, url):
        engine.rebuild(archive.chronicle, archive.reading)
        bare = Bare(environment(where, url))
        ours: list[float] = []
        theirs: list[float] = []
        try:
            for _ in range(WARM_UP + CHANGES):
                ours.append(timed(lambda: recorded(archive)))
                change = changed(archive.chronicle)
                theirs.append(timed(lambda change=change: bare.save(change)))  # type: ignore[misc]
        finally:
            bare.close()
    kept_up, saved = statistics.median(ours[WARM_UP:]), statistics.median(theirs[WARM_UP:])
    figures = {"recorded_milliseconds": kept_up * 1000, "bare_save_milliseconds": saved * 1000}
    return figures, {"against_bare_save": (kept_up / saved, RECORD, False)}


def recorded(archive: Archive) -> None:
    archive.chronicle.record(changed(archive.chronicle))
    engine.keep_up(archive.chronicle, archive.reading)


def changed(chronicle: Chronicle, organisation: UUID | None = None) -> Entry:
    membership = subjects.membership(chronicle, coalition_id(0), organisation or uuid4())
    return membership.change(Joined, Told(occurred=parse("2025-03-01"), recorded_by=SECRETARY, command_id=uuid4()))


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


class BareMapper(Mapper[UUID]):
    def __init__(self) -> None:
        self._encode = msgspec.json.Encoder().encode

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        name, state = domain_event.stored_name(), self._encode(domain_event)
        return StoredEvent(domain_event.originator_id, domain_event.originator_version, name, state)


class Bare(Application[UUID]):
    """The library as it comes, with our way of encoding."""

    def construct_mapper(self) -> Mapper[UUID]:
        return BareMapper()


def environment(where: Ground, url: str) -> dict[str, str]:
    if where.server_url is None:
        return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": url.removeprefix("sqlite:///")}
    address = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    names = {"dbname": "DBNAME", "host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    given = {f"POSTGRES_{upper}": address.get(name, "") for name, upper in names.items()}
    return {"PERSISTENCE_MODULE": "eventsourcing.postgres", **given}


def asof(where: Ground, entries: int) -> Measured:
    """Rosters of 200 members on any day as known at any moment, in a short and in a long history, in turns."""
    with where.filled(SMALL) as short, where.filled(entries) as long:
        for archive in (short, long):
            engine.rebuild(archive.chronicle, archive.reading)
        with short.reading.connect() as in_short, long.reading.connect() as in_long:
            asked = [(seconds(in_short, SMALL, n), seconds(in_long, entries, n)) for n in range(WARM_UP + QUESTIONS)]
    small, large = (slowest(took) for took in zip(*asked[WARM_UP:], strict=True))
    figures = {f"milliseconds_at_{SMALL}": small * 1000, f"milliseconds_at_{entries}": large * 1000}
    return figures, {"long_against_short_history": (large / small, AS_OF, False)}


def seconds(connection: Connection, entries: int, n: int) -> float:
    """Question `n`: any coalition on any day, as known now or after some of the entries in its second half."""
    random = Random(n)  # noqa: S311  # repeatable questions, no secret
    coalition = random.randrange(max(1, round(entries / PER_COALITION)))
    on = date(2006, 1, 1) + timedelta(random.randrange(365 * 20))
    known = random.choice((None, coalition * PER_COALITION + random.randrange(PER_COALITION // 2, PER_COALITION)))
    return timed(lambda: roster.roster(connection, coalition_id(coalition), on, known))


def slowest(took: Sequence[float]) -> float:
    """The time that 95 of 100 questions need at most."""
    return statistics.quantiles(took, n=20)[-1]
