"""What was recorded about one subject, and which of it holds: corrections, strikings-out, conflicting accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal, Self
from uuid import UUID

import msgspec

from domain.entry import E, Entry, Refused, Told, entry
from domain.removal import WordsRemoved

StrikeReason = Literal["mistyped", "wrong", "duplicate", "other"]
UNDO_WITHIN = timedelta(minutes=15)


class EntryStruck(Entry, tag="entry.struck", frozen=True, kw_only=True):
    """Takes the entry at version `of` out of the state; both stay visible for ever."""

    of: int
    reason: StrikeReason


class EntryCorrected(Entry, tag="entry.corrected", frozen=True, kw_only=True):
    """The entry at version `by` holds in place of the one at `of`. Both are recorded together, `by` first."""

    of: int
    by: int
    reason: StrikeReason


class VariantPreferred(Entry, tag="entry.variant_preferred", frozen=True, kw_only=True):
    """As long as the account at version `of` holds, it drives the state, and those at `instead_of` do not."""

    of: int
    instead_of: tuple[int, ...]


Amendment = EntryStruck | EntryCorrected | VariantPreferred | WordsRemoved
ENTRIES: tuple[type[Entry], ...] = (EntryStruck, EntryCorrected, VariantPreferred, WordsRemoved)


def taken_out(entries: tuple[Entry, ...]) -> frozenset[int]:
    """Versions that do not hold: struck out or corrected, by something that itself holds."""
    out: set[int] = set()
    for e in reversed(entries):
        if isinstance(e, EntryCorrected):
            out.add(e.by if e.originator_version in out else e.of)
        elif isinstance(e, EntryStruck) and e.originator_version not in out:
            out.add(e.of)
    return frozenset(out)


def holding(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The changes that drive the state: neither taken out nor the less preferred of two accounts."""
    if not any(isinstance(e, Amendment) or e.variant == "alternative" for e in entries):
        return entries
    out = taken_out(entries)
    not_driving = out | _set_aside(entries)
    held = tuple(e for e in entries if not isinstance(e, Amendment) and e.originator_version not in not_driving)
    if not any(hasattr(e, "of") for e in held):
        return held
    place = _in_place_of(entries)
    return tuple(_speaking_of(e, place) if hasattr(e, "of") else e for e in held)


def _in_place_of(entries: tuple[Entry, ...]) -> dict[int, int]:
    """By version: the content that was corrected, or the account that is set aside, and what stands in its place."""
    place: dict[int, int] = {}
    for e in in_force(entries):
        by, *instead_of = (e.by, e.of) if isinstance(e, EntryCorrected) else (e.of, *e.instead_of)
        place = {**place, **dict.fromkeys(instead_of, by)}
        place.pop(by, None)
    return place


def in_force(entries: tuple[Entry, ...]) -> list[EntryCorrected | VariantPreferred]:
    """Corrections and preferences that hold. Where the preferred account was taken out, those that it stood in place
    of count again, unless a correction or an account preferred later stands in its own place."""
    out = taken_out(entries)
    speaking = (e for e in entries if isinstance(e, EntryCorrected | VariantPreferred))
    amendments = [e for e in speaking if e.originator_version not in out]
    corrected = {e.of: e.by for e in amendments if isinstance(e, EntryCorrected)}
    found: list[EntryCorrected | VariantPreferred] = []
    replaced: set[int] = set()
    for e in reversed(amendments):
        if isinstance(e, VariantPreferred):
            contents = [e.of]
            while corrected.get(contents[-1], e.of) not in contents:
                contents.append(corrected[contents[-1]])
            if contents[-1] in out and replaced.isdisjoint(contents):
                continue
            replaced |= set(e.instead_of)
        found.append(e)
    return found[::-1]


def _speaking_of(e: Entry, place: dict[int, int]) -> Entry:
    """An appeal speaks of a decision, however that was corrected since."""
    of: int = e.of  # type: ignore[attr-defined]  # whoever calls has seen that it speaks of an entry
    now = of
    while now in place:
        now = place[now]
    return e if now == of else msgspec.structs.replace(e, of=now)


def _set_aside(entries: tuple[Entry, ...]) -> set[int]:
    """Versions of accounts that another is preferred to. A correction stands where the account stood that it corrects,
    unless it corrects just that."""
    aside = {e.originator_version for e in entries if e.variant == "alternative"}
    for e in in_force(entries):
        if isinstance(e, VariantPreferred):
            aside = (aside | set(e.instead_of)) - {e.of}
        elif entries[e.by - 1].variant == entries[e.of - 1].variant:
            aside = aside | {e.by} if e.of in aside else aside - {e.by}
    return aside


