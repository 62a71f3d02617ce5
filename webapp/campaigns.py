"""Campaigns: which there are, and of each its goal, decision-makers, promises, outcomes, partners and timeline."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from projections import campaigns as read
from projections import timeline
from projections.campaigns import Campaign
from projections.timeline import Happening
from webapp import campaign_lists, campaign_view, changes, logging_actions, open_change, rights
from webapp.at_moment import known, reading
from webapp.campaign_subjects import LIFE, CampaignOf, NewCampaign
from webapp.entry_lines import EntryLine, just_recorded, lines
from webapp.logging_actions import OpenLog
from webapp.moments import at
from webapp.named_organisations import NEW
from webapp.names import Names
from webapp.open_change import OpenChange
from webapp.pages import page, wants_fragment
from webapp.sentences import PROGRAMME, untitled
from webapp.sight import sight
from webapp.timeline import place
from webapp.titles import titles
from webapp.troubles import not_known_yet

A_PAGE = 50

blueprint = Blueprint("campaigns", __name__)


@blueprint.get("/campaigns")
def campaigns() -> Response:
    change = open_change.opened_for(NewCampaign()) if request.args.get("change") == NEW and may_record() else None
    return open_change.alone(change) if change and wants_fragment() else campaigns_page(change)


def campaigns_page(change: OpenChange | None = None, status: int = 200) -> Response:
    """Those that were asked for, with the form for a new one open if there is one."""
    chosen = campaign_lists.asked()
    with reading() as connection:
        found = campaign_lists.found_by(connection, chosen)
        without_state = campaign_lists.found_by(connection, {**chosen, "state": ""}) if chosen["state"] else found
        return page(
            "campaigns/campaigns.html",
            "found",
            status,
            change=change,
            may_record=may_record(),
            chosen=chosen,
            filtered=any(chosen.values()),
            campaigns=campaign_lists.rows(connection, found),
            counts=campaign_lists.counts(without_state, chosen),
            choices=campaign_lists.choices(connection),
        )


def may_record() -> bool:
    return at().is_now and rights.may("campaigns.record")


@blueprint.post("/campaigns")
def begin() -> Response:
    return changes.sent(NewCampaign())


@blueprint.post("/campaigns/<uuid:id>/changes")
def record(id: UUID) -> Response:
    with reading() as connection:
        known_campaign(connection, id)
    return changes.sent(CampaignOf(id))


@blueprint.get("/campaigns/<uuid:id>")
def campaign(id: UUID) -> Response:
    with reading() as connection:
        of = known_campaign(connection, id)
        if wants_fragment() and "after" in request.args:
            return page("campaigns/campaign.html", "happened", **happened(connection, id))
    asks = request.args.get("change") == LIFE and may_record()
    change = open_change.opened_for(CampaignOf(id), request.args.get("event", "")) if asks else None
    return open_change.alone(change) if change and wants_fragment() else campaign_page(id, change, of=of)


def known_campaign(connection: Connection, id: UUID) -> Campaign:
    """Not found where there is none, at that moment, or not for who asks."""
    found = read.campaign(connection, id, at().on, known(), sight=sight())
    if found is None:
        later = known() is not None and read.campaign(connection, id, at().on, sight=sight())
        abort(not_known_yet() if later else 404)
    return found


def campaign_page(
    id: UUID,
    change: OpenChange | None = None,
    status: int = 200,
    log: OpenLog | None = None,
    of: Campaign | None = None,
) -> Response:
    """Its page, with a form open in it if there is one."""
    with reading() as connection:
        of = of or known_campaign(connection, id)
        names = Names(connection, known())
        facts = read.facts(connection, id, known(), sight=sight())
        front = open_change.commonest(CampaignOf(id)) if may_record() else ()
        return page(
            "campaigns/campaign.html",
            status=status,
            change=change,
            recorded=just(connection),
            log=log or logging_actions.opened(id),
            campaign=campaign_lists.row(of, names) | programme_of(of),
            why=campaign_view.why(of),
            view=campaign_view.view(of, facts, names),
            front=front,
            may_record=may_record(),
            **happened(connection, id),
        )


def programme_of(of: Campaign) -> dict[str, object]:
    id = of.programme_id
    return {"programme_id": id, "programme": titles().on(id, at().on) or untitled(PROGRAMME)} if id else {}


def just(connection: Connection) -> EntryLine | None:
    """What was recorded by the form on this page; an action that was logged is told by the form that logs."""
    line = just_recorded(connection)
    return line if line and line.entry.stored_name() != "campaign.action_logged" else None


def happened(connection: Connection, id: UUID) -> dict[str, Any]:
    """A portion of what happened in it, newest first, and where the next one is."""
    moment = at()
    found = timeline.timeline(
        connection,
        works=[id],
        known=known(),
        until_day=None if moment.on == moment.today else moment.on,
        after=place(request.args.get("after", "")),
        limit=A_PAGE + 1,
        sight=sight(),
    )
    more = older(id, found[A_PAGE - 1]) if len(found) > A_PAGE else ""
    return {"entries": lines(connection, found[:A_PAGE], titled=False), "older": more}


def older(id: UUID, last: Happening) -> str:
    return url_for("campaigns.campaign", id=id, **at().args, after="_".join(map(str, last.key)))


@blueprint.get("/campaigns/<uuid:id>/members")
def members(id: UUID) -> Response:
    """The members of its coalition on the day, and what part they had in it."""
    with reading() as connection:
        of = known_campaign(connection, id)
        if of.coalition_id is None:
            abort(404)
        names = Names(connection, known())
        return page(
            "campaigns/members.html",
            "members",
            campaign=campaign_lists.row(of, names),
            members=campaign_view.members(connection, of),
        )


def page_of(change: OpenChange, status: int) -> Response:
    if not isinstance(change.subject, CampaignOf):
        raise TypeError(type(change.subject))
    return campaign_page(change.subject.id, change, status)


changes.PAGES |= {CampaignOf: page_of, NewCampaign: campaigns_page}
