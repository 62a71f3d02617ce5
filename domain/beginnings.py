"""How a history begins, and what stands in it once at most; what is opened before it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple, Self

from domain.entry import E, Entry, Refused, Told
from domain.history import Amendment, History, holding
from domain.membership_entries import bounds


def check_only_alternatives(entries: Sequence[Entry], held: Sequence[Entry]) -> None:
    """Refuses a history that begins with what only another source says."""
    if entries and not held and not any(isinstance(e, Amendment) for e in entries):
        raise refused("entry.only_alternative", entries[0])


def once_only(entries: Sequence[Entry], kind: type[Entry], code: str, state: str) -> None:
    """Refuses a second entry of the kind, which led to that state."""
    of_kind = [e for e in entries if isinstance(e, kind)]
    for again in of_kind[1:]:
        raise refused(code, again, state=state, since=of_kind[0].occurred.text)


def refused(code: str, e: Entry, **details: object) -> Refused:
    told = {"event": e.stored_name(), "on": e.occurred.text, "version": e.originator_version}
    return Refused(code, **{**told, "state": "", "since": "", "allowed": (), **details})


class Codes(NamedTuple):
    """Of the refusals of what is opened and closed."""

    unknown: str
    only_once: str
    opening_needed: str
    ends_before: str


class Opened(History, frozen=True, kw_only=True):
    """What is opened once, and closed once at most, not before that."""

    opening: ClassVar[type[Entry]]
    closing: ClassVar[type[Entry]]
    codes: ClassVar[Codes]

    def change(self, kind: type[E], told: Told, **fields: Any) -> E:
        """The entry to record, also the opening itself."""
        if not self.entries and kind is not self.opening:
            raise Refused(self.codes.unknown, id=self.id)
        new = self.next(kind, told, **fields)
        self.after(new).check(new)
        return new

    def check_since(self, before: Self, new: Sequence[Entry]) -> None:
        entries = holding(self.entries)
        check_only_alternatives(self.entries, entries)
        once_only(entries, self.opening, self.codes.only_once, "open")
        once_only(entries, self.closing, self.codes.only_once, "closed")
        opening = next((e for e in entries if isinstance(e, self.opening)), None)
        if entries and opening is None:
            allowed = (self.opening.stored_name(),)
            raise refused(self.codes.opening_needed, entries[0], state="none", allowed=allowed)
        for e in entries:
            if opening and isinstance(e, self.closing) and bounds(e.occurred)[1] < bounds(opening.occurred)[0]:
                raise refused(self.codes.ends_before, e, state="none", since=opening.occurred.text)
