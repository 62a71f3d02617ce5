"""What may be recorded of a campaign, and how it stands then."""

from __future__ import annotations

from typing import Any

import pytest

from domain.accounts import accounts
from domain.campaign import MAY_FOLLOW, STATES, Campaign, confidentiality, partnership
from domain.campaign_entries import CampaignEntry, PromiseUpdated
from domain.confidentiality import LEVELS, narrower
from domain.entry import Refused
from domain.history import holding
from tests.campaign_scenario import (
    KINDS,
    LAUNCHED,
    NAMED,
    PLANNED,
    PROMISED,
    Scenario,
    decide,
    given,
    happened,
    running,
    some,
)
from tests.scenario import told

HOW_TO_REACH: dict[str, tuple[str, ...]] = {
    "planned": ("planned",),
    "active": ("planned", "launched"),
    "paused": ("planned", "launched", "paused"),
    "concluded": ("planned", "launched", "concluded"),
    "cancelled": ("planned", "cancelled"),
}
LIFE = ("launched", "paused", "resumed", "concluded", "cancelled")
ANY_TIME: tuple[tuple[str, dict[str, Any]], ...] = (
    ("retitled", {"title": "Another title"}),
    ("confidentiality_changed", {"confidentiality": "team"}),
    ("goal_set", {"stage": "adoption", "statement": "A law against discrimination"}),
    ("decision_maker_named", {"authority": "Parliament", "influence": "high", "ask": "Vote for it"}),
    ("partner_joined", {"partner": "Chaika", "role": "expert"}),
    ("promise_made", {"authority": "Ministry", "promise": "A working group", "due": "2030"}),
    ("outcome_recorded", {"stage": "agenda", "change": "It is on the agenda", "changed_by": "Ministry"}),
    ("funding_received", {"donor": "Ministry", "amount": "1200.50", "currency": "EUR"}),
    ("evaluated", {"summary": "It was worth it"}),
)


def reaching(state: str) -> Scenario:
    return given(*(happened(f"201{n}", event) for n, event in enumerate(HOW_TO_REACH[state])))


def allowed(state: str) -> set[str]:
    return {name.removeprefix("campaign.") for name in MAY_FOLLOW[state]}


# Its life


@pytest.mark.parametrize("state", STATES)
def test_each_state_is_reached(state: str) -> None:
    reaching(state).then("2019-12-31", state)


@pytest.mark.parametrize(("state", "event"), [(state, event) for state in STATES for event in LIFE])
def test_what_the_table_allows_is_allowed_and_nothing_else(state: str, event: str) -> None:
    scenario = reaching(state).when("2020", event)
    if event in allowed(state):
        assert scenario.recorded.stored_name() == f"campaign.{event}"
    else:
        since = f"201{len(HOW_TO_REACH[state]) - 1}"
        scenario.refuses("campaign.not_now", state=state, since=since, allowed=MAY_FOLLOW[state], on="2020")


def test_a_campaign_goes_its_way() -> None:
    whole = running(happened("2018-01", "paused"), happened("2018-03", "resumed"), happened("2019-06", "concluded"))
    for day, state in (("2017-03-31", "planned"), ("2017-06-01", "active"), ("2018-02-01", "paused")):
        whole.then(day, state)
    whole.then("2018-04-01", "active").then("2019-07-01", "concluded").then("2016-01-01", "none")


def test_on_a_day_within_an_imprecise_date_both_states_are_possible() -> None:
    running().then("2017-05-10", "planned", "active")


def test_a_plan_and_a_launch_of_one_year_are_in_order() -> None:
    given(happened("2017", "planned"), happened("2017", "launched")).then("2018-01-01", "active")


def test_a_campaign_of_which_no_plan_is_known_has_an_unknown_one() -> None:
    given(happened("XXXX", "planned"), LAUNCHED).then("2017-06-01", "active")


def test_a_back_dated_pause_is_ordinary() -> None:
    before = running(happened("2019", "concluded"))
    before.when("2018", "paused").then("2018-12-31", "paused").then("2019-12-31", "concluded")


