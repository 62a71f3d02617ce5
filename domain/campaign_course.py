"""How the life of a campaign goes, and one partnership in it: on which day what, and what may come next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.beginnings import refused
from domain.campaign_entries import LIFE, CampaignEntry, CampaignPlanned
from domain.clusters import Blocked, Step
from domain.entry import Entry
from domain.legal_orders import blocked
from domain.membership_entries import bounds
from domain.orders import Stretch, stretches

NONE, NO_PARTNER = "none", "no_partner"
LEADS_TO: dict[str, str] = {
    "campaign.planned": "planned",
    "campaign.launched": "active",
    "campaign.paused": "paused",
    "campaign.resumed": "active",
    "campaign.concluded": "concluded",
    "campaign.cancelled": "cancelled",
    "campaign.partner_joined": "partner",
    "campaign.partner_left": NO_PARTNER,
}
MAY_FOLLOW: dict[str, tuple[str, ...]] = {
    NONE: ("campaign.planned",),
    "planned": ("campaign.launched", "campaign.cancelled"),
    "active": ("campaign.paused", "campaign.concluded", "campaign.cancelled"),
    "paused": ("campaign.resumed", "campaign.concluded", "campaign.cancelled"),
    "concluded": (),
    "cancelled": (),
    NO_PARTNER: ("campaign.partner_joined",),
    "partner": ("campaign.partner_left",),
}
STATES = ("planned", "active", "paused", "concluded", "cancelled")
OPEN = ("planned", "active", "paused")


def after(state: str, step: Step) -> str | None:
    """The state after a step, or None where that may not happen."""
    (name,) = step.effect
    return LEADS_TO[str(name)] if name in MAY_FOLLOW[state] else None


def read(_state: str, step: Step) -> str:
    """The same without the rule, where no order is legal."""
    return LEADS_TO[str(step.effect[0])]


def states(entries: Iterable[Entry]) -> list[Stretch[str]]:
    """Of entries that hold: stretches of days with the states that are possible, each with the places, among the
    entries of its life in the order given, of those of which one began it. Before the first it was not even planned."""
    return _stretches([e for e in entries if isinstance(e, LIFE)], NONE)


def partnership(entries: Iterable[Entry]) -> list[Stretch[str]]:
    """The same of the entries of one partner: "partner" or "no_partner"."""
    return _stretches(list(entries), NO_PARTNER)


def state_on(entries: Iterable[Entry], day: int) -> list[str]:
    """The states that are possible on that day (an ordinal), in the order of a campaign's life."""
    possible = {state for found in states(entries) if found.since <= day < found.until for state in found.states}
    return [state for state in STATES if state in possible] or [NONE]


def steps(entries: Iterable[Entry]) -> list[Step]:
    """Changes of its life or of one partnership, as the walk sees them."""
    return [Step(*bounds(e.occurred), (e.stored_name(),), f"{e.stored_name()} {e.occurred.text}") for e in entries]


def check_course(entries: Sequence[CampaignEntry], start: str, known: int, code: str) -> None:
    """Refuses what no order that the dates permit allows, with `code` where a version after `known` is to blame."""
    no = blocked(steps(entries), start, after)
    if no is None:
        return
    stuck, added = entries[no.step], [e for e in entries if e.originator_version > known]
    if stuck in added:
        raise refused(code, stuck, **_meets(entries, stuck, no))
    for e in added:
        state = LEADS_TO[stuck.stored_name()]
        if _overlap(e, stuck) and e.stored_name() not in MAY_FOLLOW[state]:
            raise refused(code, e, state=state, since=stuck.occurred.text, allowed=MAY_FOLLOW[state])
    if not added:
        raise refused("entry.later_illegal", stuck, **_meets(entries, stuck, no))
    raise refused(
        "campaign.later_change_illegal", added[0], later=stuck.stored_name(), later_on=stuck.occurred.text,
        **{**_meets(entries, stuck, no), "version": stuck.originator_version},
    )  # fmt: skip


def check_plan(entries: Sequence[Entry]) -> None:
    """Refuses a second plan, and anything without one."""
    plans = [e for e in entries if isinstance(e, CampaignPlanned)]
    if entries and not plans:
        raise refused("campaign.plan_needed", entries[0], state=NONE, allowed=MAY_FOLLOW[NONE])
    for again in plans[1:]:
        state, since = now([e for e in entries if e is not again])
        raise refused("campaign.planned_already", again, state=state, since=since, allowed=MAY_FOLLOW[state])


def now(entries: Sequence[Entry]) -> tuple[str, str]:
    """The last state that is possible, and since when."""
    life = [e for e in entries if isinstance(e, LIFE)]
    states_at_last = states(life)[-1].states
    state, begun_by = next((s, states_at_last[s]) for s in reversed(STATES) if s in states_at_last)
    return state, min((life[i].occurred.text for i in begun_by), default="")


def _stretches(life: Sequence[Entry], start: str) -> list[Stretch[str]]:
    walk = steps(life)
    return stretches(walk, start, after, _same) or stretches(walk, start, read, _same, bound=0)


def _same(before: str, later: str) -> bool:
    return before == later


def _overlap(one: Entry, other: Entry) -> bool:
    (first, last), (others_first, others_last) = bounds(one.occurred), bounds(other.occurred)
    return first <= others_last and others_first <= last


def _meets(entries: Sequence[CampaignEntry], stuck: CampaignEntry, no: Blocked[str]) -> dict[str, object]:
    """The state that it would be taken in, the last change that can have led there, and what may come then."""
    last = bounds(stuck.occurred)[1]
    led = [e for e in entries if LEADS_TO[e.stored_name()] == no.state and bounds(e.occurred)[0] <= last]
    since = max((e for e in led if e is not stuck), key=lambda e: bounds(e.occurred), default=None)
    return {"state": no.state, "since": since.occurred.text if since else "", "allowed": MAY_FOLLOW[no.state]}
