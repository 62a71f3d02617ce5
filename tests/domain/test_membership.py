"""What may happen to an organisation in a coalition, state by state, and what is refused."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from domain.dates import parse
from domain.entry import Refused
from domain.membership import Membership, in_legal_order, is_possible, may_follow
from domain.membership_entries import BY_EVENT, Joined
from domain.membership_periods import steps
from domain.membership_rules import MAY_FOLLOW, OF_APPEALS, OF_DELEGATES, OF_DUES, OUTSIDE, read
from tests.scenario import (
    COALITION,
    Happened,
    Scenario,
    decide,
    given,
    happened,
    membership,
    possible_on,
    recorded_in_any_case,
    told,
)

JOINED = happened("2011-06-20", "joined")
OBSERVER = happened("2011", "observer_admitted")
ASSOCIATE = happened("2012", "role_changed", role="associate")
SUSPENDED = happened("2012-04-05", "suspended", scope=("all",))
MISSED = happened("2013", "renewal_missed")
NOTICE = happened("2014-06-01", "withdrawal_notified", effective="2014-12-31")
WITHDREW = happened("2015", "withdrew")
APPLIED = happened("2010", "applied")

OUT = ("withdrew", "lapsed", "expelled")
WHILE_SUSPENDED = (
    "scope_changed", "suspension_confirmed", "suspension_expired", "reinstatement_requested", "reinstated", "renewed",
)  # fmt: skip
STATES: dict[str, tuple[tuple[Happened, ...], tuple[str, ...]]] = {
    "none": ((), ("applied", "observer_admitted", "joined")),
    "applicant": ((APPLIED,), ("application_withdrawn", "application_rejected", "observer_admitted", "joined")),
    "applicant, former": (
        (JOINED, WITHDREW, happened("2016", "applied")),
        ("application_withdrawn", "application_rejected", "readmitted"),
    ),
    "observer": ((OBSERVER,), ("role_changed", "withdrawal_notified", *OUT, "renewed")),
    "associate": ((OBSERVER, ASSOCIATE), ("role_changed", "withdrawal_notified", *OUT, "renewed", "suspended")),
    "member, good": (
        (JOINED,),
        ("role_changed", "suspended", "renewed", "renewal_missed", "withdrawal_notified", *OUT),
    ),
    "member, in_arrears": ((JOINED, MISSED), ("renewed", "suspended", *OUT)),
    "member, suspended": ((JOINED, SUSPENDED), (*WHILE_SUSPENDED, "withdrawal_notified", *OUT)),
    "associate, suspended": (
        (OBSERVER, ASSOCIATE, happened("2013", "suspended")),
        (*WHILE_SUSPENDED, "withdrawal_notified", *OUT),
    ),
    "member, leaving": (
        (JOINED, happened("2014", "withdrawal_notified")),
        ("withdrawal_revoked", "withdrew", "expelled", "suspended"),
    ),
    "associate, leaving": (
        (OBSERVER, ASSOCIATE, happened("2014", "withdrawal_notified")),
        ("withdrawal_revoked", "withdrew", "expelled", "suspended"),
    ),
    "observer, leaving": (
        (OBSERVER, happened("2014", "withdrawal_notified")),
        ("withdrawal_revoked", "withdrew", "expelled"),
    ),
    "former": ((JOINED, WITHDREW), ("applied", "readmitted")),
    "former, suspended": (
        (JOINED, SUSPENDED, NOTICE),
        ("applied", "readmitted", "reinstated", "suspension_expired"),
    ),
    "merged": ((JOINED, happened("2015", "organisation_merged")), ()),
    "dissolved": ((JOINED, happened("2015", "organisation_dissolved")), ()),
}
FIELDS: dict[str, dict[str, Any]] = {
    "decision_appealed": {"of": 1},
    "appeal_decided": {"of": 1, "result": "upheld"},
    "delegate_replaced": {"of": 1},
    "role_changed": {"role": "observer"},
    "readmitted": {"role": "member"},
    "scope_changed": {"scope": ("vote",)},
    "dues_paid": {"amount": "50.00", "currency": "EUR", "period": parse("2012")},
    "dues_waived": {"period": parse("2012")},
}
ENDS = ("organisation_merged", "organisation_dissolved")


def new_fields(state: str, event: str) -> dict[str, Any]:
    return {"role": "member"} if event == "role_changed" and state == "observer" else dict(FIELDS.get(event, {}))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    "event", [event for event in BY_EVENT if event not in (*ENDS, *OF_APPEALS, *OF_DELEGATES, *OF_DUES)]
)
def test_the_table_of_states_allows_what_it_lists_and_refuses_everything_else(state: str, event: str) -> None:
    happenings, allowed = STATES[state]
    before = given(*happenings)
    assert possible_on(before.before, "2019-12-31") == {state}
    scenario = before.when("2020-01-01", event, **new_fields(state, event))
    if event in allowed:
        assert is_possible(scenario.after.changes)
        return
    refused = scenario.refuses(scenario_code(scenario), event=event, on="2020-01-01", state=state)
    assert set(refused.details["allowed"]) == set(allowed)
    assert refused.details["since"] == since(state, happenings)


def scenario_code(scenario: Scenario) -> str:
    assert scenario.new
    with pytest.raises(Refused) as refused:
        decide(scenario.before, scenario.new)
    return refused.value.code


def since(state: str, happenings: tuple[Happened, ...]) -> str:
    if state == "former, suspended":
        return "2014-12-31"
    return happenings[-1].on if happenings else ""


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", OF_APPEALS)
def test_no_state_allows_an_appeal_where_nothing_was_decided_against_it(state: str, event: str) -> None:
    code = "membership.nothing_to_appeal" if event == "decision_appealed" else "membership.no_appeal"
    given(*STATES[state][0]).when("2020-01-01", event, **FIELDS[event]).refuses(code, state=state)


@pytest.mark.parametrize("state", STATES)
def test_who_is_in_or_wants_to_be_has_a_delegate(state: str) -> None:
    scenario = given(*STATES[state][0]).when("2020-01-01", "delegate_appointed", person="Ada")
    codes = {
        "none": "membership.not_in",
        "former": "membership.already_out",
        "former, suspended": "membership.already_out",
    }
    codes |= {"merged": "membership.gone", "dissolved": "membership.gone"}
    if state in codes:
        scenario.refuses(codes[state], state=state)
    else:
        scenario.then("2020-01-01", state)


@pytest.mark.parametrize("event", ENDS)
@pytest.mark.parametrize("state", [state for state in STATES if state not in ("merged", "dissolved")])
def test_an_organisation_can_end_in_every_state(state: str, event: str) -> None:
    gone = event.removeprefix("organisation_")
    given(*STATES[state][0]).when("2020-01-01", event).then("2020-01-01", "dissolved" if gone == "dissolved" else gone)


def test_the_end_of_an_organisation_comes_once() -> None:
    given(*STATES["merged"][0]).when("2020", "organisation_dissolved").refuses("membership.gone", state="merged")


@pytest.mark.parametrize(
    ("state", "event", "code"),
    [
        ("member, good", "reinstated", "membership.not_suspended"),
        ("observer", "suspended", "membership.cannot_be_suspended"),
        ("applicant", "suspended", "membership.not_in"),
        ("former", "suspended", "membership.already_out"),
        ("member, suspended", "suspended", "membership.already_suspended"),
        ("former", "renewed", "membership.already_out"),
        ("member, good", "joined", "membership.already_in"),
        ("former", "joined", "membership.was_in_before"),
        ("none", "readmitted", "membership.never_in"),
        ("former", "withdrew", "membership.already_out"),
        ("former", "expelled", "membership.already_out"),
        ("merged", "renewed", "membership.gone"),
        ("dissolved", "applied", "membership.gone"),
        ("applicant", "applied", "membership.already_applied"),
        ("member, good", "application_withdrawn", "membership.not_applied"),
        ("member, leaving", "lapsed", "membership.not_now"),
    ],
)
def test_each_refusal_has_its_code(state: str, event: str, code: str) -> None:
    given(*STATES[state][0]).when("2020-01-01", event, **new_fields(state, event)).refuses(code, state=state)


def test_an_end_before_its_beginning_is_refused() -> None:
    given(JOINED).when("2010-01-01", "withdrew").refuses("membership.end_before_beginning", state="none", since="")


@pytest.mark.parametrize(
    ("event", "field"), [("renewed", "until"), ("withdrawal_notified", "effective"), ("suspended", "review_by")]
)
def test_a_term_that_ends_before_it_begins_is_refused(event: str, field: str) -> None:
    given(JOINED).when("2014-03-01", event, **{field: "2014-02"}).refuses(
        "membership.ends_before", end="2014-02", field=field, event=event, on="2014-03-01",
        state="member, good", since="2011-06-20", allowed=MAY_FOLLOW["member, good"],
    )  # fmt: skip


def test_a_role_is_not_changed_to_the_same() -> None:
    given(JOINED).when("2012", "role_changed", role="member").refuses("membership.same_role")


def test_a_scope_is_a_set_and_not_changed_to_the_same() -> None:
    before = given(JOINED, happened("2012", "suspended", scope=("office", "vote")))
    before.when("2013", "scope_changed", scope=("vote", "office", "vote")).refuses("membership.same_scope")


def test_all_covers_every_right() -> None:
    given(JOINED, SUSPENDED).when("2013", "scope_changed", scope=("all", "vote")).refuses("membership.same_scope")


def test_a_suspension_from_nothing_is_refused() -> None:
    given(JOINED).when("2013", "suspended", scope=()).refuses("membership.scope_missing")


@pytest.mark.parametrize("back", ["reinstated", "suspension_expired"])
def test_after_a_suspension_the_standing_before_it_comes_back(back: str) -> None:
    given(JOINED, MISSED, happened("2014", "suspended")).when("2015-01-01", back).then(
        "2015-01-01", "member, in_arrears"
    )


def test_a_renewal_under_suspension_clears_the_arrears() -> None:
    before = given(JOINED, MISSED, happened("2014", "suspended"), happened("2015", "renewed"))
    before.then("2016-01-01", "member, suspended").when("2017-01-01", "reinstated").then("2017-01-01", "member, good")


def test_a_notice_takes_effect_when_its_day_has_passed() -> None:
    given(JOINED, NOTICE).then("2014-05-31", "member, good").then("2014-12-31", "member, leaving").then(
        "2015-01-01", "former"
    )


def test_a_notice_with_an_imprecise_day_possibly_takes_effect() -> None:
    before = given(JOINED, happened("2014-06-01", "withdrawal_notified", effective="2014-12"))
    before.then("2014-12-01", "member, leaving").then("2014-12-20", "member, leaving", "former")
    before.then("2015-01-01", "former")


def test_who_withdraws_on_the_effective_day_itself_is_former_that_day() -> None:
    given(JOINED, NOTICE).when("2014-12-31", "withdrew").then("2014-12-31", "former")


def test_a_notice_taken_back_has_no_effect() -> None:
    given(JOINED, NOTICE).when("2014-12-31", "withdrawal_revoked").then("2015-06-01", "member, good")


def test_a_notice_cannot_be_taken_back_once_it_took_effect() -> None:
    given(JOINED, NOTICE).when("2015-02-01", "withdrawal_revoked").refuses(
        "membership.already_out", state="former", since="2014-12-31"
    )


def test_a_second_notice_counts_after_the_first_was_taken_back() -> None:
    before = given(JOINED, NOTICE, happened("2014-08-01", "withdrawal_revoked"))
    before.when("2014-09-01", "withdrawal_notified", effective="2015-06-30").then("2015-06-30", "member, leaving").then(
        "2015-07-01", "former"
    )


def test_a_notice_twice_is_refused() -> None:
    given(JOINED, NOTICE).when("2014-09-01", "withdrawal_notified").refuses(
        "membership.not_now", state="member, leaving"
    )


def test_a_suspension_goes_on_under_notice_and_ends_with_it() -> None:
    before = given(JOINED, SUSPENDED, NOTICE)
    before.then("2014-12-31", "member, suspended").then("2015-01-01", "former, suspended")


@pytest.mark.parametrize("back", ["reinstated", "suspension_expired"])
def test_who_comes_back_from_suspension_after_a_notice_took_effect_is_former(back: str) -> None:
    given(JOINED, SUSPENDED, NOTICE).when("2015-02-01", back).then("2015-02-01", "former")


def test_revoking_the_notice_of_a_suspended_member_leaves_it_suspended() -> None:
    given(JOINED, SUSPENDED, NOTICE).when("2014-08-01", "withdrawal_revoked").then("2015-02-01", "member, suspended")


def test_a_member_suspended_while_leaving_is_leaving_again_when_reinstated() -> None:
    before = given(JOINED, NOTICE, happened("2014-07-01", "suspended"))
    before.when("2014-09-01", "reinstated").then("2014-09-01", "member, leaving").then("2015-01-01", "former")


@pytest.mark.parametrize("event", ["application_rejected", "application_withdrawn"])
def test_a_failed_application_leads_back_to_the_state_before_it(event: str) -> None:
    given(APPLIED).when("2011-01-01", event).then("2011-01-01", "none")
    given(JOINED, WITHDREW, happened("2016", "applied")).when("2017-01-01", event).then("2017-01-01", "former")
    given(JOINED, SUSPENDED, NOTICE, happened("2016", "applied")).when("2017-01-01", event).then(
        "2017-01-01", "former, suspended"
    )


def test_a_gap_stays_visible() -> None:
    before = given(JOINED, WITHDREW).when("2018-03-01", "readmitted")
    before.then("2014-01-01", "member, good").then("2016-01-01", "former").then("2018-03-01", "member, good")


def test_a_back_dated_change_is_ordered_by_when_it_took_effect() -> None:
    before = given(JOINED, happened("2015-01-01", "suspended"), happened("2016-01-01", "reinstated"))
    before.when("2013-05-05", "role_changed", role="associate").then("2015-06-01", "associate, suspended")


def test_a_change_that_makes_a_later_one_illegal_is_refused_and_says_which() -> None:
    given(JOINED, SUSPENDED).when("2012-01-01", "withdrew").refuses(
        "membership.later_change_illegal",
        event="withdrew",
        on="2012-01-01",
        later="suspended",
        later_on="2012-04-05",
        state="former",
        since="2012-01-01",
        allowed=("applied", "readmitted"),
    )


def test_a_change_is_refused_only_if_no_possible_order_allows_it() -> None:
    """The suspension fell somewhere in 2017, the return on 1 March: the suspension can have come first."""
    before = given(JOINED, happened("2017", "suspended"))
    before.when("2017-03-01", "reinstated").then("2017-02-01", "member, good", "member, suspended").then(
        "2017-03-01", "member, good"
    )
    before.when("2016", "reinstated").refuses("membership.not_suspended", state="member, good")


def test_a_merger_in_an_unknown_month_leaves_the_year_open() -> None:
    given(JOINED).when("2015", "organisation_merged").then("2015-06-01", "member, good", "merged").then(
        "2015-12-31", "merged"
    )


def test_an_announcement_without_an_end_must_still_be_possible() -> None:
    before = given(JOINED)
    before.when("2050-01-01/..", "joined").refuses("membership.already_in")
    before.when("2050-01-01/..", "withdrew").then("2051-01-01", "member, good", "former")


def test_an_unknown_start_reaches_back_to_the_beginning_of_days() -> None:
    given(happened("../2014-12-03", "joined")).then("1900-01-01", "none", "member, good").then(
        "2014-12-03", "member, good"
    )


def test_nobody_is_in_before_the_preparation_or_after_the_end_of_the_coalition() -> None:
    before = given(opens=parse("2011-06-20"), closes=parse("2020-05"))
    nothing = {"allowed": ()}
    before.when("2011-05", "joined").refuses(
        "membership.before_coalition", opens="2011-06-20", on="2011-05", state="none", since="2011-06-20", **nothing
    )
    before.when("2020-06-01", "joined").refuses("membership.after_coalition", state="none", since="2020-05", **nothing)
    inside = given(JOINED, closes=parse("2020-05"))
    inside.when("2020-06-01", "withdrew").refuses(
        "membership.after_coalition", event="withdrew", closes="2020-05", state="member, good", since="2020-05"
    )
    before.when("2011", "joined").then("2012-01-01", "member, good")


def test_an_organisation_may_end_after_its_coalition() -> None:
    given(JOINED, closes=parse("2020-05")).when("2022", "organisation_dissolved").then("2022-12-31", "dissolved")


def test_who_never_had_to_do_with_it_is_out_since_the_coalition_began() -> None:
    new = given(opens=parse("2011-06-20"))
    told = {"state": "none", "since": "2011-06-20", "allowed": MAY_FOLLOW["none"], "on": "2012"}
    new.when("2012", "readmitted").refuses("membership.never_in", event="readmitted", **told)
    new.when("2012", "suspended").refuses("membership.not_in", event="suspended", **told)
    given(JOINED, opens=parse("2011")).when("2011-06-01", "withdrew").refuses(
        "membership.end_before_beginning", state="none", since="2011"
    )
    given(opens=parse("2011")).when("2012", "suspended", scope=()).refuses(
        "membership.scope_missing", state="none", since="2011"
    )


def test_a_coalition_is_not_a_member_of_itself() -> None:
    id = Membership.id_of(COALITION, COALITION)
    own = Membership(id=id, coalition_id=COALITION, organisation_id=COALITION, opens=parse("2011"))
    told = {"event": "joined", "on": "2012", "state": "none", "since": "2011", "allowed": ()}
    Scenario(own).when("2012", "joined").refuses("membership.of_itself", **told)


def test_an_alternative_account_never_drives_the_state() -> None:
    before = given(JOINED).when("2010-01-01", "joined", variant="alternative")
    before.then("2010-06-01", "none").then("2011-06-20", "member, good")


def test_correcting_the_beginning_may_not_leave_what_followed_without_it() -> None:
    before = given(JOINED, SUSPENDED).before
    right = before.next(Joined, told("2013"), coalition_id=COALITION, organisation_id=UUID(int=2))
    with pytest.raises(Refused) as refused:
        before.correct(told("2020"), 1, right, "wrong")
    assert refused.value.code == "membership.later_change_illegal"
    assert (refused.value.details["later"], refused.value.details["later_on"]) == ("suspended", "2012-04-05")


def test_striking_the_beginning_names_what_would_hang_in_the_air() -> None:
    with pytest.raises(Refused) as refused:
        given(JOINED, SUSPENDED).before.strike(told("2020"), 1, "wrong")
    assert refused.value.code == "entry.later_illegal"
    assert refused.value.details["event"] == "suspended"
    assert (refused.value.details["state"], refused.value.details["on"]) == ("none", "2012-04-05")


def test_a_corrected_beginning_moves_the_period() -> None:
    before = given(JOINED, SUSPENDED).before
    right = before.next(Joined, told("2010-01-01"), coalition_id=COALITION, organisation_id=UUID(int=2))
    after = before.after(*before.correct(told("2020"), 1, right, "wrong"))
    assert possible_on(after, "2010-06-01") == {"member, good"}


def tightened() -> Membership:
    """A suspension of an observer, as an older rule may have allowed it."""
    before = given(OBSERVER).before
    return recorded_in_any_case(before, "2012-01-01", "suspended")


def test_a_history_that_a_tightened_rule_forbids_is_read_in_its_natural_order() -> None:
    assert not is_possible(tightened().changes)
    assert possible_on(tightened(), "2013-01-01") == {"observer, suspended"}
    assert [c.stored_name() for c in in_legal_order(tightened().changes)] == [
        "membership.observer_admitted",
        "membership.suspended",
    ]


def test_a_history_that_a_tightened_rule_forbids_can_go_on() -> None:
    after = Scenario(tightened()).when("2014-01-01", "reinstated").then("2014-01-01", "observer").after
    after = after.after(after.strike(told("2020"), 3, "wrong"))
    after = after.after(after.strike(told("2020"), 2, "wrong"))
    assert is_possible(after.changes)


def test_a_history_that_a_tightened_rule_forbids_does_not_grow_worse() -> None:
    Scenario(tightened()).when("2014-01-01", "joined").refuses("membership.already_in", state="observer, suspended")
    Scenario(tightened().after(decide(tightened(), happened("2014-01-01", "reinstated")))).when(
        "2013-01-01", "withdrew"
    ).refuses("membership.later_change_illegal", later="reinstated", state="former")


def test_every_standing_that_a_forbidden_history_can_be_read_to_has_its_rules() -> None:
    met, todo = {OUTSIDE}, [OUTSIDE]
    walk = [steps([c])[0] for c in every_change()]
    while todo:
        standing = todo.pop()
        for step in walk:
            after = read(standing, step)
            if after not in met:
                met.add(after)
                todo.append(after)
    assert len(met) > 20
    assert all(set(may_follow(standing)) <= set(BY_EVENT) for standing in met)


def every_change() -> list[Any]:
    history = membership()
    for event in BY_EVENT:
        fields = new_fields("", event) | ({"successor_id": UUID(int=4)} if event == "organisation_merged" else {})
        history = recorded_in_any_case(history, "2011", event, **fields)
    return [*history.changes, *recorded_in_any_case(history, "2011", "role_changed", role="associate").changes[-1:]]
