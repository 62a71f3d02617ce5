"""In which legal orders the steps of one cluster can have been taken, and what is the case meanwhile.

A node is (steps taken, state). The walk goes over the days on which a step may begin or must be over. Of equal steps
that are open, the one that must be over first goes first: exchanging the two keeps every bound, so no order of states
is lost. Beyond the bound one legal order is read.
"""

from __future__ import annotations

from typing import Generic, NamedTuple

from domain.clusters import Blocked, Cluster, Edges, Equals, Node, NoOrder, Rule, S
from domain.one_order import after_step, orders_read

BOUND = 2_000  # tried steps in one cluster: some 3 ms


class Layer(NamedTuple, Generic[S]):
    """What can be the case at the end of a day on which a step may begin or must be over."""

    day: int
    front: dict[Node[S], None]
    edges: Edges[S]
    is_whole: bool = True  # False where only one order was read


class _TooManyOrders(Exception):
    pass


def walked(cluster: Cluster, front: dict[Node[S], None], rule: Rule[S], bound: int = BOUND) -> list[Layer[S]]:
    """Layer after layer of the cluster; raises NoOrder."""
    if len(cluster.members) == 1:
        return _alone(cluster, front, rule)
    try:
        return _every_order(cluster, front, rule, bound)
    except _TooManyOrders:
        return _one_order(cluster, front, rule)


def _alone(cluster: Cluster, front: dict[Node[S], None], rule: Rule[S]) -> list[Layer[S]]:
    ((bit, i),) = cluster.index.items()
    step = cluster.steps[i]
    edges: Edges[S] = {}
    for node in front:
        after = rule(node[1], step)
        if after is not None:
            edges.setdefault((node[0] | bit, after), []).append((node, i))
    if not edges:
        raise NoOrder(Blocked(i, next(iter(front))[1], is_certain=True))
    end = Layer(step.latest, dict.fromkeys(edges), edges)
    return [Layer(step.earliest, front | end.front, edges), end] if step.earliest < step.latest else [end]


def _every_order(cluster: Cluster, front: dict[Node[S], None], rule: Rule[S], bound: int) -> list[Layer[S]]:
    equals = cluster.equals()
    layers: list[Layer[S]] = []
    for day in cluster.days():
        begun, must = cluster.begun(day), cluster.over(day)
        opened = [same for same in equals if same.bits & begun]
        edges: Edges[S] = {}
        found = dict(front)
        bound -= _grown(found, edges, cluster, opened, begun, rule, bound)
        front = {node: None for node in found if node[0] & must == must}
        if not front:
            raise _stuck(cluster, found, must)
        layers.append(Layer(day, front, edges))
    return layers


def _grown(
    found: dict[Node[S], None],
    edges: Edges[S],
    cluster: Cluster,
    opened: list[Equals],
    begun: int,
    rule: Rule[S],
    bound: int,
) -> int:
    """Adds what the steps open on one day can lead to; returns how many steps were tried."""
    todo, tried = list(found), 0
    for node in todo:
        done, state = node
        free = begun & ~done
        for bits, needs, step in opened:
            if not (mine := free & bits) or needs & ~done:
                continue
            tried += 1
            after = rule(state, step)
            if after is None:
                continue
            bit = mine & -mine
            new = (done | bit, after)
            if new not in found:
                found[new] = None
                todo.append(new)
            edges.setdefault(new, []).append((node, cluster.index[bit]))
        if tried > bound:
            raise _TooManyOrders
    return tried


def _stuck(cluster: Cluster, found: dict[Node[S], None], must: int) -> NoOrder:
    """Who came furthest could take none of the steps that it lacks."""
    done, state = max(found, key=lambda node: ((node[0] & must).bit_count(), node[0].bit_count()))
    return NoOrder(Blocked(cluster.in_order(must & ~done)[0], state, is_certain=True))


def _one_order(cluster: Cluster, front: dict[Node[S], None], rule: Rule[S]) -> list[Layer[S]]:
    """Beyond the bound: one legal order from each state; every state met in it is possible meanwhile."""
    edges: Edges[S] = {}
    met, ends = dict(front), dict[Node[S], None]()
    for start, order in orders_read(cluster, front, rule):
        node = start
        for i in order:
            before, node = node, after_step(cluster, node, i, rule)
            edges.setdefault(node, []).append((before, i))
            met[node] = None
        ends[node] = None
    days = cluster.days()
    return [Layer(days[0], met, edges), Layer(days[-1], ends, {}, is_whole=False)]
