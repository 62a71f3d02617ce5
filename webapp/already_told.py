"""Which rows of a file were recorded before, from a file or by hand, whatever their organisations were called then?"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import islice, product
from uuid import UUID

from domain.chronicle import Chronicle
from domain.membership import Membership
from webapp.meanings import (
    Ids,
    Meaning,
    command_of,
    names_of_organisations,
    of_change,
    of_history,
    of_wordless,
    without_words,
)
from webapp.name_resolution import Find
from webapp.schemas import Change
from webapp.tellings import Telling

READINGS = 32  # of a row in which names fit several organisations


class Recorded:
    """What is recorded already: by the command that a meaning has, and by what each history says."""

    def __init__(self, chronicle: Chronicle, find: Find) -> None:
        self._chronicle, self._find = chronicle, find
        self._said: dict[UUID, tuple[frozenset[Meaning], frozenset[Meaning]]] = {}

    def told(self, tellings: Iterable[Telling]) -> dict[int, UUID]:
        """By the number of the row: the command that its meaning has."""
        return self._among([(t, ids) for t in tellings if not t.stands_in for ids in self._readings(t.change)])

    def told_with(self, tellings: Iterable[Telling], ids: Ids, newcomers: Container[UUID]) -> dict[int, UUID]:
        """Those that only the file's renamings let us understand."""
        named = [(t, names_of_organisations(t.change)) for t in tellings if not t.stands_in]
        return self._among([(t, ids) for t, names in named if self._is_reached(names, ids, newcomers)])

    def _is_reached(self, names: list[str], ids: Ids, newcomers: Container[UUID]) -> bool:
        is_resolved = all(name in ids and ids[name] not in newcomers for name in names)
        return is_resolved and not all(self._find(name) for name in names)

    def _readings(self, change: Change) -> Iterator[Ids]:
        """Each way to understand its names as organisations that are recorded."""
        names = list(dict.fromkeys(names_of_organisations(change)))
        candidates = [sorted({known.id for known in self._find(name)}) for name in names]
        for ids in islice(product(*candidates), READINGS):
            yield dict(zip(names, ids, strict=True))

    def _among(self, readings: Sequence[tuple[Telling, Ids]]) -> dict[int, UUID]:
        meant = [(telling, ids, of_change(telling.change, ids)) for telling, ids in readings]
        recorded = self._recorded({command_of(meaning) for *_, meaning in meant})
        found: dict[int, UUID] = {}
        for telling, ids, meaning in meant:
            command_id = command_of(meaning)
            if command_id in recorded or self._is_said(meaning, subject_of(telling.change, ids)):
                found.setdefault(telling.row, command_id)
        return found

    def _recorded(self, commands: set[UUID]) -> set[UUID]:
        """Under their marks; versions before 2 recorded rows under the commands themselves."""
        marks = {self._chronicle.vault.mark(command): command for command in commands}
        recorded = self._chronicle.recorded_many({*marks, *commands})
        return {marks.get(each, each) for each in recorded}

    def _is_said(self, meaning: Meaning, id: UUID) -> bool:
        """By the accounts that stand in a history; an old file does not bring back words that were removed from it."""
        said, wordless = self._said_in(id)
        return meaning in said or (bool(wordless) and without_words(meaning) in wordless)

    def _said_in(self, id: UUID) -> tuple[frozenset[Meaning], frozenset[Meaning]]:
        """The history is read once."""
        if id not in self._said:
            entries = self._chronicle.history(id)
            self._said[id] = frozenset(of_history(entries)), frozenset(of_wordless(entries))
        return self._said[id]


def subject_of(change: Change, ids: Ids) -> UUID:
    if change.kind.subject == "membership":
        return Membership.id_of(ids[change.coalition], ids[change.organisation])
    return ids[getattr(change, change.kind.subject)]
