"""A project that a donor pays: its indicators, which actions reached them, what was reported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar, Literal, Self
from uuid import UUID

from domain import texts
from domain.beginnings import Codes, Opened, refused
from domain.confidentiality import Confidentiality
from domain.dates import PartialDate
from domain.dues import check_money
from domain.entry import Entry, Refused
from domain.history import holding
from domain.refused import quoted

NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")


class ProjectEntry(Entry, frozen=True, kw_only=True):
    """`confidentiality`: of this entry alone; empty, that of the project holds."""

    confidentiality: Confidentiality | Literal[""] = ""

    def check_written(self) -> None:
        texts.check_words(self)


class ProjectOpened(ProjectEntry, tag="project.opened", frozen=True, kw_only=True):
    """`period` is the whole time between two dates, not a day within it. Without a budget its amount is empty."""

    words = (*Entry.words, "title", "grant_number")

    organisation_id: UUID
    donor_id: UUID | None = None
    coalition_id: UUID | None = None
    period: PartialDate | None = None
    amount: str = ""
    currency: str = ""
    confidentiality: Confidentiality = "coalition"
    title: str = ""
    grant_number: str = ""

    def check_written(self) -> None:
        super().check_written()
        if self.amount or self.currency:
            check_money(self.amount, self.currency)


class IndicatorSet(ProjectEntry, tag="project.indicator_set", frozen=True, kw_only=True):
    """Decimal numbers are kept as they were typed; an empty one is not known."""

    words = (*Entry.words, "measure", "unit")

    baseline: str = ""
    target: str = ""
    measure: str = ""
    unit: str = ""

    def check_written(self) -> None:
        super().check_written()
        check_number(self.baseline, "baseline")
        check_number(self.target, "target")


class IndicatorReached(ProjectEntry, tag="project.indicator_reached", frozen=True, kw_only=True):
    """This much was added to the indicator at version `of`, by an action where one is named."""

    of: int
    value: str
    action_id: UUID | None = None

    def check_written(self) -> None:
        super().check_written()
        check_number(self.value, "value", may_be_empty=False)


class ProjectReported(ProjectEntry, tag="project.reported", frozen=True, kw_only=True):
    words = (*Entry.words, "summary")

    period: PartialDate | None = None
    summary: str = ""


class ProjectClosed(ProjectEntry, tag="project.closed", frozen=True, kw_only=True):
    pass


ENTRIES: tuple[type[ProjectEntry], ...] = (
    ProjectOpened,
    IndicatorSet,
    IndicatorReached,
    ProjectReported,
    ProjectClosed,
)


def check_number(text: str, field: str, may_be_empty: bool = True) -> None:
    if not (may_be_empty and not text) and not NUMBER.fullmatch(text):
        raise Refused("project.no_number", field=field, text=quoted(text))


class Project(Opened, frozen=True, kw_only=True):
    opening: ClassVar[type[Entry]] = ProjectOpened
    closing: ClassVar[type[Entry]] = ProjectClosed
    codes: ClassVar[Codes] = Codes(
        "project.unknown", "project.only_once", "project.opening_needed", "project.ends_before"
    )

    @property
    def opened(self) -> ProjectOpened | None:
        return next((e for e in holding(self.entries) if isinstance(e, ProjectOpened)), None)

    def check_since(self, before: Self, new: Sequence[Entry]) -> None:
        super().check_since(before, new)
        self._check_indicators(holding(self.entries), before.version)

    @staticmethod
    def _check_indicators(entries: Sequence[Entry], known: int) -> None:
        """An action counts once for an indicator."""
        set_ = {e.originator_version for e in entries if isinstance(e, IndicatorSet)}
        counted: dict[tuple[int, UUID], IndicatorReached] = {}
        for e in entries:
            if not isinstance(e, IndicatorReached):
                continue
            if e.of not in set_:
                code = "project.no_such_indicator" if e.originator_version > known else "entry.later_illegal"
                raise refused(code, e, field="of", allowed=(IndicatorSet.stored_name(),))
            first = counted.setdefault((e.of, e.action_id), e) if e.action_id else e
            if first is not e:
                raise refused("project.counted_already", e, field="action_id", since=first.occurred.text)
