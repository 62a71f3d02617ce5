"""How many orders are tried, and what is read when there are too many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest

from domain.clusters import MAX, Step
from domain.legal_orders import blocked, is_legal, legal_order
from domain.one_order import SEARCHED
from domain.orders import followed_by, stretches
from domain.walk import BOUND

MOVES = {"in": ("out", "in"), "out": ("in", "out"), "rest": ("in", "in"), "up": ("in", "up"), "down": ("up", "in")}


class Counted:
    """A rule of three states that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, state: str, step: Step) -> str | None:
        self.asked += 1
        before, after = MOVES[str(step.effect[0])]
        return after if state == before else None


def step(move: str, earliest: int, latest: int) -> Step:
    return Step(earliest, latest, (move,), f"{move} {earliest} {latest}")


def same(before: str, after: str) -> bool:
    return before == after


def tangled(seed: int, count: int, width: int) -> list[Step]:
    """What truly happened day after day, each day then forgotten to some degree, in any order."""
    random, state, steps = Random(seed), "out", []
    for day in range(1, count + 1):
        move = random.choice([move for move, (before, _) in MOVES.items() if before == state])
        state = MOVES[move][1]
        steps.append(step(move, max(1, day - random.randint(0, width)), day + random.randint(0, width)))
    random.shuffle(steps)
    return steps


def most_tries(steps: Sequence[Step]) -> int:
    """What one cluster may cost: the walk to its bound, the last node of which is finished, and the search."""
    kinds = len({s.effect for s in steps})
    return BOUND + kinds + 2 * kinds * (SEARCHED + len(steps)) + 5 * len(steps)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("width", [20, 100, 400])
def test_hundreds_of_tangled_changes_are_decided_in_bounded_steps_and_not_refused_for_their_number(
    seed: int, width: int
) -> None:
    steps, rule = tangled(seed, 300, width), Counted()
    assert blocked(steps, "out", rule) is None
    assert rule.asked <= most_tries(steps)
    assert {state for s in stretches(steps, "out", rule, same) for state in s.states} >= {"in", "out", "up"}
    assert rule.asked <= 2 * most_tries(steps)


def test_a_thousand_changes_of_one_year_are_decided_in_bounded_steps() -> None:
    steps, rule = [step(move, 1, 365) for move in ("in", "out") for _ in range(500)], Counted()
    assert is_legal(steps, "out", rule)
    assert rule.asked <= most_tries(steps)


def test_too_many_changes_that_no_order_allows_are_decided_in_bounded_steps() -> None:
    steps, rule = [step(move, 1, 365) for move in ("in", "out", "up", "down", "rest") for _ in range(60)], Counted()
    found = blocked([*steps, step("in", 1, 365), step("in", 1, 365)], "out", rule)
    assert found
    assert not found.is_certain
    assert rule.asked <= most_tries(steps)


def test_beyond_the_bound_every_standing_that_was_met_is_possible_until_the_cluster_is_over() -> None:
    steps = [step("in", 1, 9), step("up", 1, 9), step("down", 1, 9), step("out", 1, 9)]
    found = stretches(steps, "out", Counted(), same, bound=0)
    assert [(s.since, s.until, set(s.states)) for s in found] == [(1, 9, {"out", "in", "up"}), (9, MAX, {"out"})]


def test_beyond_the_bound_the_natural_order_is_read_where_it_is_legal() -> None:
    steps = [step("in", 1, 9), step("up", 2, 9), step("down", 3, 9), step("up", 4, 9)]
    assert legal_order(steps[::-1], "out", Counted(), bound=0) == [3, 2, 1, 0]
    assert [set(s.states) for s in stretches(steps, "out", Counted(), same, bound=0)][-1] == {"up"}


def test_what_stands_against_every_order_is_told_with_the_state_that_it_meets() -> None:
    found = blocked([step("in", 5, 5), step("up", 1, 4), step("down", 6, 6)], "out", Counted())
    assert found
    assert (found.step, found.state, found.is_certain) == (1, "out", True)


def test_a_legal_order_keeps_the_bounds() -> None:
    steps = tangled(1, 60, 9)
    order = legal_order(steps, "out", Counted())
    assert order
    assert Counter(order) == Counter(range(len(steps)))
    day, state = 0, "out"
    for i in order:
        day, state = max(day, steps[i].earliest), Counted()(state, steps[i]) or "refused"
        assert day <= steps[i].latest
    assert state != "refused"


def test_a_state_tells_which_steps_may_have_begun_it() -> None:
    steps = [step("in", 1, 1), step("up", 3, 6), step("rest", 4, 4), step("down", 5, 8)]
    found = {s.since: s.states for s in stretches(steps, "out", Counted(), same)}
    assert found[8] == {"in": frozenset({3})}
    assert found[5] == {"in": frozenset({0, 3}), "up": frozenset({1})}


def test_what_comes_after_all_others_costs_one_step() -> None:
    before = stretches([step("in", 1, 1), step("up", 3, 3)], "out", Counted(), same)
    rule = Counted()
    found = followed_by(before, 2, step("down", 5, 7), rule, same)
    assert rule.asked == 1
    assert [(s.since, s.until, s.states) for s in found[-2:]] == [
        (5, 7, {"up": frozenset({1}), "in": frozenset({2})}),
        (7, MAX, {"in": frozenset({2})}),
    ]
