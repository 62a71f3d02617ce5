"""A form for a change as it stands open on a page: which organisation it is about, and what it would lead to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID, uuid4

import msgspec
from flask_babel import gettext
from markupsafe import Markup

from domain import subjects, texts
from domain.dates import parse
from domain.entry import Entry, Told
from domain.membership import Membership, may_follow
from domain.membership_entries import MembershipEntry
from domain.organisation import Organisation
from domain.refused import Refused
from projections import organisations
from webapp import membership_forms, who
from webapp.at_moment import reading
from webapp.languages import shown_language
from webapp.membership_forms import NEW, Draft
from webapp.moments import at
from webapp.names import Names
from webapp.previews import Preview, Understood, preview, states_on, understood
from webapp.refusals import sentence
from webapp.schemas import Change
from webapp.sentences import Sentences

SELDOM = ("renewal_missed", "reinstatement_requested", "suspension_confirmed", "suspension_expired")


class Candidate(NamedTuple):
    id: UUID
    name: str
    other_names: list[str]


class Plan(NamedTuple):
    """What would be recorded, and the membership to which it would be added."""

    entries: tuple[Entry, ...]
    change: MembershipEntry
    membership: Membership


class OpenChange(msgspec.Struct, kw_only=True):
    coalition_id: UUID
    draft: Draft
    organisation: str = ""  # its name, where the form was opened for one
    front: Sequence[str] = membership_forms.ENTERING
    behind: Sequence[str] = ()
    known_names: Sequence[str] = ()
    candidates: Sequence[Candidate] | None = None
    registers: str = ""
    understood: Understood | None = None
    preview: Preview | None = None
    meanwhile: Sequence[tuple[Entry, Markup]] = ()
    takes_focus: bool = False

    @property
    def problems(self) -> list[str]:
        return list(self.draft.errors.values())

    @property
    def chosen(self) -> str:
        return self.draft.value("organisation")

    def was_overtaken(self, membership: Membership) -> bool:
        of_this = self.draft.version_of == membership.organisation_id
        return of_this and self.draft.version is not None and self.draft.version != membership.version


def opened(coalition_id: UUID, draft: Draft) -> OpenChange:
    change = OpenChange(coalition_id=coalition_id, draft=draft)
    with reading() as connection:
        if draft.organisation_id is None:
            change.known_names = [found.called_now for found in organisations.everyone(connection)]
        else:
            change.organisation = Names(connection).on(draft.organisation_id, at().today)
    if draft.organisation_id is not None:
        change.front = possible_now(membership_of(coalition_id, draft.organisation_id))
    change.behind = [event for event in membership_forms.EVERY if event not in change.front]
    return change


def opened_for(coalition_id: UUID, organisation_id: UUID | None, event: str) -> OpenChange:
    """A new form; without an event, for what is possible and most usual now."""
    draft = membership_forms.blank(membership_forms.EVERY[0], organisation_id)
    if organisation_id is not None:
        draft.version, draft.version_of = membership_of(coalition_id, organisation_id).version, organisation_id
    change = opened(coalition_id, draft)
    change.takes_focus = True
    draft.event = event if event in membership_forms.EVERY else next(iter(change.front), membership_forms.EVERY[0])
    return change


def membership_of(coalition_id: UUID, organisation_id: UUID) -> Membership:
    return subjects.membership(who.stores().chronicle, coalition_id, organisation_id)


def possible_now(membership: Membership) -> list[str]:
    states = states_on(membership.changes, at().today)
    allowed = {event for state in states for event in may_follow(state)}
    return [event for event in membership_forms.EVERY if event in allowed and event not in SELDOM]


def check(change: OpenChange) -> None:
    """Fill in what it would lead to, or what is wrong with it."""
    planned = plan(change)
    if planned:
        change.preview = preview(planned.membership, planned.change, at().today)


def plan(change: OpenChange) -> Plan | None:
    """What would be recorded; None where something is wrong, which then stands at the fields of the form."""
    draft = change.draft
    organisation = settled_organisation(change)
    told = membership_forms.told(draft, shown_language(), at().today)
    if not isinstance(told, Change):
        draft.errors = {**told, **draft.errors}
        return None
    change.understood = understood(told, at().today)
    if organisation is None or draft.errors:
        return None
    try:
        return decide(change, organisation, told)
    except Refused as refused:
        draft.errors[""] = sentence(refused)
        return None


def decide(change: OpenChange, organisation: Organisation, told: Change) -> Plan:
    account = who.account()
    if account is None:
        raise TypeError("only who signed in may record")
    registering = registration(change, organisation, account.id)
    membership = membership_of(change.coalition_id, organisation.id)
    if change.draft.version_of != organisation.id:
        change.draft.version, change.draft.version_of = membership.version, organisation.id
    command = change.draft.number(len(registering))
    new = membership.change(told.kind.kind, told.told(account.id, command), **told.fields())
    if not isinstance(new, MembershipEntry):
        raise TypeError(new.stored_name())
    return Plan((*registering, *subjects.with_end(organisation, membership, new)), new, membership)


def registration(change: OpenChange, organisation: Organisation, recorded_by: UUID) -> tuple[Entry, ...]:
    if not change.registers:
        return ()
    command = change.draft.number(0)
    told = Told(occurred=parse("XXXX", at().today), recorded_by=recorded_by, command_id=command)
    return (organisation.register(told, change.registers),)


def settled_organisation(change: OpenChange) -> Organisation | None:
    """The organisation that the form is about; None where that has still to be said."""
    draft = change.draft
    id = draft.organisation_id or named_organisation(change)
    if id is None:
        return None
    if id == change.coalition_id:
        draft.errors["organisation_name"] = gettext("A coalition cannot be a member of itself.")
        return None
    found = subjects.organisation(who.stores().chronicle, id)
    if not found.entries and not change.registers:
        draft.errors[""] = gettext("There is no such organisation.")
        return None
    return found


def named_organisation(change: OpenChange) -> UUID | None:
    draft = change.draft
    try:
        name = texts.name(draft.value("organisation_name"), "organisation_name")
    except Refused as refused:
        draft.errors["organisation_name"] = sentence(refused)
        return None
    exact, candidates = candidates_for(name)
    if len(exact) == 1:
        return exact[0]
    change.candidates = candidates
    if change.chosen == NEW:
        change.registers = name
        return uuid4()
    chosen = membership_forms.uuid_of(change.chosen)
    if chosen in [candidate.id for candidate in candidates]:
        return chosen
    draft.errors["organisation_name"] = gettext("Say below which organisation it is.")
    return None


def says_the_same(change: OpenChange, recorded: MembershipEntry) -> bool:
    """True when the form, sent once more, tells what it told when it was recorded."""
    draft = change.draft
    meant = {draft.organisation_id, membership_forms.uuid_of(change.chosen)}
    if draft.organisation_id is None:
        meant.update(candidates_for(draft.value("organisation_name"))[0])
    told = membership_forms.told(draft, shown_language(), at().today)
    if not isinstance(told, Change) or recorded.organisation_id not in meant:
        return False
    said = {**msgspec.structs.asdict(told.told(recorded.recorded_by, recorded.command_id)), **told.fields()}
    own = {column.field for column in told.kind.columns.values()}
    return (
        told.kind.kind is type(recorded)
        and all(getattr(recorded, field) == said[field] for field in said)
        and all(getattr(recorded, field) == default_of(recorded, field) for field in own - said.keys())
    )


def default_of(recorded: MembershipEntry, field: str) -> object:
    found = next(one for one in msgspec.structs.fields(recorded) if one.name == field)
    return found.default


def candidates_for(name: str) -> tuple[list[UUID], list[Candidate]]:
    with reading() as connection:
        exact = organisations.find(connection, name)
        near = exact or [*organisations.search(connection, name, 8), *organisations.nearest(connection, name)]
        names = Names(connection)
        once = {found.id: found for found in near}
        candidates = [Candidate(f.id, f.called_now, names.others(f.id, f.called_now)) for f in once.values()]
    return [found.id for found in exact], candidates


def overtaken(change: OpenChange, membership: Membership) -> None:
    """Show what was recorded since the form was opened; what it is sent with next is the present version."""
    draft = change.draft
    seen = draft.version if draft.version_of == membership.organisation_id else None
    since = membership.entries[seen or 0 :]
    with reading() as connection:
        sentences = Sentences(Names(connection), who.stores().chronicle.history, linked=False)
        change.meanwhile = [(entry, sentences.of(entry)) for entry in since]
    draft.version, draft.version_of = membership.version, membership.organisation_id
