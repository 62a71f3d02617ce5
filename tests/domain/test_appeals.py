"""Decisions that somebody appeals: without effect meanwhile or not, upheld, overturned, and what happened besides."""

from __future__ import annotations

import pytest

from domain.entry import Refused
from domain.membership import is_possible
from domain.membership_entries import BY_EVENT
from tests.scenario import COALITION, ORGANISATION, Happened, Scenario, given, happened, told

JOINED = happened("2011-06-20", "joined")
SUSPENDED = happened("2012-01-01", "suspended", scope=("vote",))
EXPELLED = happened("2012-01-01", "expelled")
DECISION = 2  # the version of the decision after who joined


def appeal(on: str = "2012-03-01", stays: bool = True, of: int = DECISION) -> Happened:
    return happened(on, "decision_appealed", of=of, stays_effect=stays)


def decision(result: str, on: str = "2012-09-01", of: int = DECISION) -> Happened:
    return happened(on, "appeal_decided", of=of, result=result)


def through(it: Scenario, *standings: str) -> None:
    """Before the appeal, while it waits, and afterwards."""
    for day, standing in zip(("2012-02-01", "2012-06-01", "2013-01-01"), standings, strict=True):
        it.then(day, standing)


@pytest.mark.parametrize(
    ("decided", "before", "having"),
    [
        (SUSPENDED, "member, good", "member, suspended"),
        (EXPELLED, "member, good", "former"),
        (happened("2012-01-01", "lapsed"), "member, good", "former"),
        (happened("2012-01-01", "role_changed", role="observer"), "member, good", "observer"),
    ],
)
def test_a_decision_that_an_appeal_stays_has_no_effect_until_the_appeal_is_decided(
    decided: Happened, before: str, having: str
) -> None:
    through(given(JOINED, decided, appeal(), decision("upheld")), having, before, having)
    through(given(JOINED, decided, appeal(), decision("partly")), having, before, having)
    through(given(JOINED, decided, appeal(), decision("overturned")), having, before, before)


@pytest.mark.parametrize(
    ("decided", "before", "having"),
    [(SUSPENDED, "member, good", "member, suspended"), (EXPELLED, "member, good", "former")],
)
def test_a_decision_that_no_appeal_stays_has_its_effect_until_it_is_overturned(
    decided: Happened, before: str, having: str
) -> None:
    through(given(JOINED, decided, appeal(stays=False), decision("upheld")), having, having, having)
    through(given(JOINED, decided, appeal(stays=False), decision("overturned")), having, having, before)


def test_a_rejected_applicant_is_an_applicant_again() -> None:
    rejected = (happened("2011", "applied"), happened("2012-01-01", "application_rejected"))
    through(given(*rejected, appeal(), decision("upheld")), "none", "applicant", "none")
    in_the_end = given(*rejected, appeal(), decision("overturned"), happened("2013-06-01", "joined"))
    in_the_end.then("2014-01-01", "member, good")


def test_what_was_changed_meanwhile_keeps_its_meaning() -> None:
    meanwhile = happened("2012-05-01", "role_changed", role="observer")
    through(given(JOINED, EXPELLED, appeal(), meanwhile, decision("overturned")), "former", "observer", "observer")
    missed = happened("2011-12-01", "renewal_missed")
    given(JOINED, missed, happened("2012-01-01", "suspended"), appeal(of=3)).then("2012-06-01", "member, in_arrears")


def test_who_was_let_in_again_meanwhile_stays_what_it_became() -> None:
    again = happened("2012-02-02", "readmitted", role="observer")
    through(given(JOINED, EXPELLED, again, appeal(), decision("overturned")), "former", "observer", "observer")


def test_who_was_reinstated_meanwhile_stays_so_however_the_appeal_is_decided() -> None:
    back = happened("2012-02-02", "reinstated")
    through(
        given(JOINED, SUSPENDED, back, appeal(), decision("upheld")),
        "member, suspended",
        "member, good",
        "member, good",
    )


def test_who_withdrew_meanwhile_is_out_however_the_appeal_is_decided() -> None:
    left = happened("2012-05-01", "withdrew")
    through(given(JOINED, EXPELLED, appeal(), left, decision("upheld")), "former", "former", "former")
    through(given(JOINED, EXPELLED, appeal(), left, decision("overturned")), "former", "former", "former")


