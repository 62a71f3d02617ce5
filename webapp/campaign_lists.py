"""Which campaigns are asked for by the filters in the address, and how each of them reads in a list?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from flask import request, url_for
from sqlalchemy import Connection

from domain.campaign_course import STATES
from projections import campaigns, organisations, programmes
from projections.campaigns import Campaign
from projections.kept import day
from projections.letters import fold
from webapp import labels, labels_of_campaigns
from webapp.at_moment import known
from webapp.campaign_facts import states_said
from webapp.change_forms import uuid_of
from webapp.dates import worded
from webapp.languages import shown_language
from webapp.moments import at
from webapp.names import Names
from webapp.sentences import CAMPAIGN, untitled
from webapp.sight import sight
from webapp.timeline import alphabetical
from webapp.titles import titles

FILTERS = ("coalition", "organisation", "programme", "theme", "region", "level", "state", "year", "q")
LONGEST = 300


def asked() -> dict[str, str]:
    """The filters of the address, as they were typed."""
    return {name: request.args.get(name, "").strip()[:LONGEST] for name in FILTERS}


def found_by(connection: Connection, chosen: dict[str, str]) -> list[Campaign]:
    """What is no filter that can be understood finds nothing."""
    ids = {name: uuid_of(chosen[name]) for name in ("coalition", "organisation", "programme")}
    year = int(chosen["year"]) if is_year(chosen["year"]) else None
    if any(chosen[name] and id is None for name, id in ids.items()) or (chosen["year"] and year is None):
        return []
    found = campaigns.find(
        connection, at().on, known(), sight=sight(),
        coalition_id=ids["coalition"], organisation_id=ids["organisation"], programme_id=ids["programme"],
        theme=chosen["theme"], region=chosen["region"], level=chosen["level"], state=chosen["state"], year=year,
    )  # fmt: skip
    q = fold(chosen["q"])
    return [each for each in found if q in fold(titles().on(each.id, at().on))] if q else found


def is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) == 4 and text != "0000"


def rows(connection: Connection, found: Sequence[Campaign]) -> list[dict[str, Any]]:
    names = Names(connection, known())
    titles().look_up(each.id for each in found)
    return [row(each, names) for each in found]


def row(of: Campaign, names: Names) -> dict[str, Any]:
    title = titles().on(of.id, at().on)
    return {
        "id": of.id,
        "title": title or untitled(CAMPAIGN),
        "state": states_said(of.states),
        "is_open": not {"concluded", "cancelled"} & set(of.states),
        "since": worded(of.since, shown_language()) if of.since else "",
        "lead": names.on(of.lead_id, at().on),
        "lead_id": of.lead_id,
        "coalition": names.on(of.coalition_id, at().on) if of.coalition_id else "",
        "coalition_id": of.coalition_id,
        "themes": labels.theme(of.themes),
        "regions": ", ".join(of.regions),
        "level": labels.authority_level(of.level),
        "confidentiality": of.confidentiality,
    }


def choices(connection: Connection) -> dict[str, list[tuple[Any, str]]]:
    """For each filter what there is to choose, of campaigns that may be seen."""
    everything = campaigns.find(connection, at().on, known(), sight=sight())
    everyone = organisations.by_name(organisations.everyone(connection, known()), shown_language())
    leads = {each.lead_id for each in everything}
    of_programmes = [one.id for one in programmes.find(connection, known())]
    titles().look_up(of_programmes)
    return {
        "coalition": [(one.id, one.called_now) for one in everyone if one.is_coalition],
        "organisation": [(one.id, one.called_now) for one in everyone if not one.is_coalition or one.id in leads],
        "programme": alphabetical((id, titles().on(id, at().on) or "…") for id in of_programmes),
        "theme": coded(labels_of_campaigns.THEMES),
        "region": alphabetical((each, each) for each in {region for one in everything for region in one.regions}),
        "level": coded(labels_of_campaigns.AUTHORITY_LEVELS),
        "state": [(state, labels.campaign_state(state)) for state in STATES],
        "year": [(year, str(year)) for year in years(everything)],
    }


def coded(words: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, labels.said(word)) for code, word in words.items()]


def years(of: Iterable[Campaign]) -> list[int]:
    """From the first that was planned to now, the last one first."""
    first = min((found.year for each in of if (found := day(each.earliest) or day(each.latest))), default=None)
    return list(range(at().today.year, first - 1, -1)) if first else []


def counts(found: Sequence[Campaign], chosen: dict[str, str]) -> list[tuple[str, int, str]]:
    """How many are possibly in each state, with the address that shows them."""
    number = Counter(state for each in found for state in each.states)
    kept = {name: value for name, value in chosen.items() if value and name != "state"} | at().args
    return [
        (labels.campaign_state(state), number[state], url_for("campaigns.campaigns", **kept, state=state))
        for state in STATES
        if number[state]
    ]


def of_organisation(connection: Connection, id: UUID) -> list[dict[str, Any]]:
    """Those that it leads, or in which it is or was a partner."""
    return rows(connection, campaigns.find(connection, at().on, known(), sight=sight(), organisation_id=id))
