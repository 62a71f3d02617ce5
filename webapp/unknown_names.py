"""To which names that nobody has registered does somebody have to say yes, and which are mistyped?"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple
from uuid import UUID

import msgspec

from domain.refused import Refused, quoted
from webapp.csv_rows import Problem
from webapp.name_resolution import Newcomer
from webapp.touched_histories import Pair

COMPARED = 50  # unknown names for which recorded ones like them are looked for: each is compared with all


class Unknown(msgspec.Struct, frozen=True):
    """A name that nobody has registered yet, and the recorded names that look like it."""

    name: str
    nearest: tuple[str, ...]


class Asked(NamedTuple):
    unknown: tuple[Unknown, ...]
    problems: list[Problem]


class UnknownNames:
    """Of the organisations that a file brings along."""

    def __init__(
        self,
        newcomers: Mapping[UUID, Newcomer],
        accepted: Container[object],
        nearest: Callable[[str], Sequence[str]],
    ) -> None:
        self._unannounced = {id: one for id, one in newcomers.items() if not one.is_announced}
        self._asked = {id: one for id, one in self._unannounced.items() if one.called not in accepted}
        compared = 0

        @cache
        def near(name: str) -> tuple[str, ...]:
            nonlocal compared
            compared += 1
            return tuple(nearest(name)) if compared <= COMPARED else ()

        self._near = near

    def asked(self, unbegun: Mapping[Pair, Sequence[Problem]]) -> Asked:
        """`unbegun`: what is wrong with memberships of newcomers that no row begins. A mistyped name explains it."""
        unknown = [Unknown(one.called, self._near(one.called)) for one in self._asked.values()]
        told = [_unknown(*pair) for pair in zip(self._asked.values(), unknown, strict=True)]
        mistyped = {one for pair in unbegun for one in self._mistyped(pair)}
        told += [_never_in(one, self._near(one.called)) for one in mistyped]
        real = [problem for pair, wrong in unbegun.items() if not self._explains(pair, mistyped) for problem in wrong]
        return Asked(tuple(unknown), [*told, *real])

    def _mistyped(self, pair: Pair) -> Iterator[Newcomer]:
        """Accepted, but it can do nothing, and its name is like another one."""
        if not any(id in self._asked for id in pair):
            likely = (self._unannounced[id] for id in reversed(pair) if id in self._unannounced)
            yield from [one for one in likely if self._near(one.called)][:1]

    def _explains(self, pair: Pair, mistyped: Container[Newcomer]) -> bool:
        return any(id in self._asked or self._unannounced.get(id) in mistyped for id in pair)


def _unknown(newcomer: Newcomer, unknown: Unknown) -> Problem:
    code = "name.unknown_but_like" if unknown.nearest else "name.unknown"
    return _problem(newcomer, Refused(code, name=quoted(unknown.name), nearest=unknown.nearest))


def _never_in(newcomer: Newcomer, nearest: tuple[str, ...]) -> Problem:
    return _problem(newcomer, Refused("name.never_in_but_like", name=quoted(newcomer.called), nearest=nearest))


def _problem(newcomer: Newcomer, refused: Refused) -> Problem:
    return Problem(newcomer.first.telling.row, newcomer.first.column, refused)
