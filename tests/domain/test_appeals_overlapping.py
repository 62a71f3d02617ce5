"""Several decisions under appeal, and what happened between them: one that has no effect leaves no trace."""

from __future__ import annotations

from itertools import product

import pytest

from domain.membership_periods import periods
from domain.standing import Standing
from tests.domain.test_appeals import EXPELLED, JOINED, SUSPENDED, appeal, decision
from tests.scenario import Happened, given, happened

NEXT = 3  # the version of the decision after that
NOTICE = happened("2011-12-01", "withdrawal_notified", effective="2012-12-01")
APPLIED = happened("2012-02-01", "applied")
REJECTED = happened("2012-02-10", "application_rejected")
MISSED = happened("2012-05-01", "renewal_missed")
TO_OBSERVER = happened("2012-01-01", "role_changed", role="observer")


def stands(standing: str, *happenings: Happened, day: str = "2013-01-01") -> None:
    given(*happenings).then(day, standing)


TWO_DECISIONS = [
    (SUSPENDED, happened("2012-02-01", "expelled"), ("former", "former", "member, suspended", "member, good")),
    (SUSPENDED, happened("2012-02-01", "lapsed"), ("former", "former", "member, suspended", "member, good")),
    (TO_OBSERVER, happened("2012-02-01", "expelled"), ("former", "former", "observer", "member, good")),
    (
        SUSPENDED,
        happened("2012-02-01", "scope_changed", scope=("office",)),
        ("member, suspended", "member, good", "member, suspended", "member, good"),
    ),
]
RESULTS = [("upheld", "upheld"), ("overturned", "upheld"), ("upheld", "overturned"), ("overturned", "overturned")]


@pytest.mark.parametrize(("first", "second", "standings"), TWO_DECISIONS)
@pytest.mark.parametrize("is_first_decided_first", [True, False])
@pytest.mark.parametrize("stays", [*product([True, False], repeat=2)])
def test_in_whichever_order_two_appeals_are_decided_only_what_was_upheld_has_effect(
    first: Happened,
    second: Happened,
    standings: tuple[str, ...],
    is_first_decided_first: bool,
    stays: tuple[bool, bool],
) -> None:
    appeals = (appeal("2012-03-01", stays[0]), appeal("2012-03-02", stays[1], of=NEXT))
    days = ("2012-08-01", "2012-09-01") if is_first_decided_first else ("2012-09-01", "2012-08-01")
    for results, standing in zip(RESULTS, standings, strict=True):
        both = (decision(results[0], days[0]), decision(results[1], days[1], of=NEXT))
        decided = both if is_first_decided_first else both[::-1]
        stands(standing, JOINED, first, second, *appeals, *decided)


def test_while_one_appeal_waits_the_other_is_decided_without_it() -> None:
    it = (JOINED, SUSPENDED, happened("2012-02-01", "expelled"), appeal(of=NEXT), appeal("2012-03-02"))
    stands("member, good", *it)
    stands("member, suspended", *it, decision("upheld"))
    stands("former", *it, decision("upheld", of=NEXT))
    stands("former", *it, decision("overturned"), decision("upheld", "2012-10-01", of=NEXT))


def test_two_suspensions_of_which_the_first_was_stayed_end_with_the_last_that_has_effect() -> None:
    again = happened("2012-04-01", "suspended", scope=("office",))
    it = (JOINED, SUSPENDED, appeal(), again, appeal("2012-05-01", stays=False, of=4))
    stands("member, suspended", *it, decision("overturned"))
    stands("member, suspended", *it, decision("overturned", of=4), decision("upheld", "2012-10-01"))
    stands("member, good", *it, decision("overturned", of=4), decision("overturned", "2012-10-01"))
    stands("member, good", *it, decision("upheld"), happened("2012-10-01", "reinstated"))


# An application


def test_an_application_waits_again_when_the_expulsion_before_it_is_upheld() -> None:
    it = given(JOINED, EXPELLED, APPLIED, appeal(), decision("upheld"))
    it.then("2012-06-01", "member, good").then("2012-10-01", "applicant, former")
    it.when("2012-11-01", "readmitted").then("2013-01-01", "member, good")


@pytest.mark.parametrize("then", [(), (REJECTED,), (happened("2012-02-10", "application_withdrawn"),)])
def test_whoever_never_was_expelled_needed_no_application(then: tuple[Happened, ...]) -> None:
    stands("member, good", JOINED, EXPELLED, APPLIED, *then, appeal(), decision("overturned"))


def test_an_expulsion_and_the_rejection_of_the_application_after_it_are_appealed() -> None:
    it = (JOINED, EXPELLED, APPLIED, REJECTED, appeal(), appeal("2012-03-02", of=4))
    stands("member, good", *it)
    stands("applicant, former", *it, decision("upheld"))
    stands("former", *it, decision("upheld"), decision("upheld", "2012-10-01", of=4))
    stands("applicant, former", *it, decision("overturned", of=4), decision("upheld", "2012-10-01"))


