"""The form by which an entry is amended, as it stands open: what was typed, what is wrong, what it would change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args
from uuid import UUID, uuid4

import msgspec
from flask import request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from domain import texts
from domain.entry import Source, Told
from domain.history import StrikeReason
from domain.refused import Refused
from webapp import labels
from webapp.amending_entries import signed_in, today
from webapp.amending_previews import Changed, Fact
from webapp.blank_forms import NOT_TYPED
from webapp.change_forms import number_of, uuid_of
from webapp.entry_forms import EntryForm
from webapp.entry_lines import EntryLine
from webapp.parts import LINKS
from webapp.refusals import sentence
from webapp.sent_forms import UNREADABLE

What = Literal["strike", "correct", "dispute", "prefer"]
UNTYPED = (*NOT_TYPED, "version", "also", "in_the_way", "instead_of")
REASONS: tuple[StrikeReason, ...] = get_args(StrikeReason)


class OpenAmendment(msgspec.Struct, kw_only=True):
    what: What
    entry: EntryLine
    typed: dict[str, str] = {}
    errors: dict[str, str] = {}
    command_id: UUID
    version: int  # of the entry's history, when the form was made
    also: tuple[int, ...] = ()  # positions of later entries that are struck out with it
    chosen: tuple[int, ...] = ()  # positions of the accounts that the preferred one takes the place of
    in_the_way: Sequence[EntryLine] = ()  # later entries that would become impossible
    changes: Sequence[Changed] | None = None
    fields: MultiDict[str, str] | None = None  # the form as it was sent or kept; None: it opens
    form: EntryForm | None = None  # the fields of the content, where one is told
    compared: Sequence[Fact] = ()  # what another content says otherwise
    with_it: Sequence[EntryLine] = ()  # those at `also`
    meanwhile: Sequence[EntryLine] = ()

    @property
    def position(self) -> int:
        return self.entry.position

    def value(self, field: str) -> str:
        return self.typed.get(field, "")

    @property
    def reason(self) -> StrikeReason:
        return next((code for code in REASONS if code == self.value("why_reason")), "other")


def blank(what: What, entry: EntryLine, version: int) -> OpenAmendment:
    return OpenAmendment(
        what=what,
        entry=entry,
        typed={"why_reason": "wrong"},
        command_id=uuid4(),
        version=version,
        also=_positions("also", request.args),
    )


def sent(what: What, entry: EntryLine, form: MultiDict[str, str]) -> OpenAmendment:
    """The form as it came back, whatever was typed into it."""
    return OpenAmendment(
        what=what,
        entry=entry,
        typed={name: text for name, text in form.items() if name not in UNTYPED},
        errors=_unreadable(form),
        command_id=uuid_of(form.get("command_id", "")) or uuid4(),
        version=number_of(form.get("version", "")) or 0,
        fields=form,
        also=(*_positions("also", form), *(_positions("in_the_way", form) if form.get("do") == "both" else ())),
        chosen=_positions("instead_of", form),
    )


def _positions(name: str, given: MultiDict[str, str]) -> tuple[int, ...]:
    """Each once, as they were given in the address or in the form."""
    found = (number_of(text) for text in given.getlist(name))
    return tuple(dict.fromkeys(number for number in found if number))


def _unreadable(form: MultiDict[str, str]) -> dict[str, str]:
    said = gettext("This contains signs that cannot be read. Type it again.")
    return {name: said for name, text in form.items(multi=True) if UNREADABLE in text}


def told(amendment: OpenAmendment) -> Told:
    """What is said of the amendment itself; what is wrong with it stands at its field."""
    note = _read(amendment, "why_note")
    title, link = _read(amendment, "why_source_title"), amendment.value("why_source_link").strip()
    if link and not link.startswith(LINKS):
        amendment.errors["why_source_link"] = gettext("Write the whole address; it begins with https://")
    if amendment.what in ("strike", "correct"):
        _check_reason(amendment, note)
    if amendment.what == "prefer" and not note:
        amendment.errors.setdefault("why_note", gettext("Say why this account is the one that counts."))
    return Told(
        occurred=today(),
        recorded_by=signed_in().id,
        command_id=amendment.command_id,
        note=note,
        source=Source(title=title, link=link) if title or link else None,
    )


def _check_reason(amendment: OpenAmendment, note: str) -> None:
    if amendment.value("why_reason") not in REASONS:
        amendment.errors["why_reason"] = gettext("Choose a reason.")
    elif amendment.reason == "other" and not note:
        amendment.errors.setdefault("why_note", gettext("Say in words which other reason it is."))


def _read(amendment: OpenAmendment, field: str) -> str:
    try:
        return texts.note(amendment.value(field), field)
    except Refused as refused:
        amendment.errors[field] = sentence(refused)
        return ""


def reasons() -> list[tuple[str, str]]:
    return [(code, labels.reason(code)) for code in REASONS]
