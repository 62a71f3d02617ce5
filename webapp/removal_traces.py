"""Removed words erased wherever they lie: their keys, files that only they named, drafts about them."""

from __future__ import annotations

from domain import erasing
from domain.removal import Version, WordsRemoved
from webapp.drafts_kept import kept_drafts
from webapp.files_kept import attachments
from webapp.stores import Stores


def erase(stores: Stores, wanted: dict[Version, WordsRemoved]) -> None:
    """Broken off anywhere, it can be done again."""
    files, drafts = attachments(stores), kept_drafts(stores)
    files.note_uses()  # as long as the words can be read
    erasing.erase(stores.chronicle, wanted)
    targets = list(erasing.targets(stores.chronicle, wanted))
    files.words_removed([recorded.position for recorded in targets])
    for recorded in targets:
        drafts.purge_about(position=recorded.position)
        drafts.purge_about(command_id=recorded.entry.command_id)


def repeat(stores: Stores, after: int = 0) -> int:
    """What entries recorded after that position ask for, done again; the last position that was looked at."""
    last = stores.chronicle.last_position()
    if wanted := erasing.requested(stores.chronicle, after):
        erase(stores, wanted)
    return last
