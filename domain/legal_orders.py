"""Whether the changes can have happened at all, in which order, and what stands against it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Generic, NamedTuple

from domain.clusters import Blocked, Cluster, Node, NoOrder, Rule, S, Step, clusters, in_natural_order, natural_key
from domain.one_order import first_refused, searched
from domain.walk import BOUND, Layer, walked

REMEMBERED = 2_000  # clusters


class _Ends(NamedTuple, Generic[S]):
    """The states in which a cluster can end."""

    states: tuple[S, ...]
    of_all_orders: bool


def blocked(steps: Sequence[Step], start: S, rule: Rule[S], bound: int = BOUND) -> Blocked[S] | None:
    """What stands against every order that the bounds permit; None if one is legal."""
    front: tuple[S, ...] = (start,)
    all_orders = True
    for cluster in clusters(steps):
        found = _ends(_alone(cluster), front, rule, bound)
        if isinstance(found, Blocked):
            return Blocked(cluster.members[found.step], found.state, found.is_certain and all_orders)
        front, all_orders = found.states, all_orders and found.of_all_orders
    return None


def _alone(cluster: Cluster) -> tuple[Step, ...]:
    """Its steps, each known by its place in the cluster."""
    steps, place = cluster.steps, {i: n for n, i in enumerate(cluster.members)}
    return tuple(steps[i]._replace(needs=place.get(steps[i].needs, -1)) for i in cluster.members)


@lru_cache(REMEMBERED)
def _ends(steps: tuple[Step, ...], front: tuple[S, ...], rule: Rule[S], bound: int) -> _Ends[S] | Blocked[S]:
    """The states after one cluster. One change more or less leaves the other clusters as they were: they are kept."""
    try:
        layers = walked(Cluster(steps, [*range(len(steps))], 0), {(0, state): None for state in front}, rule, bound)
    except NoOrder as no:
        return no.blocked
    return _Ends(tuple(state for _, state in layers[-1].front), layers[-1].is_whole)


def is_legal(steps: Sequence[Step], start: S, rule: Rule[S], bound: int = BOUND) -> bool:
    """Whether some order that the bounds permit is legal throughout."""
    return blocked(steps, start, rule, bound) is None


def legal_order(steps: Sequence[Step], start: S, rule: Rule[S], bound: int = BOUND) -> list[int] | None:
    """Indices of the steps in an order that is legal throughout, the natural one if it is; None if there is none."""
    whole = Cluster(steps, in_natural_order(steps), 0)
    if first_refused(whole, start, rule) is None:
        return whole.members
    return searched(whole, (0, start), rule) or _walked_order(steps, start, rule, bound)


def _walked_order(steps: Sequence[Step], start: S, rule: Rule[S], bound: int) -> list[int] | None:
    try:
        layers = _layers(steps, start, rule, bound)
    except NoOrder:
        return None
    order: list[int] = []
    node = min(layers[-1].front, key=repr)
    for n in range(len(layers) - 1, -1, -1):
        earlier = layers[n - 1].front if n else {(0, start): None}
        while node not in earlier:
            node, i = max(layers[n].edges[node], key=lambda edge: (natural_key(steps[edge[1]]), repr(edge[0])))
            order.append(i)
    return order[::-1]


def _layers(steps: Sequence[Step], start: S, rule: Rule[S], bound: int) -> list[Layer[S]]:
    layers: list[Layer[S]] = []
    front: dict[Node[S], None] = {(0, start): None}
    for cluster in clusters(steps):
        layers += walked(cluster, front, rule, bound)
        front = layers[-1].front
    return layers
