"""Why cannot all names that renamings join be the names of one organisation?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from domain.membership_entries import bounds
from domain.refused import Refused, quoted
from projections.letters import composed
from webapp.csv_rows import Problem
from webapp.name_groups import Group, Mention, first_mention, renamings_of

Known = Mapping[str, set[UUID]]  # by name: the organisations that have or had it


def refusals(group: Group, known: Known, originals: list[str]) -> list[Problem]:
    """`originals` are the names that nothing in the file was renamed to."""
    several = sorted(name for name in known if len(known[name]) > 1)
    if several:
        return [fits_several(first_mention(name, group), len(known[name])) for name in several]
    renamings = renamings_of(group)
    if any(known.values()):
        wrong = list(_names_of_others(renamings, known))
    else:
        wrong = _taken_by_two(renamings, originals) if len(originals) > 1 else []
    had = {composed(name) for name in (*originals, *(name for name in known if known[name]))}
    return [*wrong, *_taken_too_late(renamings, had), *_taken_from_a_member(group, renamings)]


def fits_several(mention: Mention, count: int) -> Problem:
    return _problem(mention, "name.fits_several", count=count)


def _names_of_others(renamings: Group, known: Known) -> Iterator[Problem]:
    """A recorded name can be taken only by whom it belongs to, under a name of its own."""
    owners = _owners(renamings, known)
    recorded = {composed(name) for name in known if known[name]}
    for one in renamings:
        before, new = composed(one.before), composed(one.name)
        if owners.get(before) != owners.get(new) and new in recorded:
            yield _of_another(one, one.before)
        elif owners.get(before) != owners.get(new):
            others = {other.before for other in renamings if composed(other.name) == new}
            yield _problem(one, "name.taken_by_two", names=[quoted(name) for name in sorted(others)])


def _owners(renamings: Group, known: Known) -> dict[str, UUID]:
    """By recorded names, and by those that renamings give on from them."""
    owners = {composed(name): id for name, ids in known.items() for id in ids}
    given_on = True
    while given_on:
        taken = {
            composed(one.name): owners[composed(one.before)] for one in renamings if composed(one.before) in owners
        }
        given_on = not taken.keys() <= owners.keys()
        owners = {**taken, **owners}
    return owners


def _taken_by_two(renamings: Group, originals: list[str]) -> list[Problem]:
    first = min(renamings, key=lambda one: one.telling.row)
    return [_problem(first, "name.taken_by_two", names=[quoted(name) for name in originals])]


def _taken_too_late(renamings: Group, had: set[str]) -> Iterator[Problem]:
    """A name that is given up before anybody took it was another organisation's."""
    takers: dict[str, Group] = defaultdict(list)
    for one in renamings:
        takers[composed(one.name)].append(one)
    given_up = [one for one in renamings if one.change.variant == "preferred" and composed(one.before) not in had]
    for name in dict.fromkeys(composed(one.before) for one in given_up):
        given = min(
            (one for one in given_up if composed(one.before) == name), key=lambda one: bounds(one.change.date)[1]
        )
        taker = min(takers[name], key=lambda one: (bounds(one.change.date), one.telling.row))
        if bounds(taker.change.date)[0] > _over(given):
            yield _problem(
                taker, "name.given_up_before", before=quoted(taker.before), on=taker.change.date.text,
                since=given.change.date.text,
            )  # fmt: skip


def _over(mention: Mention) -> int:
    return bounds(mention.change.date)[1]


def _taken_from_a_member(group: Group, renamings: Group) -> Iterator[Problem]:
    """A coalition that takes the name of its member, or a member that of its coalition, would belong to itself."""
    names = {composed(mention.name) for mention in group}
    pairs = [(m.change.coalition, m.change.organisation) for m in group if m.column == "coalition" and _belongs(m)]
    for one in renamings:
        if any(_are_two(pair, names) and composed(one.name) in map(composed, pair) for pair in pairs):
            yield _of_another(one, one.before)
            return


def _belongs(mention: Mention) -> bool:
    return mention.change.kind.subject == "membership" or mention.change.event == "joined_umbrella"


def _are_two(pair: Iterable[str], names: set[str]) -> bool:
    """Two ways of naming what the group makes one organisation."""
    one, other = map(composed, pair)
    return one != other and {one, other} <= names


def _of_another(mention: Mention, before: str) -> Problem:
    return _problem(mention, "name.of_another", before=quoted(before))


def _problem(mention: Mention, code: str, **details: object) -> Problem:
    return Problem(mention.telling.row, mention.column, Refused(code, name=quoted(mention.name), **details))
