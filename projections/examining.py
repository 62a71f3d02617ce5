"""Are the read tables there, of their own form, and as far as they say? Looked at before their rows are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Connection, inspect

from domain.chronicle import Chronicle
from projections.digesting import parked_table
from projections.everything import EVERYTHING
from projections.keeping import position_table
from projections.rebuilding import NEW
from projections.tables import Projection, ReadTable


class Unsound(NamedTuple):
    """Something by which rows are found or kept is not what it should be."""

    projection: str
    table: str
    what: str
    detail: str = ""

    @property
    def where(self) -> str:
        return f"{self.projection}: {self.table}" if self.projection else self.table


Line = tuple[Any, Any, Any]  # name, version and position, whatever they are


def examine(chronicle: Chronicle, connection: Connection, projections: Sequence[Projection]) -> list[Unsound]:
    """Everything but the rows; begun before the chronicle is asked how long it is."""
    found = list(chain(shapes(connection, "", [position_table, parked_table])))
    found += [each for one in projections for each in shapes(connection, one.name, one.tables)]
    if any(not each.projection for each in found):
        return found
    asked = connection.exec_driver_sql("SELECT name, version, position FROM projection")
    lines: list[Line] = [(name, version, position) for name, version, position in asked]
    names = connection.exec_driver_sql("SELECT DISTINCT projection FROM parked").scalars().all()
    last = chronicle.last_position()
    found += strangers((name for name, _, _ in lines), "projection", projections)
    found += strangers(names, "parked", projections)
    return found + [each for one in projections for each in bookkeeping(one, lines, last)]


def shapes(connection: Connection, projection: str, tables: Iterable[ReadTable]) -> Iterator[Unsound]:
    there = set(inspect(connection).get_table_names())
    for of in tables:
        if of.name not in there:
            yield Unsound(projection, of.name, "missing")
        elif altered := shape(connection, of) ^ promised(connection, of):
            yield Unsound(projection, of.name, "of another form", ", ".join(sorted({name for name, *_ in altered})))


Shape = set[tuple[str, str, bool]]  # column, type, may be empty


def shape(connection: Connection, of: ReadTable) -> Shape:
    found = inspect(connection).get_columns(of.name)
    return {(each["name"], each["type"].compile(connection.dialect), each["nullable"]) for each in found}


def promised(connection: Connection, of: ReadTable) -> Shape:
    return {(each.name, each.type.compile(connection.dialect), bool(each.nullable)) for each in of.table.columns}


def strangers(names: Iterable[Any], table: str, projections: Sequence[Projection]) -> Iterator[Unsound]:
    """Those of a rebuild that is under way, or was killed, are none."""
    known = {each.name for each in (*EVERYTHING, *projections)}
    for name in names:
        if name not in known and str(name).removesuffix(NEW) not in known:
            yield Unsound(ascii(name), table, "not known")


def bookkeeping(projection: Projection, lines: Sequence[Line], last: int) -> Iterator[Unsound]:
    own = [(version, position) for name, version, position in lines if name == projection.name]
    if len(own) != 1:
        yield Unsound(projection.name, "projection", "twice" if own else "missing")
        return
    ((version, position),) = own
    if version != projection.version:
        detail = f"{version!a}, this program has {projection.version}"
        yield Unsound(projection.name, "projection", "of another version", detail)
    if not isinstance(position, int) or position < 0:
        yield Unsound(projection.name, "projection", "no position", ascii(position))
    elif position > last:
        yield Unsound(projection.name, "projection", "further than the chronicle", f"{position}, last entry {last}")
