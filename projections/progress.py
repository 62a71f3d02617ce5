"""How far is a rebuild, and how did the last one end? Told beside the read tables, where every process sees it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Connection, Engine, Table, Text

from projections import bulk
from projections.alone import is_taken
from projections.bulk import Written
from projections.digesting import upkeep
from projections.round_trips import is_postgres
from projections.tables import Projection, ReadTable

STARTING, FILLING, INDEXING, CATCHING_UP, DONE, FAILED, KILLED = (
    "starting", "filling", "indexing", "catching_up", "done", "failed", "killed",
)  # fmt: skip
OVER = (DONE, FAILED, KILLED)
SECONDS_TO_START = 30

rebuild_table = ReadTable(
    Table(
        "rebuild",
        upkeep,
        Column("projection", Text, primary_key=True),
        Column("stage", Text, nullable=False),
        Column("done", BigInteger, nullable=False),
        Column("total", BigInteger, nullable=False),
        Column("began", BigInteger, nullable=False),
        Column("told", BigInteger, nullable=False),
        Column("reason", Text, nullable=False),
    ),
    keys=1,
)


class Rebuild(NamedTuple):
    """The last one of a projection. `done` of `total` entries are folded; `told` is when this was written."""

    projection: str
    stage: str
    done: int
    total: int
    began: datetime
    told: datetime
    reason: str

    @property
    def is_over(self) -> bool:
        return self.stage in OVER


class Diary:
    """Kept by who rebuilds."""

    def __init__(self, reading: Engine, projections: Sequence[Projection], total: int) -> None:
        self._reading, self.total, self._began = reading, total, round(time.time())
        self._names = [projection.name for projection in projections]

    def note(self, stage: str, done: int = 0, reason: str = "") -> None:
        with self._reading.begin() as connection:
            self.note_within(connection, stage, done, reason)

    def note_along(self, connection: Connection, stage: str, done: int) -> None:
        """In one file only who holds it can write; on a server nobody sees what is not committed yet."""
        if is_postgres(connection):
            self.note(stage, done)
        else:
            self.note_within(connection, stage, done)

    def note_within(self, connection: Connection, stage: str, done: int, reason: str = "") -> None:
        now = round(time.time())
        rows = [(name, stage, done, self.total, self._began, now, reason) for name in self._names]
        bulk.upsert(connection, Written(rebuild_table, rows))


def rebuilds(reading: Engine) -> list[Rebuild]:
    """The last of each projection; one whose process is gone was killed."""
    found = _told(reading)
    if all(each.is_over for each in found) or is_taken(reading):
        return found
    return [each if _may_go_on(each) else each._replace(stage=KILLED) for each in _told(reading)]


def put_back(reading: Engine, told: Sequence[Rebuild]) -> None:
    """What was told before a rebuild of which nothing is left."""
    with reading.begin() as connection:
        connection.exec_driver_sql("DELETE FROM rebuild")
        rows = [(*of[:4], round(of.began.timestamp()), round(of.told.timestamp()), of.reason) for of in told]
        bulk.upsert(connection, Written(rebuild_table, rows))


def _may_go_on(rebuild: Rebuild) -> bool:
    waited = datetime.now(UTC) - rebuild.told
    return rebuild.is_over or (rebuild.stage == STARTING and waited.total_seconds() < SECONDS_TO_START)


def _told(reading: Engine) -> list[Rebuild]:
    with reading.connect() as connection:
        columns = ", ".join(rebuild_table.columns)
        rows = connection.exec_driver_sql(f"SELECT {columns} FROM rebuild ORDER BY projection")  # noqa: S608  # our own
        return [
            Rebuild(projection, stage, done, total, _instant(began), _instant(told), reason)
            for projection, stage, done, total, began, told, reason in rows
        ]


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
