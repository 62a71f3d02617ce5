"""What is recorded of a membership: stored names, fields and effects."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal, get_args
from uuid import UUID

from domain import appeals
from domain.clusters import MAX, MIN
from domain.dates import PartialDate
from domain.dues import check_money
from domain.entry import Entry
from domain.standing import Rights, Role, Scope, Standing

SuspensionReason = Literal["conflict_of_interest", "unpaid_dues", "breach_of_rules", "security", "other"]
LapseReason = Literal["not_renewed", "unpaid_dues", "condition_ended", "other"]
AppealResult = Literal["upheld", "overturned", "partly"]
Post = Literal["delegate", "deputy"]
WaiverReason = Literal["hardship", "in_kind", "other"]


# Entries: a stored name, the fields, and the effect. An effect never refuses.


class MembershipEntry(Entry, frozen=True, kw_only=True):
    coalition_id: UUID
    organisation_id: UUID

    def effect(self, before: Standing) -> Standing:
        return before

    def effect_key(self) -> tuple[Any, ...]:
        """Entries of equal key change every standing in the same way."""
        return (self.stored_name(),)


class Enters(MembershipEntry, frozen=True, kw_only=True):
    role: Role

    def effect(self, before: Standing) -> Standing:
        return Standing("in", self.role, was_in=True)

    def effect_key(self) -> tuple[Any, ...]:
        return self.stored_name(), self.role


class Leaves(MembershipEntry, frozen=True, kw_only=True):
    def effect(self, before: Standing) -> Standing:
        return Standing("former", was_in=True)


class Applied(MembershipEntry, tag="membership.applied", frozen=True, kw_only=True):
    def effect(self, before: Standing) -> Standing:
        return before._replace(place="applicant", role=None, in_arrears=False, notice=None)


class ApplicationWithdrawn(MembershipEntry, tag="membership.application_withdrawn", frozen=True, kw_only=True):
    """Leads back to the state before the application."""

    def effect(self, before: Standing) -> Standing:
        return before._replace(place="former" if before.was_in else "none")


class ApplicationRejected(
    ApplicationWithdrawn,
    tag="membership.application_rejected",
    frozen=True,
    kw_only=True,
):
    pass


class ObserverAdmitted(Enters, tag="membership.observer_admitted", frozen=True, kw_only=True):
    role: Role = "observer"


class Joined(Enters, tag="membership.joined", frozen=True, kw_only=True):
    role: Role = "member"


class Readmitted(Enters, tag="membership.readmitted", frozen=True, kw_only=True):
    """A new period; the gap before it stays visible for ever."""

    role: Role = "member"


class RoleChanged(MembershipEntry, tag="membership.role_changed", frozen=True, kw_only=True):
    role: Role

    def effect(self, before: Standing) -> Standing:
        return before._replace(role=self.role) if before.place == "in" else before

    def effect_key(self) -> tuple[Any, ...]:
        return self.stored_name(), self.role


class TakesRights(MembershipEntry, frozen=True, kw_only=True):
    scope: Scope

    def effect(self, before: Standing) -> Standing:
        return before._replace(scope=rights(self.scope))

    def effect_key(self) -> tuple[Any, ...]:
        return self.stored_name(), rights(self.scope)


class Suspended(TakesRights, tag="membership.suspended", frozen=True, kw_only=True):
    """The organisation stays in and loses the rights in `scope`."""

    scope: Scope = ("all",)
    reason: SuspensionReason = "other"
    review_by: PartialDate | None = None


class ScopeChanged(TakesRights, tag="membership.scope_changed", frozen=True, kw_only=True):
    pass


class SuspensionConfirmed(MembershipEntry, tag="membership.suspension_confirmed", frozen=True, kw_only=True):
    pass


class ReinstatementRequested(MembershipEntry, tag="membership.reinstatement_requested", frozen=True, kw_only=True):
    pass


class Reinstated(MembershipEntry, tag="membership.reinstated", frozen=True, kw_only=True):
    """Back to the standing before the suspension; to former if a notice took effect meanwhile."""

    def effect(self, before: Standing) -> Standing:
        return before._replace(scope=None)


class SuspensionExpired(Reinstated, tag="membership.suspension_expired", frozen=True, kw_only=True):
    pass


class Renewed(MembershipEntry, tag="membership.renewed", frozen=True, kw_only=True):
    until: PartialDate | None = None

    def effect(self, before: Standing) -> Standing:
        return before._replace(in_arrears=False)


class RenewalMissed(MembershipEntry, tag="membership.renewal_missed", frozen=True, kw_only=True):
    def effect(self, before: Standing) -> Standing:
        return before._replace(in_arrears=True)


class WithdrawalNotified(MembershipEntry, tag="membership.withdrawal_notified", frozen=True, kw_only=True):
    """In until the day `effective` has passed; then former without a further entry. None: until it withdraws."""

    effective: PartialDate | None = None

    @property
    def passes(self) -> tuple[int, int]:
        """First and last day on which the notice can have taken effect."""
        earliest, latest = bounds(self.effective) if self.effective else (MAX, MAX)
        begins, begun = bounds(self.occurred)
        return max(min(earliest + 1, MAX), begins), max(min(latest + 1, MAX), begun)

    def effect(self, before: Standing) -> Standing:
        return before._replace(notice=self.passes)

    def effect_key(self) -> tuple[Any, ...]:
        return self.stored_name(), *self.passes


class WithdrawalRevoked(MembershipEntry, tag="membership.withdrawal_revoked", frozen=True, kw_only=True):
    def effect(self, before: Standing) -> Standing:
        return before._replace(notice=None)


class Withdrew(Leaves, tag="membership.withdrew", frozen=True, kw_only=True):
    pass


class Lapsed(Leaves, tag="membership.lapsed", frozen=True, kw_only=True):
    reason: LapseReason = "other"


class Expelled(Leaves, tag="membership.expelled", frozen=True, kw_only=True):
    pass


class OrganisationMergedAway(MembershipEntry, tag="membership.organisation_merged", frozen=True, kw_only=True):
    """Recorded with the organisation's own entry, in each of its memberships."""

    successor_id: UUID

    def effect(self, before: Standing) -> Standing:
        return Standing("merged", was_in=before.was_in)


