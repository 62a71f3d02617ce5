"""How are read tables made anew from the first entry, beside those that go on serving?"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from domain.chronicle import Chronicle, Recorded
from projections import bulk
from projections.alone import AlreadyRebuilding, alone
from projections.bulk import Written
from projections.digesting import digest, parked_table
from projections.everything import EVERYTHING
from projections.folding import Folding, reason
from projections.keeping import keep_up, next_portion, position_table, stored
from projections.progress import CATCHING_UP, DONE, FAILED, FILLING, INDEXING, Diary
from projections.round_trips import is_postgres
from projections.tables import Projection, ReadTable, Row, hex_of

NEW = "_new"
PORTION = 4000
LOCK_WAIT_MILLISECONDS, PATIENCE_MILLISECONDS = 300, 60_000
ATTEMPTS = 200
Progress = Callable[[int, int], None]  # entries folded, of how many
of_whom = attrgetter("row.originator_id")


def rebuild(
    chronicle: Chronicle,
    reading: Engine,
    projections: Sequence[Projection] = EVERYTHING,
    progress: Progress | None = None,
    before_swap: Callable[[], object] = lambda: None,
) -> None:
    """Killed at any moment, the old tables serve on, and the next start clears away what was begun.

    `before_swap`: what must be done when the new tables are full, just before they take the place of the old.
    """
    with alone(reading):
        diary = Diary(reading, projections, chronicle.last_position())
        with _ended_in(diary):
            clear(reading)
            with no_garbage():
                fill(chronicle, reading, projections, diary, progress)
            at_our_turn(lambda: keep_up(chronicle, reading, projections, NEW))
            before_swap()
            swap(chronicle, reading, projections, diary)


@contextmanager
def _ended_in(diary: Diary) -> Iterator[None]:
    """What stops a rebuild is told where its progress is, if that can still be written."""
    diary.note(FILLING)
    try:
        yield
    except Exception as error:
        with suppress(DBAPIError):
            diary.note(FAILED, reason=reason(error))
        raise


@contextmanager
def no_garbage() -> Iterator[None]:
    """Entries and rows never hold each other in a ring: to search millions of them for rings takes a third longer."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def clear_leftovers(reading: Engine) -> None:
    """Of a rebuild that was killed; one that is under way goes on."""
    try:
        with alone(reading):
            clear(reading)
    except AlreadyRebuilding:
        return


def clear(reading: Engine) -> None:
    with reading.begin() as connection:
        for projection in EVERYTHING:
            for of in projection.tables:
                bulk.drop(connection, of.name + NEW)
            forget(connection, projection.name + NEW)


def forget(connection: Connection, name: str) -> None:
    mark = bulk.mark(connection)
    connection.exec_driver_sql(f"DELETE FROM projection WHERE name = {mark}", (name,))  # noqa: S608  # a mark is no name
    connection.exec_driver_sql(f"DELETE FROM parked WHERE projection = {mark}", (name,))  # noqa: S608  # the same


def fill(
    chronicle: Chronicle, reading: Engine, projections: Sequence[Projection], diary: Diary, progress: Progress | None
) -> None:
    """Subject by subject, each row written once, indexes last."""
    last, done = diary.total, 0
    foldings = [Folding(projection) for projection in projections]
    tables = [of for projection in projections for of in projection.tables]
    with reading.connect() as connection, unmapped(connection), patient(connection):
        for of in tables:
            bulk.create(connection, of, NEW)
        for low, high in chronicle.ranges(PORTION):
            step_done(connection)
            count, rows = folded(foldings, chronicle.by_subject(low, high, upto=last))
            append(connection, rows)
            done += count
            diary.note_along(connection, FILLING, done)
            if progress:
                progress(done, last)
        diary.note_along(connection, INDEXING, done)
        index(connection, tables)
        for folding in foldings:
            name, version = folding.projection.name + NEW, folding.projection.version
            parked = [each._replace(projection=name) for each in folding.parked]
            bulk.upsert(connection, Written(position_table, [(name, version, last)]), Written(parked_table, parked))
        diary.note_along(connection, CATCHING_UP, done)
        connection.commit()


@contextmanager
def unmapped(connection: Connection) -> Iterator[None]:
    """What is read where it lies in a file counts as memory of who reads it, and this reads all of it."""
    if is_postgres(connection):
        yield
        return
    (size,) = connection.exec_driver_sql("PRAGMA mmap_size").one()
    connection.exec_driver_sql("PRAGMA mmap_size = 0").close()
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA mmap_size = {size}").close()


