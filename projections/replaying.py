"""What did the rows of a projection look like after the entry at some position? The same fold, in memory."""

from __future__ import annotations

from uuid import UUID

from domain.chronicle import Chronicle
from projections.folding import Folding
from projections.rebuilding import by_subject
from projections.tables import Projection, Row, hex_of

Replayed = dict[str, list[Row]]  # by name of table


def replay(chronicle: Chronicle, projection: Projection, until: int | None = None) -> Replayed:
    folding = Folding(projection)
    found: Replayed = {of.name: [] for of in projection.tables}
    for subject, entries in by_subject(chronicle.by_subject(upto=until)):
        for of, changed in zip(projection.tables, folding.digest(subject, entries).changed, strict=True):
            found[of.name].extend(changed.values())
    return found


def replay_subject(chronicle: Chronicle, projection: Projection, subject: UUID, until: int | None = None) -> Replayed:
    entries = [each for each in chronicle.recordings(subject, words=False) if until is None or each.position <= until]
    changed = Folding(projection).digest(hex_of(subject), entries).changed
    return {of.name: list(rows.values()) for of, rows in zip(projection.tables, changed, strict=True)}
