"""What does a portion of entries change in the read tables? What it touches is loaded, folded and written once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, Text, Uuid

from domain.chronicle import Recorded
from projections import bulk
from projections.bulk import Written
from projections.folding import Folding, Loaded
from projections.round_trips import Answer, Asked, ask
from projections.tables import Projection, ReadTable, Row, hex_of

upkeep = MetaData()
parked_table = ReadTable(
    Table(
        "parked",
        upkeep,
        Column("projection", Text, primary_key=True),
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("subject", Uuid, nullable=False),
        Column("reason", Text, nullable=False),
    ),
    keys=2,
)


class Touched(NamedTuple):
    """The entries of each subject that a projection takes, and how to load its rows that the fold must see."""

    folding: Folding
    entries: dict[str, list[Recorded]]
    loads: list[tuple[int, Asked]]  # which table


def digest(connection: Connection, projections: Sequence[Projection], suffix: str, entries: Sequence[Recorded]) -> None:
    touches = touched(connection, projections, suffix, entries)
    ask(connection, written(connection, touches, suffix, ask(connection, loads(touches))))


def touched(
    connection: Connection, projections: Sequence[Projection], suffix: str, entries: Sequence[Recorded]
) -> list[Touched]:
    by_subject: dict[str, list[Recorded]] = {}
    for recorded in entries:
        by_subject.setdefault(hex_of(recorded.originator_id), []).append(recorded)
    return [_touched(connection, Folding(projection), suffix, by_subject) for projection in projections]


def _touched(connection: Connection, folding: Folding, suffix: str, by_subject: dict[str, list[Recorded]]) -> Touched:
    taken = {
        subject: mine
        for subject, entries in by_subject.items()
        if (mine := [one for one in entries if folding.takes(one)])
    }
    subjects = back_to(folding.projection, taken)
    tables = enumerate(folding.projection.tables)
    return Touched(
        folding, taken, [(n, one) for n, of in tables for one in bulk.loads(connection, of, suffix, subjects)]
    )


def back_to(projection: Projection, taken: dict[str, list[Recorded]]) -> list[str]:
    """The subjects whose stored rows the fold must see."""
    kinds = projection.looks_back_at
    if kinds is None:
        return list(taken)
    return [subject for subject, entries in taken.items() if any(isinstance(one.content, kinds) for one in entries)]


def loads(touches: Sequence[Touched]) -> list[Asked]:
    return [one for touched in touches for _, one in touched.loads]


def written(connection: Connection, touches: Sequence[Touched], suffix: str, answers: Sequence[Answer]) -> list[Asked]:
    """The statements that write what the folds changed; `answers` are those to the loads."""
    left = iter(answers)
    rows = [one for touched in touches for one in changed(touched.folding, suffix, *_loaded(touched, left))]
    return bulk.upserts(connection, rows)


def _loaded(touched: Touched, answers: Iterator[Answer]) -> tuple[dict[str, list[Recorded]], dict[str, Loaded]]:
    tables = touched.folding.projection.tables
    found: dict[str, tuple[list[Row], ...]] = {}
    for n, _ in touched.loads:
        place = tables[n].columns.index("subject")
        for row in next(answers).rows:
            found.setdefault(row[place], tuple([] for _ in tables))[n].append(row)
    return touched.entries, dict(found)


def changed(
    folding: Folding, suffix: str, entries: dict[str, list[Recorded]], loaded: dict[str, Loaded]
) -> list[Written]:
    """What is to be written: the tables of the projection, and what it parked."""
    tables = [folding.digest(subject, taken, loaded.get(subject)).changed for subject, taken in entries.items()]
    return [
        *(
            Written(of, [row for one in tables for row in one[n].values()], suffix)
            for n, of in enumerate(folding.projection.tables)
        ),
        Written(parked_table, [(each[0] + suffix, *each[1:]) for each in folding.parked]),
    ]
