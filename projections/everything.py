"""Which projections does Kronika keep?"""

from __future__ import annotations

from projections import actions, campaigns, coalitions, lines, organisations, periods, programmes, projects
from projections.tables import Projection

EVERYTHING: tuple[Projection, ...] = (
    periods.projection,
    organisations.projection,
    coalitions.projection,
    campaigns.projection,
    actions.projection,
    programmes.projection,
    projects.projection,
    lines.projection,
)
BY_NAME = {projection.name: projection for projection in EVERYTHING}
