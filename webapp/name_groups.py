"""Which cells of a file name one organisation, because renamings join their names?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from projections.letters import composed
from webapp.schemas import Change, successors
from webapp.tellings import Telling

RENAMES = {"renamed": "coalition", "organisation_renamed": "organisation"}  # event -> the column of the name before


class Mention(NamedTuple):
    """One cell that names an organisation."""

    telling: Telling
    column: str
    name: str

    @property
    def change(self) -> Change:
        return self.telling.change

    @property
    def renames(self) -> bool:
        return self.column == "new_name" and self.change.event in RENAMES

    @property
    def before(self) -> str:
        """Of a renaming: the name under which the organisation is told of."""
        return str(getattr(self.change, RENAMES[self.change.event]))


Group = list[Mention]  # of one organisation


def names_in(change: Change) -> Iterator[tuple[str, str]]:
    """Column and name of each organisation that a change names, or gives a name to."""
    for column in ("coalition", "organisation"):
        name = getattr(change, column)
        if name:
            yield column, name
    if change.event == "organisation_split":
        yield from (("new_name", name) for name in successors(change))
    elif change.new_name:
        yield "new_name", change.new_name


def groups(tellings: Iterable[Telling]) -> list[Group]:
    joined = Joined()
    mentions = [Mention(telling, *named) for telling in tellings for named in names_in(telling.change)]
    for mention in mentions:
        if mention.renames:
            joined.join(mention.before, mention.name)
    found: dict[str, Group] = defaultdict(list)
    for mention in mentions:
        found[joined.root(mention.name)].append(mention)
    return list(found.values())


class Joined:
    """Names that renamings join, and two ways of typing one name."""

    def __init__(self) -> None:
        self._towards: dict[str, str] = {}

    def root(self, name: str) -> str:
        name = composed(name)
        while name in self._towards:
            name = self._towards[name]
        return name

    def join(self, one: str, other: str) -> None:
        first, second = self.root(one), self.root(other)
        if first != second:
            self._towards[first] = second


def renamings_of(group: Group) -> Group:
    return [mention for mention in group if mention.renames]


def first_mention(name: str, group: Group) -> Mention:
    return min((m for m in group if composed(m.name) == composed(name)), key=lambda m: m.telling.row)
