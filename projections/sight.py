"""What may who asks see? Campaigns and projects have a level as it is now; their entries may have a narrower one."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, Text, and_, or_, select, true

from domain.confidentiality import LEVELS, Confidentiality
from projections.tables import Id, metadata


def level_of(work: str) -> Table:
    """One row a campaign or project: the level that holds for it now, also on pages about the past."""
    return Table(
        f"{work}_level", metadata, Column("subject", Id, nullable=False), Column("level", Text, nullable=False)
    )


campaign_level, project_level = level_of("campaign"), level_of("project")


class Sight(NamedTuple):
    """`base` is seen of every campaign and project, of these the level `organisation`, of those even `team`."""

    sees_all: bool = False
    base: Confidentiality = "public"
    organisation: frozenset[UUID] = frozenset()
    team: frozenset[UUID] = frozenset()

    def reach(self, work_id: UUID) -> Confidentiality:
        """The narrowest level that is seen of it."""
        if self.sees_all or work_id in self.team:
            return "team"
        further: Confidentiality = "organisation" if work_id in self.organisation else self.base
        return max(self.base, further, key=LEVELS.index)

    def clears(self, work_id: UUID | None, level: str) -> bool:
        """Whether something of that level is seen. Without a campaign or project everybody signed in sees it."""
        return work_id is None or level in up_to(self.reach(work_id))


LEAST, ALL = Sight(), Sight(sees_all=True)


def up_to(level: Confidentiality) -> tuple[str, ...]:
    """Those that are not narrower; an entry of which no level is said has that of its campaign."""
    return ("", *LEVELS[: LEVELS.index(level) + 1])


def visible(work_id: ColumnElement[Any], own_level: ColumnElement[Any], sight: Sight) -> ColumnElement[bool]:
    """Of rows that say to which campaign or project they belong, if to any, and their own level."""
    if sight.sees_all:
        return true()
    works = (work_id.in_(select(of.c.subject).where(within(of.c.subject, of.c.level, sight))) for of in LEVEL_TABLES)
    return or_(work_id.is_(None), and_(or_(*works), within(work_id, own_level, sight)))


LEVEL_TABLES = (campaign_level, project_level)


def within(work_id: ColumnElement[Any], level: ColumnElement[Any], sight: Sight) -> ColumnElement[bool]:
    """Whether the level is one that is seen of the campaign or project."""
    if sight.sees_all:
        return true()
    return or_(
        level.in_(up_to(sight.base)),
        and_(work_id.in_(list(sight.organisation)), level.in_(up_to("organisation"))),
        work_id.in_(list(sight.team)),
    )
