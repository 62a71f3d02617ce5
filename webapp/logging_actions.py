"""Logging an action of a campaign: from the campaign's page or the desk, recorded once however often it is sent."""

from __future__ import annotations

from functools import cached_property
from uuid import UUID, uuid4

import msgspec
from flask import Blueprint, make_response, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from domain import amending
from domain.action import Action, ActionLogged
from domain.amending import Amended
from domain.campaign_entries import Concern, DecisionMakerResponded
from domain.confidentiality import LEVELS, narrower
from domain.entry import Entry
from domain.refused import Refused
from projections import engine, timeline
from webapp import action_forms, drafts, files, labels, rights, who
from webapp.action_forms import ActionForm, Said, Wrong
from webapp.amending_entries import signed_in
from webapp.archive import records
from webapp.at_moment import reading
from webapp.change_forms import uuid_of
from webapp.entry_lines import EntryLine, just_recorded, lines
from webapp.files_kept import STORED
from webapp.logged_before import alike, last_logged, open_campaigns
from webapp.logged_campaign import LoggedCampaign, concerns, logged_campaign
from webapp.moments import at
from webapp.names import Names
from webapp.pages import go, wants_fragment
from webapp.previews import within
from webapp.refusals import sentence
from webapp.shown import partial_date
from webapp.sight import sight

FIRST, RULE = 409, 422

blueprint = Blueprint("logging_actions", __name__)


