"""A campaign: what holds of it, what is said of what lies outside its days, and what may be recorded of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self
from uuid import UUID

from domain.beginnings import check_only_alternatives, refused
from domain.campaign_course import (
    LEADS_TO,
    MAY_FOLLOW,
    NO_PARTNER,
    NONE,
    OPEN,
    STATES,
    check_course,
    check_plan,
    partnership,
    state_on,
    states,
)
from domain.campaign_entries import (
    LIFE,
    CampaignCancelled,
    CampaignConcluded,
    CampaignEntry,
    CampaignEvaluated,
    CampaignPlanned,
    Concern,
    ConfidentialityChanged,
    DecisionMakerNamed,
    DecisionMakerResponded,
    PartnerJoined,
    PartnerLeft,
    PromiseMade,
    PromiseUpdated,
    StanceChanged,
)
from domain.confidentiality import Confidentiality
from domain.dates import PartialDate
from domain.entry import E, Entry, Refused, Told
from domain.history import EntryCorrected, History, holding, in_force
from domain.membership_entries import bounds

__all__ = ["LEADS_TO", "MAY_FOLLOW", "NONE", "OPEN", "STATES", "Campaign", "partnership", "state_on", "states"]

AFTERWARDS = (CampaignEvaluated, ConfidentialityChanged, PromiseUpdated)  # belong to no day of the campaign


def confidentiality(entries: Sequence[Entry]) -> Confidentiality:
    """As it was set last: that is not a question of days, and pages about the past obey it too. What was corrected
    counts from when it was first told."""
    every = tuple(entries)
    told: dict[int, int] = {}
    for e in in_force(every):
        if isinstance(e, EntryCorrected):
            told[e.by] = told.get(e.of, e.of)
    levels = [e for e in holding(every) if isinstance(e, CampaignPlanned | ConfidentialityChanged)]
    last = max(levels, key=lambda e: told.get(e.originator_version, e.originator_version), default=None)
    return (last.confidentiality or "team") if last else "team"


def warnings(entries: Iterable[Entry], on: PartialDate) -> tuple[Concern, ...]:
    """What is said of an entry that lies certainly before the campaign began, or after it ended. It is allowed."""
    first, last = bounds(on)
    life = [e for e in entries if isinstance(e, LIFE)]
    begins = min((bounds(e.occurred)[0] for e in life), default=first)
    ends = [bounds(e.occurred)[1] for e in life if isinstance(e, CampaignConcluded | CampaignCancelled)]
    said: list[Concern] = ["before_campaign"] if last < begins else []
    return (*said, "after_campaign") if ends and first > max(ends) else tuple(said)


class Campaign(History, frozen=True, kw_only=True):
    """All that was recorded of one campaign, but for its actions, which have histories of their own."""

    @property
    def planned(self) -> CampaignPlanned | None:
        return next((e for e in holding(self.entries) if isinstance(e, CampaignPlanned)), None)

    @property
    def decision_makers(self) -> tuple[UUID, ...]:
        named = (e.authority_id for e in holding(self.entries) if isinstance(e, DecisionMakerNamed))
        return tuple(dict.fromkeys(named))

    def plan(self, told: Told, **fields: Any) -> CampaignPlanned:
        new = self.next(CampaignPlanned, told, **fields)
        self.after(new).check(new)
        return new

    def change(self, kind: type[E], told: Told, **fields: Any) -> E:
        """The entry to record, for instance `campaign.change(StanceChanged, told, authority_id=…, stance="ally")`."""
        if not self.entries:
            raise Refused("campaign.unknown", id=self.id)
        fields.setdefault("warnings", self.concerns(kind, told.occurred))
        new = self.next(kind, told, **fields)
        self.after(new).check(new)
        return new

    def concerns(self, kind: type[Entry], on: PartialDate) -> tuple[Concern, ...]:
        """What is said of an entry of this kind on that day, and kept with it."""
        if issubclass(kind, LIFE):
            return ()
        said = warnings(holding(self.entries), on)
        return tuple(each for each in said if each != "after_campaign") if issubclass(kind, AFTERWARDS) else said

    def check_since(self, before: Self, new: Sequence[Entry]) -> None:
        entries, known = holding(self.entries), before.version
        check_only_alternatives(self.entries, entries)
        check_plan(entries)
        check_course([e for e in entries if isinstance(e, LIFE)], NONE, known, "campaign.not_now")
        self._check_partners(entries, known)
        self._check_decision_makers(entries, known)
        self._check_promises(entries, known)

    @staticmethod
    def _check_partners(entries: Sequence[Entry], known: int) -> None:
        deeds = [e for e in entries if isinstance(e, PartnerJoined | PartnerLeft)]
        for partner in dict.fromkeys(e.partner_id for e in deeds):
            of_it: list[CampaignEntry] = [e for e in deeds if e.partner_id == partner]
            check_course(of_it, NO_PARTNER, known, "campaign.partner_not_now")

    @staticmethod
    def _check_decision_makers(entries: Sequence[Entry], known: int) -> None:
        """Who changes a stance or responds was named, whenever that was."""
        named = {e.authority_id for e in entries if isinstance(e, DecisionMakerNamed)}
        for e in entries:
            if isinstance(e, StanceChanged | DecisionMakerResponded) and e.authority_id not in named:
                is_new = e.originator_version > known
                code = "campaign.no_such_decision_maker" if is_new else "entry.later_illegal"
                raise refused(code, e, field="authority_id", allowed=(DecisionMakerNamed.stored_name(),))

    @staticmethod
    def _check_promises(entries: Sequence[Entry], known: int) -> None:
        """What became of a promise does not lie before it was made."""
        made = {e.originator_version: e for e in entries if isinstance(e, PromiseMade)}
        for e in entries:
            promise = made.get(e.of) if isinstance(e, PromiseUpdated) else None
            if isinstance(e, PromiseUpdated) and (promise is None or _before(e, promise)):
                since = promise.occurred.text if promise else ""
                is_new = max(e.originator_version, promise.originator_version if promise else 0) > known
                code = "campaign.no_such_promise" if is_new else "entry.later_illegal"
                raise refused(code, e, field="of", since=since)


def _before(e: Entry, other: Entry) -> bool:
    return bounds(e.occurred)[1] < bounds(other.occurred)[0]
