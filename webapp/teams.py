"""Who is, and was, on the team of a campaign or project. Nothing is deleted: who could see what stays known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Column, Engine, Index, Table, Uuid, insert, select, update

from webapp.accounts import Instant, instant_now, tables

team = Table(
    "team",
    tables,
    Column("work_id", Uuid, primary_key=True),
    Column("account_id", Uuid, primary_key=True),
    Column("since", Instant, primary_key=True),
    Column("added_by", Uuid, nullable=False),
    Column("until", Instant),
    Column("ended_by", Uuid),
    Index(None, "account_id"),
)


class Teammate(NamedTuple):
    account_id: UUID
    since: datetime
    added_by: UUID


class Teams:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, account_id: UUID) -> frozenset[UUID]:
        """The campaigns and projects on whose team somebody is now."""
        asked = select(team.c.work_id).where(team.c.account_id == account_id, team.c.until.is_(None))
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(asked))

    def people(self, work_id: UUID) -> list[Teammate]:
        asked = (
            select(team.c.account_id, team.c.since, team.c.added_by)
            .where(team.c.work_id == work_id, team.c.until.is_(None))
            .order_by(team.c.since)
        )
        with self._engine.connect() as connection:
            return [Teammate(*row) for row in connection.execute(asked)]

    def add(self, work_id: UUID, account_ids: Iterable[UUID], by: UUID) -> None:
        """Whoever is on it already stays as he is."""
        there = {each.account_id for each in self.people(work_id)}
        rows = [
            {"work_id": work_id, "account_id": each, "since": instant_now(), "added_by": by}
            for each in dict.fromkeys(account_ids)
            if each not in there
        ]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(insert(team), rows)

    def end(self, work_id: UUID, account_id: UUID, by: UUID) -> None:
        mine = (team.c.work_id == work_id, team.c.account_id == account_id, team.c.until.is_(None))
        with self._engine.begin() as connection:
            connection.execute(update(team).where(*mine).values(until=instant_now(), ended_by=by))
