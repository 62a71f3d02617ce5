"""What was recorded about one subject, and which of it holds: corrections, strikings-out, conflicting accounts."""

from __future__ import annotations

from typing import Literal, Self
from uuid import UUID

import msgspec

from domain.entry import E, Entry, Refused, Told, entry

StrikeReason = Literal["mistyped", "wrong", "duplicate", "other"]


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
    """From now on the account at version `of` drives the state, and those at `instead_of` do not."""

    of: int
    instead_of: tuple[int, ...]


Amendment = EntryStruck | EntryCorrected | VariantPreferred
ENTRIES: tuple[type[Entry], ...] = (EntryStruck, EntryCorrected, VariantPreferred)


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
    not_driving = out | _set_aside(entries, out)
    return tuple(e for e in entries if not isinstance(e, Amendment) and e.originator_version not in not_driving)


def _set_aside(entries: tuple[Entry, ...], out: frozenset[int]) -> set[int]:
    """Versions of accounts that another is preferred to. A correction stands where the account stood that it corrects,
    unless it corrects just that."""
    aside = {e.originator_version for e in entries if e.variant == "alternative"}
    for e in entries:
        if e.originator_version in out:
            continue
        if isinstance(e, VariantPreferred):
            aside = (aside | set(e.instead_of)) - {e.of}
        elif isinstance(e, EntryCorrected) and entries[e.by - 1].variant == entries[e.of - 1].variant:
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
        raise NotImplementedError

    def next(self, kind: type[E], told: Told, /, **fields: object) -> E:
        return entry(kind, self.id, self.version + 1, told, **fields)

    def strike(self, told: Told, of: int, reason: StrikeReason) -> EntryStruck:
        self._holds(of)
        self._is_not_built_upon(of)
        struck = self.next(EntryStruck, told, of=of, reason=reason)
        self.after(struck).check(struck)
        return struck

    def correct(self, told: Told, of: int, by: Entry, reason: StrikeReason) -> tuple[Entry, EntryCorrected]:
        """`by` carries the right content; its command must differ from that of `told`."""
        self._holds(of)
        self._is_no_amendment(of)
        right = msgspec.structs.replace(by, originator_id=self.id, originator_version=self.version + 1)
        corrected = entry(
            EntryCorrected,
            self.id,
            self.version + 2,
            told,
            of=of,
            by=self.version + 1,
            reason=reason,
        )
        self.after(right, corrected).check(right)
        return right, corrected

    def prefer(self, told: Told, of: int, instead_of: tuple[int, ...]) -> VariantPreferred:
        for version in (of, *instead_of):
            self._holds(version)
            self._is_no_amendment(version)
        preferred = self.next(VariantPreferred, told, of=of, instead_of=instead_of)
        self.after(preferred).check(preferred)
        return preferred

    def _holds(self, version: int) -> None:
        if not 1 <= version <= self.version:
            raise Refused("entry.not_there", of=version)
        if version in taken_out(self.entries):
            raise Refused("entry.superseded", of=version)

    def _is_no_amendment(self, version: int) -> None:
        if isinstance(self.entries[version - 1], Amendment):
            raise Refused("entry.only_struck", of=version)

    def _is_not_built_upon(self, version: int) -> None:
        """Amendments of one entry are taken back last first."""
        if isinstance(self.entries[version - 1], EntryStruck | EntryCorrected):
            spoken_of, out = _spoken_of(self.entries, version), taken_out(self.entries)
            for later in self.entries[version:]:
                is_on_it = isinstance(later, EntryStruck | EntryCorrected) and later.of in spoken_of
                if is_on_it and later.originator_version not in out:
                    raise Refused("entry.superseded", of=version)
