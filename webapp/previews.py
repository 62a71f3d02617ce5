"""What a change would lead to, before it is recorded: the date that was understood, and who would stand how."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from flask_babel import gettext

from domain.dates import PartialDate
from domain.membership import Membership, periods
from domain.membership_entries import MembershipEntry, Standing, WithdrawalNotified
from webapp import labels
from webapp.dates import show_date, show_day
from webapp.languages import shown_language
from webapp.schemas import Change


class Understood(NamedTuple):
    date: str
    within: str  # the days that an imprecise date can mean
    announced: bool
    until: str
    until_within: str


class Preview(NamedTuple):
    then: str
    today: str
    out_from: str  # the day after the last one of a notice


def understood(told: Change, today: date) -> Understood:
    return Understood(
        date=show_date(told.date, shown_language()),
        within=within(told.date),
        announced=told.date.is_announcement(today),
        until=show_date(told.until, shown_language()) if told.until else "",
        until_within=within(told.until) if told.until else "",
    )


def preview(membership: Membership, new: MembershipEntry, today: date) -> Preview:
    changes = membership.after(new).changes
    return Preview(
        then=standing_on(changes, new.occurred.latest or new.occurred.earliest or today),
        today=standing_on(changes, today),
        out_from=day_after(new.effective) if isinstance(new, WithdrawalNotified) else "",
    )


def day_after(last: PartialDate | None) -> str:
    if last is None or last.latest is None or last.latest == date.max:
        return ""
    return show_day(last.latest + timedelta(days=1), shown_language())


def within(partial: PartialDate) -> str:
    first, last, locale = partial.earliest, partial.latest, shown_language()
    if first is None or last is None or first == last:
        return ""
    return str(
        gettext("some day from %(first)s to %(last)s", first=show_day(first, locale), last=show_day(last, locale))
    )


def standing_on(changes: Sequence[MembershipEntry], day: date) -> str:
    """How it stands on that day, in words; all that is possible, where more than one thing is."""
    states = states_on(changes, day)
    shown = list(dict.fromkeys(map(described, states)))
    if len(shown) == 1:
        return shown[0]
    return str(gettext("not certain: %(states)s", states="; ".join(shown)))


def states_on(changes: Sequence[MembershipEntry], day: date) -> Sequence[Standing]:
    number = day.toordinal()
    for stretch in periods(changes):
        if stretch.since <= number < stretch.until:
            return list(stretch.states)
    return [Standing()]


def described(state: Standing) -> str:
    standing = labels.standing(state.standing)
    if state.place != "in":
        return standing
    if state.scope is not None:
        standing = f"{standing} ({labels.scope(state.scope)})"
    return f"{labels.role(state.role)}, {standing}" if state.role != "observer" else observer(state, standing)


def observer(state: Standing, standing: str) -> str:
    """An observer has no full rights to lose: in good standing the role says it all."""
    return labels.role("observer") if state.standing == "good" else f"{labels.role('observer')}, {standing}"
