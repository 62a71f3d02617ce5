"""Changes as steps with bounds, and the clusters of those whose bounds overlap."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

S = TypeVar("S", bound=Hashable)

MIN, MAX = 0, 10_000_000  # days (proleptic ordinal); an open start, an open end


class Step(NamedTuple):
    """One change as the walk sees it. Steps of equal `effect` change a state in the same way."""

    earliest: int
    latest: int
    effect: tuple[Hashable, ...]
    content: str = ""  # breaks ties of the natural order, never by the order of recording
    needs: int = -1  # index of the step that must have been taken before
    change: object = None


Rule = Callable[[S, Step], S | None]  # None: this may not happen in that state
Node = tuple[int, S]  # which steps were taken (bits), and the state they led to
Edges = dict[Node[S], list[tuple[Node[S], int]]]  # node -> (node before, index of the step taken)


class Blocked(NamedTuple, Generic[S]):
    """This step would have to be taken in this state, and may not."""

    step: int
    state: S
    is_certain: bool  # False beyond the bound: another order than those read might be legal


class NoOrder(Exception):
    """No order is legal."""

    def __init__(self, blocked: Blocked[Any]) -> None:
        super().__init__(blocked)
        self.blocked = blocked


class Equals(NamedTuple):
    """Steps of equal effect: their bits, the bits of what they need, and one of them."""

    bits: int
    needs: int
    step: Step


def natural_key(step: Step) -> tuple[int, int, str]:
    return step.earliest, step.latest, step.content


class Cluster:
    """Steps whose bounds hang together: bit after bit in the order in which they must be over."""

    def __init__(self, steps: Sequence[Step], members: list[int], before: int) -> None:
        self.steps, self.members = steps, members  # in the natural order
        self.done_before = (1 << before) - 1
        by_end = sorted(members, key=lambda i: (steps[i].latest, *natural_key(steps[i])))
        self.index = {1 << before + n: i for n, i in enumerate(by_end)}
        self.bit = {i: bit for bit, i in self.index.items()}
        self.bits = sum(self.index)
        self._begun: dict[int, int] = {}

    def equals(self) -> list[Equals]:
        found: dict[Hashable, Equals] = {}
        for bit, i in self.index.items():
            step = self.steps[i]
            key = step.effect, step.needs
            bits = found[key].bits if key in found else 0
            found[key] = Equals(bits | bit, self.bit.get(step.needs, 0), step)
        return list(found.values())

    def days(self) -> list[int]:
        return sorted({day for i in self.members for day in self.steps[i][:2]})

    def begun(self, day: int) -> int:
        if day not in self._begun:
            self._begun[day] = sum(bit for bit, i in self.index.items() if self.steps[i].earliest <= day)
        return self._begun[day]

    def over(self, day: int) -> int:
        return sum(bit for bit, i in self.index.items() if self.steps[i].latest <= day)

    def in_order(self, bits: int) -> list[int]:
        return sorted((i for bit, i in self.index.items() if bit & bits), key=lambda i: natural_key(self.steps[i]))


def clusters(steps: Sequence[Step]) -> Iterator[Cluster]:
    """In the order of days."""
    together: list[int] = []
    reach, before = MIN - 1, 0
    for i in in_natural_order(steps):
        if together and steps[i].earliest > reach:
            yield Cluster(steps, together, before)
            before += len(together)
            together = []
        together.append(i)
        reach = max(reach, steps[i].latest)
    if together:
        yield Cluster(steps, together, before)


def in_natural_order(steps: Sequence[Step]) -> list[int]:
    return sorted(range(len(steps)), key=lambda i: natural_key(steps[i]))
