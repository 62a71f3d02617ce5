"""What one change says, read and checked the same way from a form, a CSV row and a program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, get_args
from uuid import UUID

import msgspec
from marshmallow import RAISE, Schema, ValidationError, fields, post_load, pre_load, validates_schema

from domain import texts
from domain.dates import PartialDate, parse
from domain.entry import Decision, Initiative, Source, Told, Variant
from domain.refused import Refused, quoted
from webapp import parts
from webapp.events import EVENTS, RIGHTS, Event, needed, used

DateReader = Callable[[str], PartialDate]
Errors = dict[str, list[Refused]]  # column -> what is wrong with it


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change in the world as somebody told it; organisations by name."""

    event: str
    date: PartialDate
    coalition: str = ""
    organisation: str = ""
    role: str = ""
    scope: tuple[str, ...] = ()
    reason: str = ""
    decided: PartialDate | None = None
    until: PartialDate | None = None
    new_name: str = ""
    note: str = ""
    source: Source | None = None
    variant: Variant = "preferred"
    initiative: Initiative | None = None
    decision: Decision | None = None

    @property
    def kind(self) -> Event:
        return EVENTS[self.event]

    def told(self, recorded_by: UUID, command_id: UUID) -> Told:
        return Told(
            occurred=self.date,
            recorded_by=recorded_by,
            command_id=command_id,
            decided=self.decided,
            note=self.note,
            source=self.source,
            variant=self.variant,
            initiative=self.initiative,
            decision=self.decision,
        )

    def fields(self) -> dict[str, Any]:
        """The entry's own fields that were told and are not organisations."""
        told = {c.field: getattr(self, name) for name, c in self.kind.columns.items() if not c.names_organisation}
        return {field: value for field, value in told.items() if value}


def successors(change: Change) -> tuple[str, ...]:
    """The names of the organisations that one was split into."""
    return tuple(name for name in parts.read_list(change.new_name) if name) if change.new_name else ()


class Written(fields.Field[Any]):
    """A column that `read` turns from text into its value; a refusal is this column's error."""

    def __init__(self, read: Callable[[str], Any], **settings: Any) -> None:
        super().__init__(**settings)
        self.read = read

    def understood(self, text: str) -> Any:
        return self.read(text)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:
        try:
            return self.understood(value)
        except Refused as refused:
            raise ValidationError([refused], attr or "") from refused


class Day(Written):
    """What has happened, or been decided, on a day told as people tell it there."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(str, **settings)

    def understood(self, text: str) -> PartialDate:
        schema = self.root
        if not isinstance(schema, TypedSchema):
            raise TypeError(f"{type(schema)} does not say how dates are read")
        return schema.reads(text)


class EndDay(Day):
    """May lie in the future, so it is not bounded by today."""

    def understood(self, text: str) -> PartialDate:
        return parse(super().understood(text).text)


def one_of(column: str, allowed: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise Refused("row.unknown_choice", column=column, text=quoted(text), allowed=allowed)
        return text

    return read


def event_name(text: str) -> str:
    if text not in EVENTS:
        close = get_close_matches(text, EVENTS, n=3, cutoff=0.5)
        raise Refused("row.unknown_event", text=quoted(text), allowed=tuple(close or EVENTS))
    return text


def scope(text: str) -> tuple[str, ...]:
    """In one order, so that the same rights are the same scope; all rights include each."""
    named = {one_of("scope", RIGHTS)(part) for part in parts.read_list(text)}
    return ("all",) if "all" in named else tuple(right for right in RIGHTS if right in named)


def called(column: str) -> Callable[[str], str]:
    return lambda text: texts.name(text, column)


class TypedSchema(Schema):
    """`reads` understands what is typed as a date where this was typed."""

    class Meta:
        unknown = RAISE

    def __init__(self, reads: DateReader) -> None:
        super().__init__()
        self.reads = reads

    @classmethod
    def with_fields(cls, fields: Mapping[str, Written], reads: DateReader) -> TypedSchema:
        made: Any = cls.from_dict(dict(fields))
        schema: TypedSchema = made(reads)
        return schema

    @pre_load
    def without_blanks(self, row: Mapping[str, str], **_: Any) -> dict[str, str]:
        trimmed = {column: text.strip() for column, text in row.items()}
        return {column: text for column, text in trimmed.items() if text}


class ChangeSchema(TypedSchema):
    """The row of a file. Errors: see `load_change`."""

    error_messages = {"unknown": [Refused("row.unknown_column")]}  # type: ignore[dict-item]  # noqa: RUF012  # marshmallow takes lists too

    date = Day(required=True, error_messages={"required": [Refused("date.missing")]})
    event = Written(event_name, required=True, error_messages={"required": [Refused("row.event_missing")]})
    coalition = Written(called("coalition"))
    organisation = Written(called("organisation"))
    role = Written(str)
    scope = Written(scope)
    reason = Written(str)
    decided = Day()
    until = EndDay()
    new_name = Written(called("new_name"))
    note = Written(texts.note)
    source = Written(parts.read_source)
    variant = Written(one_of("variant", get_args(Variant)))
    initiative = Written(one_of("initiative", get_args(Initiative)))
    decision = Written(parts.read_decision)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def fits_event(self, row: Mapping[str, Any], told: Mapping[str, str], **_: Any) -> None:
        if "event" not in row:
            return
        name = row["event"]
        missing = {column for column in needed(name) if not told_in(told, column)}
        wrong: Errors = {column: [Refused("row.missing", column=column, event=name)] for column in missing}
        for column in self.fields.keys() - used(name):
            if told_in(told, column):
                wrong[column] = [Refused("row.not_used", column=column, event=name)]
        for column, meaning in EVENTS[name].columns.items():
            if meaning.allowed and column in row and row[column] not in meaning.allowed:
                choice = Refused("row.unknown_choice", column=column, text=quoted(row[column]), allowed=meaning.allowed)
                wrong[column] = [choice]
        if wrong:
            raise ValidationError(wrong)

    @post_load
    def change(self, row: dict[str, Any], **_: Any) -> Change:
        return Change(**row)


def told_in(told: Mapping[str, str], column: str) -> bool:
    return bool(told.get(column, "").strip())


def load_change(schema: ChangeSchema, row: Mapping[str, str]) -> Change | Errors:
    """The change, or for each column what is wrong with it."""
    try:
        change: Change = schema.load(row)
    except ValidationError as error:
        return {column: list(refusals) for column, refusals in error.normalized_messages().items()}  # type: ignore[no-untyped-call]  # marshmallow leaves it untyped
    return change
