"""Recording a change of membership: checked while it is typed, recorded once, and what to do when someone was first."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from domain.membership import Membership
from domain.membership_entries import MembershipEntry
from domain.refused import Refused
from projections import engine
from webapp import membership_forms, open_change, who
from webapp.coalitions import coalition_page, known_coalition
from webapp.membership_forms import Draft
from webapp.open_change import OpenChange
from webapp.pages import go, wants_fragment

FIRST, RULE = 409, 422

blueprint = Blueprint("changes", __name__)
blueprint.app_context_processor(lambda: {"forms": membership_forms})


@blueprint.post("/coalitions/<uuid:id>/changes")
def record(id: UUID) -> Response:
    known_coalition(id)
    draft = membership_forms.sent(request.form)
    if request.form.get("do") in ("preview", "check", "choose"):
        return checked(id, draft)
    if draft.errors:
        return shown(open_change.opened(id, draft), status=RULE)
    return already_recorded(id, draft) or decided(id, draft)


def checked(id: UUID, draft: Draft) -> Response:
    """Nothing is stored. While somebody types, what is missing is not yet wrong."""
    change = open_change.opened(id, draft)
    if request.form["do"] == "choose":
        change.takes_focus = not wants_fragment()
        return shown(change)
    open_change.check(change)
    if request.form["do"] == "check":
        return shown(change)
    if wants_fragment():
        draft.errors = {field: said for field, said in draft.errors.items() if not field or draft.value(field)}
    return shown(change, "coalitions/_preview.html")


def shown(change: OpenChange, part: str = "coalitions/_change.html", status: int = 200) -> Response:
    """The part that htmx asked for, or the whole page with the form open in it."""
    if wants_fragment():
        coalition = known_coalition(change.coalition_id)
        return make_response(render_template(part, change=change, coalition=coalition), status)
    return coalition_page(change.coalition_id, change, status)


def already_recorded(id: UUID, draft: Draft) -> Response | None:
    """The same form sent twice is answered as it was the first time; with something else in it, it is a new one."""
    for n in (1, 0):
        found = who.stores().chronicle.recorded(draft.number(n))
        if found and isinstance(found[1], MembershipEntry):
            engine.keep_up(who.stores().chronicle, who.stores().reading)
            change = open_change.opened(id, draft)
            if open_change.says_the_same(change, found[1]):
                return done(id, found[0])
            draft.command_id = uuid4()
            return someone_was_first(change, found[1].organisation_id)
    return None


def decided(id: UUID, draft: Draft) -> Response:
    change = open_change.opened(id, draft)
    planned = open_change.plan(change)
    membership = planned.membership if planned else settled_membership(id, draft)
    if membership and change.was_overtaken(membership):
        return already_recorded(id, draft) or someone_was_first(change, membership.organisation_id)
    if planned is None:
        return already_recorded(id, draft) or shown(change, status=RULE)
    try:
        position = who.stores().chronicle.record(*planned.entries)
    except Refused as refused:
        if refused.code != "chronicle.someone_was_first":
            raise
        return already_recorded(id, draft) or someone_was_first(change, planned.membership.organisation_id)
    engine.keep_up(who.stores().chronicle, who.stores().reading)
    return done(id, position)


def settled_membership(id: UUID, draft: Draft) -> Membership | None:
    return open_change.membership_of(id, draft.version_of) if draft.version_of else None


def someone_was_first(change: OpenChange, organisation_id: UUID) -> Response:
    """What was recorded meanwhile, the form as it was filled in, and whether it is still possible."""
    open_change.overtaken(change, open_change.membership_of(change.coalition_id, organisation_id))
    change.draft.errors.clear()
    open_change.check(change)
    return shown(change, status=FIRST)


def done(id: UUID, position: int) -> Response:
    return go(url_for("coalitions.coalition", id=id, recorded=position))
