"""Given these entries, when the read tables are asked, then …: entries are recorded as they are, the rules aside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Connection, Engine

from domain.chronicle import Chronicle
from domain.coalition import Founded
from domain.dates import PartialDate, parse
from domain.entry import Entry
from domain.membership import Membership
from domain.membership_entries import BY_EVENT
from domain.organisation import OrganisationRegistered
from projections import engine, roster
from projections.roster import Roster

SECRETARY = UUID(int=3)
TODAY = date(2026, 11, 22)
DATES = ("effective", "until", "review_by", "decided", "founded")
E = TypeVar("E", bound=Entry)


def day(text: str) -> PartialDate:
    return parse(text, TODAY)


@dataclass
class Archive:
    chronicle: Chronicle
    reading: Engine
    versions: dict[UUID, int] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)

    def entry(self, kind: type[E], subject: UUID, on: str = "XXXX", /, **fields: Any) -> E:
        """The next of its subject, not recorded yet."""
        self.versions[subject] = version = self.versions.get(subject, 0) + 1
        told: dict[str, Any] = {"occurred": day(on), "recorded_by": SECRETARY, "command_id": uuid4()}
        typed = {name: day(value) if name in DATES and value else value for name, value in fields.items()}
        return kind(originator_id=subject, originator_version=version, **{**told, **typed})

    def record(self, *entries: Entry) -> int:
        return self.chronicle.record(*entries)

    def add(self, kind: type[Entry], subject: UUID, on: str = "XXXX", /, **fields: Any) -> int:
        return self.record(self.entry(kind, subject, on, **fields))

    def organisation(self, called: str, **fields: Any) -> UUID:
        """Its id; registered when it is first named."""
        if called not in self.ids:
            self.ids[called] = id = uuid5(UUID(int=9), called)
            self.add(OrganisationRegistered, id, called=called, **fields)
        return self.ids[called]

    def coalition(self, called: str, founded: str = "2011-06-20") -> UUID:
        if called not in self.ids:
            id = self.organisation(called, kind="coalition")
            self.add(Founded, id, founded)
        return self.ids[called]

    def change(self, on: str, event: str, of: UUID, who: UUID, **fields: Any) -> Entry:
        """A change of membership, not recorded yet."""
        subject = Membership.id_of(of, who)
        return self.entry(BY_EVENT[event], subject, on, coalition_id=of, organisation_id=who, **fields)

    def changed(self, on: str, event: str, of: UUID, who: UUID, **fields: Any) -> int:
        return self.record(self.change(on, event, of, who, **fields))

    def keep_up(self) -> None:
        engine.keep_up(self.chronicle, self.reading)

    @contextmanager
    def asked(self) -> Iterator[Connection]:
        self.keep_up()
        with self.reading.connect() as connection:
            yield connection

    def roster(self, of: UUID, on: str, known: int | None = None) -> Roster:
        with self.asked() as connection:
            return roster.roster(connection, of, date.fromisoformat(on), known)
