"""What was parked and can be digested now, after a fix: how does it come to its place?"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, Engine

from domain.chronicle import Chronicle
from projections import bulk
from projections.digesting import changed
from projections.everything import EVERYTHING
from projections.folding import Folding
from projections.keeping import claim, parked, stored
from projections.tables import Projection


def retry_parked(chronicle: Chronicle, reading: Engine, projections: Sequence[Projection] = EVERYTHING) -> int:
    """Fold the subjects of parked entries anew; how many entries are still parked."""
    by_name = {projection.name: projection for projection in projections}
    for name, subject in sorted({(each.projection, each.subject) for each in parked(reading)}):
        if name in by_name:
            _retry(chronicle, reading, by_name[name], subject)
    return sum(each.projection in by_name for each in parked(reading))


def _retry(chronicle: Chronicle, reading: Engine, projection: Projection, subject: str) -> None:
    while True:
        with reading.connect() as connection:
            _, seen = stored(connection)[projection.name]
        with reading.begin() as connection:
            if claim(connection, [projection], "", seen, seen) is not None:
                return refold(chronicle, connection, projection, subject, seen)


def refold(chronicle: Chronicle, connection: Connection, projection: Projection, subject: str, seen: int) -> None:
    """Nobody else folds meanwhile: the claim is held."""
    for of in projection.tables:
        bulk.remove(connection, of.name, subject)
    bulk.remove(connection, "parked", subject, projection.name)
    entries = [each for each in chronicle.recordings(UUID(subject), words=False) if each.position <= seen]
    bulk.upsert(connection, *changed(Folding(projection), "", {subject: entries}, {}))
