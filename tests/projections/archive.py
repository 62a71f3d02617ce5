"""Given these entries, when the read tables are asked, then …: entries are recorded as they are, the rules aside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Connection, Engine

from domain.action import ActionLogged
from domain.campaign_entries import CampaignPlanned
from domain.chronicle import Chronicle
from domain.coalition import Founded
from domain.dates import PartialDate, parse
from domain.entry import Entry
from domain.membership import Membership
from domain.membership_entries import BY_EVENT
from domain.organisation import OrganisationRegistered
from domain.programme import ProgrammeOpened
from domain.project import ProjectOpened
from projections import engine, roster
from projections.roster import Roster

SECRETARY = UUID(int=3)
TODAY = date(2026, 11, 22)
DATES = ("effective", "until", "review_by", "decided", "founded", "due", "period")
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

    def campaign(self, called: str, on: str = "2012", /, **fields: Any) -> UUID:
        """Its id; planned when it is first named, by an organisation of that name if no other leads it."""
        return self._begun(CampaignPlanned, called, on, {"lead_id": None, **fields})

    def programme(self, called: str, on: str = "2010", /, **fields: Any) -> UUID:
        return self._begun(ProgrammeOpened, called, on, {"organisation_id": None, **fields})

    def project(self, called: str, on: str = "2011", /, **fields: Any) -> UUID:
        return self._begun(ProjectOpened, called, on, {"organisation_id": None, **fields})

    def _begun(self, kind: type[Entry], called: str, on: str, fields: dict[str, Any]) -> UUID:
        if called not in self.ids:
            owner = {name: self.organisation(f"Owner of {called}") for name, id in fields.items() if id is None}
            self.ids[called] = id = uuid5(UUID(int=9), called)
            self.add(kind, id, on, **{**fields, **owner})
        return self.ids[called]

    def logged(self, of: UUID, on: str, kind: str = "meeting", /, **fields: Any) -> UUID:
        """The id of a new action."""
        id = uuid4()
        self.add(ActionLogged, id, on, campaign_id=of, kind=kind, **fields)
        return id

    def member(self) -> tuple[UUID, UUID, UUID]:
        """A coalition, an organisation that joined it in 2012, and its membership."""
        of, who = self.coalition("Coalition"), self.organisation("Member")
        self.changed("2012-01-01", "joined", of, who)
        return of, who, Membership.id_of(of, who)

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