def test_what_would_make_a_later_change_illegal_is_refused_with_it() -> None:
    before = running(happened("2019", "concluded"))
    no = before.when("2018", "cancelled").refuses(
        "campaign.later_change_illegal", later="campaign.concluded", later_on="2019", on="2018", state="cancelled"
    )
    assert (no.details["event"], no.details["since"], no.details["version"]) == ("campaign.cancelled", "2018", 3)


def test_an_end_on_the_days_of_another_end_is_refused_itself() -> None:
    before = running(happened("2019", "concluded"))
    before.when("2019-05", "cancelled").refuses("campaign.not_now", state="concluded", since="2019", allowed=())


def test_a_launch_before_the_plan_is_refused() -> None:
    given(PLANNED).when("2016", "launched").refuses("campaign.not_now", state="none", allowed=("campaign.planned",))


def test_it_is_planned_once() -> None:
    running().when("2018", "planned").refuses(
        "campaign.planned_already", state="active", since="2017-05", allowed=MAY_FOLLOW["active"]
    )


def test_nothing_is_recorded_of_a_campaign_that_is_not_there() -> None:
    given().when("2018", "launched").refuses("campaign.unknown")


def test_a_campaign_does_not_begin_with_what_only_another_source_says() -> None:
    given().when("2018", "planned", variant="alternative").refuses("entry.only_alternative", event="campaign.planned")


# Whatever else is told of it


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("event", "fields"), ANY_TIME, ids=[event for event, _ in ANY_TIME])
def test_what_belongs_to_no_state_is_recorded_in_each(state: str, event: str, fields: dict[str, Any]) -> None:
    assert type(reaching(state).when("2012", event, **fields).recorded) is KINDS[event]


def test_a_stance_and_a_response_are_of_somebody_who_was_named() -> None:
    for event, said in (("stance_changed", {"stance": "ally"}), ("decision_maker_responded", {"response": "token"})):
        running(NAMED).when("2018", event, authority="Ministry", **said).warns()
        running(NAMED).when("2018", event, authority="Mayor", **said).refuses(
            "campaign.no_such_decision_maker", field="authority_id", allowed=("campaign.decision_maker_named",)
        )


def test_it_does_not_matter_when_somebody_was_named() -> None:
    running(NAMED).when("2017-04", "stance_changed", authority="Ministry", stance="opposed").warns()


def test_decision_makers_are_told_once_each() -> None:
    campaign = running(NAMED, happened("2019", "decision_maker_named", authority="Ministry", influence="low")).after
    assert campaign.decision_makers == (some("Ministry"),)


def test_a_partner_leaves_and_comes_back() -> None:
    chaika = {"partner": "Chaika"}
    joined, left = happened("2018", "partner_joined", **chaika), happened("2019", "partner_left", **chaika)
    campaign = running(joined, left, happened("2020", "partner_joined", **chaika)).after
    stretches = partnership(e for e in campaign.entries if hasattr(e, "partner_id"))
    assert [sorted(found.states) for found in stretches][1::2] == [["partner"], ["no_partner"], ["partner"]]
    running(joined).when("2019", "partner_joined", **chaika).refuses(
        "campaign.partner_not_now", state="partner", since="2018", allowed=("campaign.partner_left",)
    )
    running(joined, left).when("2020", "partner_left", **chaika).refuses(
        "campaign.partner_not_now", state="no_partner", since="2019", allowed=("campaign.partner_joined",)
    )


def test_who_never_joined_does_not_leave() -> None:
    running().when("2018", "partner_left", partner="Chaika").refuses(
        "campaign.partner_not_now", state="no_partner", since=""
    )


def test_a_promise_goes_on_from_when_it_was_made() -> None:
    before = running(PROMISED)
    before.when("2019", "promise_updated", of=3, progress="started").warns()
    before.when("2018-02", "promise_updated", of=3, progress="broken").warns()
    before.when("2018-01", "promise_updated", of=3, progress="started").refuses(
        "campaign.no_such_promise", since="2018-02", field="of"
    )
    before.when("2019", "promise_updated", of=2, progress="started").refuses("campaign.no_such_promise", since="")


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [("1 200", "EUR", "dues.amount_unreadable"), ("-5", "EUR", "dues.amount_unreadable"),
     ("5", "euro", "dues.currency_unknown")],
)  # fmt: skip
def test_money_is_written_so_that_nobody_misreads_it(amount: str, currency: str, code: str) -> None:
    funded = running().when("2018", "funding_received", donor="Ministry", amount=amount, currency=currency)
    funded.refuses(code)