@contextmanager
def patient(connection: Connection) -> Iterator[None]:
    """In one file everybody waits for those who write; who rebuilds gives way to pages, and waits for longer."""
    if is_postgres(connection):
        yield
        return
    (usual,) = connection.exec_driver_sql("PRAGMA busy_timeout").one()
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {PATIENCE_MILLISECONDS}").close()
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {usual}").close()


def index(connection: Connection, tables: Sequence[ReadTable]) -> None:
    for of in tables:
        bulk.create_indexes(connection, of, NEW, step_done)
    step_done(connection)
    bulk.count(connection, [of.name + NEW for of in tables])


def step_done(connection: Connection) -> None:
    """In one file everybody writes in turn: let the others have theirs. On a server one transaction is no hindrance."""
    if not is_postgres(connection):
        connection.commit()
        connection.begin()


Filled = list[tuple[ReadTable, list[Row]]]


def folded(foldings: Sequence[Folding], recorded: Iterable[Recorded]) -> tuple[int, Filled]:
    """How many entries there were, and all rows that they led to, closed ones too."""
    tables: list[Filled] = [[(of, []) for of in folding.projection.tables] for folding in foldings]
    count = 0
    for subject, entries in by_subject(recorded):
        count += len(entries)
        kinds = {type(each.content) for each in entries}
        for folding, into in zip(foldings, tables, strict=True):
            if folding.concerns(kinds):
                for changed, (_, rows) in zip(folding.digest(subject, entries).changed, into, strict=True):
                    rows.extend(changed.values())
    return count, [table for into in tables for table in into]


def append(connection: Connection, tables: Filled) -> None:
    for of, rows in tables:
        step_done(connection)
        bulk.append(connection, of, NEW, rows)


def by_subject(recorded: Iterable[Recorded]) -> Iterator[tuple[str, list[Recorded]]]:
    id: UUID
    for id, entries in groupby(recorded, of_whom):
        yield hex_of(id), list(entries)


def swap(chronicle: Chronicle, reading: Engine, projections: Sequence[Projection], diary: Diary) -> None:
    """The new tables take the place and the names of the old, in one transaction, between two questions."""

    def swapped() -> None:
        with reading.begin() as connection, unmapped(connection):
            _swap(chronicle, connection, projections)
            diary.note_within(connection, DONE, diary.total)

    at_our_turn(swapped)


def at_our_turn(step: Callable[[], None]) -> None:
    """Others may be in the way for a while; what was broken off is begun anew."""
    for pause in (*[0.05] * ATTEMPTS, None):
        try:
            step()
        except OperationalError:
            if pause is None:
                raise
            time.sleep(pause)
        else:
            return


def _swap(chronicle: Chronicle, connection: Connection, projections: Sequence[Projection]) -> None:
    if is_postgres(connection):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LOCK_WAIT_MILLISECONDS}")
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    connection.exec_driver_sql("UPDATE projection SET position = position")
    overtake(chronicle, connection, projections)
    for projection in projections:
        forget(connection, projection.name)
        for of in projection.tables:
            bulk.drop(connection, of.name)
            bulk.rename(connection, of.name + NEW, of.name)
        names, mark = (projection.name, projection.name + NEW), bulk.mark(connection)
        connection.exec_driver_sql(f"UPDATE projection SET name = {mark} WHERE name = {mark}", names)  # noqa: S608  # a mark
        connection.exec_driver_sql(f"UPDATE parked SET projection = {mark} WHERE projection = {mark}", names)  # noqa: S608


def overtake(chronicle: Chronicle, connection: Connection, projections: Sequence[Projection]) -> None:
    """Whoever has seen an entry folded must not see it gone again."""
    there = stored(connection)
    aim = max((there[each.name][1] for each in projections if each.name in there), default=0)
    while min(there[each.name + NEW][1] for each in projections) < aim:
        portion = next_portion(chronicle, projections, there, NEW)
        if portion is None:
            return
        behind, _, entries = portion
        digest(connection, behind, NEW, entries)
        at = entries[-1].position
        bulk.upsert(connection, Written(position_table, [(each.name + NEW, each.version, at) for each in behind]))
        there = stored(connection)
