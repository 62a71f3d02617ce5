"""How many stand how in each coalition on a day, as known at a moment? One question asks it, and names nobody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Connection, case, func, select

from projections import coalitions
from projections.periods import period
from projections.roster import Numbers, Place, numbers, place
from projections.two_clocks import known_at

NOBODY = UUID(int=0)
OR, AND = ";", "|"


def tallies(
    connection: Connection, coalition_ids: Iterable[UUID], on: date, known: int | None = None
) -> dict[UUID, Numbers]:
    """The numbers of each roster."""
    lives = coalitions.spans(connection, coalition_ids, known)
    held: dict[UUID, list[tuple[Place, int]]] = {id: [] for id in lives}
    columns = period.c
    covers = columns.from_day <= on.toordinal(), columns.to_day > on.toordinal(), columns.inside
    said = func.coalesce(columns.role, "") + AND + columns.standing + AND + case((columns.surely_inside, "1"), else_="")
    # read out of its index first, or the planner would walk through the whole table in the order of the groups
    rows = select(columns.coalition_id, columns.subject, said.label("said")).where(known_at(period, known), *covers)
    there = rows.cte("there").prefix_with("MATERIALIZED")
    each = select(there.c.coalition_id, func.aggregate_strings(there.c.said, OR).label("said"))
    alike = each.group_by(there.c.coalition_id, there.c.subject).subquery()
    question = select(alike.c.coalition_id, alike.c.said, func.count()).group_by(alike.c.coalition_id, alike.c.said)
    for id, standings, times in connection.execute(question):
        if id in lives and lives[id].has(on):
            held[id].append((one_of(standings), times))
    return {id: numbers(places) for id, places in held.items()}


@lru_cache(1_000)
def one_of(standings: str) -> Place:
    """Whoever has these possible standings."""
    told = [each.split(AND) for each in standings.split(OR)]
    return place(NOBODY, "", [(n, role or None, at, None, sure, None, None) for n, (role, at, sure) in enumerate(told)])