@pytest.mark.parametrize(
    ("words", "code"),
    [("a" * 10_001, "text.too_long"), ("\u202elaw", "text.unreadable"), ("a\x00b", "text.unreadable")],
)
def test_words_that_are_too_long_or_cannot_be_shown_are_refused(words: str, code: str) -> None:
    running().when("2018", "goal_set", stage="agenda", statement=words).refuses(code, field="statement")
    running().when("2018", "paused", note=words).refuses(code, field="note")
    given().when("2018", "planned", title=words).refuses(code, field="title")


def test_ten_thousand_characters_and_several_scripts_are_kept() -> None:
    words = "Права людини – žmogaus teisės – حقوق الإنسان \n" + "ї" * 9_900
    recorded = running().when("2018", "goal_set", stage="agenda", statement=words).recorded
    assert recorded.statement == words  # type: ignore[attr-defined]  # it is a goal


# What is said of an entry, and recorded all the same


def test_what_lies_certainly_outside_the_campaign_is_recorded_with_a_warning() -> None:
    whole = running(happened("2019-06", "concluded"))
    goal = {"stage": "agenda", "statement": "A goal"}
    whole.when("2017-02", "goal_set", **goal).warns("before_campaign")
    whole.when("2019-07", "goal_set", **goal).warns("after_campaign")
    for possible in ("2017", "2017-03", "2019-06", "2019", "XXXX"):
        whole.when(possible, "goal_set", **goal).warns()


def test_its_own_life_and_what_comes_afterwards_by_nature_are_not_warned_of() -> None:
    whole = running(PROMISED, happened("2019-06", "concluded"))
    whole.when("2021", "evaluated", summary="Good").warns()
    whole.when("2021", "promise_updated", of=3, progress="implemented").warns()
    whole.when("2021", "confidentiality_changed", confidentiality="public").warns()
    whole.when("2016", "evaluated", summary="Good").warns("before_campaign")


# Confidentiality


def test_a_level_holds_as_it_was_set_last_whatever_its_day() -> None:
    opened = happened("2019", "confidentiality_changed", confidentiality="public")
    closed = happened("2018", "confidentiality_changed", confidentiality="team")
    assert confidentiality(given(PLANNED).after.entries) == "coalition"
    assert confidentiality(given(PLANNED, opened).after.entries) == "public"
    assert confidentiality(given(PLANNED, opened, closed).after.entries) == "team"


def test_correcting_an_earlier_level_does_not_open_what_was_closed_since() -> None:
    campaign = running(
        happened("2018", "confidentiality_changed", confidentiality="organisation"),
        happened("2019", "confidentiality_changed", confidentiality="team"),
    ).after
    right = decide(campaign, happened("2018", "confidentiality_changed", confidentiality="public"))
    assert confidentiality(campaign.after(*campaign.correct(told("2026"), 3, right, "wrong")).entries) == "team"
    assert confidentiality(campaign.after(*campaign.correct(told("2026"), 4, right, "wrong")).entries) == "public"


def test_of_nothing_that_holds_only_the_team_knows() -> None:
    campaign = given(PLANNED).after
    assert confidentiality(campaign.after(campaign.strike(told("2026"), 1, "wrong")).entries) == "team"
    assert confidentiality(()) == "team"


def test_the_narrower_of_two_levels_holds() -> None:
    for n, level in enumerate(LEVELS):
        assert narrower(level, "") == narrower("", level) == level
        assert all(narrower(level, wider) == level for wider in LEVELS[: n + 1])


# Amendments


def struck(campaign: Campaign, of: int) -> Campaign:
    return campaign.after(campaign.strike(told("2026"), of, "wrong"))


def no_striking(campaign: Campaign, of: int) -> Refused:
    with pytest.raises(Refused) as no:
        campaign.strike(told("2026"), of, "wrong")
    return no.value


