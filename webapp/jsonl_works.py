"""Which campaign, programme, project or action does a title mean: one that the file brings along, or one recorded?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from uuid import UUID

from domain.action import ActionLogged
from domain.campaign_entries import CampaignPlanned, CampaignRetitled
from domain.chronicle import Chronicle
from domain.entry import Entry
from domain.history import taken_out
from domain.programme import ProgrammeOpened
from domain.project import ProjectOpened
from domain.refused import Refused, quoted
from projections.letters import composed

TITLED: dict[str, tuple[type[Entry], ...]] = {
    "campaign": (CampaignPlanned, CampaignRetitled),
    "programme": (ProgrammeOpened,),
    "project": (ProjectOpened,),
    "action": (ActionLogged,),
}
TOLD = 3  # so many ids in one refusal


class Titles:
    """`add` those that the file brings along; what is recorded is read when it is asked for first."""

    def __init__(self, chronicle: Chronicle) -> None:
        self._chronicle = chronicle
        self._brought: dict[tuple[str, str], set[UUID]] = {}
        self._recorded: dict[str, dict[str, set[UUID]]] = {}
        self._doubtful: set[tuple[str, str]] = set()

    def add(self, kind: str, title: str, id: UUID | None) -> None:
        """Without an id: nobody is told that it is not there."""
        if id:
            self._brought.setdefault((kind, composed(title)), set()).add(id)
        else:
            self._doubtful.add((kind, composed(title)))

    def is_doubtful(self, kind: str, title: str) -> bool:
        return (kind, composed(title)) in self._doubtful

    def id(self, kind: str, title: str) -> UUID:
        """The file's own first: a title may be given again."""
        if (known := as_id(title)) and self._is_there(kind, known):
            return known
        brought = self._brought.get((kind, composed(title)), set())
        found = brought or self.recorded(kind, title)
        if not found:
            raise Refused(f"{kind}.unknown", text=quoted(title))
        if len(found) > 1:
            ids = [str(id) for id in sorted(found)[:TOLD]]
            raise Refused("line.several_called", text=quoted(title), ids=ids)
        return next(iter(found))

    def recorded(self, kind: str, title: str) -> set[UUID]:
        """Each of the kind that is, or was, called so."""
        if kind not in self._recorded:
            self._recorded[kind] = self._read(TITLED[kind])
        return self._recorded[kind].get(composed(title), set())

    def _read(self, kinds: Iterable[type[Entry]]) -> dict[str, set[UUID]]:
        found: dict[str, set[UUID]] = {}
        positions = [each.position for kind in kinds for each in self._chronicle.named(kind.stored_name())]
        for recorded in self._chronicle.at(positions).values():
            title = composed(getattr(recorded.entry, "title", ""))
            if title and recorded.originator_id not in self._taken_back:
                found.setdefault(title, set()).add(recorded.originator_id)
        return found

    @cached_property
    def _taken_back(self) -> set[UUID]:
        """Of what was struck out, those whose first entry does not hold in any form."""
        struck = {each.originator_id for each in self._chronicle.named("entry.struck")}
        histories = self._chronicle.histories(struck, words=False)
        return {id for id, entries in histories.items() if not _holds(entries)}

    def _is_there(self, kind: str, id: UUID) -> bool:
        if any(id in ids for (of, _), ids in self._brought.items() if of == kind):
            return True
        return any(isinstance(e, TITLED[kind]) for e in self._chronicle.history(id, words=False))


def _holds(entries: tuple[Entry, ...]) -> bool:
    out = taken_out(entries)
    kinds = tuple(kind for each in TITLED.values() for kind in each)
    return any(isinstance(e, kinds) and e.originator_version not in out for e in entries)


def as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
