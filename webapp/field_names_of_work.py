"""What is each field of campaigns, actions, programmes and projects called, and how does what stands in it read?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext
from markupsafe import Markup, escape

from domain.action import ActionLogged, WebPage
from domain.campaign_entries import CampaignConcluded, CampaignEntry, PartnerJoined, PromiseUpdated
from domain.entry import Entry
from domain.programme import ProgrammeEntry
from domain.project import IndicatorReached, ProjectEntry
from webapp import labels
from webapp.labels import N_
from webapp.parts import LINKS
from webapp.shown import partial_date

WORK = (CampaignEntry, ProgrammeEntry, ProjectEntry)
FIELDS = {
    "warnings": N_("Recorded all the same"),
    "confidentiality": N_("Who may know"),
    "lead_id": N_("Led by"),
    "programme_id": N_("Programme"),
    "themes": N_("Themes"),
    "regions": N_("Regions"),
    "level": N_("Whom it aims at"),
    "title": N_("Title"),
    "purpose": N_("Purpose"),
    "summary": N_("Summary"),
    "stage": N_("Policy stage"),
    "statement": N_("Goal"),
    "authority_id": N_("Decision-maker"),
    "influence": N_("Influence"),
    "ask": N_("What is asked"),
    "stance": N_("Stance"),
    "response": N_("Response"),
    "action_id": N_("Action"),
    "partner_id": N_("Partner"),
    "due": N_("Due"),
    "progress": N_("Progress"),
    "promise": N_("What was promised"),
    "changed_by_id": N_("Who changed it"),
    "significance": N_("Weight"),
    "change": N_("What changed"),
    "contribution": N_("Our contribution"),
    "importance": N_("Why it matters"),
    "confirmed_by": N_("Who confirms it"),
    "donor_id": N_("Donor"),
    "campaign_id": N_("Campaign"),
    "decision_makers": N_("Decision-makers"),
    "participants": N_("Participants"),
    "women": N_("Women among them"),
    "youth": N_("Young people among them"),
    "place": N_("Place"),
    "media": N_("Media reached"),
    "evidence": N_("Links as evidence"),
    "direction": N_("Direction"),
    "grant_number": N_("Number of the grant"),
    "baseline": N_("Baseline"),
    "target": N_("Target"),
    "measure": N_("What is measured"),
    "unit": N_("Unit"),
    "value": N_("How much more"),
}
OF_KIND: Mapping[type[Entry], Mapping[str, str]] = {
    ActionLogged: {"kind": N_("Kind of action"), "by": N_("Whose action")},
    CampaignConcluded: {"result": N_("Result of the campaign")},
    PartnerJoined: {"role": N_("Part in the campaign")},
    PromiseUpdated: {"of": N_("Promise concerned, in its history")},
    IndicatorReached: {"of": N_("Indicator concerned, in its history")},
}  # where a field of this name means something else


def web_page(page: WebPage) -> Markup:
    title = page.title or page.link
    told = (
        Markup('<a href="%s" rel="noopener noreferrer external">%s</a>') % (page.link, title)
        if page.link.startswith(LINKS)
        else escape(title)
    )
    return told + f" ({partial_date(page.accessed)})" if page.accessed else told


def concerns(codes: tuple[str, ...]) -> str:
    return ", ".join(labels.concern(code) for code in codes)


def variant(code: str) -> str:
    return str(gettext("another source says") if code == "alternative" else gettext("counts"))


CODES: Mapping[str, Callable[[Any], str | Markup]] = {
    "warnings": concerns,
    "confidentiality": labels.confidentiality,
    "themes": labels.theme,
    "level": labels.authority_level,
    "stage": labels.policy_stage,
    "influence": labels.influence,
    "stance": labels.stance,
    "response": labels.response,
    "progress": labels.progress,
    "significance": labels.significance,
    "direction": labels.direction,
    "kind": labels.action_kind,
    "role": labels.partner_role,
    "result": labels.result,
    "reason": str,
    "variant": variant,
    "evidence": lambda pages: Markup(", ").join(map(web_page, pages)),
}


def codes_of(entry: Entry) -> Mapping[str, Callable[[Any], str | Markup]]:
    """How what stands in its fields reads, where that differs from other entries."""
    return CODES if isinstance(entry, WORK) else {}
