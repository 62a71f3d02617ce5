"""Is every file that an entry names there, as it was stored?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from domain.chronicle import PORTION, Recorded
from domain.chronicle.files import is_name
from webapp.files_kept import Attachments, attachments, files_of
from webapp.stores import Stores


class Amiss(NamedTuple):
    """`what` is file_missing, file_altered or file_unknown: its row or its key is not there."""

    where: str
    what: str
    detail: str


def check_files(stores: Stores) -> Iterator[Amiss]:
    """Reads each file once for each entry that names it."""
    kept, position = attachments(stores), 0
    while found := stores.chronicle.after(position, PORTION):
        yield from amiss(kept, found)
        position = found[-1].position


def amiss(kept: Attachments, found: Sequence[Recorded]) -> Iterator[Amiss]:
    named = [(each.position, name) for each in found for name in files_of(each)]
    known = kept.find({name for _position, name in named})
    for position, name in named:
        state = kept.files.state(name) if is_name(name) else "missing"
        if state != "sound":
            yield Amiss(f"entry {position}", f"file_{state}", name)
        elif name not in known:
            yield Amiss(f"entry {position}", "file_unknown", name)
