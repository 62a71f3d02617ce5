"""What may happen to an organisation that stands to the coalition like this, and how it stands afterwards."""

from __future__ import annotations

from typing import Any

from domain import appeals
from domain.clusters import Step
from domain.membership_entries import AppealDecided, DecisionAppealed, MembershipEntry, event_of
from domain.standing import GONE, Contested, Standing

OUTSIDE = Standing()
LEAVING = ("withdrew", "lapsed", "expelled")
ENDS = ("organisation_merged", "organisation_dissolved")  # may meet any organisation, until it is gone
OF_SUSPENSION = (
    "scope_changed", "suspension_confirmed", "suspension_expired", "reinstatement_requested", "reinstated",
)  # fmt: skip
OF_APPEALS = ("decision_appealed", "appeal_decided")  # may meet whomever the decision met
OF_DELEGATES = ("delegate_appointed", "delegate_replaced")  # may meet who is in, or wants to be
OF_DUES = ("dues_paid", "dues_waived")  # may meet who is in, or was
MAY_FOLLOW: dict[str, tuple[str, ...]] = {
    "none": ("applied", "observer_admitted", "joined"),
    "applicant": ("application_withdrawn", "application_rejected", "observer_admitted", "joined"),
    "applicant, former": ("application_withdrawn", "application_rejected", "readmitted"),
    "observer": ("role_changed", "renewed", "withdrawal_notified", *LEAVING),
    "associate": ("role_changed", "suspended", "renewed", "withdrawal_notified", *LEAVING),
    "member, good": ("role_changed", "suspended", "renewed", "renewal_missed", "withdrawal_notified", *LEAVING),
    "in_arrears": ("renewed", "suspended", *LEAVING),
    "suspended": (*OF_SUSPENSION, "renewed", "withdrawal_notified", *LEAVING),
    "suspended, leaving": (*OF_SUSPENSION, "renewed", "withdrawal_revoked", *LEAVING),
    "observer, leaving": ("withdrawal_revoked", "withdrew", "expelled"),
    "leaving": ("withdrawal_revoked", "withdrew", "expelled", "suspended"),
    "former": ("applied", "readmitted"),
    "former, suspended": ("applied", "readmitted", "reinstated", "suspension_expired"),
    "merged": (),
    "dissolved": (),
}  # fmt: skip
MEANT_FOR: dict[str, tuple[str, ...]] = {
    "applied": ("none", "former"),
    "application_withdrawn": ("applicant",),
    "application_rejected": ("applicant",),
    "suspended": ("in",),
    "withdrawal_notified": ("in",),
}  # where a history is told without a decision, these have no effect in any other place
MUST_DIFFER = ("role_changed", "scope_changed")
REMEMBERED = 50_000

_known: dict[tuple[Standing, tuple[Any, ...]], Standing | None] = {}


def may_follow(standing: Standing) -> tuple[str, ...]:
    """The rules in one place: what may happen to who stands like this."""
    if standing.standing == "suspended" and standing.notice:
        return MAY_FOLLOW["suspended, leaving"]
    return MAY_FOLLOW.get(standing.label) or MAY_FOLLOW[standing.standing]


def rule(standing: Standing, step: Step) -> Standing | None:
    """The standing after a step, or None where it may not happen."""
    key = standing, step.effect
    if key not in _known:
        if len(_known) >= REMEMBERED:
            _known.clear()
        _known[key] = _after(standing, step)
    return _known[key]


def read(standing: Standing, step: Step) -> Standing:
    """The effect without the rule: yesterday's history stays readable when a rule was tightened since."""
    if isinstance(step.change, DecisionAppealed | AppealDecided):
        return step.change.effect(standing)
    decision = step.effect[0]
    if isinstance(decision, Contested):
        return appeals.taken(standing, decision, lambda told: _retold(told, step))
    if standing.contested:
        return appeals.retold(standing, lambda told: _retold(told, step))
    return _effect(standing, step)


def looks_the_same(before: Standing, after: Standing) -> bool:
    return before.seen == after.seen


def _after(standing: Standing, step: Step) -> Standing | None:
    if not isinstance(step.change, MembershipEntry):
        return read(standing, step)
    event = event_of(step.change)
    if standing.place in GONE or not _allows(standing, step.change, event):
        return None
    after = read(standing, step)
    return None if event in MUST_DIFFER and appeals.plain(after) == appeals.plain(standing) else after


def _allows(standing: Standing, change: MembershipEntry, event: str) -> bool:
    if isinstance(change, DecisionAppealed | AppealDecided):
        decision = appeals.found(standing, change.of)
        is_decided = isinstance(change, AppealDecided)
        return decision is not None and decision.is_open == is_decided
    if event in OF_DELEGATES:
        return standing.place in ("in", "applicant")
    if event in OF_DUES:
        return standing.was_in
    return event in (*may_follow(standing), *ENDS)


def _effect(standing: Standing, step: Step) -> Standing:
    """Who is under a notice when its day has passed is out, and stays suspended in memory: a reinstatement may yet be
    recorded."""
    if isinstance(step.change, MembershipEntry):
        return step.change.effect(standing)
    if standing.place != "in" or standing.notice != step.effect[1:]:
        return standing
    return standing._replace(place="former", role=None, in_arrears=False, notice=None)


def _retold(standing: Standing, step: Step) -> Standing:
    """The effect in a telling that may leave out a decision: what could not have happened there keeps its meaning as
    far as it has one. Whoever is let in is in, as it was let in, and whoever goes is out; an observer is not suspended,
    and only a member is in arrears."""
    event = event_of(step.change) if isinstance(step.change, MembershipEntry) else ""
    if standing.place not in MEANT_FOR.get(event, (standing.place,)):
        return standing
    if event == "scope_changed" and standing.scope is None:
        return standing
    after = _effect(standing, step)
    scope = None if after.role == "observer" else after.scope
    return after._replace(scope=scope, in_arrears=after.in_arrears and after.role == "member")
