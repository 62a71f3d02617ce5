"""Dues that are paid and waived: who may, how much, and that nobody stands otherwise for it."""

from __future__ import annotations

import pytest

from domain.dates import parse
from domain.entry import Refused
from domain.membership_entries import DuesWaived
from tests.domain.test_membership import STATES
from tests.scenario import Happened, Scenario, decide, given, happened, told

NEVER_IN = {"none": "membership.not_in", "applicant": "membership.not_in"}
GONE = {"merged": "membership.gone", "dissolved": "membership.gone"}
JOINED = happened("2011-06-20", "joined")


def paid(amount: str = "50.00", currency: str = "EUR", period: str = "2012", **fields: str) -> Happened:
    return happened("2020-01-01", "dues_paid", amount=amount, currency=currency, period=period, **fields)


def waived(period: str = "2012", on: str = "2020-01-01") -> Happened:
    return happened(on, "dues_waived", period=period)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("what", [paid(), waived()], ids=["paid", "waived"])
def test_dues_are_those_of_who_is_in_or_was_and_change_no_standing(state: str, what: Happened) -> None:
    scenario = Scenario(given(*STATES[state][0]).before, what)
    codes = NEVER_IN | GONE
    if state in codes:
        scenario.refuses(codes[state], event=what.event, on="2020-01-01", state=state)
    else:
        scenario.then("2019-12-31", state).then("2020-01-01", state).then("2020-01-02", state)


@pytest.mark.parametrize("amount", ["50", "50.5", "0.01", "50.00", "0", "999999999999.99"])
def test_an_amount_is_kept_as_it_was_typed(amount: str) -> None:
    assert getattr(given(JOINED, paid(amount)).before.entries[-1], "amount", None) == amount


@pytest.mark.parametrize("amount", ["", "-5", "+5", "5,00", "1.000", "1 000", "5.", ".5", "fifty", "5e3", "٥", "5\n"])
@pytest.mark.parametrize("variant", ["preferred", "alternative"])
def test_what_is_no_amount_is_refused_whoever_tells_it(amount: str, variant: str) -> None:
    Scenario(given(JOINED).before, paid(amount, variant=variant)).refuses("dues.amount_unreadable", field="amount")


@pytest.mark.parametrize("currency", ["", "€", "eur", "EURO", "EU", "EUR\n"])
def test_what_is_no_code_of_a_currency_is_refused(currency: str) -> None:
    Scenario(given(JOINED).before, paid("5", currency)).refuses("dues.currency_unknown", field="currency")


def test_dues_of_one_period_are_paid_in_instalments() -> None:
    given(JOINED, paid("20"), paid("30"), waived()).then("2020-01-02", "member, good")


def test_the_dues_of_one_period_are_waived_once() -> None:
    it = given(JOINED, waived(), waived("2013"), waived("2012/2013"))
    for same in ("2012", "2012-01/2012-12"):
        Scenario(it.before, waived(same, "2021")).refuses(
            "membership.waived_twice", event="dues_waived", on="2021", field="period"
        )


def test_a_waiver_that_was_corrected_does_not_come_back_beside_another_of_its_period() -> None:
    it = given(JOINED, waived()).before
    right = it.change(DuesWaived, told("2020"), period=parse("2013"))
    it = it.after(*it.correct(told("2020"), 2, right, "wrong"))
    both = it.after(decide(it, waived()))
    with pytest.raises(Refused) as no:
        both.strike(told("2020"), 4, "wrong")
    assert (no.value.code, no.value.details["event"]) == ("entry.later_illegal", "dues_waived")
