"""What an amendment changes, before it is recorded: on which days who stands otherwise, which facts, what counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import Connection

from domain.action import Action
from domain.campaign import Campaign
from domain.clusters import MAX, MIN
from domain.entry import Entry
from domain.history import History, VariantPreferred, holding, in_force
from domain.membership import Membership, periods
from domain.membership_entries import MembershipEntry
from domain.organisation import Organisation, OrganisationMerged, OrganisationRegistered, OrganisationSameAs
from domain.programme import Programme
from domain.project import Project
from domain.standing import Standing
from projections.kept import day
from webapp import campaign_facts, labels
from webapp.dates import show_date, show_day
from webapp.languages import shown_language
from webapp.moments import at
from webapp.names import Names
from webapp.previews import all_possible
from webapp.register import told
from webapp.sentences import Sentences
from webapp.shown import partial_date
from webapp.titles import titles


class Days(NamedTuple):
    """From one day to another, in words, and how it stood on them before and stands afterwards."""

    since: str
    until: str
    before: str
    after: str


class Fact(NamedTuple):
    name: str
    before: str
    after: str


class Changed(NamedTuple):
    """What becomes of one history."""

    title: str
    gone: list[Markup]  # what counted and counts no more
    come: list[Markup]  # what counts from now on
    days: list[Days]
    facts: list[Fact]


def changed(before: Mapping[UUID, History], after: Mapping[UUID, History], names: Names) -> list[Changed]:
    """For each touched history."""
    sentences = Sentences(names, history_of=lambda id: after[id].entries)
    return [_changed(before[id], after[id], names, sentences) for id in after]


def compared(connection: Connection, entry: Entry, other: Entry) -> list[Fact]:
    """Where two contents differ, field by field."""
    was, becomes = (
        dict([(gettext("Took effect"), partial_date(e.occurred)), *told(connection, e)]) for e in (entry, other)
    )
    return _differing(was, becomes)


def _changed(before: History, after: History, names: Names, sentences: Sentences) -> Changed:
    counted, counts = holding(before.entries), holding(after.entries)
    return Changed(
        title=_title(before, names),
        gone=_told((*counted, *_preferences(before)), (*counts, *_preferences(after)), sentences),
        come=_told(counts, counted, sentences),
        days=list(_days(before, after)),
        facts=_facts(before, after, names),
    )


def _preferences(history: History) -> list[Entry]:
    return [e for e in in_force(history.entries) if isinstance(e, VariantPreferred)]


def _title(history: History, names: Names) -> str:
    if isinstance(history, Campaign | Action | Programme | Project):
        return titles().on(history.id) or str(gettext("without a title"))
    if not isinstance(history, Membership):
        return names.on(history.id, at().today)
    organisation, coalition = (names.on(id, at().today) for id in (history.organisation_id, history.coalition_id))
    return str(gettext("%(organisation)s in %(coalition)s", organisation=organisation, coalition=coalition))


def _told(these: Sequence[Entry], not_those: Sequence[Entry], sentences: Sentences) -> list[Markup]:
    others = {e.originator_version for e in not_those}
    return [
        Markup("%s: %s") % (show_date(e.occurred, shown_language()), sentences.of(e))
        for e in these
        if e.originator_version not in others
    ]


# Memberships and campaigns: the days


def _days(before: History, after: History) -> list[Days]:
    if isinstance(before, Membership) and isinstance(after, Membership):
        return days(before.changes, after.changes)
    if isinstance(before, Campaign) and isinstance(after, Campaign):
        return differing_days(campaign_facts.states_through_time(before), campaign_facts.states_through_time(after))
    return []


def days(before: Sequence[MembershipEntry], after: Sequence[MembershipEntry]) -> list[Days]:
    return differing_days(_standings(before), _standings(after))


def differing_days(old: Mapping[int, str], new: Mapping[int, str]) -> list[Days]:
    """Only those on which it stands otherwise, oldest first. Given by the day from which it holds: how it stands."""
    turns: list[tuple[int, str, str]] = []
    for since in sorted({*old, *new}):
        _, was, becomes = turns[-1] if turns else (MIN, "", "")
        turn = since, old.get(since, was), new.get(since, becomes)
        if not turns or turn[1:] != turns[-1][1:]:
            turns.append(turn)
    return [
        Days(_first_day(since), _last_day(until), was, becomes)
        for (since, was, becomes), (until, *_) in pairwise([*turns, (MAX, "", "")])
        if was != becomes
    ]


def _standings(changes: Sequence[MembershipEntry]) -> dict[int, str]:
    """By the day from which it holds: how it stands, in words."""

    @cache
    def told(states: frozenset[Standing]) -> str:
        return all_possible(states)

    nobody = {MIN: told(frozenset([Standing()]))}
    return nobody | {each.since: told(frozenset(each.states)) for each in periods(changes)}


def _first_day(ordinal: int) -> str:
    first = day(ordinal)
    return show_day(first, shown_language()) if first else str(gettext("not known"))


def _last_day(next_ordinal: int) -> str:
    """The day before; where nothing ends it, it goes on."""
    following = day(next_ordinal) if next_ordinal < MAX else None
    last = following - timedelta(days=1) if following and following > date.min else None
    return show_day(last, shown_language()) if last else str(gettext("and on"))


# Organisations and coalitions: the facts


def _facts(before: History, after: History, names: Names) -> list[Fact]:
    was, becomes = (dict(_facts_told(of, names)) for of in (before, after))
    return _differing(was, becomes)


def _facts_told(of: History, names: Names) -> Iterator[tuple[str, str]]:
    if isinstance(of, Organisation):
        yield from _facts_of(of, names)
    elif isinstance(of, Campaign | Programme | Project):
        yield from campaign_facts.facts_of(of, names, at().today)


def _differing(was: Mapping[str, str], becomes: Mapping[str, str]) -> list[Fact]:
    nothing = str(gettext("nothing"))
    return [
        Fact(name, was.get(name) or nothing, becomes.get(name) or nothing)
        for name in dict.fromkeys([*was, *becomes])
        if was.get(name) != becomes.get(name)
    ]


def _facts_of(of: Organisation, names: Names) -> Iterator[tuple[str, str]]:
    language = shown_language()
    called = [
        gettext("%(name)s (since: %(date)s)", name=named.called, date=show_date(named.since, language))
        if named.since
        else named.called
        for named in of.names
    ]
    yield gettext("Names"), "; ".join(called)
    held = holding(of.entries)
    first = next((e for e in held if isinstance(e, OrganisationRegistered)), None)
    if first:
        yield gettext("Kind"), labels.organisation_kind(first.kind)
        yield gettext("Founded"), show_date(first.founded, language) if first.founded else ""
        yield gettext("Where"), ", ".join(part for part in (first.region, first.country) if part)
    same = sorted(names.on(e.other_id, at().today) for e in held if isinstance(e, OrganisationSameAs))
    yield gettext("The same as"), ", ".join(same)
    if isinstance(of.ended, OrganisationMerged):
        yield gettext("Merged into"), names.on(of.ended.successor_id, at().today)
    yield gettext("Its end"), show_date(of.ended.occurred, language) if of.ended else ""
    yield gettext("As a coalition, since"), show_date(of.begins, language) if of.begins else ""
    yield gettext("As a coalition, until"), show_date(of.dissolves, language) if of.dissolves else ""
