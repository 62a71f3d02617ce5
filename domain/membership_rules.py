"""What may happen to an organisation that stands to the coalition like this, and how it stands afterwards."""

from __future__ import annotations

from typing import Any

from domain.clusters import Step
from domain.membership_entries import MembershipEntry, Standing, event_of

OUTSIDE = Standing()
LEAVING = ("withdrew", "lapsed", "expelled")
ENDS = ("organisation_merged", "organisation_dissolved")  # may meet any organisation, until it is gone
OF_SUSPENSION = (
    "scope_changed", "suspension_confirmed", "suspension_expired", "reinstatement_requested", "reinstated",
)  # fmt: skip
GONE = ("merged", "dissolved")
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
    if isinstance(step.change, MembershipEntry):
        return step.change.effect(standing)
    return _notice_passed(standing, step)


def looks_the_same(before: Standing, after: Standing) -> bool:
    return before.seen == after.seen


def _after(standing: Standing, step: Step) -> Standing | None:
    if not isinstance(step.change, MembershipEntry):
        return _notice_passed(standing, step)
    event = event_of(step.change)
    if standing.place in GONE or event not in (*may_follow(standing), *ENDS):
        return None
    after = step.change.effect(standing)
    return None if event in MUST_DIFFER and after == standing else after


def _notice_passed(standing: Standing, step: Step) -> Standing:
    """Who is still under that notice is out, and stays suspended in memory: a reinstatement may yet be recorded."""
    if standing.place != "in" or standing.notice != step.effect[1:]:
        return standing
    return standing._replace(place="former", role=None, in_arrears=False, notice=None)
