"""A form for a change as it stands open: what it would record, what would follow, what was recorded meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

import msgspec
from flask import Response, make_response, render_template
from markupsafe import Markup

from domain import amending
from domain.amending import Amended
from domain.entry import Entry
from domain.refused import Refused
from webapp import change_forms, drafts, files, who
from webapp.archive import records
from webapp.at_moment import reading
from webapp.change_forms import Draft
from webapp.change_subjects import IN_FRONT, NAMED, Settled, Subject, Subjects, Then, registered
from webapp.entry_field import Field
from webapp.entry_fields import names_recorded
from webapp.entry_forms import Said, field_of, told_of
from webapp.languages import shown_language
from webapp.moments import at
from webapp.names import Names
from webapp.previews import Fact, understood
from webapp.refusals import sentence
from webapp.sentences import Sentences
from webapp.what_follows import NewNames, follows


class Plan(NamedTuple):
    """What would be recorded, what it is for, and the history to which that would be added."""

    amended: Amended
    entry: Entry
    history: Subjects

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.amended.entries


class OpenChange(msgspec.Struct, kw_only=True, dict=True):
    subject: Subject
    draft: Draft
    understood: list[Fact] = []
    follows: list[Fact] = []
    meanwhile: Sequence[tuple[Entry, Markup]] = ()
    in_the_way: int | None = None  # position of the entry for which it is refused
    takes_focus: bool = False

    @cached_property
    def front(self) -> Sequence[str]:
        return commonest(self.subject)

    @property
    def behind(self) -> list[str]:
        return [code for code in self.subject.codes if code not in self.front]

    @property
    def problems(self) -> list[str]:
        return list(self.draft.errors.values())

    @property
    def asks_of_whom(self) -> bool:
        """A membership of an organisation that the form has to name."""
        return getattr(self.subject, "organisation_id", self) is None

    @property
    def named(self) -> Field:
        return NAMED

    @property
    def of_organisations(self) -> list[Field]:
        """The fields in which organisations are named."""
        shown = [field for field in self.draft.fields if field.input in ("organisation", "fresh")]
        return [NAMED, *shown] if self.asks_of_whom else shown


def commonest(subject: Subject) -> Sequence[str]:
    """Of what is possible now."""
    return (subject.possible(at().today) or subject.codes)[:IN_FRONT]


def own(settled: Settled) -> list[Entry]:
    """What is recorded before it in the same history."""
    return [e for e in settled.before if e.originator_id == settled.history.id]


def opened(subject: Subject, draft: Draft) -> OpenChange:
    draft.extra, draft.history = subject.extra, subject.history if names_recorded(draft.kind) else ()
    return OpenChange(subject=subject, draft=draft)


def opened_for(subject: Subject, code: str = "") -> OpenChange:
    """A new form; without a code, for what is possible and most usual now."""
    organisation_id: UUID | None = getattr(subject, "organisation_id", None)
    kept = drafts.resumed()
    if kept:
        draft = change_forms.sent(kept.fields, subject.codes)
        draft.files = tuple(files.shown(kept.fields.getlist("source_files")))
        return opened(subject, draft)
    chosen = code if code in subject.codes else commonest(subject)[0]
    change = opened(subject, change_forms.blank(chosen, organisation_id))
    change.draft.takes_focus = NAMED.name if change.asks_of_whom else first_field(change.draft).name
    settled = None if change.asks_of_whom or not is_recorded(subject) else subject.settle(change.draft)
    if settled:
        change.draft.version, change.draft.version_of = settled.history.version, settled.of
    return change


def alone(change: OpenChange) -> Response:
    """For htmx, which puts it into the page that is open."""
    return make_response(render_template("changes/_change.html", change=change))


def is_recorded(subject: Subject) -> bool:
    return hasattr(subject, "id") or getattr(subject, "organisation_id", None) is not None


def first_field(draft: Draft) -> Field:
    return draft.front[0]


def check(change: OpenChange) -> None:
    """Fill in what it would lead to, or what is wrong with it."""
    planned = plan(change)
    if planned:
        with reading() as connection:
            names = NewNames(connection, planned.entries)
            change.follows = list(follows(planned.entry, planned.amended, names, connection))


def plan(change: OpenChange) -> Plan | None:
    """What would be recorded; None where something is wrong, which then stands at the fields of the form."""
    draft = change.draft
    settled = change.subject.settle(draft)
    said = said_by(draft)
    if not isinstance(said, Said):
        draft.errors = {**said, **draft.errors}
        return None
    change.understood = understood(said, at().today)
    if settled is None or draft.errors:
        return None
    if draft.version_of != settled.of:
        draft.version, draft.version_of = settled.history.version - len(own(settled)), settled.of
    try:
        return decide(change, settled, said)
    except Refused as refused:
        if refused.code == "chronicle.someone_was_first":
            raise
        draft.errors[field_of(draft.kind, refused)] = sentence(refused)
        change.in_the_way = refused.details.get("position")
        return None


def said_by(draft: Draft) -> Said | dict[str, str]:
    return told_of(
        draft.kind,
        draft.typed,
        shown_language(),
        at().today,
        key=draft.command_id,
        files=[file.sha256 for file in draft.files if not file.problem],
    )


def decide(change: OpenChange, settled: Settled, said: Said) -> Plan:
    account = who.account()
    if account is None:
        raise TypeError("only who signed in may record")
    before = (*settled.before, *registered(said.registers, change.draft, len(settled.before) + 1))
    new = change.subject.entry(settled, said, said.told(account.id, change.draft.number(0)))
    with records(who.stores()) as known:
        return Plan(
            amending.record(known, *before, new, *after(settled.history, new, settled.then)), new, settled.history
        )


def after(history: Subjects, new: Entry, then: Sequence[Then]) -> Iterator[Entry]:
    """What is recorded with it, each as if the one before were recorded."""
    for each in then:
        history = history.after(new)
        new = history.change(each.kind, each.told, **each.fields)
        yield new


def says_the_same(change: OpenChange, recorded: Entry) -> bool:
    """True when the form, sent once more, tells what it told when it was recorded."""
    settled, said = change.subject.settle(change.draft), said_by(change.draft)
    return isinstance(said, Said) and said.is_told_by(recorded) and change.subject.is_subject_of(recorded, settled)


def is_overtaken(change: OpenChange) -> bool:
    """Something was recorded in this history since the form was made."""
    draft = msgspec.structs.replace(change.draft, errors={})
    settled = change.subject.settle(draft)
    of_this = settled is not None and draft.version is not None and draft.version_of == settled.of
    return of_this and settled is not None and draft.version != settled.history.version - len(own(settled))


def overtaken(change: OpenChange) -> bool:
    """Show what was recorded since the form was opened; what it is sent with next is the present version."""
    draft, settled = change.draft, change.subject.settle(change.draft)
    if settled is None:
        return False
    seen = draft.version if draft.version_of == settled.of else None
    since = settled.history.entries[seen or 0 :]
    with reading() as connection:
        sentences = Sentences(Names(connection), who.stores().chronicle.history, linked=False)
        change.meanwhile = [(entry, sentences.of(entry)) for entry in since]
    draft.version, draft.version_of = settled.history.version, settled.of
    return True
