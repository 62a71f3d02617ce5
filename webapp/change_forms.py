"""A form for a change as it was sent: of which kind, what was typed, what is wrong, and what it was made from."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4, uuid5

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from domain.entry import Entry
from webapp import labels
from webapp.blank_forms import NOT_TYPED
from webapp.entry_fields import code_of, fields_of, kind_of
from webapp.entry_forms import EntryForm, typed_in, usual
from webapp.sent_forms import UNREADABLE

LONGEST_NUMBER = 9
UNTYPED = (*NOT_TYPED, "version", "version_of", "event", "shown")


class Draft(EntryForm, kw_only=True):
    """A form for a change as it is shown: what was typed, what is wrong with it, and what it was made from."""

    organisation_id: UUID | None = None
    command_id: UUID
    version: int | None = None  # of the history, when the form was made
    version_of: UUID | None = None  # the organisation whose history, or membership, that was

    @property
    def code(self) -> str:
        return code_of(self.kind)

    def number(self, n: int) -> UUID:
        """The command of entry `n` of this form; 0 is what it is for."""
        return uuid5(self.command_id, str(n))


def blank(code: str, organisation_id: UUID | None = None) -> Draft:
    kind = known_kind(code)
    return Draft(kind=kind, organisation_id=organisation_id, typed=usual(kind), registers=True, command_id=uuid4())


def sent(form: MultiDict[str, str], codes: Sequence[str]) -> Draft:
    """The form as it came back, whatever was typed into it; `codes` are those it offered."""
    code = form.get("event", "")
    kind = known_kind(code if code in codes else codes[0])
    typed = {name: text for name, text in typed_in(kind, form).items() if name not in UNTYPED}
    return Draft(
        kind=kind,
        errors=amiss(form, codes),
        organisation_id=uuid_of(form.get("organisation_id", "")),
        typed=not_asked(kind, form.get("shown", "")) | typed,
        registers=True,
        command_id=uuid_of(form.get("command_id", "")) or uuid4(),
        version=number_of(form.get("version", "")),
        version_of=uuid_of(form.get("version_of", "")),
    )


def amiss(form: MultiDict[str, str], codes: Sequence[str]) -> dict[str, str]:
    """What makes it a form that was not filled in as it was shown: it says nothing that may be recorded."""
    wrong = {
        name: gettext("This contains signs that cannot be read. Type it again.")
        for name, text in form.items(multi=True)
        if UNREADABLE in text
    }
    code = form.get("event", "")
    if code not in codes:
        wrong[""] = gettext("Choose what happened.")
    elif form.get("shown", code) != code and form.get("do") == "save":
        wrong[""] = gettext(
            "The form had the fields of another change. These are the fields of “%(event)s”: look at them, then save.",
            event=kind_label(code),
        )
    return wrong


def not_asked(kind: type[Entry], shown: str) -> dict[str, str]:
    """What stands in the fields that the form did not have, because it was one for another kind."""
    other = kind_of(shown)
    asked = {field.name for field in fields_of(other, {})} if other else set(usual(kind))
    return {name: text for name, text in usual(kind).items() if name not in asked}


def kind_label(code: str) -> str:
    return labels.entry(known_kind(code).stored_name())


def known_kind(code: str) -> type[Entry]:
    kind = kind_of(code)
    if kind is None:
        raise ValueError(code)
    return kind


def number_of(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
