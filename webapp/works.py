"""Which campaigns and projects belong to a coalition or an organisation, whose timeline shows their entries, too?"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from projections import campaigns, projects
from webapp.at_moment import known
from webapp.sight import sight


def works_of(
    connection: Connection, *, coalition_id: UUID | None = None, organisation_id: UUID | None = None
) -> list[UUID] | None:
    """None where neither is asked for."""
    if coalition_id is None and organisation_id is None:
        return None
    return [
        each
        for of in (campaigns.works, projects.works)
        for each in of(connection, known(), sight=sight(), coalition_id=coalition_id, organisation_id=organisation_id)
    ]
