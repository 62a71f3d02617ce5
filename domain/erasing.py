"""The keys of words that entries say were removed: found and erased, as often as it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.chronicle import Chronicle, Recorded
from domain.removal import Version, WordsRemoved


def requested(chronicle: Chronicle, after: int = 0) -> dict[Version, WordsRemoved]:
    """Of all histories, by the entry whose words were removed; recorded after that position."""
    found = chronicle.named(WordsRemoved.stored_name(), after)
    entries = (recorded.content for recorded in found)
    return {(e.originator_id, e.of): e for e in entries if isinstance(e, WordsRemoved)}


def repeat(chronicle: Chronicle, after: int = 0) -> int:
    """Erases what entries say was removed; how many keys were still there. After a crash, a restore, a start."""
    return erase(chronicle, requested(chronicle, after))


def erase(chronicle: Chronicle, wanted: dict[Version, WordsRemoved]) -> int:
    erased = 0
    for recorded in targets(chronicle, wanted):
        reason = wanted[recorded.originator_id, recorded.originator_version].reason
        erased += recorded.sealed_by is not None and chronicle.vault.erase(recorded.sealed_by, reason)
    return erased


def targets(chronicle: Chronicle, wanted: Iterable[Version]) -> Iterator[Recorded]:
    """The entries in these places, sealed."""
    places = set(wanted)
    for id in sorted({id for id, _ in places}):
        for recorded in chronicle.recordings(id, words=False):
            if (id, recorded.originator_version) in places:
                yield recorded