class OpenLog(msgspec.Struct, kw_only=True, dict=True):
    """The form as it stands open; `on_desk`: where a campaign is chosen first."""

    campaign: LoggedCampaign | None
    form: ActionForm
    on_desk: bool = False
    logged: EntryLine | None = None
    same: EntryLine | None = None
    concerns: tuple[Concern, ...] = ()
    understood: tuple[str, ...] = ()
    changed_since: bool = False

    @property
    def address(self) -> str:
        if self.on_desk or self.campaign is None:
            return url_for("logging_actions.log_from_desk")
        return url_for("logging_actions.log", id=self.campaign.id)

    @property
    def form_key(self) -> str:
        return url_for("desk.desk") if self.on_desk or not self.campaign else campaign_address(self.campaign.id)

    @cached_property
    def campaigns(self) -> list[tuple[UUID, str]]:
        """Among which to choose."""
        return open_campaigns() if self.on_desk else []

    @cached_property
    def organisations(self) -> list[tuple[str, str]]:
        """Whose action it may be: those of the campaign, those that are ticked, and whom a typed name may mean."""
        own = self.campaign.organisations if self.campaign else []
        return named([*own, *self.form.organisations, *(found.id for found in self.form.candidates)])

    @cached_property
    def decision_makers(self) -> list[tuple[str, str]]:
        return named(self.campaign.decision_makers) if self.campaign else []

    @property
    def front(self) -> list[str]:
        """The kind that is chosen, and those that are usual."""
        chosen = [kind for kind in action_forms.KINDS if kind == self.form.value("kind")]
        return list(dict.fromkeys([*chosen, *action_forms.USUAL]))[: len(action_forms.USUAL)]

    @property
    def behind(self) -> list[str]:
        return [kind for kind in action_forms.KINDS if kind not in self.front]

    @property
    def responses(self) -> list[tuple[str, str]]:
        told = [(code, labels.response(code)) for code in action_forms.RESPONSES]
        return [(action_forms.APPROACHED, gettext("it was addressed; no response is known")), *told]

    @property
    def levels(self) -> list[tuple[str, str]]:
        """Narrower ones than that of the campaign; it is never seen by more people than the campaign."""
        if self.campaign is None:
            return []
        id, own = self.campaign.id, self.campaign.level
        narrow = [level for level in LEVELS if narrower(level, own) != own and sight().clears(id, level)]
        return [(level, labels.confidentiality(level)) for level in narrow]

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong, by the id of its field."""
        ids = {"": "", "source_files": "log-files"}
        return {ids.get(name, f"log-{name}"): said for name, said in self.form.errors.items()}

    @property
    def said_concerns(self) -> list[str]:
        return [labels.concern(code) for code in self.concerns]


def named(ids: list[UUID] | tuple[UUID, ...]) -> list[tuple[str, str]]:
    with reading() as connection:
        names = Names(connection)
        return [(str(id), names.on(id)) for id in dict.fromkeys(ids)]


def campaign_address(id: UUID) -> str:
    return url_for("campaigns.campaign", id=id)


def may_log() -> bool:
    return at().is_now and rights.may("logging_actions.log")


def opened(campaign_id: UUID) -> OpenLog | None:
    """For the page of a campaign; None where nothing is logged."""
    return _opened(logged_campaign(campaign_id), on_desk=False) if may_log() else None


def opened_on_desk() -> OpenLog | None:
    """With the campaign for which this person logged last; None where there is none to log for."""
    if not may_log() or not (choice := open_campaigns()):
        return None
    kept, last = drafts.resumed(), last_logged()
    wanted = uuid_of(kept.fields.get("campaign", "")) if kept else last.campaign_id if last else None
    ids = [id for id, _ in choice]
    return _opened(logged_campaign(wanted if wanted in ids else ids[0]), on_desk=True)


def _opened(campaign: LoggedCampaign, on_desk: bool) -> OpenLog:
    kept = drafts.resumed()
    if kept and kept.form_key == (url_for("desk.desk") if on_desk else campaign_address(campaign.id)):
        form = action_forms.sent(kept.fields)
        form.files = tuple(files.shown(kept.fields.getlist(STORED)))
        return OpenLog(campaign=campaign, form=form, on_desk=on_desk)
    log = OpenLog(campaign=campaign, form=remembered(campaign, last_logged()), on_desk=on_desk)
    with reading() as connection:
        line = just_recorded(connection)
    if line and isinstance(line.entry, ActionLogged):
        log.logged, log.concerns = line, line.entry.warnings
    return log


def remembered(campaign: LoggedCampaign, last: ActionLogged | None) -> ActionForm:
    """The kind of the last action that this person logged; in the same campaign its place and organisations, too."""
    by = [str(campaign.lead_id)]
    if last is None:
        return action_forms.blank(at().today, by=by)
    if last.campaign_id != campaign.id:
        return action_forms.blank(at().today, kind=last.kind, by=by)
    return action_forms.blank(at().today, kind=last.kind, place=last.place, by=[str(id) for id in last.by] or by)


@blueprint.post("/campaigns/<uuid:id>/actions")
def log(id: UUID) -> Response:
    return sent(logged_campaign(id), on_desk=False)


@blueprint.post("/actions")
def log_from_desk() -> Response:
    id = uuid_of(request.form.get("campaign", ""))
    if id is None:
        raise Refused("campaign.unknown")
    return sent(logged_campaign(id), on_desk=True)


def sent(campaign: LoggedCampaign, on_desk: bool) -> Response:
    taken, form = files.taken(), action_forms.sent(request.form)
    form.files = tuple(taken.shown)
    if taken.error:
        form.errors = {**form.errors, "source_files": taken.error}
    open_log = OpenLog(campaign=campaign, form=form, on_desk=on_desk)
    match request.form.get("do"):
        case "choose":
            return shown(chosen(open_log))
        case "preview":
            return shown(looked_at(open_log), "campaigns/_log_understood.html")
    try:
        said = action_forms.said_by(form, at().today, campaign.decision_makers)
    except Wrong as wrong:
        form.errors = wrong.errors
        return shown(open_log, status=RULE)
    if not sight().clears(campaign.id, said.fields["confidentiality"]):
        form.errors = {"confidentiality": gettext("You would not see this entry yourself. Choose a wider circle.")}
        return shown(open_log, status=RULE)
    return already_logged(open_log, said) or decided(open_log, said)


def chosen(log: OpenLog) -> OpenLog:
    """Another campaign: its organisations and decision-makers; what was typed stays."""
    if log.campaign and not set(log.form.by) & {str(id) for id in log.campaign.organisations}:
        log.form.typed.setlist("by", [str(log.campaign.lead_id)])
    return log


def looked_at(log: OpenLog) -> OpenLog:
    """While somebody types: how the date is read, and what is said of it. What is missing is not yet wrong."""
    try:
        said = action_forms.dated(log.form, at().today)
    except Refused as refused:
        log.form.errors = {"occurred": sentence(refused)}
        return log
    if said and log.campaign:
        log.understood = tuple(filter(None, (partial_date(said), within(said))))
        log.concerns = concerns(log.campaign, said, log.form.organisations)
    return log


def decided(log: OpenLog, said: Said) -> Response:
    campaign = log.campaign
    if campaign is None:
        raise TypeError("an action belongs to a campaign")
    log.same = alike(campaign.id, said) if log.form.despite is None else None
    if log.same:
        return already_logged(log, said) or shown(log, status=FIRST)
    stores, first = who.stores(), log.form.number(0)

    def plan() -> Amended | None:
        if stores.chronicle.recorded_many([first]):
            return None  # by the same form, sent a moment ago
        with records(stores) as known:
            return amending.record(known, *entries(log.form, said, campaign))

    try:
        amending.recorded(stores.chronicle, plan)
    except Refused as refused:
        log.form.errors = {field_of(refused): sentence(refused)}
        return already_logged(log, said) or shown(log, status=RULE)
    return already_logged(log, said) or shown(log, status=FIRST)


def entries(form: ActionForm, said: Said, campaign: LoggedCampaign) -> list[Entry]:
    """The action, and the response of each decision-maker to it."""
    recorded_by, of_campaign = signed_in().id, campaign.history
    warned = concerns(campaign, said.occurred, said.fields["by"])
    action = Action(id=Action.id_of(form.command_id))
    found: list[Entry] = [
        action.log(said.told(recorded_by, form.number(0)), campaign_id=campaign.id, warnings=warned, **said.fields)
    ]
    for n, (authority_id, response) in enumerate(said.responses.items(), 1):
        told = msgspec.structs.replace(said.told(recorded_by, form.number(n)), note="", source=None)
        responded = of_campaign.change(
            DecisionMakerResponded, told, authority_id=authority_id, response=response, action_id=action.id,
            confidentiality=said.fields["confidentiality"],
        )  # fmt: skip
        of_campaign = of_campaign.after(responded)
        found.append(responded)
    return found


def already_logged(log: OpenLog, said: Said) -> Response | None:
    """The same form sent twice is answered as it was the first time; with something else in it, it is a new one."""
    found = who.stores().chronicle.recorded(log.form.number(0))
    if found is None:
        return None
    position, entry = found
    log.form.command_id, command_id = uuid4(), log.form.command_id
    if not isinstance(entry, ActionLogged) or entry.recorded_by != signed_in().id:
        return None
    if log.campaign and entry.campaign_id == log.campaign.id and said.is_told_by(entry, responses(command_id)):
        return done(log, position, command_id)
    log.logged, log.changed_since = line_at(position, log), True
    return shown(log, status=FIRST)


def responses(command_id: UUID) -> dict[UUID, str]:
    """Those that were recorded with the action."""
    found: dict[UUID, str] = {}
    numbered = ActionForm(command_id=command_id, typed=MultiDict())
    while recorded := who.stores().chronicle.recorded(numbered.number(len(found) + 1)):
        if isinstance(recorded[1], DecisionMakerResponded):
            found[recorded[1].authority_id] = recorded[1].response
    return found


def done(log: OpenLog, position: int, command_id: UUID) -> Response:
    """The new line, and the form for another one like it."""
    logged = line_at(position, log)
    if not wants_fragment():
        return go(f"{log.form_key}?recorded={position}#log")
    drafts.drafts().purge_recorded(signed_in().id, [command_id])
    after = OpenLog(campaign=log.campaign, form=action_forms.again(log.form, at().today), on_desk=log.on_desk)
    after.logged = logged
    if logged and isinstance(logged.entry, ActionLogged):
        after.concerns = logged.entry.warnings
    return make_response(render_template("campaigns/_logged.html", log=after))


def line_at(position: int, log: OpenLog) -> EntryLine | None:
    """On the page of its campaign without the campaign's title."""
    engine.keep_up(who.stores().chronicle, who.stores().reading)
    with reading() as connection:
        found = timeline.lines_at(connection, [position], sight=sight())
        return next(iter(lines(connection, found.values(), titled=log.on_desk)), None)


def field_of(refused: Refused) -> str:
    wrong = refused.details.get("field") or refused.details.get("column") or ""
    return wrong if wrong in action_forms.ActionSchema._declared_fields else ""


def shown(log: OpenLog, part: str = "campaigns/_log.html", status: int = 200) -> Response:
    """The part that htmx asked for, or the whole page with the form open in it."""
    if wants_fragment():
        return make_response(render_template(part, log=log), status)
    from webapp import campaigns, desk  # noqa: PLC0415  # these pages hold this form

    if log.on_desk or log.campaign is None:
        return desk.desk_page(log, status)
    return campaigns.campaign_page(log.campaign.id, log=log, status=status)
