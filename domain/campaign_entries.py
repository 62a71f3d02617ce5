"""What is recorded of a campaign: stored names and fields."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from domain import texts
from domain.confidentiality import Confidentiality
from domain.dates import PartialDate
from domain.dues import check_money
from domain.entry import Entry

PolicyStage = Literal["agenda", "development", "adoption", "blocking", "implementation", "monitoring", "maintenance"]
Theme = Literal[
    "social", "gender", "environment", "infrastructure", "housing_utilities", "health", "education",
    "budget_transparency", "anti_corruption", "justice", "equality", "minority_rights", "freedom_of_information",
    "self_government", "other",
]  # fmt: skip
Level = Literal["", "local", "regional", "national", "international"]
Influence = Literal["", "high", "medium", "low"]
Stance = Literal["champion", "ally", "undecided", "opposed", "strongly_opposed"]
Response = Literal["favourable", "commitment", "counter", "more_information", "token", "none"]
PartnerRole = Literal["partner", "organiser", "community", "expert", "media", "supporter", "other"]
Progress = Literal["not_started", "started", "partially_implemented", "implemented", "deferred", "broken"]
Result = Literal["", "achieved", "partly_achieved", "not_achieved"]
Significance = Literal["", "high", "medium", "low"]
Concern = Literal["before_campaign", "after_campaign", "not_a_member"]


class CampaignEntry(Entry, frozen=True, kw_only=True):
    """`warnings`: what the person was told when it was recorded, and recorded it all the same. `confidentiality`: of
    this entry alone; empty, that of the campaign holds."""

    warnings: tuple[Concern, ...] = ()
    confidentiality: Confidentiality | Literal[""] = ""

    def check_written(self) -> None:
        texts.check_words(self)


class CampaignPlanned(CampaignEntry, tag="campaign.planned", frozen=True, kw_only=True):
    """Its first entry, also of a campaign of which no plan is known. `level` is that of the authorities it aims at."""

    words = (*Entry.words, "title", "purpose")

    lead_id: UUID
    coalition_id: UUID | None = None
    programme_id: UUID | None = None
    themes: tuple[Theme, ...] = ()
    regions: tuple[str, ...] = ()
    level: Level = ""
    confidentiality: Confidentiality = "coalition"
    title: str = ""
    purpose: str = ""


class CampaignLaunched(CampaignEntry, tag="campaign.launched", frozen=True, kw_only=True):
    pass


class CampaignPaused(CampaignEntry, tag="campaign.paused", frozen=True, kw_only=True):
    words = (*Entry.words, "reason")

    reason: str = ""


class CampaignResumed(CampaignEntry, tag="campaign.resumed", frozen=True, kw_only=True):
    pass


class CampaignConcluded(CampaignEntry, tag="campaign.concluded", frozen=True, kw_only=True):
    words = (*Entry.words, "summary")

    result: Result = ""
    summary: str = ""


class CampaignCancelled(CampaignEntry, tag="campaign.cancelled", frozen=True, kw_only=True):
    words = (*Entry.words, "reason")

    reason: str = ""


class CampaignRetitled(CampaignEntry, tag="campaign.retitled", frozen=True, kw_only=True):
    words = (*Entry.words, "title")

    title: str = ""


class ConfidentialityChanged(CampaignEntry, tag="campaign.confidentiality_changed", frozen=True, kw_only=True):
    """From now on; pages about the past obey it too."""

    confidentiality: Confidentiality = "team"


class GoalSet(CampaignEntry, tag="campaign.goal_set", frozen=True, kw_only=True):
    words = (*Entry.words, "statement")

    stage: PolicyStage = "agenda"
    statement: str = ""


class DecisionMakerNamed(CampaignEntry, tag="campaign.decision_maker_named", frozen=True, kw_only=True):
    """Also again, where what is asked of it or its influence changes."""

    words = (*Entry.words, "ask", "person")

    authority_id: UUID
    influence: Influence = ""
    ask: str = ""
    person: str = ""


class StanceChanged(CampaignEntry, tag="campaign.stance_changed", frozen=True, kw_only=True):
    authority_id: UUID
    stance: Stance


class DecisionMakerResponded(CampaignEntry, tag="campaign.decision_maker_responded", frozen=True, kw_only=True):
    """`action_id`: the action to which it responded, where that is known."""

    authority_id: UUID
    response: Response
    action_id: UUID | None = None


class PartnerJoined(CampaignEntry, tag="campaign.partner_joined", frozen=True, kw_only=True):
    partner_id: UUID
    role: PartnerRole = "partner"


class PartnerLeft(CampaignEntry, tag="campaign.partner_left", frozen=True, kw_only=True):
    partner_id: UUID


class PromiseMade(CampaignEntry, tag="campaign.promise_made", frozen=True, kw_only=True):
    words = (*Entry.words, "promise", "person")

    authority_id: UUID
    due: PartialDate | None = None
    promise: str = ""
    person: str = ""


class PromiseUpdated(CampaignEntry, tag="campaign.promise_updated", frozen=True, kw_only=True):
    """Of the promise at version `of`."""

    of: int
    progress: Progress


class OutcomeRecorded(CampaignEntry, tag="campaign.outcome_recorded", frozen=True, kw_only=True):
    """What changed, who changed it, what the campaign contributed to that, why it matters, who confirms it."""

    words = (*Entry.words, "change", "contribution", "importance", "confirmed_by")

    stage: PolicyStage
    changed_by_id: UUID | None = None
    significance: Significance = ""
    change: str = ""
    contribution: str = ""
    importance: str = ""
    confirmed_by: str = ""


class FundingReceived(CampaignEntry, tag="campaign.funding_received", frozen=True, kw_only=True):
    donor_id: UUID
    amount: str
    currency: str

    def check_written(self) -> None:
        super().check_written()
        check_money(self.amount, self.currency)


class CampaignEvaluated(CampaignEntry, tag="campaign.evaluated", frozen=True, kw_only=True):
    words = (*Entry.words, "summary")

    summary: str = ""


LIFE = (CampaignPlanned, CampaignLaunched, CampaignPaused, CampaignResumed, CampaignConcluded, CampaignCancelled)
ENTRIES: tuple[type[CampaignEntry], ...] = (
    *LIFE, CampaignRetitled, ConfidentialityChanged, GoalSet, DecisionMakerNamed, StanceChanged,
    DecisionMakerResponded, PartnerJoined, PartnerLeft, PromiseMade, PromiseUpdated, OutcomeRecorded,
    FundingReceived, CampaignEvaluated,
)  # fmt: skip
