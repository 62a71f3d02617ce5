"""What a form tells in place of an entry, or beside it: the right content, or what another source says."""

from __future__ import annotations

import msgspec
from flask import abort, request
from flask_babel import gettext

from domain import amending, subjects
from domain.action import Action
from domain.amending import Amended, Records, Striking
from domain.dates import PartialDate
from domain.entry import Entry, Told
from domain.membership_entries import MembershipEntry
from webapp import entry_forms, files, who
from webapp.amending_forms import OpenAmendment
from webapp.campaign_facts import kept_fields
from webapp.entry_fields import filled, kind_of, names_recorded, own_fields
from webapp.entry_forms import EntryForm, Said
from webapp.languages import shown_language
from webapp.moments import at

CONTENTS = ("correct", "dispute")


def opened(amendment: OpenAmendment) -> EntryForm:
    """Not found, where no form records such entries."""
    entry = amendment.entry.entry
    kind = type(entry) if kind_of(entry.stored_name()) else abort(404)
    form = EntryForm(kind=kind, takes_focus="occurred", is_unfolded=amendment.what == "dispute")
    if names_recorded(kind):
        form.history = who.stores().chronicle.history(entry.originator_id, words=False)
    if amendment.fields is not None:
        form.typed = entry_forms.typed_in(kind, amendment.fields)
        if request.method == "POST":
            taken = files.taken()
            form.files = tuple(taken.shown)
            amendment.errors |= {"source_files": taken.error} if taken.error else {}
        else:
            form.files = tuple(files.shown(amendment.fields.getlist("source_files")))
    elif amendment.what == "correct":
        form.typed = entry_forms.typed_of(entry)
        form.files = tuple(files.shown(entry.source.files)) if entry.source else ()
    else:
        form.typed = own_of(entry)
    return form


def own_of(entry: Entry) -> dict[str, str]:
    """What another account most likely shares with it: all but when, why and where that was read."""
    own = {field.name for field in own_fields(type(entry), filled(type(entry), entry))}
    typed = entry_forms.typed_of(entry)
    return {name: text for name, text in typed.items() if name in own or name.removesuffix("_which") in own}


def correct(amendment: OpenAmendment, recorded: Records, told: Told) -> Amended | None:
    entry, said = amendment.entry.entry, said_by(amendment)
    if said is None:
        return None
    content = said.told(told.recorded_by, told.command_id, entry.variant)
    also = [Striking(position) for position in amendment.also]
    fields = kept_fields(entry, said.fields)
    return amending.correct(recorded, amendment.position, told, said.kind, content, fields, amendment.reason, also)


def dispute(amendment: OpenAmendment, recorded: Records, told: Told) -> Amended | None:
    """An account beside the one that counts; it changes nothing until it is preferred."""
    entry, said = amendment.entry.entry, said_by(amendment)
    if said is None:
        return None
    content = said.told(told.recorded_by, told.command_id, "alternative")
    if content.source is None:
        amendment.errors["source_title"] = gettext("Say which source says so.")
    history, fields = history_of(entry, recorded), kept_fields(entry, said.fields)
    new = (
        history.log(content, **fields) if isinstance(history, Action) else history.change(said.kind, content, **fields)
    )
    return amending.record(recorded, new)


def history_of(entry: Entry, recorded: Records) -> subjects.Subject:
    chronicle = recorded.chronicle
    if isinstance(entry, MembershipEntry):
        return subjects.membership(chronicle, entry.coalition_id, entry.organisation_id)
    entries = chronicle.history(entry.originator_id, words=False)
    return subjects.of_entries(entry.originator_id, entries, lambda id: subjects.organisation(chronicle, id))


def said_by(amendment: OpenAmendment) -> Said | None:
    """None where something is wrong, which then stands at its field."""
    form, entry = amendment.form, amendment.entry.entry
    if form is None:
        raise TypeError(amendment.what)
    stored = [file.sha256 for file in form.files if not file.problem]
    said = entry_forms.told_of(form.kind, form.typed, shown_language(), at().today, files=stored)
    if not isinstance(said, Said):
        amendment.errors |= said
        return None
    said = msgspec.structs.replace(said, parts=said.parts | unchanged_dates(said, entry))
    if said.is_told_by(msgspec.structs.replace(entry, variant="preferred")):
        amendment.errors[""] = gettext("This says the same as the entry. Change what is to be different.")
        return None
    return said


def unchanged_dates(said: Said, entry: Entry) -> dict[str, PartialDate]:
    """A date that was open when it was recorded ends with that day, and not with today."""
    told = {name: (said.parts[name], getattr(entry, name)) for name in ("occurred", "decided")}
    return {name: before for name, (now, before) in told.items() if now and before and now.text == before.text}
