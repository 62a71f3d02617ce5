"""The campaign for which an action is logged: what its form has to know, and what is said of what it allows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from uuid import UUID

import msgspec
from flask import abort
from flask_babel import gettext

from domain import subjects
from domain.campaign import Campaign, confidentiality
from domain.campaign_entries import CampaignPlanned, CampaignRetitled, Concern, PartnerJoined
from domain.confidentiality import Confidentiality
from domain.dates import PartialDate
from domain.entry import Entry
from domain.history import holding
from domain.membership_entries import bounds
from projections.lines import own_level
from webapp import who
from webapp.sight import sight


class LoggedCampaign(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    history: Campaign

    @property
    def id(self) -> UUID:
        return self.history.id

    @cached_property
    def seen(self) -> tuple[Entry, ...]:
        """What holds of it, for the eyes of who asks."""
        held = holding(self.history.entries)
        return tuple(e for e in held if sight().clears(self.id, own_level(e)))

    @property
    def title(self) -> str:
        return title_of(self.seen)

    @property
    def decision_makers(self) -> tuple[UUID, ...]:
        return Campaign(id=self.id, entries=self.seen).decision_makers

    @property
    def level(self) -> Confidentiality:
        return confidentiality(self.history.entries)

    @property
    def lead_id(self) -> UUID | None:
        return self.history.planned.lead_id if self.history.planned else None

    @property
    def coalition_id(self) -> UUID | None:
        return self.history.planned.coalition_id if self.history.planned else None

    @property
    def organisations(self) -> list[UUID]:
        """Whose action it may be: its lead, and whoever was its partner."""
        partners = [e.partner_id for e in self.seen if isinstance(e, PartnerJoined)]
        return list(dict.fromkeys([id for id in (self.lead_id, *partners) if id]))


def title_of(entries: tuple[Entry, ...]) -> str:
    """As it is called now."""
    titled = [e for e in holding(entries) if isinstance(e, CampaignPlanned | CampaignRetitled) and e.title]
    last = max(titled, key=lambda e: (isinstance(e, CampaignRetitled), bounds(e.occurred)), default=None)
    return last.title if last else str(gettext("a campaign without a title"))


def logged_campaign(id: UUID) -> LoggedCampaign:
    """Not found where it is not there, or not for who asks."""
    entries = who.stores().chronicle.history(id)
    history = subjects.of_entries(id, entries, lambda _: abort(404))
    if not isinstance(history, Campaign) or history.planned is None:
        abort(404)
    if not sight().clears(id, confidentiality(entries)):
        abort(404)
    return LoggedCampaign(history=history)


def concerns(campaign: LoggedCampaign, on: PartialDate, by: Iterable[UUID]) -> tuple[Concern, ...]:
    """What is said of it, and does not forbid it. Where nobody is told, it is an action of its lead."""
    acting = [*by] or [id for id in [campaign.lead_id] if id]
    return subjects.concerns(who.stores().chronicle, campaign.history, acting, on)
