"""What may happen to an organisation that stands to the coalition like this, and how it stands afterwards."""

from __future__ import annotations

from typing import Any

from domain import appeals
from domain.clusters import Step
from domain.membership_entries import AppealDecided, DecisionAppealed, MembershipEntry, event_of
from domain.standing import Standing

OUTSIDE = Standing()
LEAVING = ("withdrew", "lapsed", "expelled")
ENDS = ("organisation_merged", "organisation_dissolved")  # may meet any organisation, until it is gone
OF_SUSPENSION = (
    "scope_changed", "suspension_confirmed", "suspension_expired", "reinstatement_requested", "reinstated",
)  # fmt: skip
GONE = ("merged", "dissolved")
OF_APPEALS = ("decision_appealed", "appeal_decided")  # may meet whomever the decision met
OF_DELEGATES = ("delegate_appointed", "delegate_replaced")  # may meet who is in, or wants to be
OF_DUES = ("dues_paid", "dues_waived")  # may meet who is in, or was
REMEMBERED_DECISION = "appealed"  # begins the effect of a decision that an appeal speaks of; then its version
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
    change = step.change
    if not isinstance(change, MembershipEntry):
        return _notice_passed(standing, step)
    after = change.effect(standing)
    if standing.appealed and not isinstance(change, DecisionAppealed | AppealDecided):
        after = appeals.carried(standing, after)
    if step.effect[0] == REMEMBERED_DECISION:
        return appeals.remembered(change.originator_version, event_of(change), standing, after)
    return after


def looks_the_same(before: Standing, after: Standing) -> bool:
    return before.seen == after.seen


def _after(standing: Standing, step: Step) -> Standing | None:
    if not isinstance(step.change, MembershipEntry):
        return _notice_passed(standing, step)
    event = event_of(step.change)
    if standing.place in GONE or not _allows(standing, step.change, event):
        return None
    after = read(standing, step)
    return None if event in MUST_DIFFER and after[:-1] == standing[:-1] else after


def _allows(standing: Standing, change: MembershipEntry, event: str) -> bool:
    if isinstance(change, DecisionAppealed | AppealDecided):
        decision = appeals.found(standing, change.of)
        is_decided = isinstance(change, AppealDecided)
        return decision is not None and decision.is_open == is_decided and not decision.was_overturned
    if event in OF_DELEGATES:
        return standing.place in ("in", "applicant")
    if event in OF_DUES:
        return standing.was_in
    return event in (*may_follow(standing), *ENDS)


def _notice_passed(standing: Standing, step: Step) -> Standing:
    """Who is still under that notice is out, and stays suspended in memory: a reinstatement may yet be recorded."""
    if standing.appealed:
        kept = (each._replace(without=_notice_passed(each.without, step)) for each in standing.appealed)
        standing = standing._replace(appealed=tuple(kept))
    if standing.place != "in" or standing.notice != step.effect[1:]:
        return standing
    return standing._replace(place="former", role=None, in_arrears=False, notice=None)
