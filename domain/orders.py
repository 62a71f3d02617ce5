"""Which states are possible on which day, when the days of changes are known only within bounds.

`walk` finds the legal orders within each cluster of changes. What lies on no legal order to the end is pruned backward,
and what remains is joined into stretches of days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Generic, NamedTuple

from domain.clusters import MAX, Blocked, Edges, Node, NoOrder, Rule, S, Step, clusters
from domain.walk import BOUND, Layer, walked

Same = Callable[[S, S], bool]  # whether a step left what people see of the state unchanged
Possible = dict[S, frozenset[int]]  # states, each with the steps of which one began it
Begun = dict[Node[S], frozenset[int]]  # for each node the steps of which one began its state
Mark = tuple[int, Possible[S]]  # from this day on these are possible


class Stretch(NamedTuple, Generic[S]):
    """From `since` up to the day before `until` these states are possible, each begun by one of the steps given.

    Of steps that are equal but for their bounds the one that must be over first stands for all of them.
    """

    since: int
    until: int
    states: Possible[S]


def stretches(steps: Sequence[Step], start: S, rule: Rule[S], same: Same[S], bound: int = BOUND) -> list[Stretch[S]]:
    """Stretches of days with their possible states; empty if no order is legal.

    The days before the first change are not in the result.
    """
    try:
        return _stretched(_marks(steps, start, rule, same, bound))
    except NoOrder:
        return []


def followed_by(found: Sequence[Stretch[S]], i: int, step: Step, rule: Rule[S], same: Same[S]) -> list[Stretch[S]]:
    """The stretches when step `i` comes after all others, and only one state is possible before it."""
    *settled, last = found
    (now,) = last.states.items()
    marks: list[Mark[S]] = [(last.since, last.states)]
    _mark_all(marks, _of_one(now, i, step, rule, same))
    return [*settled, *_stretched(marks)]


def _marks(steps: Sequence[Step], start: S, rule: Rule[S], same: Same[S], bound: int) -> list[Mark[S]]:
    """Whenever only one state is left, what was before and what comes after do not touch each other."""
    marks: list[Mark[S]] = []
    state, begun = start, frozenset[int]()
    layers: list[Layer[S]] = []
    known: Begun[S] = {}
    for cluster in clusters(steps):
        if len(cluster.members) == 1 and not layers:
            (i,) = cluster.members
            _mark_all(marks, _of_one((state, begun), i, steps[i], rule, same))
        else:
            known = known if layers else {(cluster.done_before, state): begun}
            layers += walked(cluster, layers[-1].front if layers else dict.fromkeys(known), rule, bound)
            if len(layers[-1].front) > 1:
                continue
            _mark_all(marks, _of_layers(layers, known, same))
            layers = []
        ((state, begun),) = marks[-1][1].items()
    _mark_all(marks, _of_layers(layers, known, same))
    return marks


def _mark_all(marks: list[Mark[S]], new: Iterable[Mark[S]]) -> None:
    """Of one day the last word counts, and what repeats the days before says nothing new."""
    for mark in new:
        if marks and marks[-1][0] == mark[0]:
            marks.pop()
        if not marks or marks[-1][1] != mark[1]:
            marks.append(mark)


def _stretched(marks: list[Mark[S]]) -> list[Stretch[S]]:
    """An open end is no day."""
    days = [mark for mark in marks if mark[0] < MAX]
    return [Stretch(since, until, states) for (since, states), (until, _) in pairwise([*days, (MAX, {})])]


def _of_one(now: tuple[S, frozenset[int]], i: int, step: Step, rule: Rule[S], same: Same[S]) -> list[Mark[S]]:
    state, begun = now
    after = rule(state, step)
    if after is None:
        raise NoOrder(Blocked(i, state, is_certain=True))
    if after == state:
        return [(step.earliest, {state: begun})]
    by = begun if same(state, after) else frozenset((i,))
    end: Mark[S] = (step.latest, {after: by})
    return [(step.earliest, {state: begun, after: by}), end] if step.earliest < step.latest else [end]


def _of_layers(layers: list[Layer[S]], begun: Begun[S], same: Same[S]) -> Iterator[Mark[S]]:
    for layer, on_the_way in zip(layers, _pruned(layers), strict=True):
        begun = _begun(layer.edges, on_the_way, begun, same)
        states: Possible[S] = {}
        for node in layer.front:
            if node in on_the_way:
                states[node[1]] = states.get(node[1], frozenset()) | begun[node]
        yield layer.day, states


def _pruned(layers: list[Layer[S]]) -> list[set[Node[S]]]:
    """For each layer: what lies on a legal order to the end."""
    kept: list[set[Node[S]]] = []
    goes_on: Iterable[Node[S]] = layers[-1].front if layers else ()
    for layer in reversed(layers):
        todo = [node for node in goes_on if node in layer.front]
        seen = set(todo)
        while todo:
            for before, _ in layer.edges.get(todo.pop(), ()):
                if before not in seen:
                    seen.add(before)
                    todo.append(before)
        kept.append(seen)
        goes_on = seen
    return kept[::-1]


def _begun(edges: Edges[S], on_the_way: set[Node[S]], before: Begun[S], same: Same[S]) -> Begun[S]:
    begun: Begun[S] = {}
    for node in sorted(on_the_way, key=lambda node: node[0].bit_count()):
        by = before.get(node) or frozenset()
        for previous, i in edges.get(node, ()):
            by |= begun[previous] if same(previous[1], node[1]) else frozenset((i,))
        begun[node] = by
    return begun