def test_a_notice_that_took_effect_meanwhile_has_taken_effect() -> None:
    notice = happened("2011-12-01", "withdrawal_notified", effective="2012-02-15")
    through(given(JOINED, notice, EXPELLED, appeal(of=3), decision("overturned", of=3)), "former", "former", "former")


def test_the_end_of_an_organisation_ends_its_appeals() -> None:
    given(JOINED, EXPELLED, appeal(), happened("2012-05-01", "organisation_dissolved")).then("2013-01-01", "dissolved")


def test_a_narrower_scope_is_lifted_with_the_suspension_that_was_overturned() -> None:
    narrowed = happened("2012-02-02", "scope_changed", scope=("office",))
    through(
        given(JOINED, SUSPENDED, narrowed, appeal(), decision("overturned")),
        "member, suspended", "member, good", "member, good",
    )  # fmt: skip


def test_a_second_appeal_may_follow_when_the_first_was_decided() -> None:
    it = given(JOINED, EXPELLED, appeal(), decision("upheld", "2012-04-01"), appeal("2012-05-01"))
    through(it, "former", "member, good", "member, good")
    it.when("2012-06-01", "decision_appealed", of=DECISION).refuses("membership.nothing_to_appeal")


def test_only_a_decision_can_be_appealed_and_only_when_it_was_taken() -> None:
    it = given(JOINED, EXPELLED)
    it.when("2013", "decision_appealed", of=1).refuses("membership.nothing_to_appeal", on="2013")
    it.when("2013", "decision_appealed", of=9).refuses("membership.nothing_to_appeal")
    it.when("2011-07-01", "decision_appealed", of=2).refuses("membership.nothing_to_appeal")


def test_an_appeal_is_decided_once_and_not_before_it_is_made() -> None:
    given(JOINED, EXPELLED).when("2013", "appeal_decided", of=2, result="upheld").refuses("membership.no_appeal")
    it = given(JOINED, EXPELLED, appeal())
    it.when("2012-02-01", "appeal_decided", of=2, result="upheld").refuses("membership.no_appeal")
    it.when("2013", "appeal_decided", of=1, result="upheld").refuses("membership.no_appeal")
    decided = given(JOINED, EXPELLED, appeal(), decision("overturned"))
    decided.when("2013", "appeal_decided", of=2, result="upheld").refuses("membership.no_appeal")
    decided.when("2013", "decision_appealed", of=2).refuses("membership.nothing_to_appeal")


def test_an_appeal_speaks_of_the_decision_as_it_was_corrected() -> None:
    it = given(JOINED, EXPELLED, appeal()).after
    right = it.next(BY_EVENT["suspended"], told("2012-01-15"), coalition_id=COALITION, organisation_id=ORGANISATION)
    it = it.after(*it.correct(told("2020"), DECISION, right, "wrong"))
    assert is_possible(it.changes)
    through(Scenario(it), "member, suspended", "member, good", "member, good")


def test_a_decision_under_appeal_is_not_struck_without_the_appeal() -> None:
    it = given(JOINED, EXPELLED, appeal()).before
    with pytest.raises(Refused) as no:
        it.strike(told("2020"), DECISION, "wrong")
    assert (no.value.code, no.value.details["event"]) == ("entry.later_illegal", "decision_appealed")
    assert no.value.details["version"] == 3


def test_an_appeal_of_an_unknown_day_leaves_open_when_it_stayed_the_decision() -> None:
    it = given(JOINED, EXPELLED, appeal("2012-03-01/2012-06-30"))
    it.then("2012-02-01", "former").then("2012-04-01", "former", "member, good").then("2012-07-01", "member, good")


@pytest.mark.parametrize("state", ["joined", "applied"])
def test_a_delegate_changes_no_standing_and_one_may_follow_another(state: str) -> None:
    it = given(happened("2011", state), happened("2012", "delegate_appointed", person="Ada"))
    it.when("2013", "delegate_replaced", of=2).then("2014-01-01", "member, good" if state == "joined" else "applicant")
    it.when("2013", "delegate_replaced", of=1).refuses("membership.no_such_delegate")


def test_who_is_out_appoints_no_delegate() -> None:
    given().when("2012", "delegate_appointed").refuses("membership.not_in", state="none")
    given(JOINED, EXPELLED).when("2013", "delegate_appointed").refuses("membership.already_out", state="former")