def test_whoever_applied_once_more_applies_once_when_the_rejection_before_it_is_overturned() -> None:
    first = (happened("2011-06-20", "applied"), happened("2012-01-01", "application_rejected"))
    again = (*first, APPLIED, appeal(), decision("overturned"))
    stands("applicant", *again)
    stands("none", *again, happened("2012-10-01", "application_withdrawn"))


def test_whoever_withdrew_while_the_expulsion_was_stayed_applies_no_more() -> None:
    left = happened("2012-05-01", "withdrew")
    stands("former", JOINED, EXPELLED, APPLIED, appeal(), left, decision("upheld"))


# What happened while a decision was stayed


def test_a_suspension_while_an_expulsion_was_stayed_goes_with_it_and_comes_back_with_it() -> None:
    it = (JOINED, EXPELLED, appeal(), happened("2012-05-01", "suspended"), decision("upheld"))
    stands("former", *it)
    stands("member, suspended", *it, appeal("2012-10-01"))


def test_a_notice_while_an_expulsion_was_stayed_ends_a_membership_only_if_there_is_one() -> None:
    notice = happened("2012-05-01", "withdrawal_notified", effective="2012-10-31")
    it = (JOINED, EXPELLED, appeal(), notice, decision("upheld"))
    assert list(periods(given(*it).before.changes)[-1].states) == [Standing("former", was_in=True)]
    stands("member, leaving", *it, appeal("2012-10-01"), day="2012-10-31")
    stands("former", *it, appeal("2012-11-20"))
    stands("member, good", *it, happened("2012-10-01", "readmitted"), appeal("2012-11-20"))


def test_a_lapse_and_a_suspension_under_notice_leave_the_notice() -> None:
    lapsed = happened("2012-02-01", "lapsed")
    it = (JOINED, NOTICE, SUSPENDED, lapsed, appeal(of=3), appeal("2012-03-02", of=4))
    overturned = (decision("overturned", of=3), decision("overturned", "2012-09-02", of=4))
    for decisions in (overturned, overturned[::-1]):
        stands("member, leaving", *it, *decisions, day="2012-11-01")
        stands("former", *it, *decisions)
    upheld = (decision("upheld", of=3), decision("overturned", "2012-09-02", of=4))
    stands("member, suspended", *it, *upheld, day="2012-11-01")
    stands("former, suspended", *it, *upheld)
    stands("former", *it, *upheld, happened("2012-12-24", "reinstated"))


@pytest.mark.parametrize(("role", "standing"), [("associate", "associate, suspended"), ("observer", "observer")])
def test_a_role_changed_while_a_suspension_was_stayed_holds_and_an_observer_is_not_suspended(
    role: str, standing: str
) -> None:
    it = (JOINED, SUSPENDED, appeal(), happened("2012-05-01", "role_changed", role=role), decision("upheld"))
    stands(standing, *it)
    given(*it).then("2012-02-01", "member, suspended").then("2012-06-01", role)


def test_what_only_a_member_meets_does_not_meet_who_became_an_observer() -> None:
    suspended = happened("2012-05-01", "suspended")
    for new, standing in ((suspended, "member, suspended"), (MISSED, "member, in_arrears")):
        it = (JOINED, TO_OBSERVER, appeal(), new)
        stands("observer", *it, decision("upheld"))
        stands(standing, *it, decision("overturned"))
        again = happened("2012-10-01", "role_changed", role="member")
        stands("member, good", *it, decision("upheld"), again)


def test_a_renewal_missed_while_a_suspension_was_stayed_is_missed() -> None:
    it = (JOINED, SUSPENDED, appeal(), MISSED, decision("upheld"))
    stands("member, suspended", *it)
    stands("member, in_arrears", *it, happened("2012-10-01", "reinstated"))


def test_arrears_are_those_of_a_member_whichever_role_change_holds() -> None:
    to_associate = happened("2012-01-01", "role_changed", role="associate")
    stands("associate", JOINED, to_associate, appeal(), MISSED, decision("upheld"))


# What need not be remembered


def test_whoever_was_let_in_again_stands_the_same_whatever_becomes_of_the_decisions_before() -> None:
    again = happened("2012-03-03", "readmitted")
    it = given(
        JOINED,
        SUSPENDED,
        happened("2012-02-01", "expelled"),
        appeal(),
        appeal("2012-03-02", of=NEXT, stays=False),
        again,
    )
    (last,) = periods(it.before.changes)[-1].states
    assert (last.label, last.told) == ("member, good", None)


def test_the_order_of_two_appeals_makes_no_difference() -> None:
    it = given(JOINED, SUSPENDED, happened("2012-02-01", "expelled"), appeal("2012-03"), appeal("2012-03", of=NEXT))
    assert len(periods(it.before.changes)[-1].states) == 1
