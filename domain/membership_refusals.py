"""Why a change may not be recorded: the state that it meets, or the later change that it would make illegal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from domain.clusters import Blocked, Step, in_natural_order
from domain.dates import PartialDate
from domain.entry import Entry, Refused
from domain.membership_entries import MembershipEntry, bounds, event_of
from domain.membership_periods import blocked_by, ordered, steps
from domain.membership_rules import LEAVING, OF_SUSPENSION, OUTSIDE, looks_the_same, may_follow, read, rule
from domain.standing import GONE, Standing

ENTERS = ("observer_admitted", "joined", "readmitted")
OTHER_CODES = {
    "application_withdrawn": "membership.not_applied",
    "application_rejected": "membership.not_applied",
    "decision_appealed": "membership.nothing_to_appeal",
    "appeal_decided": "membership.no_appeal",
}


class Met(NamedTuple):
    """The standing that a change meets, and since when it holds, as it was written."""

    standing: Standing
    since: str

    @property
    def told(self) -> dict[str, Any]:
        return {"state": self.standing.label, "since": self.since, "allowed": may_follow(self.standing)}


def refusal(before: Sequence[MembershipEntry], new: MembershipEntry, opens: PartialDate | None = None) -> Refused:
    """Why `new` may not be recorded among `before`, which was legal without it, in a coalition that began then."""
    _, last = bounds(new.occurred)
    earlier = [c for c in before if bounds(c.occurred)[0] <= last]
    met, stuck = _forbids(earlier, new, opens), blocked_by([*earlier, new])
    if stuck is None or (met is None and stuck.step < len(earlier)):
        changes = [*before, new]
        stuck = blocked_by(changes) or Blocked(len(before), OUTSIDE, is_certain=False)
        return later_illegal(changes, new, changes[stuck.step], stuck.state, opens)
    met = met or _stuck_in(stuck.state, opens)
    enters_later = any(event_of(c) in ENTERS for c in before if bounds(c.occurred)[0] > last)
    code = refusal_code(event_of(new), met.standing, enters_later)
    return Refused(code, event=event_of(new), on=new.occurred.text, **met.told)


def later_illegal(
    changes: Sequence[MembershipEntry],
    new: Entry,
    later: MembershipEntry,
    state: Standing,
    opens: PartialDate | None = None,
) -> Refused:
    """What is new among the changes makes illegal what was recorded already, which would meet this state."""
    _, last = bounds(later.occurred)
    others = [c for c in changes if c is not later and bounds(c.occurred)[0] <= last]
    met = _forbids(others, later, opens) or _stuck_in(state, opens)
    if not isinstance(new, MembershipEntry):
        return Refused(
            "entry.later_illegal", event=event_of(later), on=later.occurred.text, version=later.originator_version,
            **met.told,
        )  # fmt: skip
    return Refused(
        "membership.later_change_illegal", event=event_of(new), on=new.occurred.text,
        later=event_of(later), later_on=later.occurred.text, version=later.originator_version, **met.told,
    )  # fmt: skip


def illegal(changes: Sequence[MembershipEntry]) -> Iterator[tuple[MembershipEntry, Standing]]:
    """The changes that were not allowed when they came, in the natural order, with the standing that they met."""
    standing = OUTSIDE
    walk = steps(changes)
    for step in (walk[i] for i in in_natural_order(walk)):
        if isinstance(step.change, MembershipEntry) and rule(standing, step) is None:
            yield step.change, standing
        standing = read(standing, step)


def refusal_code(event: str, standing: Standing, enters_later: bool) -> str:
    """The stable code of what is wrong with this event for who stands like this."""
    if standing.place in GONE:
        return "membership.gone"
    if event in ENTERS or event == "applied":
        return _entering(event, standing)
    if event in OTHER_CODES:
        return OTHER_CODES[event]
    if standing.place == "former":
        return "membership.already_out"
    if standing.place != "in":
        is_end = event in {*LEAVING, "withdrawal_notified"}
        return "membership.end_before_beginning" if is_end and enters_later else "membership.not_in"
    return _of_who_is_in(event, standing)


def _entering(event: str, standing: Standing) -> str:
    if standing.place == "in":
        return "membership.already_in"
    if event == "applied":
        return "membership.already_applied"
    return "membership.was_in_before" if standing.was_in else "membership.never_in"


def _of_who_is_in(event: str, standing: Standing) -> str:
    suspended = standing.scope is not None
    if event in OF_SUSPENSION:
        return "membership.same_scope" if suspended else "membership.not_suspended"
    if event == "suspended":
        return "membership.already_suspended" if suspended else "membership.cannot_be_suspended"
    can_change_role = "role_changed" in may_follow(standing)
    return "membership.same_role" if event == "role_changed" and can_change_role else "membership.not_now"


def _forbids(others: Sequence[MembershipEntry], change: MembershipEntry, opens: PartialDate | None) -> Met | None:
    """The last standing that the change can meet and that does not allow it."""
    (step, *_) = steps([change])
    return next((met for met in reversed(meets(others, change, opens)) if rule(met.standing, step) is None), None)


def _stuck_in(standing: Standing, opens: PartialDate | None) -> Met:
    return Met(standing, opens.text if opens and standing == OUTSIDE else "")


def meets(others: Sequence[MembershipEntry], change: MembershipEntry, opens: PartialDate | None = None) -> list[Met]:
    """The standings that hold, in one legal order of the others, on the days on which the change can have happened.

    Nobody is in before the coalition opens: that day is told of who never had to do with it.
    """
    first, last = bounds(change.occurred)
    walk = steps(others)
    met = [_stuck_in(OUTSIDE, opens)]
    for i in ordered(walk):
        if walk[i].earliest <= last:
            after = read(met[-1].standing, walk[i])
            since = met[-1].since if looks_the_same(met[-1].standing, after) else _text(others, walk[i], i)
            met = [*([] if walk[i].latest < first else met), Met(after, since)]
    return met


def _text(changes: Sequence[MembershipEntry], step: Step, i: int) -> str:
    """When a step was taken, as it was written; a notice takes effect when the day it names has passed."""
    if step.needs < 0:
        return changes[i].occurred.text
    effective = getattr(changes[step.needs], "effective", None)
    return effective.text if effective else changes[step.needs].occurred.text
