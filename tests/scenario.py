"""Given what happened, when something is recorded, then it stands like this, or it is refused."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import msgspec
import pytest

from domain.dates import PartialDate, parse
from domain.entry import Refused, Told
from domain.membership import Membership, periods
from domain.membership_entries import BY_EVENT, MembershipEntry

COALITION, ORGANISATION, SECRETARY = UUID(int=1), UUID(int=2), UUID(int=3)
DATES = ("effective", "until", "review_by", "period")


class Happened(NamedTuple):
    """An event, the EDTF date on which it took effect, and its fields."""

    event: str
    on: str
    fields: dict[str, Any]


def happened(on: str, event: str, **fields: Any) -> Happened:
    return Happened(event, on, fields)


def told(on: str | PartialDate, **fields: Any) -> Told:
    occurred = parse(on) if isinstance(on, str) else on
    return Told(occurred=occurred, recorded_by=SECRETARY, command_id=uuid4(), **fields)


def membership(**fields: Any) -> Membership:
    id = Membership.id_of(COALITION, ORGANISATION)
    return Membership(id=id, coalition_id=COALITION, organisation_id=ORGANISATION, **fields)


def decide(of: Membership, what: Happened) -> MembershipEntry:
    """The entry to record, or Refused."""
    fields = {name: parse(value) if name in DATES else value for name, value in what.fields.items()}
    said = {name: fields.pop(name) for name in Told.__struct_fields__ if name in fields}
    if what.event == "organisation_merged":
        fields.setdefault("successor_id", UUID(int=4))
    return of.change(BY_EVENT[what.event], told(what.on, **said), **fields)


class Scenario(NamedTuple):
    before: Membership
    new: Happened | None = None

    def when(self, on: str, event: str, **fields: Any) -> Scenario:
        return self._replace(new=happened(on, event, **fields))

    @property
    def after(self) -> Membership:
        return self.before.after(decide(self.before, self.new)) if self.new else self.before

    def then(self, day: str, *standings: str) -> Scenario:
        """On that day one of these standings is possible, and no other."""
        assert possible_on(self.after, day) == set(standings)
        return self

    def refuses(self, code: str, **details: Any) -> Refused:
        with pytest.raises(Refused) as refused:
            decide(self.before, self.new or happened("2020", "nothing"))
        assert (refused.value.code, _of(refused.value, details)) == (code, details)
        return refused.value


def _of(refused: Refused, details: dict[str, Any]) -> dict[str, Any]:
    return {name: refused.details.get(name) for name in details}


def given(*happenings: Happened, **fields: Any) -> Scenario:
    history = membership(**fields)
    for what in happenings:
        history = history.after(decide(history, what))
    return Scenario(history)


def possible_on(history: Membership, day: str) -> set[str]:
    """The labels of the standings that are possible at the end of that day."""
    number = date.fromisoformat(day).toordinal()
    found = [s for s in periods(history.changes) if s.since <= number < s.until]
    return {standing.label for stretch in found for standing in stretch.states} or {"none"}


def recorded_in_any_case(history: Membership, on: str, event: str, **fields: Any) -> Membership:
    """The history with an entry that the rules of today refuse."""
    told_fields = msgspec.structs.asdict(told(on))
    new = BY_EVENT[event](
        originator_id=history.id,
        originator_version=history.version + 1,
        coalition_id=COALITION,
        organisation_id=ORGANISATION,
        **told_fields,
        **fields,
    )
    return history.after(new)