class OrganisationDissolvedAway(MembershipEntry, tag="membership.organisation_dissolved", frozen=True, kw_only=True):
    """Recorded with the organisation's own entry, in each of its memberships."""

    def effect(self, before: Standing) -> Standing:
        return Standing("dissolved", was_in=before.was_in)


class DecisionAppealed(MembershipEntry, tag="membership.decision_appealed", frozen=True, kw_only=True):
    """Against the decision at version `of`; where it stays the effect, that decision has none until the appeal is
    decided."""

    of: int
    stays_effect: bool = False

    def effect(self, before: Standing) -> Standing:
        return appeals.appealed(before, self.of, self.stays_effect)

    def effect_key(self) -> tuple[Any, ...]:
        return self.stored_name(), self.of, self.stays_effect


class AppealDecided(MembershipEntry, tag="membership.appeal_decided", frozen=True, kw_only=True):
    """About the decision at version `of`. What is left of one that was partly upheld is told by entries of its own."""

    of: int
    result: AppealResult

    def effect(self, before: Standing) -> Standing:
        return appeals.decided(before, self.of, self.result == "overturned")

    def effect_key(self) -> tuple[Any, ...]:
        return self.stored_name(), self.of, self.result


class DelegateAppointed(MembershipEntry, tag="membership.delegate_appointed", frozen=True, kw_only=True):
    """Who speaks for the organisation in this coalition."""

    words = (*Entry.words, "person", "email", "telephone")

    post: Post = "delegate"
    until: PartialDate | None = None
    person: str = ""
    email: str = ""
    telephone: str = ""


class DelegateReplaced(DelegateAppointed, tag="membership.delegate_replaced", frozen=True, kw_only=True):
    """In the place of who was appointed at version `of`."""

    of: int


class DuesPaid(MembershipEntry, tag="membership.dues_paid", frozen=True, kw_only=True):
    """For that period, wholly or in part: there may be several."""

    amount: str
    currency: str
    period: PartialDate

    def check_written(self) -> None:
        check_money(self.amount, self.currency)


class DuesWaived(MembershipEntry, tag="membership.dues_waived", frozen=True, kw_only=True):
    """What is still owed for that period need not be paid."""

    period: PartialDate
    reason: WaiverReason = "other"


ENTRIES: tuple[type[MembershipEntry], ...] = (
    Applied, ApplicationWithdrawn, ApplicationRejected, ObserverAdmitted, Joined, Readmitted, RoleChanged,
    Suspended, ScopeChanged, SuspensionConfirmed, ReinstatementRequested, Reinstated, SuspensionExpired,
    Renewed, RenewalMissed, WithdrawalNotified, WithdrawalRevoked, Withdrew, Lapsed, Expelled,
    OrganisationMergedAway, OrganisationDissolvedAway,
    DecisionAppealed, AppealDecided, DelegateAppointed, DelegateReplaced, DuesPaid, DuesWaived,
)  # fmt: skip
BY_EVENT = {kind.stored_name().removeprefix("membership."): kind for kind in ENTRIES}


def rights(scope: Collection[Rights]) -> Scope:
    """A scope is a set: each right once, in one order; all covers the others."""
    return ("all",) if "all" in scope else tuple(right for right in get_args(Rights) if right in scope)


def event_of(change: Entry) -> str:
    return change.stored_name().removeprefix("membership.")


def bounds(partial: PartialDate) -> tuple[int, int]:
    """First and last day it can mean, as ordinals."""
    return (
        partial.earliest.toordinal() if partial.earliest else MIN,
        partial.latest.toordinal() if partial.latest else MAX,
    )
