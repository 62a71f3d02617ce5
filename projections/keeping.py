"""How do read tables follow the sequence? A portion at a time, claimed first, so that nothing is folded twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from sqlalchemy import BigInteger, Column, Connection, Engine, Integer, Table, Text, inspect

from domain.chronicle import Chronicle, Recorded
from projections import bulk
from projections.bulk import Written
from projections.digesting import loads, touched, upkeep, written
from projections.everything import EVERYTHING
from projections.folding import Parked
from projections.round_trips import Answer, Asked, ask, is_postgres, plain
from projections.tables import Projection, ReadTable

BATCH = 2000
CLAIM_IN_FILE = "UPDATE projection SET position = ? WHERE position = ? AND name IN ({names})"
# All are locked in one order, so that two workers never wait for each other. What a crash of the server takes from the
# end of the read tables, and of their position with it, is folded again: nobody need wait for the disk.
CLAIM_ON_SERVER = (
    "WITH held AS MATERIALIZED (SELECT name, set_config('synchronous_commit', 'off', true) FROM projection"
    " WHERE name IN ({names}) ORDER BY name FOR UPDATE)"
    " UPDATE projection SET position = %s FROM held WHERE projection.name = held.name AND projection.position = %s"
)

position_table = ReadTable(
    Table(
        "projection",
        upkeep,
        Column("name", Text, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("position", BigInteger, nullable=False),
    ),
    keys=1,
)


class Outdated(Exception):
    """Read tables were made by another version of the program: they must be rebuilt."""


class Ahead(Outdated):
    """Read tables say that they hold entries which were never recorded: they must be rebuilt."""


class Status(TypedDict):
    name: str
    version: int
    position: int
    lag: int
    parked: int


def prepare(reading: Engine, projections: Sequence[Projection] = EVERYTHING) -> None:
    """Make the tables that are not there yet, empty. By one at a time, when installing or upgrading."""
    upkeep.create_all(reading)
    with reading.begin() as connection:
        there, tables = stored(connection), set(inspect(connection).get_table_names())
        for projection in projections:
            if projection.name not in there or not tables.issuperset(of.name for of in projection.tables):
                for of in projection.tables:
                    bulk.drop(connection, of.name)
                make(connection, projection, "", 0)


def make(connection: Connection, projection: Projection, suffix: str, position: int) -> None:
    for of in projection.tables:
        bulk.create(connection, of, suffix)
        bulk.create_indexes(connection, of, suffix)
    bulk.upsert(connection, Written(position_table, [(projection.name + suffix, projection.version, position)]))


def stored(connection: Connection) -> dict[str, tuple[int, int]]:
    """Version and position of each projection, also of those that are being rebuilt; what is neither is not there."""
    (found,) = ask(connection, [Asked("SELECT name, version, position FROM projection")])
    return {
        name: (version, position)
        for name, version, position in found.rows
        if isinstance(version, int) and isinstance(position, int)
    }


def outdated(reading: Engine, projections: Sequence[Projection] = EVERYTHING) -> list[Projection]:
    """Those that the database holds in another version, or not at all."""
    with reading.connect() as connection:
        there = stored(connection)
    return [each for each in projections if there.get(each.name, (None, 0))[0] != each.version]


def status(chronicle: Chronicle, reading: Engine, projections: Sequence[Projection] = EVERYTHING) -> list[Status]:
    last = chronicle.last_position()
    with reading.connect() as connection:
        there = stored(connection)
        counted = connection.exec_driver_sql("SELECT projection, count(*) FROM parked GROUP BY projection")
        parked: dict[str, int] = {row[0]: row[1] for row in counted}
    return [
        Status(name=name, version=version, position=at, lag=max(0, last - at), parked=parked.get(name, 0))
        for name, (version, at) in ((each.name, there[each.name]) for each in projections if each.name in there)
    ]


def parked(reading: Engine) -> list[Parked]:
    """What could not be digested, and why."""
    with reading.connect() as connection:
        rows = connection.exec_driver_sql("SELECT projection, position, subject, reason FROM parked ORDER BY position")
        return [Parked(*row) for row in plain(rows)]


def keep_up(
    chronicle: Chronicle, reading: Engine, projections: Sequence[Projection] = EVERYTHING, suffix: str = ""
) -> None:
    """When it returns, every entry that was there when it was called is folded."""
    while _advance(chronicle, reading, projections, suffix):
        pass


def _advance(chronicle: Chronicle, reading: Engine, projections: Sequence[Projection], suffix: str) -> bool:
    """Fold one portion, unless another worker was quicker. False: nothing was left to fold."""
    with reading.connect() as connection:
        there = stored(connection)
        if not is_postgres(connection):
            connection.rollback()  # there, who has read first may not write
        portion = next_portion(chronicle, projections, there, suffix)
        if portion is None:
            return False
        behind, seen, entries = portion
        touches = touched(connection, behind, suffix, entries)
        loaded = claim(connection, behind, suffix, seen, entries[-1].position, loads(touches))
        if loaded is None:
            return True
        ask(connection, written(connection, touches, suffix, loaded), commits=True)
    return len(behind) < len(projections) or len(entries) == BATCH


Portion = tuple[list[Projection], int, list[Recorded]]


def next_portion(
    chronicle: Chronicle, projections: Sequence[Projection], there: dict[str, tuple[int, int]], suffix: str
) -> Portion | None:
    """What lies before those that are furthest behind, up to where the next ones are."""
    at: dict[int, list[Projection]] = {}
    for projection in projections:
        version, position = there.get(projection.name + suffix, (None, 0))
        if version != projection.version:
            raise Outdated(projection.name)
        at.setdefault(position, []).append(projection)
    reached = sorted(at)
    if not reached:
        return None
    limit = min(BATCH, reached[1] - reached[0]) if len(reached) > 1 else BATCH
    entries = chronicle.after(reached[0], limit, words=False)
    if not entries and reached[-1] > chronicle.last_position():
        raise Ahead(", ".join(each.name for each in at[reached[-1]]))
    return (at[reached[0]], reached[0], entries) if entries else None


def claim(
    connection: Connection,
    projections: Sequence[Projection],
    suffix: str,
    seen: int,
    last: int,
    loads: Sequence[Asked] = (),
) -> list[Answer] | None:
    """Compare and set, before any row is read; then the answers to `loads`. None: another worker was first."""
    names = sorted(projection.name + suffix for projection in projections)
    marks = ", ".join([bulk.mark(connection)] * len(names))
    if is_postgres(connection):
        claiming = Asked(CLAIM_ON_SERVER.format(names=marks), (*names, last, seen))
    else:
        claiming = Asked(CLAIM_IN_FILE.format(names=marks), (last, seen, *names))
    claimed, *answers = ask(connection, [claiming, *loads])
    if claimed.changed == len(names):
        return answers
    connection.rollback()
    return None