def test_a_plan_on_which_others_stand_is_not_struck() -> None:
    no = no_striking(running().after, 1)
    assert (no.code, no.details["event"], no.details["version"]) == ("campaign.plan_needed", "campaign.launched", 2)


def test_a_launch_before_a_pause_is_not_struck() -> None:
    no = no_striking(running(happened("2018", "paused")).after, 2)
    assert (no.code, no.details["event"], no.details["state"]) == ("entry.later_illegal", "campaign.paused", "planned")
    assert no.details["allowed"] == MAY_FOLLOW["planned"]


@pytest.mark.parametrize(
    ("first", "later"),
    [(NAMED, happened("2018", "stance_changed", authority="Ministry", stance="ally")),
     (PROMISED, happened("2019", "promise_updated", of=3, progress="started")),
     (happened("2018", "partner_joined", partner="Chaika"), happened("2019", "partner_left", partner="Chaika"))],
)  # fmt: skip
def test_what_a_later_entry_speaks_of_is_not_struck(first: Any, later: Any) -> None:
    no = no_striking(running(first, later).after, 3)
    assert (no.code, no.details["version"]) == ("entry.later_illegal", 4)


def test_the_last_change_is_struck_and_the_state_goes_back() -> None:
    campaign = running(happened("2018", "concluded")).after
    Scenario(struck(campaign, 3)).then("2019-01-01", "active")


def test_an_update_speaks_of_the_promise_however_that_was_corrected() -> None:
    campaign = running(PROMISED, happened("2019", "promise_updated", of=3, progress="started")).after
    right = decide(campaign, happened("2018-03", "promise_made", authority="Ministry", promise="Two working groups"))
    corrected = campaign.after(*campaign.correct(told("2026"), 3, right, "wrong"))
    (update,) = (e for e in holding(corrected.entries) if isinstance(e, PromiseUpdated))
    assert update.of == 5


def test_a_promise_is_not_corrected_to_after_what_became_of_it() -> None:
    campaign = running(PROMISED, happened("2019", "promise_updated", of=3, progress="started")).after
    late = decide(campaign, happened("2020", "promise_made", authority="Ministry", promise="A working group"))
    with pytest.raises(Refused) as no:
        campaign.correct(told("2026"), 3, late, "wrong")
    assert (no.value.code, no.value.details["since"]) == ("campaign.no_such_promise", "2020")


# Conflicting accounts


def beside(campaign: Campaign, on: str, event: str, **fields: Any) -> tuple[int, ...]:
    """The accounts of the happening of which another source says this."""
    other = decide(campaign, happened(on, event, variant="alternative", **fields))
    return accounts(campaign.after(other), other.originator_version)


def test_an_account_stands_beside_what_it_is_an_account_of() -> None:
    campaign = running(
        NAMED,
        happened("2018", "decision_maker_named", authority="Mayor"),
        happened("2018", "stance_changed", authority="Ministry", stance="ally"),
        happened("2018", "stance_changed", authority="Mayor", stance="opposed"),
        happened("2018", "funding_received", donor="Ministry", amount="5", currency="EUR"),
        happened("2018", "funding_received", donor="Foundation", amount="5", currency="EUR"),
        happened("2019", "concluded"),
    ).after
    assert beside(campaign, "2018", "stance_changed", authority="Mayor", stance="undecided") == (6, 10)
    assert beside(campaign, "2018", "funding_received", donor="Foundation", amount="50", currency="EUR") == (8, 10)
    assert beside(campaign, "2020", "cancelled") == (9, 10)


def test_an_alternative_account_changes_no_state() -> None:
    campaign = running(happened("2019", "concluded")).when("2018", "cancelled", variant="alternative").after
    Scenario(campaign).then("2018-12-31", "active").then("2020-01-01", "concluded")
    preferred = campaign.after(campaign.prefer(told("2026"), 4, (3,)))
    Scenario(preferred).then("2019-06-01", "cancelled")


def test_every_kind_is_tried_here() -> None:
    tried = {event for event, _ in ANY_TIME} | {*LIFE, "planned", "stance_changed", "decision_maker_responded"}
    assert tried | {"partner_left", "promise_updated"} == KINDS.keys()
    assert all(issubclass(kind, CampaignEntry) for kind in KINDS.values())
