"""What is known of a membership after an entry: stretches of days with what is possible in each, as people see it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from domain.clusters import MAX, MIN, Step
from domain.entry import Entry
from domain.history import Amendment, holding
from domain.membership_entries import DecisionAppealed, MembershipEntry, WithdrawalNotified, bounds
from domain.membership_periods import course
from domain.membership_rules import OUTSIDE, REMEMBERED, rule
from domain.orders import Stretch
from domain.standing import Standing
from projections.kept import Placed, day

Begun = tuple[str | None, int | None]  # the text of what began it; its position, if it was one entry
NOT_BEGUN: Begun = (None, None)


class Seen(NamedTuple):
    """What people see of a standing."""

    place: str
    role: str | None
    standing: str
    scope: str | None
    inside: bool


class Fact(NamedTuple):
    """One possible standing of a stretch, as people see it."""

    place: str
    role: str | None
    standing: str
    scope: str | None
    inside: bool
    certain: bool
    surely_inside: bool
    since: str | None
    begun_by: int | None


class Span(NamedTuple):
    """A stretch of days and all that is possible in it."""

    since: int
    until: int
    facts: tuple[Fact, ...]


class Known(NamedTuple):
    """What is known of a membership; `last` is the certain standing in the end, if it is certain and no appeal bears on
    it."""

    spans: tuple[Span, ...] = ()
    last: Standing | None = OUTSIDE
    reach: int = MIN - 1  # the last day of which the changes speak
    is_legal: bool = True


def after_one_more(known: Known, position: int, change: MembershipEntry) -> Known | None:
    """In one step, where a change comes after all others; None where the whole history must be walked."""
    before, (first, latest) = known.last, bounds(change.occurred)
    if before is None or first <= known.reach or latest >= MAX or not known.is_legal:
        return None
    if isinstance(change, WithdrawalNotified | DecisionAppealed):
        return None
    after = rule(before, Step(first, latest, change.effect_key(), change=change))
    if after is None:
        return None
    was, is_now = as_seen(before), as_seen(after)
    if was == is_now:
        return Known(known.spans, after, latest)
    begun = change.occurred.text, position
    now = Span(latest, MAX, (Fact(*is_now, True, is_now.inside, *begun),))
    spans = known.spans
    if not spans:
        between = Span(first, latest, either({is_now: begun, was: NOT_BEGUN}))
        return Known((between, now) if first < latest else (now,), after, latest)
    *settled, last = spans
    cut = Span(last.since, first, last.facts)
    if first == latest:
        return Known((*settled, cut, now), after, latest)
    facts = either({is_now: begun, was: last.facts[0][-2:]})
    return Known((*settled, cut, Span(first, latest, facts), now), after, latest)


def whole(entries: Sequence[Placed]) -> Known:
    """When all entries are read together."""
    position = {placed.entry.originator_version: placed.position for placed in entries}
    held = holding(tuple(placed.entry for placed in entries))
    placed = [Placed(position[e.originator_version], e) for e in held if isinstance(e, MembershipEntry)]
    if not placed:
        return Known()
    read = course([each.entry for each in placed if isinstance(each.entry, MembershipEntry)])
    beginnings = [*map(of_change, placed), *filter(None, map(of_notice, placed))]
    spans = joined([Span(s.since, s.until, either(possible(s, beginnings))) for s in read.stretches])
    reach = max(beginning.latest for beginning in beginnings)
    return Known(tuple(spans), last_of(read.stretches), reach, read.is_legal)


class Beginning(NamedTuple):
    """What can have begun a standing: a change, or a notice whose day has passed."""

    earliest: int
    latest: int
    text: str
    position: int


def of_change(placed: Placed) -> Beginning:
    return Beginning(*bounds(placed.entry.occurred), placed.entry.occurred.text, placed.position)


def of_notice(placed: Placed) -> Beginning | None:
    """In the order in which the domain's steps have them: after all changes."""
    notice = placed.entry
    if not isinstance(notice, WithdrawalNotified) or notice.effective is None or notice.passes[0] >= MAX:
        return None
    return Beginning(*notice.passes, notice.effective.text, placed.position)


def last_of(found: Sequence[Stretch[Standing]]) -> Standing | None:
    last = list(found[-1].states)
    return last[0] if len(last) == 1 and not last[0].contested else None


def possible(stretch: Stretch[Standing], beginnings: Sequence[Beginning]) -> dict[Seen, Begun]:
    """What people can see in this stretch, and what began it; standings that differ only in memory are one."""
    by: dict[Seen, frozenset[int]] = {}
    for standing, begun in stretch.states.items():
        seen = as_seen(standing)
        by[seen] = by[seen] | begun if seen in by else begun
    return {seen: begun_among([beginnings[i] for i in begun]) for seen, begun in by.items()}


@lru_cache(maxsize=REMEMBERED)
def as_seen(standing: Standing) -> Seen:
    """Who is not in has no role: only a history that no order makes legal can say so."""
    place, role, called, scope = standing.seen
    if place != "in":
        return Seen(place, None, called, None, inside=False)
    return Seen(place, role, called, ";".join(scope) if scope else None, inside=True)


def begun_among(by: Sequence[Beginning]) -> Begun:
    if len(by) < 2:
        return (by[0].text, by[0].position) if by else NOT_BEGUN
    texts, positions = {each.text for each in by}, {each.position for each in by}
    bounds_of_all = min(each.earliest for each in by), max(each.latest for each in by)
    return texts.pop() if len(texts) == 1 else one_of(*bounds_of_all), positions.pop() if len(positions) == 1 else None


def one_of(earliest: int, latest: int) -> str:
    """One unknown day within these bounds, in EDTF."""
    first, last = day(earliest), day(latest)
    return f"[{first or ''}..{last or ''}]" if first or last else "XXXX"


def either(possible: dict[Seen, Begun]) -> tuple[Fact, ...]:
    """Being outside is written down only where nothing else is possible."""
    if len(possible) == 1:
        return tuple(Fact(*seen, True, seen.inside, *begun) for seen, begun in possible.items())
    surely_inside = all(seen.inside for seen in possible)
    return tuple(
        Fact(*seen, False, surely_inside, *possible[seen])
        for seen in sorted(possible, key=repr)
        if seen.place != "none"
    )


def joined(spans: Sequence[Span]) -> list[Span]:
    """Stretches that look the same are one; before the first change there is none."""
    found: list[Span] = []
    for span in spans:
        if found and found[-1].facts == span.facts:
            found[-1] = found[-1]._replace(until=span.until)
        elif found or span.since > MIN or span.facts[0].place != "none":
            found.append(span)
    return found


def is_plain(entry: Entry) -> bool:
    """Neither an amendment nor the less preferred of two accounts."""
    return entry.variant == "preferred" and not isinstance(entry, Amendment)
