"""Who stood how in a coalition on a day, as known at a moment? In so many steps in an index, however long the history.

Of each membership the stretch without an end is sought first; where it begins later, the one around the day.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    BigInteger,
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    Integer,
    Uuid,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    union_all,
)

from domain.clusters import MAX
from projections.periods import membership, period
from projections.tables import STILL

SHOWN = ("organisation_id", "n", "place", "role", "standing", "scope", "inside", "surely_inside", "since", "begun_by")
COALITION, KNOWN = bindparam("coalition_id", type_=Uuid()), bindparam("known", type_=BigInteger())
DAY = bindparam("on", type_=Integer())
END: ColumnElement[int] = literal_column(str(MAX))  # as text, or an index on part of the rows would not be used


def on_day(connection: Connection, coalition_id: UUID, on: date, known: int | None = None) -> list[Any]:
    """The possible standings of each membership, being outside among them."""
    asked = {"coalition_id": coalition_id, "on": on.toordinal(), "known": STILL - 1 if known is None else known}
    return list(connection.execute(ON_DAY, asked).all())


def shown(of: Any) -> list[Column[Any]]:
    return [of.c[name] for name in SHOWN]


def endless() -> CTE:
    """At any moment one stretch of a membership has no end: the one that was opened last."""
    other = period.alias("other")
    opened = (
        select(func.max(other.c.known_from))
        .where(other.c.subject == membership.c.subject, other.c.to_day == END, other.c.known_from <= KNOWN)
        .scalar_subquery()
    )
    newest = and_(period.c.subject == membership.c.subject, period.c.to_day == END, period.c.known_from == opened)
    question = select(period.c.subject, period.c.from_day, *shown(period)).join_from(membership, period, newest)
    return question.where(membership.c.coalition_id == COALITION, period.c.known_to > KNOWN).cte("endless")


def around(subject: Any) -> ColumnElement[Any]:
    """When the stretch with an end that has the day in it was opened: all its rows were opened together."""
    other = period.alias("other")
    covers = and_(other.c.from_day <= DAY, other.c.to_day > DAY, other.c.to_day < END)
    believed = and_(other.c.known_from <= KNOWN, other.c.known_to > KNOWN)
    question = select(other.c.known_from).where(other.c.subject == subject, covers, believed)
    return question.order_by(other.c.from_day.desc()).limit(1).scalar_subquery()


def build() -> CompoundSelect[Any]:
    tails = endless()
    later = select(tails.c.subject).distinct().where(tails.c.from_day > DAY).subquery("later")
    opened = and_(period.c.subject == later.c.subject, period.c.known_from == around(later.c.subject))
    # the sum keeps the planner from the index by first day, in which it would walk through the whole history
    covers = and_(period.c.from_day + 0 <= DAY, period.c.to_day > DAY, period.c.to_day < END, period.c.known_to > KNOWN)
    return union_all(
        select(*shown(tails)).where(tails.c.from_day <= DAY),
        select(*shown(period)).join_from(later, period, opened).where(covers),
    )


ON_DAY = build()
