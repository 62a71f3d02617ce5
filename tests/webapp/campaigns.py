"""What do tests of campaigns stand on? One that was planned, its organisations, and whoever logs for it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from domain.action import ActionLogged
from domain.campaign import Campaign
from domain.campaign_entries import CampaignConcluded, CampaignEntry, CampaignLaunched, DecisionMakerNamed
from domain.dates import parse
from domain.entry import Told
from domain.organisation import Organisation
from projections import engine
from webapp.stores import Stores

SECRETARY = UUID(int=3)
HIDDEN = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"')
LOG_FORM = re.compile(r'<form id="log-form".*?</form>', re.DOTALL)


class Planned(NamedTuple):
    id: UUID
    lead: UUID
    authority: UUID


def told(on: str, recorded_by: UUID = SECRETARY) -> Told:
    return Told(occurred=parse(on), recorded_by=recorded_by, command_id=uuid4())


def registered(stores: Stores, called: str, **fields: Any) -> UUID:
    organisation = Organisation(id=uuid4())
    stores.chronicle.record(organisation.register(told("2005"), called, **fields))
    return organisation.id


def planned(stores: Stores, title: str = "Open budgets", *, ends: str = "", **fields: Any) -> Planned:
    """Launched in 2019, with the municipality as a decision-maker."""
    lead, authority = registered(stores, f"Lead of {title}"), registered(stores, f"Municipality of {title}")
    campaign = Campaign(id=uuid4())
    plan = campaign.plan(told("2019-01-01"), title=title, lead_id=lead, **fields)
    campaign = campaign.after(plan)
    changes: list[CampaignEntry] = [plan]
    asked = {"authority_id": authority, "ask": "Publish the budget"}
    life: list[tuple[type[CampaignEntry], str, dict[str, Any]]] = [
        (CampaignLaunched, "2019-02-01", {}),
        (DecisionMakerNamed, "2019-02-01", asked),
        *([(CampaignConcluded, ends, {})] if ends else []),
    ]
    for kind, on, said in life:
        changes.append(campaign.change(kind, told(on), **said))
        campaign = campaign.after(changes[-1])
    stores.chronicle.record(*changes)
    engine.keep_up(stores.chronicle, stores.reading)
    return Planned(campaign.id, lead, authority)


def logged(stores: Stores) -> list[ActionLogged]:
    found = stores.chronicle.at(recorded.position for recorded in stores.chronicle.named("campaign.action_logged"))
    return [each.entry for each in found.values() if isinstance(each.entry, ActionLogged)]


def log_form(page: str) -> dict[str, str]:
    """The hidden fields of the log form on a page."""
    found = LOG_FORM.search(page)
    assert found, page[:300]
    return {name: unescape(value) for name, value in HIDDEN.findall(found[0]) if name != "look"}
