"""Which entries have a mark in the picture of a coalition's memberships, and where?"""

from __future__ import annotations

from collections import defaultdict
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Select, and_, or_, select

from domain.history import ENTRIES as AMENDMENTS
from domain.organisation import ENTRIES as ORGANISATION_ENTRIES
from domain.organisation import OrganisationDissolved, OrganisationMerged, OrganisationRegistered, OrganisationSameAs
from projections.lines import amended_table, line_table
from projections.periods import membership
from projections.two_clocks import known_at

OUT = ("struck", "corrected", "undone", "undo")
UNMARKED = tuple(kind.stored_name() for kind in AMENDMENTS)
OF_RECORDS = (OrganisationRegistered, OrganisationSameAs)  # what happened to what is known of it, not to it
TOLD_BY_ITS_MEMBERSHIP = (OrganisationMerged, OrganisationDissolved)
OWN = tuple(kind.stored_name() for kind in ORGANISATION_ENTRIES if kind not in OF_RECORDS)
OF_A_MEMBER = tuple(
    kind.stored_name() for kind in ORGANISATION_ENTRIES if kind not in OF_RECORDS + TOLD_BY_ITS_MEMBERSHIP
)


class Mark(NamedTuple):
    """An entry that stands; bounds as ordinals."""

    position: int
    name: str
    earliest: int
    latest: int
    occurred: str
    is_alternative: bool


def marks(connection: Connection, coalition_id: UUID, known: int | None = None) -> dict[UUID, list[Mark]]:
    """By whom they are about, in the order of days; what the coalition did itself is under its own id."""
    found: defaultdict[UUID, list[Mark]] = defaultdict(list)
    rows = [row for part in _parts(coalition_id, known) for row in connection.execute(part).all()]
    rows.sort(key=itemgetter(2, 3, 0))
    for position, name, earliest, latest, occurred, variant, state, other, is_its_own in rows:
        is_alternative = state == "set_aside" or (variant == "alternative" and state != "preferred")
        mark = Mark(position, name, earliest, latest, occurred, is_alternative)
        found[coalition_id if is_its_own else other].append(mark)
    return dict(found)


def _parts(coalition_id: UUID, known: int | None) -> tuple[Select[Any], ...]:
    """What happened in the coalition; what happened to the organisations that had to do with it, and to itself."""
    table = line_table.c
    of_same = and_(amended_table.c.position == table.position, known_at(amended_table, known))
    bounds = (table.earliest, table.latest, table.occurred)
    about = (table.organisation_id, table.subject == coalition_id)
    question = select(table.position, table.name, *bounds, table.variant, amended_table.c.state, *about)
    question = question.join_from(line_table, amended_table, of_same, isouter=True)
    question = question.where(or_(amended_table.c.state.is_(None), amended_table.c.state.not_in(OUT)))
    if known is not None:
        question = question.where(table.position <= known)
    members = select(membership.c.organisation_id).where(membership.c.coalition_id == coalition_id)
    of_itself = question.where(table.coalition_id.is_(None))
    return (
        question.where(table.coalition_id == coalition_id, table.name.not_in(UNMARKED)),
        of_itself.where(table.organisation_id.in_(members), table.name.in_(OF_A_MEMBER)),
        of_itself.where(table.organisation_id == coalition_id, table.name.in_(OWN)),
    )