def _spoken_of(entries: tuple[Entry, ...], version: int) -> set[int]:
    """The versions that an entry speaks of: itself, and what it amends, and so on."""
    e = entries[version - 1]
    if isinstance(e, EntryCorrected):
        return {version, e.by, *_spoken_of(entries, e.of)}
    return {version, *_spoken_of(entries, e.of)} if isinstance(e, EntryStruck) else {version}


class History(msgspec.Struct, frozen=True, kw_only=True):
    """All that was recorded about one subject. A command returns the entries to record, or refuses."""

    id: UUID
    entries: tuple[Entry, ...] = ()

    @property
    def version(self) -> int:
        return len(self.entries)

    def after(self, *entries: Entry) -> Self:
        return msgspec.structs.replace(self, entries=(*self.entries, *entries))

    def check(self, new: Entry) -> None:
        """Refuses if the history, to which `new` was just added, is not legal."""
        self.check_since(msgspec.structs.replace(self, entries=self.entries[: new.originator_version - 1]), [new])

    def check_since(self, before: Self, new: Sequence[Entry]) -> None:
        """The same after several entries, recorded together; `before` is the history without them."""
        raise NotImplementedError

    def next(self, kind: type[E], told: Told, /, **fields: object) -> E:
        new = entry(kind, self.id, self.version + 1, told, **fields)
        new.check_written()
        return new

    def strike(self, told: Told, of: int, reason: StrikeReason) -> EntryStruck:
        struck = self.striking(told, of, reason)
        self.after(struck).check(struck)
        return struck

    def correct(self, told: Told, of: int, by: Entry, reason: StrikeReason) -> tuple[Entry, EntryCorrected]:
        """`by` carries the right content; its command must differ from that of `told`."""
        right, corrected = self.correcting(told, of, by, reason)
        self.after(right, corrected).check(right)
        return right, corrected

    def prefer(self, told: Told, of: int, instead_of: tuple[int, ...]) -> VariantPreferred:
        preferred = self.preferring(told, of, instead_of)
        self.after(preferred).check(preferred)
        return preferred

    def striking(self, told: Told, of: int, reason: StrikeReason) -> EntryStruck:
        """Not yet checked: it may be recorded together with other amendments."""
        self._holds(of)
        self._is_not_built_upon(of)
        return self.next(EntryStruck, told, of=of, reason=reason)

    def correcting(self, told: Told, of: int, by: Entry, reason: StrikeReason) -> tuple[Entry, EntryCorrected]:
        self.is_an_account(of)
        right = msgspec.structs.replace(by, originator_id=self.id, originator_version=self.version + 1)
        return right, self.after(right).next(EntryCorrected, told, of=of, by=right.originator_version, reason=reason)

    def preferring(self, told: Told, of: int, instead_of: tuple[int, ...]) -> VariantPreferred:
        for version in (of, *instead_of):
            self.is_an_account(version)
        return self.next(VariantPreferred, told, of=of, instead_of=instead_of)

    def is_an_account(self, of: int) -> None:
        """Refuses what does not hold, and what amends."""
        self._holds(of)
        self._is_no_amendment(of)

    def _holds(self, version: int) -> None:
        if not 1 <= version <= self.version:
            raise Refused("entry.not_there", of=version)
        if version in taken_out(self.entries):
            raise Refused("entry.superseded", of=version)
        if isinstance(self.entries[version - 1], WordsRemoved):
            raise Refused("entry.words_stay_removed", of=version)

    def _is_no_amendment(self, version: int) -> None:
        if isinstance(self.entries[version - 1], Amendment):
            raise Refused("entry.only_struck", of=version)

    def amended_by(self, version: int) -> EntryStruck | EntryCorrected | VariantPreferred | None:
        """The first later amendment in force that speaks of this entry, or of what it amends."""
        spoken_of, out = _spoken_of(self.entries, version), taken_out(self.entries)
        for later in self.entries[version:]:
            if isinstance(later, EntryStruck | EntryCorrected | VariantPreferred):
                named = {later.of, *getattr(later, "instead_of", ())}
                if named & spoken_of and later.originator_version not in out:
                    return later
        return None

    def _is_not_built_upon(self, version: int) -> None:
        """Amendments of one entry are taken back last first."""
        if isinstance(self.entries[version - 1], EntryStruck | EntryCorrected) and self.amended_by(version):
            raise Refused("entry.superseded", of=version)
