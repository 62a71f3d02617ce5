"""Where the orders are too many to be counted: one that is legal, the natural one or the first that a search finds."""

from __future__ import annotations

from collections.abc import Iterator

from domain.clusters import MIN, Blocked, Cluster, Equals, Node, NoOrder, Rule, S

SEARCHED = 400  # nodes beyond one for each step


def orders_read(cluster: Cluster, front: dict[Node[S], None], rule: Rule[S]) -> list[tuple[Node[S], list[int]]]:
    """Starts with a legal order for each: the natural order where it is legal from any start, else what is found."""
    refused = {node: first_refused(cluster, node[1], rule) for node in front}
    natural = [(node, cluster.members) for node, no in refused.items() if no is None]
    found = natural or [(node, order) for node in front if (order := searched(cluster, node, rule))]
    if not found:
        raise NoOrder(next(no for no in refused.values() if no))
    return found


def first_refused(cluster: Cluster, state: S, rule: Rule[S]) -> Blocked[S] | None:
    """The first step that the natural order does not allow."""
    for i in cluster.members:
        after = rule(state, cluster.steps[i])
        if after is None:
            return Blocked(i, state, is_certain=False)
        state = after
    return None


def after_step(cluster: Cluster, node: Node[S], i: int, rule: Rule[S]) -> Node[S]:
    """The node to which a step of a legal order leads."""
    after = rule(node[1], cluster.steps[i])
    if after is None:
        raise NoOrder(Blocked(i, node[1], is_certain=False))
    return node[0] | cluster.bit[i], after


def searched(cluster: Cluster, start: Node[S], rule: Rule[S]) -> list[int]:
    """Depth first, what must be over first tried first; empty when nothing was found in time."""
    equals, all_done = cluster.equals(), start[0] | cluster.bits
    order: list[int] = []
    seen = {start}
    stack = [_next_nodes(cluster, equals, start, MIN, rule)]
    while stack and len(seen) < SEARCHED + len(cluster.members):
        found = next((found for found in stack[-1] if found[0] not in seen), None)
        if found is None:
            stack.pop()
            del order[len(stack) - 1 :]
            continue
        node, i, day = found
        seen.add(node)
        order.append(i)
        if node[0] == all_done:
            return order
        stack.append(_next_nodes(cluster, equals, node, day, rule))
    return []


def _next_nodes(
    cluster: Cluster, equals: list[Equals], node: Node[S], day: int, rule: Rule[S]
) -> Iterator[tuple[Node[S], int, int]]:
    """What may come next, with the step that leads there and the day by which it has begun."""
    done, state = node
    undone = cluster.bits & ~done
    soonest = cluster.steps[cluster.index[undone & -undone]].latest
    open_now, open_in_time = undone & cluster.begun(day), undone & cluster.begun(soonest)
    ready = [same for same in equals if same.bits & open_in_time and not same.needs & ~done]
    firsts = {bit: same.step for same in ready for bit in _firsts(same.bits, open_now, open_in_time)}
    for bit in sorted(firsts):
        after = rule(state, firsts[bit])
        if after is not None:
            i = cluster.index[bit]
            yield (done | bit, after), i, max(day, cluster.steps[i].earliest)


def _firsts(bits: int, *opened: int) -> set[int]:
    """Of equal steps the one that must be over first: of those that need not wait, and of those that need."""
    return {mine & -mine for each in opened if (mine := bits & each)}
