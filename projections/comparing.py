"""Are the rows that people read exactly what the history says? Live, rebuilt and replayed entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine

from domain.chronicle import Chronicle, Recorded
from domain.chronicle.stores import any_text
from projections import bulk
from projections.digesting import parked_table
from projections.everything import EVERYTHING
from projections.examining import Unsound, examine
from projections.folding import Folding, Parked
from projections.keeping import stored
from projections.rebuilding import by_subject
from projections.round_trips import is_postgres
from projections.tables import STILL, Key, Projection, ReadTable, Row, hex_of

PORTION = 4000
Table = dict[Key, Row]


class Difference(NamedTuple):
    """A row that is not what it should be; None: it is not there, or should not be."""

    projection: str
    table: str
    row: Key
    subject: Any
    is_live: bool  # False: rebuilding and replaying disagree, which only a fault of the program can cause
    expected: Row | None
    found: Row | None

    @property
    def where(self) -> str:
        more = (part for part in self.row if part not in (self.subject, self.projection))
        return f"{self.projection}: {self.table} {' '.join(map(str, (self.subject, *more)))}"

    @property
    def what(self) -> str:
        if self.found is None:
            return "row missing"
        return "not in the history" if self.expected is None else "not what the history says"


def compare(
    chronicle: Chronicle,
    reading: Engine,
    projections: Sequence[Projection] = EVERYTHING,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Difference | Unsound]:
    """A range of subjects at a time, each at the position up to which the live rows have come."""
    with snapshot(reading) as connection:
        unsound = examine(chronicle, connection, projections)
    yield from unsound
    projections = comparable(projections, unsound)
    if not projections:
        return
    last, done = chronicle.last_position(), 0
    for low, high in chronicle.ranges(PORTION):
        with snapshot(reading) as connection:
            reached = {name: position for name, (_, position) in stored(connection).items()}
            live = {each.name: live_rows(connection, each, low, high) for each in projections if each.name in reached}
        entries = list(by_subject(chronicle.by_subject(low, high, upto=max(reached.values(), default=0))))
        for projection in projections:
            if projection.name in reached:
                yield from _of_range(projection, live[projection.name], entries, reached[projection.name])
        done += sum(len(each) for _, each in entries)
        if progress:
            progress(done, last)


def comparable(projections: Sequence[Projection], unsound: Sequence[Unsound]) -> list[Projection]:
    """Those whose rows can be read, and are said to be those of some position."""
    hindered = {each.projection for each in unsound if each.what != "further than the chronicle"}
    return [] if "" in hindered else [each for each in projections if each.name not in hindered]


@contextmanager
def snapshot(reading: Engine) -> Iterator[Connection]:
    with reading.connect() as connection:
        if is_postgres(connection):
            connection.execution_options(isolation_level="REPEATABLE READ")
        else:
            connection.exec_driver_sql("BEGIN")
        with as_it_lies(connection):
            yield connection
        connection.rollback()


@contextmanager
def as_it_lies(connection: Connection) -> Iterator[None]:
    """In SQLite, text that is no UTF-8 comes with its bytes as surrogates."""
    driver: Any = connection.connection.driver_connection
    if is_postgres(connection):
        yield
        return
    driver.text_factory = any_text
    try:
        yield
    finally:
        driver.text_factory = str


def live_rows(connection: Connection, projection: Projection, low: UUID, high: UUID | None) -> list[Table]:
    edges = (hex_of(low) if low.int else "", hex_of(high) if high else None)
    tables = [keyed(of, bulk.load_range(connection, of, *edges)) for of in projection.tables]
    stored_aside = bulk.load_range(connection, parked_table, *edges)
    return [*tables, keyed(parked_table, [row for row in stored_aside if row[0] == projection.name])]


def keyed(of: ReadTable, rows: Sequence[Row]) -> Table:
    table = {row[: of.keys]: row for row in rows}
    return table if len(table) == len(rows) else {**table, **{(*key, "again"): row for key, row in again(of, rows)}}


def again(of: ReadTable, rows: Sequence[Row]) -> Iterator[tuple[Key, Row]]:
    """Rows whose key another one has already: a table that lost its key holds anything."""
    seen: set[Key] = set()
    for row in rows:
        key = row[: of.keys]
        if key in seen:
            yield key, row
        seen.add(key)


def _of_range(
    projection: Projection, live: list[Table], entries: list[tuple[str, list[Recorded]]], reached: int
) -> Iterator[Difference]:
    folding = Folding(projection)
    rebuilt: list[Table] = [{} for _ in projection.tables]
    for subject, each in entries:
        known = [recorded for recorded in each if recorded.position <= reached]
        whole = folding.digest(subject, known).changed
        for n, (of, replayed) in enumerate(zip(projection.tables, stepwise(projection, subject, known), strict=True)):
            yield from differences(projection, of, whole[n], replayed, is_live=False)
            rebuilt[n] |= whole[n]
    rebuilt.append(keyed(parked_table, [Parked(*row) for row in folding.parked]))
    for of, expected, found in zip((*projection.tables, parked_table), rebuilt, live, strict=True):
        yield from differences(projection, of, expected, found, is_live=True)


def stepwise(projection: Projection, subject: str, entries: Sequence[Recorded]) -> list[Table]:
    """The rows when each entry finds only what the one before it had stored."""
    folding = Folding(projection)
    tables: list[Table] = [{} for _ in projection.tables]
    for recorded in entries:
        if folding.takes(recorded):
            loaded = tuple(
                [row for row in rows.values() if not of.two_clocks or row[3] == STILL]
                for of, rows in zip(projection.tables, tables, strict=True)
            )
            for stored_rows, changed in zip(tables, folding.digest(subject, [recorded], loaded).changed, strict=True):
                stored_rows.update(changed)
    return tables


def differences(
    projection: Projection, of: ReadTable, expected: Table, found: Table, is_live: bool
) -> Iterator[Difference]:
    if expected == found:
        return
    for key in sorted({*expected, *found}, key=str):
        if expected.get(key) != found.get(key):
            row = found.get(key) or expected[key]
            subject = row[of.columns.index("subject")]
            yield Difference(projection.name, of.name, key, subject, is_live, expected.get(key), found.get(key))
