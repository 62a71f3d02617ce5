"""Given what happened in a campaign, when something is recorded, then it stands like this, or it is refused."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import pytest

from domain.campaign import Campaign, state_on
from domain.campaign_entries import ENTRIES, CampaignEntry, CampaignPlanned
from domain.dates import parse
from domain.entry import Refused, Told
from domain.history import holding
from tests.scenario import SECRETARY, told

KINDS = {kind.stored_name().removeprefix("campaign."): kind for kind in ENTRIES}
OF_ORGANISATIONS = ("lead", "coalition", "authority", "partner", "donor", "changed_by")


def some(called: str) -> UUID:
    return uuid5(SECRETARY, called)


class Happened(NamedTuple):
    """A kind of entry without `campaign.`, its date, its fields; organisations by name: `authority="Ministry"`."""

    event: str
    on: str
    fields: dict[str, Any]


def happened(on: str, event: str, **fields: Any) -> Happened:
    return Happened(event, on, fields)


PLANNED = happened("2017-03", "planned")
LAUNCHED = happened("2017-05", "launched")
NAMED = happened("2017-05", "decision_maker_named", authority="Ministry")
PROMISED = happened("2018-02", "promise_made", authority="Ministry", promise="A working group")


def decide(of: Campaign, what: Happened) -> CampaignEntry:
    """The entry to record, or Refused."""
    fields = {f"{name}_id" if name in OF_ORGANISATIONS else name: _told(name, v) for name, v in what.fields.items()}
    said = {name: fields.pop(name) for name in Told.__struct_fields__ if name in fields}
    kind = KINDS[what.event]
    if kind is CampaignPlanned:
        return of.plan(told(what.on, **said), **{"lead_id": some("Lead"), "title": "A campaign", **fields})
    return of.change(kind, told(what.on, **said), **fields)


def _told(name: str, value: Any) -> Any:
    if name in OF_ORGANISATIONS:
        return some(value)
    return parse(value) if name == "due" else value


class Scenario(NamedTuple):
    before: Campaign
    new: Happened | None = None

    def when(self, on: str, event: str, **fields: Any) -> Scenario:
        return self._replace(new=happened(on, event, **fields))

    @property
    def recorded(self) -> CampaignEntry:
        assert self.new
        return decide(self.before, self.new)

    @property
    def after(self) -> Campaign:
        return self.before.after(self.recorded) if self.new else self.before

    def then(self, day: str, *states: str) -> Scenario:
        """On that day one of these states is possible, and no other."""
        assert tuple(state_on(holding(self.after.entries), date.fromisoformat(day).toordinal())) == states
        return self

    def warns(self, *concerns: str) -> None:
        assert self.recorded.warnings == concerns

    def refuses(self, code: str, **details: Any) -> Refused:
        with pytest.raises(Refused) as refused:
            decide(self.before, self.new or happened("2020", "nothing"))
        told_of = {name: refused.value.details.get(name) for name in details}
        assert (refused.value.code, told_of) == (code, details)
        return refused.value


def given(*happenings: Happened) -> Scenario:
    history = Campaign(id=some("Campaign"))
    for what in happenings:
        history = history.after(decide(history, what))
    return Scenario(history)


def running(*more: Happened) -> Scenario:
    """A campaign that was launched in May 2017."""
    return given(PLANNED, LAUNCHED, *more)
