"""A programme: a standing direction of one organisation's work, to which campaigns and legal actions belong."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from domain import texts
from domain.beginnings import Codes, Opened
from domain.dates import PartialDate
from domain.entry import Entry
from domain.history import holding

Direction = Literal[
    "", "medical", "education", "self_government", "advocacy", "legal", "anti_corruption", "social", "environment",
    "equality", "monitoring", "other",
]  # fmt: skip


class ProgrammeEntry(Entry, frozen=True, kw_only=True):
    def check_written(self) -> None:
        texts.check_words(self)


class ProgrammeOpened(ProgrammeEntry, tag="programme.opened", frozen=True, kw_only=True):
    words = (*Entry.words, "title", "purpose")

    organisation_id: UUID
    direction: Direction = ""
    title: str = ""
    purpose: str = ""


class ProgrammeClosed(ProgrammeEntry, tag="programme.closed", frozen=True, kw_only=True):
    pass


ENTRIES: tuple[type[ProgrammeEntry], ...] = (ProgrammeOpened, ProgrammeClosed)


class Programme(Opened, frozen=True, kw_only=True):
    opening: ClassVar[type[Entry]] = ProgrammeOpened
    closing: ClassVar[type[Entry]] = ProgrammeClosed
    codes: ClassVar[Codes] = Codes(
        "programme.unknown", "programme.only_once", "programme.opening_needed", "programme.ends_before"
    )

    @property
    def opened(self) -> ProgrammeOpened | None:
        return next((e for e in holding(self.entries) if isinstance(e, ProgrammeOpened)), None)

    @property
    def closed(self) -> PartialDate | None:
        return next((e.occurred for e in holding(self.entries) if isinstance(e, ProgrammeClosed)), None)
