"""Dates as precise as the source, and no more (EDTF, ISO 8601-2)."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from domain.edtf import Bounds, bounds_of
from domain.refused import Refused

Certainty = Literal["certainly", "possibly", "no"]


class PartialDate(msgspec.Struct, frozen=True):
    """What was written, and the first and last day that it can mean; None is an open end."""

    text: str
    earliest: date | None
    latest: date | None

    def certainly_by(self, day: date) -> bool:
        return self.latest is not None and self.latest <= day

    def possibly_by(self, day: date) -> bool:
        return self.earliest is None or self.earliest <= day

    def begun_by(self, day: date) -> Certainty:
        if self.certainly_by(day):
            return "certainly"
        return "possibly" if self.possibly_by(day) else "no"

    def precedes(self, other: PartialDate) -> bool:
        """True when every day this can mean lies before every day the other can."""
        return self.latest is not None and other.earliest is not None and self.latest < other.earliest

    def is_announcement(self, today: date) -> bool:
        """Wholly in the future: it has been announced and has not happened."""
        return self.earliest is not None and self.earliest > today


def parse(text: str, today: date | None = None) -> PartialDate:
    """Read EDTF. With `today`, the day of recording, what has happened lies not later than it."""
    text = text.strip()
    if not text:
        raise Refused("date.missing")
    bounds = bounds_of(text)
    return PartialDate(text, *(bounds if today is None else not_after(today, bounds)))


def not_after(today: date, bounds: Bounds) -> Bounds:
    earliest, latest = bounds
    if earliest is not None and earliest > today:
        return bounds
    return Bounds(earliest, today if latest is None else min(latest, today))
