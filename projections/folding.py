"""What does a portion of entries do to the rows of a projection? All in memory; what it cannot digest is parked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from domain.chronicle import Recorded
from projections.tables import Projection, Row, Rows

Loaded = tuple[Iterable[Row], ...]  # rows of one subject, table by table


class Parked(NamedTuple):
    """An entry that a projection could not digest."""

    projection: str
    position: int
    subject: str
    reason: str


class Fault(NamedTuple):
    recorded: Recorded
    reason: str


class Folding:
    """One projection over a portion of entries."""

    def __init__(self, projection: Projection) -> None:
        self.projection = projection
        self.kinds = frozenset(projection.kinds)
        self.nothing: Loaded = ((),) * len(projection.tables)
        self.parked: list[Parked] = []

    def takes(self, recorded: Recorded) -> bool:
        """What cannot be read is everybody's business."""
        return type(recorded.content) in self.kinds or recorded.problem is not None

    def concerns(self, kinds: set[type]) -> bool:
        """Whether entries of these types, or what could not be read as an entry, can change anything here."""
        return not self.kinds.isdisjoint(kinds) or any(issubclass(kind, Exception) for kind in kinds)

    def digest(self, subject: str, entries: Sequence[Recorded], loaded: Loaded | None = None) -> Rows:
        """The rows after the entries of one subject; the others go on without one that cannot be digested."""
        left = list(entries)
        rows = self._fresh(subject, loaded)
        while fault := self._first_fault(rows, left):
            self.parked.append(Parked(self.projection.name, fault.recorded.position, subject, fault.reason))
            left = [each for each in left if each is not fault.recorded]
            rows = self._fresh(subject, loaded)
        return rows

    def _fresh(self, subject: str, loaded: Loaded | None) -> Rows:
        tables = zip(self.projection.tables, loaded or self.nothing, strict=True)
        return Rows(subject, tuple({row[: of.keys]: row for row in rows} for of, rows in tables))

    def _first_fault(self, rows: Rows, entries: Sequence[Recorded]) -> Fault | None:
        fold, kinds = self.projection.fold, self.kinds
        for recorded in entries:
            content = recorded.content
            if isinstance(content, Exception):
                return Fault(recorded, reason(content))
            if type(content) in kinds:
                try:
                    fold(rows, recorded.row.position, content)
                except Exception as error:  # noqa: BLE001  # whatever ails one entry, the others go on
                    return Fault(recorded, reason(error))
        self.projection.finish(rows)
        return None


def reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:1000]
