"""Recording a change: checked while it is typed, recorded once, and what to do when someone was first."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from domain import amending
from domain.amending import Amended
from domain.entry import Entry
from domain.refused import Refused
from projections import engine
from webapp import change_forms, files, open_change, who
from webapp.change_forms import Draft
from webapp.change_subjects import LifeOf, MembershipOf, NewOne, Subject
from webapp.coalitions import coalition_page, coalitions_page, known_coalition
from webapp.open_change import OpenChange
from webapp.organisations import known_organisation, organisation_page, organisations_page
from webapp.pages import go, wants_fragment

FIRST, RULE = 409, 422
PAGES: dict[type, Callable[[OpenChange, int], Response]] = {}  # of other parts of the site, which fill them in

blueprint = Blueprint("changes", __name__)
blueprint.app_context_processor(lambda: {"kind_label": change_forms.kind_label})


@blueprint.post("/coalitions/<uuid:id>/changes")
def record(id: UUID) -> Response:
    known_coalition(id)
    return sent(MembershipOf(id, change_forms.uuid_of(request.form.get("organisation_id", ""))))


@blueprint.post("/coalitions/<uuid:id>/life")
def record_life(id: UUID) -> Response:
    known_coalition(id)
    return sent(LifeOf(id, as_coalition=True))


@blueprint.post("/organisations/<uuid:id>/changes")
def record_organisation(id: UUID) -> Response:
    known_organisation(id)
    return sent(LifeOf(id, as_coalition=False))


@blueprint.post("/organisations")
def register() -> Response:
    return sent(NewOne(as_coalition=False))


@blueprint.post("/coalitions")
def found() -> Response:
    return sent(NewOne(as_coalition=True))


def sent(subject: Subject) -> Response:
    draft = change_forms.sent(request.form, subject.codes)
    taken = files.taken()
    draft.files = tuple(taken.shown)
    if taken.error:
        draft.errors["source_files"] = taken.error
    if request.form.get("do") in ("preview", "check", "choose"):
        return checked(subject, draft)
    if draft.errors:
        return shown(open_change.opened(subject, draft), status=RULE)
    return already_recorded(subject, draft) or decided(subject, draft)


def checked(subject: Subject, draft: Draft) -> Response:
    """Nothing is stored. While somebody types, what is missing is not yet wrong."""
    change = open_change.opened(subject, draft)
    if request.form["do"] == "choose":
        draft.takes_focus = "" if wants_fragment() else open_change.first_field(draft).name
        return shown(change)
    open_change.check(change)
    if request.form["do"] == "check":
        return shown(change)
    if wants_fragment():
        draft.errors = {field: said for field, said in draft.errors.items() if not field or draft.value(field)}
    return shown(change, "changes/_preview.html")


def shown(change: OpenChange, part: str = "changes/_change.html", status: int = 200) -> Response:
    """The part that htmx asked for, or the whole page with the form open in it."""
    if wants_fragment():
        return make_response(render_template(part, change=change), status)
    match change.subject:
        case MembershipOf(id) | LifeOf(id, True):
            return coalition_page(id, change, status)
        case LifeOf(id):
            return organisation_page(id, change, status)
        case NewOne(True):
            return coalitions_page(change, status)
        case NewOne():
            return organisations_page(change, status)
    return PAGES[type(change.subject)](change, status)


def already_recorded(subject: Subject, draft: Draft) -> Response | None:
    """The same form sent twice is answered as it was the first time; with something else in it, it is a new one."""
    found = who.stores().chronicle.recorded(draft.number(0))
    if found is None:
        return None
    engine.keep_up(who.stores().chronicle, who.stores().reading)
    change = open_change.opened(subject, draft)
    if open_change.says_the_same(change, found[1]):
        return done(subject, *found)
    draft.command_id = uuid4()
    return someone_was_first(change) or shown(change, status=RULE)


def decided(subject: Subject, draft: Draft) -> Response:
    change = open_change.opened(subject, draft)

    def plan() -> Amended | None:
        planned = None if open_change.is_overtaken(change) else open_change.plan(change)
        return planned.amended if planned else None

    try:
        amending.recorded(who.stores().chronicle, plan)
    except Refused as refused:
        if refused.code != "chronicle.someone_was_first":
            raise
    answer = already_recorded(subject, draft)
    if answer:
        return answer
    is_wrong = draft.errors and not open_change.is_overtaken(change)
    return (None if is_wrong else someone_was_first(change)) or shown(change, status=RULE)


def someone_was_first(change: OpenChange) -> Response | None:
    """What was recorded meanwhile, the form as it was filled in, and whether it is still possible."""
    change.draft.errors.clear()
    if not open_change.overtaken(change):
        return None
    open_change.check(change)
    return shown(change, status=FIRST)


def done(subject: Subject, position: int, entry: Entry) -> Response:
    """The page on which it stands now."""
    return go(f"{subject.place(entry)}?recorded={position}")
