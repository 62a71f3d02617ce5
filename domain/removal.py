"""Words taken out of an entry for ever: the entry that says so, and when it may be recorded."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Literal
from uuid import UUID

from domain.entry import Entry, Refused, Told, entry

RemovalReason = Literal["personal_data", "danger", "mistake", "court_order", "other"]
Version = tuple[UUID, int]  # an entry as the place in its own history


class WordsRemoved(Entry, tag="entry.words_removed", frozen=True, kw_only=True):
    """The key of the words at version `of` is erased. No state changes, and nothing brings the words back."""

    of: int
    reason: RemovalReason


def remove_words(
    entries: tuple[Entry, ...], told: Told, of: int, sealed: Container[int], reason: RemovalReason
) -> WordsRemoved:
    """`entries` are a whole history; `sealed` the versions in it that have words."""
    if not 1 <= of <= len(entries):
        raise Refused("entry.not_there", of=of)
    if of in removals(entries):
        raise Refused("entry.words_already_removed", of=of)
    if of not in sealed:
        raise Refused("entry.no_words", of=of)
    return entry(WordsRemoved, entries[0].originator_id, len(entries) + 1, told, of=of, reason=reason)


def removals(entries: Iterable[Entry]) -> dict[int, WordsRemoved]:
    """Of one history, by the version whose words were removed."""
    return {e.of: e for e in entries if isinstance(e, WordsRemoved)}
