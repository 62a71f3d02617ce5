"""Given what was recorded, when it is amended, then it stands like this, or it is refused: across histories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest

from domain import amending, subjects
from domain.amending import Amended, Change, Correcting, Records
from domain.chronicle import Chronicle
from domain.coalition import Founded
from domain.entry import Entry, Refused, Told
from domain.history import StrikeReason
from domain.membership import Membership
from domain.membership_entries import BY_EVENT
from domain.organisation import Organisation
from tests.scenario import SECRETARY, possible_on, told

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
OTHER_SECRETARY = UUID(int=33)


class Clock:
    """Goes on by a second whenever it is asked."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Register:
    chronicle: Chronicle
    clock: Clock
    ids: dict[str, UUID] = field(default_factory=dict)

    @property
    def records(self) -> Records:
        """Any history may speak of any organisation: whoever asks looks into each."""

        def mentions(_: UUID) -> list[UUID]:
            return self.chronicle.subjects()

        return Records(self.chronicle, mentions, self.chronicle.last_position())

    def id(self, called: str) -> UUID:
        return self.ids.setdefault(called, uuid5(UUID(int=9), called))

    def organisation(self, called: str) -> Organisation:
        return subjects.organisation(self.chronicle, self.id(called))

    def membership(self, coalition: str, organisation: str) -> Membership:
        return subjects.membership(self.chronicle, self.id(coalition), self.id(organisation))

    # given

    def tell(self, amended: Amended) -> int:
        """Records it all; the position of the first entry."""
        return self.chronicle.record(*amended.entries) - len(amended.entries) + 1

    def registered(self, *called: str) -> None:
        for each in called:
            of = self.organisation(each)
            self.tell(amending.record(self.records, of.register(told("XXXX"), each)))

    def founded(self, called: str, on: str = "2011-06-20") -> int:
        self.registered(called)
        return self.happened(on, Founded, called)

    def happened(self, on: str, kind: type[Entry], of: str, /, **fields: Any) -> int:
        """Something in the life of an organisation or a coalition."""
        return self.tell(amending.record(self.records, self.deed(on, kind, of, **fields)))

    def deed(self, on: str, kind: type[Entry], of: str, /, **fields: Any) -> Entry:
        return self.organisation(of).change(kind, told(on, **said(fields)), **fields)

    def changed(self, on: str, event: str, coalition: str, organisation: str, **fields: Any) -> int:
        return self.tell(amending.record(self.records, self.change(on, event, coalition, organisation, **fields)))

    def change(self, on: str, event: str, coalition: str, organisation: str, **fields: Any) -> Entry:
        of = self.membership(coalition, organisation)
        return of.change(BY_EVENT[event], told(on, **said(fields)), **fields)

    # when

    def undone(self, position: int, by: UUID = SECRETARY, after: timedelta = timedelta(minutes=1)) -> Amended:
        now = self.clock.now + after
        return amending.undo(self.records, position, self.today(by), now)

    def struck(self, position: int, *also: Change, reason: StrikeReason = "wrong") -> Amended:
        return amending.strike(self.records, position, self.today(), reason, also)

    def corrected(self, position: int, on: str, kind: type[Entry], /, *also: Change, **fields: Any) -> Amended:
        return amending.amend(self.records, self.today(), "wrong", [right(position, on, kind, **fields), *also])

    def preferred(self, position: int, *instead_of: int) -> Amended:
        return amending.prefer(self.records, position, self.today(), instead_of)

    @staticmethod
    def today(by: UUID = SECRETARY) -> Told:
        return Told(occurred=told("2026-11-22").occurred, recorded_by=by, command_id=uuid4())

    # then

    def stands(self, coalition: str, organisation: str, day: str) -> set[str]:
        return possible_on(self.membership(coalition, organisation), day)


def right(position: int, on: str, kind: type[Entry], /, **fields: Any) -> Correcting:
    return Correcting(position, kind, told(on, **said(fields)), fields)


def said(fields: dict[str, Any]) -> dict[str, Any]:
    """Taken out of the fields: what every entry says."""
    return {name: fields.pop(name) for name in Told.__struct_fields__ if name in fields}


def refused(act: Callable[..., Any], *args: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused) as no:
        act(*args, **fields)
    return no.value
