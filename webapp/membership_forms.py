"""The forms by which changes of membership are told: which there are, their fields, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID, uuid4, uuid5

import msgspec
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from domain.entry import Decision
from domain.refused import Refused
from domain.typed_dates import read
from webapp import labels
from webapp.events import EVENTS, RIGHTS, Column, used
from webapp.parts import LINKS, write_decision
from webapp.refusals import sentence
from webapp.schemas import Change, ChangeSchema, Errors, load_change
from webapp.sent_forms import UNREADABLE

ENTERING = ("joined", "observer_admitted", "readmitted", "applied")
COMMON = (
    "suspended",
    "reinstated",
    "role_changed",
    "scope_changed",
    "renewed",
    "withdrawal_notified",
    "withdrew",
    "lapsed",
    "expelled",
)
RARE = (
    "withdrawal_revoked",
    "renewal_missed",
    "reinstatement_requested",
    "suspension_confirmed",
    "suspension_expired",
    "application_withdrawn",
    "application_rejected",
)
EVERY = (*COMMON, *RARE, *ENTERING)
ENDS = ("withdrew", "lapsed", "expelled")
FIELD_OF_COLUMN = {
    "date": "occurred",
    "source": "source_title",
    "decision": "decision_body",
    "organisation": "organisation_name",
}
MORE = ("decided", "initiative", "decision", "source", "note")
NEW = "new"
KNOWN = "…"
USUAL = {"scope": "all", "role": "member"}
LONGEST_NUMBER = 9
UNTYPED = ("csrf_token", "command_id", "version", "version_of", "event", "shown", "do")


class Draft(msgspec.Struct, kw_only=True):
    """A form as it is shown: what was typed, what is wrong with it, and what it was made from."""

    event: str
    organisation_id: UUID | None = None
    typed: dict[str, str] = {}
    errors: dict[str, str] = {}
    command_id: UUID
    version: int | None = None  # of the membership, when the form was made
    version_of: UUID | None = None  # the organisation whose membership that was

    @property
    def scope(self) -> list[str]:
        return self.typed.get("scope", "").split(";")

    def has(self, column: str) -> bool:
        return column in EVENTS[self.event].columns

    def value(self, field: str) -> str:
        return self.typed.get(field, "")

    @property
    def opens_more(self) -> bool:
        """True when something behind “more” was typed or is wrong: then it is not folded."""
        fields = [field for field in {*self.typed, *self.errors} if field.split("_")[0] in MORE]
        return any(self.typed.get(field) or field in self.errors for field in fields)

    def number(self, n: int) -> UUID:
        """The command of entry `n` of this form."""
        return uuid5(self.command_id, str(n))


def blank(event: str, organisation_id: UUID | None = None) -> Draft:
    return Draft(event=event, organisation_id=organisation_id, typed=dict(USUAL), command_id=uuid4())


def sent(form: MultiDict[str, str]) -> Draft:
    """The form as it came back, whatever was typed into it."""
    typed = usual_unless_shown(form.get("shown", "")) | {
        name: text for name, text in form.items() if name not in UNTYPED
    }
    if "scope" in form or "scope" not in typed:
        typed["scope"] = ";".join(form.getlist("scope"))
    event = form.get("event", "")
    return Draft(
        errors=amiss(form, event),
        event=event if event in EVERY else EVERY[0],
        organisation_id=uuid_of(form.get("organisation_id", "")),
        typed=typed,
        command_id=uuid_of(form.get("command_id", "")) or uuid4(),
        version=number_of(form.get("version", "")),
        version_of=uuid_of(form.get("version_of", "")),
    )


def amiss(form: MultiDict[str, str], event: str) -> dict[str, str]:
    """What makes it a form that was not filled in as it was shown: it says nothing that may be recorded."""
    wrong = {
        name: gettext("This contains signs that cannot be read. Type it again.")
        for name, text in form.items(multi=True)
        if UNREADABLE in text
    }
    shown = form.get("shown", event)
    if event not in EVERY:
        wrong[""] = gettext("Choose what happened.")
    elif shown != event and form.get("do") == "save":
        wrong[""] = gettext(
            "The form had the fields of another change. These are the fields of “%(event)s”: look at them, then save.",
            event=labels.event(event),
        )
    return wrong


def usual_unless_shown(event: str) -> dict[str, str]:
    """What stands in the fields that the form did not have, because it was one for another event."""
    columns = EVENTS[event].columns if event in EVERY else dict[str, Column]()
    return {field: text for field, text in USUAL.items() if event in EVERY and field not in columns}


def number_of(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def told(draft: Draft, language: str, today: date) -> Change | dict[str, str]:
    """The change that was typed, or for each field the sentence that says what is wrong."""
    link = draft.value("source_link").strip()
    if link and not link.startswith(LINKS):
        return {"source_link": gettext("Write the whole address; it begins with https://")}
    if draft.has("scope") and not draft.value("scope"):
        return {"scope": gettext("Choose at least one.")}
    schema = ChangeSchema(lambda text: read(text, language, today))
    found = load_change(schema, row(draft))
    return found if isinstance(found, Change) else sentences(found)


def row(draft: Draft) -> Mapping[str, str]:
    """The same columns as in a file; the form knows coalition and organisation by their ids."""
    decision = Decision(*(draft.value(f"decision_{part}").strip() for part in ("body", "minutes", "item")))
    source = " | ".join(
        part for part in (draft.value("source_title").strip(), draft.value("source_link").strip()) if part
    )
    columns = {
        **draft.typed,
        "event": draft.event,
        "date": draft.value("occurred"),
        "coalition": KNOWN,
        "organisation": KNOWN,
        "decision": write_decision(decision),
        "source": source,
    }
    return {column: text for column, text in columns.items() if column in used(draft.event)}


def sentences(errors: Errors) -> dict[str, str]:
    return {FIELD_OF_COLUMN.get(column, column): " ".join(map(said, refusals)) for column, refusals in errors.items()}


def said(refused: Refused) -> str:
    return gettext("Choose at least one.") if refused.code == "row.missing" else sentence(refused)


def roles() -> Sequence[tuple[str, str]]:
    return [(code, labels.role(code)) for code in ("member", "associate", "observer")]


def rights() -> Sequence[tuple[str, str]]:
    return [(code, labels.scope([code])) for code in RIGHTS]


def reasons(event: str) -> Sequence[tuple[str, str]]:
    return [(code, labels.reason(code)) for code in EVENTS[event].columns["reason"].allowed]


def until_label(event: str) -> str:
    labels_of_until: dict[str, str] = {
        "renewed": gettext("The term runs until"),
        "suspended": gettext("To be reviewed by"),
        "withdrawal_notified": gettext("Last day of membership"),
    }
    return labels_of_until.get(event, "")


def initiatives() -> Sequence[tuple[str, str]]:
    return [(code, labels.initiative(code)) for code in labels.INITIATIVES]
