"""Whose term, suspension or notice ends by a day, or should have ended, of those that are in? The earliest first."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, and_, exists, or_, select

from domain.membership_entries import Suspended, WithdrawalNotified
from projections import coalitions
from projections.ends import end_table
from projections.periods import period
from projections.tables import STILL
from projections.two_clocks import known_at

STANDING = {Suspended.stored_name(): "suspended", WithdrawalNotified.stored_name(): "leaving"}


class Due(NamedTuple):
    coalition_id: UUID
    organisation_id: UUID
    name: str  # of the entry that says it
    position: int
    ends: date  # the last day that it can mean
    day: str


def due(connection: Connection, on: date, by: date, known: int | None = None) -> list[Due]:
    """As things stand on the day `on`: a review of those that are suspended, perhaps only possibly, and so on."""
    said, stands, day = end_table.c, period.c, on.toordinal()
    position = STILL - 1 if known is None else known
    of_kind = (and_(said.name == name, stands.standing == standing) for name, standing in STANDING.items())
    is_in = exists().where(
        stands.subject == said.subject,
        stands.known_from <= position,
        stands.known_to + 0 > position,  # the sum keeps the planner to the one membership
        stands.from_day <= day,
        stands.to_day > day,
        stands.inside,
        or_(said.name.not_in(STANDING), *of_kind),
    )
    question = select(said.coalition_id, said.organisation_id, said.name, said.position, said.ends, said.day).where(
        known_at(end_table, known), said.from_day <= day, said.to_day > day, said.ends <= by.toordinal(), is_in
    )
    rows = connection.execute(question.order_by(said.ends, said.position)).all()
    lives = coalitions.spans(connection, {row.coalition_id for row in rows}, known)
    return [Due(*row[:4], date.fromordinal(row.ends), row.day) for row in rows if lives[row.coalition_id].has(on)]
