"""Which projections does Kronika keep?"""

from __future__ import annotations

from projections import coalitions, organisations, periods, timeline
from projections.tables import Projection

EVERYTHING: tuple[Projection, ...] = (
    periods.projection,
    organisations.projection,
    coalitions.projection,
    timeline.projection,
)
BY_NAME = {projection.name: projection for projection in EVERYTHING}
