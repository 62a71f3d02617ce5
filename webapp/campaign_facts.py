"""How a campaign stands, in words: told before something is recorded, and what an amendment changes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext

from domain.campaign import Campaign, confidentiality
from domain.campaign_course import partnership, state_on, states
from domain.campaign_entries import (
    LIFE,
    CampaignEntry,
    GoalSet,
    PartnerJoined,
    PartnerLeft,
    PromiseMade,
    PromiseUpdated,
    StanceChanged,
)
from domain.clusters import MIN
from domain.dates import PartialDate
from domain.entry import E, Entry
from domain.history import History, holding
from domain.membership_entries import bounds
from domain.programme import Programme
from domain.project import Project
from webapp import labels
from webapp.field_names_of_work import WORK
from webapp.names import Names
from webapp.previews import Fact
from webapp.shown import day, partial_date


def states_said(possible: Sequence[str]) -> str:
    """The state; all that are possible, where more than one is."""
    words = [labels.campaign_state(state) for state in possible]
    return words[0] if len(words) == 1 else str(gettext("possibly: %(states)s", states=", ".join(words)))


def states_through_time(of: Campaign) -> dict[int, str]:
    """By the day from which it holds: in which state it is."""
    begun = {found.since: states_said(list(found.states)) for found in states(holding(of.entries))}
    return {MIN: labels.campaign_state("none")} | begun


def follows(entry: CampaignEntry, after: Campaign, names: Names, today: date) -> Iterator[Fact]:
    """What would be so, from an entry that is about to be recorded."""
    held = holding(after.entries)
    then = entry.occurred.latest or entry.occurred.earliest or today
    if isinstance(entry, LIFE):
        yield Fact(gettext("From then on"), [states_said(state_on(held, then.toordinal()))])
        yield Fact(gettext("Today"), [states_said(state_on(held, today.toordinal()))])
    match entry:
        case StanceChanged():
            said = [of for of in in_time(held, StanceChanged) if of.authority_id == entry.authority_id]
            yield Fact(gettext("Its stances"), [dated(of.occurred, labels.stance(of.stance)) for of in said])
        case PartnerJoined() | PartnerLeft():
            there = [names.on(id, today) for id in partners_on(held, then)] or [gettext("nobody")]
            yield Fact(gettext("Partners then, on %(day)s", day=day(then)), there)
        case PromiseUpdated():
            updates = [of for of in in_time(held, PromiseUpdated) if of.of == entry.of]
            told = [dated(of.occurred, labels.progress(of.progress)) for of in updates]
            yield Fact(gettext("Progress of the promise"), told)
    if entry.warnings:
        allowed = gettext("This is allowed; the entry says so.")
        yield Fact(gettext("To be looked at"), [*map(labels.concern, entry.warnings), allowed])


def dated(on: PartialDate, words: str) -> str:
    return f"{partial_date(on)}: {words}"


def in_time(held: Sequence[Entry], kind: type[E]) -> list[E]:
    found = [e for e in held if isinstance(e, kind)]
    return sorted(found, key=lambda e: (bounds(e.occurred), e.originator_version))


def partners_on(held: Sequence[Entry], on: date) -> list[UUID]:
    """Those that are possibly partners on that day."""
    deeds = [e for e in held if isinstance(e, PartnerJoined | PartnerLeft)]
    return [id for id in dict.fromkeys(e.partner_id for e in deeds) if is_partner(deeds, id, on.toordinal())]


def is_partner(deeds: Sequence[PartnerJoined | PartnerLeft], id: UUID, number: int) -> bool:
    stretches = partnership(e for e in deeds if e.partner_id == id)
    return any("partner" in each.states for each in stretches if each.since <= number < each.until)


# What an amendment changes of it


def facts_of(of: History, names: Names, today: date) -> Iterator[tuple[str, str]]:
    """Its facts today, in words."""
    held = holding(of.entries)
    if isinstance(of, Campaign):
        yield from campaign_facts(of, held, names, today)
        return
    yield gettext("Opened"), partial_date(first.occurred) if (first := beginning_of(of)) else ""
    if isinstance(of, Programme):
        yield gettext("Closed"), partial_date(of.closed) if of.closed else ""


def beginning_of(of: History) -> Entry | None:
    return of.opened if isinstance(of, Programme | Project) else None


def campaign_facts(of: Campaign, held: Sequence[Entry], names: Names, today: date) -> Iterator[tuple[str, str]]:
    planned = of.planned
    if planned:
        yield gettext("Led by"), names.on(planned.lead_id, today)
        yield gettext("Coalition"), names.on(planned.coalition_id, today) if planned.coalition_id else ""
        yield gettext("Themes"), labels.theme(planned.themes)
        yield gettext("Regions"), ", ".join(planned.regions)
    yield gettext("Who may know"), labels.confidentiality(confidentiality(of.entries)) if held else ""
    yield gettext("Goals"), together(held, GoalSet, lambda e: labels.policy_stage(e.stage))
    for id in of.decision_makers:
        mine = [e for e in held if getattr(e, "authority_id", None) == id]
        stances = together(mine, StanceChanged, lambda e: labels.stance(e.stance))
        yield gettext("Stances of %(authority)s", authority=names.on(id, today)), stances
    yield gettext("Partners today"), ", ".join(names.on(id, today) for id in partners_on(held, today))
    yield gettext("Promises"), together(held, PromiseMade, lambda e: names.on(e.authority_id, today))
    yield gettext("Progress of promises"), together(held, PromiseUpdated, lambda e: labels.progress(e.progress))


def together(held: Sequence[Entry], kind: type[E], words: Callable[[E], str]) -> str:
    return "; ".join(dated(e.occurred, words(e)) for e in in_time(held, kind))


def kept_fields(entry: Entry, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What no form asks again when an entry is corrected or told otherwise."""
    names = ("campaign_id",) if isinstance(entry, WORK) else ()
    return {name: getattr(entry, name) for name in names if hasattr(entry, name)} | dict(fields)
