"""What a change would lead to, before it is recorded: the date that was understood, and who would stand how."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from flask_babel import gettext

from domain.dates import PartialDate
from domain.membership import Membership, periods
from domain.membership_entries import MembershipEntry, WithdrawalNotified
from domain.organisation import OrganisationRegistered
from domain.standing import Standing
from projections.standings import as_seen
from webapp.band_lines import described, possibly
from webapp.dates import show_date, show_day, show_period
from webapp.entry_fields import fields_of
from webapp.entry_forms import Said
from webapp.languages import shown_language


class Fact(NamedTuple):
    """What stands under one head; the first line is the main one."""

    name: str
    lines: Sequence[str]


def understood(said: Said, today: date) -> list[Fact]:
    """Each date of the form as it was read, the day of the change first."""
    date_lines = [show_date(said.occurred, shown_language()), within(said.occurred)]
    if said.occurred.is_announcement(today):
        date_lines.append(gettext("This lies in the future: it is recorded as announced."))
    found = [Fact(gettext("Understood"), spoken(date_lines))] if said.kind is not OrganisationRegistered else []
    for field in fields_of(said.kind, {}):
        value = said.fields.get(field.of) or said.parts.get(field.of)
        if isinstance(value, PartialDate) and field.of == "period":
            found.append(Fact(field.said, [show_period(value, shown_language())]))
        elif isinstance(value, PartialDate) and field.of != "occurred":
            found.append(Fact(field.said, spoken([show_date(value, shown_language()), within(value)])))
    return found


def spoken(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line]


def of_membership(after: Membership, new: MembershipEntry, today: date) -> list[Fact]:
    """How it would stand from the change on, and today."""
    changes = after.changes
    then = [standing_on(changes, new.occurred.latest or new.occurred.earliest or today)]
    out_from = day_after(new.effective) if isinstance(new, WithdrawalNotified) else ""
    if out_from:
        then.append(gettext("no longer in from %(day)s", day=out_from))
    return [Fact(gettext("From then on"), then), Fact(gettext("Today"), [standing_on(changes, today)])]


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
    """How it stands on that day, in words."""
    return all_possible(states_on(changes, day))


def all_possible(states: Iterable[Standing]) -> str:
    """A standing in words; all that is possible, where more than one thing is: as ribbons and rosters say it."""
    language, seen = shown_language(), sorted({as_seen(state) for state in states}, key=repr)
    words = tuple(described(each.place, each.role, each.standing, each.scope, language) for each in seen)
    return words[0] if len(words) == 1 else possibly(words, all(each.inside for each in seen), language)


def states_on(changes: Sequence[MembershipEntry], day: date) -> Sequence[Standing]:
    number = day.toordinal()
    for stretch in periods(changes):
        if stretch.since <= number < stretch.until:
            return list(stretch.states)
    return [Standing()]
