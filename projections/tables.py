"""How is a read table declared, and what does a fold see of it? Rows of one subject, by key, in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import Dialect, MetaData, Table, TypeDecorator, Uuid

from domain.entry import Entry

STILL = 9_223_372_036_854_775_807  # a position that never comes: the row is still known so
Row: TypeAlias = tuple[Any, ...]
Key: TypeAlias = tuple[Any, ...]

metadata = MetaData()


@lru_cache(maxsize=50_000)
def id_of(text: str | None) -> UUID | None:
    return UUID(text) if text else None


class Id(TypeDecorator[UUID]):
    """A database without ids of its own gives text; the same text is the same id, made once and not for each row."""

    impl = Uuid
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], UUID | None] | None:
        return None if dialect.supports_native_uuid else id_of


class ReadTable(NamedTuple):
    """A row in memory is a tuple in the order of the columns; its key comes first. Ids are 32 hexadecimal digits."""

    table: Table
    keys: int  # how many of the first columns identify a row
    indexes: tuple[str, ...] = ()
    two_clocks: bool = False  # a row that is no longer known so is never touched again

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def columns(self) -> list[str]:
        return [column.name for column in self.table.columns]


class Rows:
    """What a projection holds of one subject. `memory` is what its fold remembers between two entries."""

    __slots__ = ("changed", "held", "memory", "subject")

    def __init__(self, subject: str, held: tuple[dict[Key, Row], ...]) -> None:
        self.subject, self.held = subject, held
        self.changed: tuple[dict[Key, Row], ...] = tuple({} for _ in held)
        self.memory: Any = None

    def put(self, table: int, key: Key, row: Row) -> None:
        self.held[table][key] = self.changed[table][key] = row


def nothing_more(_rows: Rows) -> None:
    """A fold that leaves nothing for the end of a batch."""


@dataclass(frozen=True)
class Projection:
    """Read tables and the pure rule that fills them. Raise `version` when either changes."""

    name: str
    version: int
    tables: tuple[ReadTable, ...]
    kinds: tuple[type[Entry], ...]  # the entries that it takes
    fold: Callable[[Rows, int, Entry], None]  # what the entry at this position changes
    finish: Callable[[Rows], None] = nothing_more  # writes down what the fold remembers, once a batch
    looks_back_at: tuple[type[Entry], ...] | None = None  # entries whose fold reads stored rows; None: all

    def takes(self, entry: Entry) -> bool:
        return isinstance(entry, self.kinds)

    def looks_back(self, entry: Entry) -> bool:
        return self.looks_back_at is None or isinstance(entry, self.looks_back_at)


def hex_of(id: UUID) -> str:
    return f"{id.int:032x}"
