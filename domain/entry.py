"""What every entry in the chronicle shares, whatever it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar, Literal, TypeVar
from uuid import UUID

import msgspec

from domain.dates import PartialDate
from domain.refused import Refused

__all__ = [
    "NOT_YET",
    "Decision",
    "Entry",
    "Initiative",
    "Refused",
    "Source",
    "Told",
    "Variant",
    "entry",
]

Variant = Literal["preferred", "alternative"]
Initiative = Literal["member", "coalition", "rule"]

NOT_YET = datetime.min.replace(tzinfo=UTC)  # the chronicle stamps the instant under the writer's lock


class Source(msgspec.Struct, frozen=True):
    """Where it was read: title, link, SHA-256 of attached files."""

    title: str = ""
    link: str = ""
    files: tuple[str, ...] = ()


class Decision(msgspec.Struct, frozen=True):
    """Who decided it, and where that is written."""

    body: str = ""
    minutes: str = ""
    item: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the person who records an entry says about it, beside its own fields."""

    occurred: PartialDate
    recorded_by: UUID
    command_id: UUID
    decided: PartialDate | None = None
    note: str = ""
    source: Source | None = None
    variant: Variant = "preferred"
    initiative: Initiative | None = None
    decision: Decision | None = None


class Entry(Told, frozen=True, kw_only=True, tag_field="name"):
    """One immutable fact. Its stored name and fields never change meaning."""

    version_of_form: ClassVar[int] = 1
    words: ClassVar[tuple[str, ...]] = (
        "note",
        "source",
        "decision",
    )  # typed by people: sealed when stored

    originator_id: UUID
    originator_version: int
    recorded_at: datetime = NOT_YET

    def check_written(self) -> None:
        """Refuses fields that say nothing, whoever tells them and whatever else happened."""

    @classmethod
    def stored_name(cls) -> str:
        return str(cls.__struct_config__.tag)


E = TypeVar("E", bound=Entry)


def entry(kind: type[E], history_id: UUID, version: int, told: Told, /, **fields: Any) -> E:
    return kind(
        originator_id=history_id,
        originator_version=version,
        **msgspec.structs.asdict(told),
        **fields,
    )
