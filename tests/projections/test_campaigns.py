"""Campaigns on any day, as known at any moment: their states, stances, partners and promises, and who sees them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from domain.campaign_entries import (
    CampaignConcluded,
    CampaignLaunched,
    CampaignPaused,
    CampaignRetitled,
    ConfidentialityChanged,
    DecisionMakerNamed,
    DecisionMakerResponded,
    GoalSet,
    OutcomeRecorded,
    PartnerJoined,
    PartnerLeft,
    PromiseMade,
    PromiseUpdated,
    StanceChanged,
)
from domain.history import EntryCorrected, EntryStruck, VariantPreferred
from projections import campaign_days, campaigns
from projections.campaigns import Campaign, Fact
from projections.sight import ALL, LEAST, Sight
from tests.projections.archive import Archive

COALITION = Sight(base="coalition")


def on(text: str) -> date:
    return date.fromisoformat(text)


def found(archive: Archive, day: str = "2016-01-01", known: int | None = None, **asked: Any) -> list[UUID]:
    with archive.asked() as connection:
        of = {"sight": ALL, **asked}
        return [each.id for each in campaigns.find(connection, on(day), known, **of)]


def seen(archive: Archive, id: UUID, day: str, known: int | None = None, sight: Sight = ALL) -> Campaign | None:
    with archive.asked() as connection:
        return campaigns.campaign(connection, id, on(day), known, sight=sight)


def told(archive: Archive, id: UUID, known: int | None = None, sight: Sight = ALL) -> list[Fact]:
    with archive.asked() as connection:
        return campaigns.facts(connection, id, known, sight=sight)


def states(archive: Archive, id: UUID, day: str, known: int | None = None) -> tuple[str, ...]:
    campaign = seen(archive, id, day, known)
    return campaign.states if campaign else ()


def test_the_state_of_a_day_follows_from_what_had_happened_by_then(archive: Archive) -> None:
    of = archive.campaign("Ramps", "2012-01-10")
    launched = archive.add(CampaignLaunched, of, "2012-03")
    archive.add(CampaignConcluded, of, "2014-05-01", result="achieved")
    assert states(archive, of, "2012-01-09") == ("none",)
    assert states(archive, of, "2012-02-01") == ("planned",)
    assert states(archive, of, "2012-03-10") == ("planned", "active")
    assert states(archive, of, "2013-01-01") == ("active",)
    assert states(archive, of, "2020-01-01") == ("concluded",)
    campaign = seen(archive, of, "2013-01-01")
    assert campaign
    assert (campaign.since, campaign.begun_by) == ("2012-03", launched)


def test_a_back_dated_entry_changes_the_past_and_not_what_was_known_of_it(archive: Archive) -> None:
    of = archive.campaign("Ramps", "2012-01-10")
    archive.add(CampaignLaunched, of, "2012-03-01")
    before = archive.chronicle.last_position()
    archive.add(CampaignPaused, of, "2012-06-01")
    assert states(archive, of, "2012-07-01") == ("paused",)
    assert states(archive, of, "2012-07-01", before) == ("active",)


def stances(archive: Archive, of: UUID, day: str, known: int | None = None) -> list[str]:
    (authority,) = campaign_days.decision_makers(told(archive, of, known), on(day))
    return [each.code for each in authority.stance]


def test_the_stance_of_a_day_can_be_asked_as_known_at_any_moment(archive: Archive) -> None:
    of, council = archive.campaign("Ramps"), archive.organisation("Council", kind="authority")
    archive.add(DecisionMakerNamed, of, "2012-01-01", authority_id=council, influence="high", ask="A ramp")
    archive.add(StanceChanged, of, "2012-02-01", authority_id=council, stance="opposed")
    archive.add(StanceChanged, of, "2013-06", authority_id=council, stance="ally")
    then = archive.chronicle.last_position()
    archive.add(StanceChanged, of, "2012-10-01", authority_id=council, stance="undecided")
    assert stances(archive, of, "2012-01-15") == [""]
    assert stances(archive, of, "2012-11-01") == ["undecided"]
    assert stances(archive, of, "2012-11-01", then) == ["opposed"]
    assert stances(archive, of, "2013-06-15") == ["ally", "undecided"]
    assert stances(archive, of, "2014-01-01") == ["ally"]


def test_influence_holds_until_another_is_said_and_answers_stand_beside_it(archive: Archive) -> None:
    of, council = archive.campaign("Ramps"), archive.organisation("Council", kind="authority")
    archive.add(DecisionMakerNamed, of, "2012", authority_id=council, influence="high")
    archive.add(DecisionMakerNamed, of, "2013", authority_id=council, ask="Another ramp")
    archive.add(DecisionMakerNamed, of, "2014", authority_id=council, influence="low")
    archive.add(DecisionMakerResponded, of, "2014-02-03", authority_id=council, response="token")
    (authority,) = campaign_days.decision_makers(told(archive, of), on("2014-01-01"))
    assert [each.code for each in authority.influence] == ["high", "low"]
    assert (len(authority.named), authority.responses) == (3, ())
    (authority,) = campaign_days.decision_makers(told(archive, of), on("2015-01-01"))
    assert [(each.code, each.since) for each in authority.influence] == [("low", "2014")]
    assert [each.code for each in authority.responses] == ["token"]


def test_partners_are_certain_or_possible_on_a_day(archive: Archive) -> None:
    of, who = archive.campaign("Ramps"), archive.organisation("Partner")
    archive.add(PartnerJoined, of, "2012", partner_id=who, role="expert")
    archive.add(PartnerLeft, of, "2014-01-01", partner_id=who)
    facts = told(archive, of)
    partners = [campaign_days.partners(facts, on(day)) for day in ("2012-05-05", "2013-01-01", "2014-02-01")]
    assert [[(one.partner_id, one.certain) for one in of_day] for of_day in partners] == [
        [(who, False)], [(who, True)], [],
    ]  # fmt: skip
    assert [each.code for each in partners[1][0].roles] == ["expert"]


def test_partners_of_a_history_that_no_order_makes_legal_are_still_read(archive: Archive) -> None:
    of, who = archive.campaign("Ramps"), archive.organisation("Partner")
    archive.add(PartnerJoined, of, "2012-01-01", partner_id=who)
    archive.add(PartnerJoined, of, "2013-01-01", partner_id=who)
    assert [each.certain for each in campaign_days.partners(told(archive, of), on("2014-01-01"))] == [True]


def progress(archive: Archive, of: UUID, day: str, known: int | None = None) -> list[list[str]]:
    return [[one.code for one in each.progress] for each in campaign_days.promises(told(archive, of, known), on(day))]


def test_promises_can_be_asked_on_any_day_and_as_known_at_any_moment(archive: Archive) -> None:
    of, mayor = archive.campaign("Ramps"), archive.organisation("Mayor", kind="authority")
    archive.add(PromiseMade, of, "2012-05-01", authority_id=mayor, due="2013", promise="A ramp")
    archive.add(PromiseUpdated, of, "2013-01-01", of=2, progress="started")
    then = archive.chronicle.last_position()
    archive.add(PromiseUpdated, of, "2014-01-01", of=2, progress="implemented")
    archive.add(PromiseUpdated, of, "2013-03-01", of=2, progress="deferred")
    assert progress(archive, of, "2012-01-01") == []
    assert progress(archive, of, "2012-06-01") == [[""]]
    assert progress(archive, of, "2013-06-01") == [["deferred"]]
    assert progress(archive, of, "2013-06-01", then) == [["started"]]
    assert progress(archive, of, "2015-01-01") == [["implemented"]]


def test_what_became_of_a_promise_follows_it_when_it_is_corrected(archive: Archive) -> None:
    of, mayor = archive.campaign("Ramps"), archive.organisation("Mayor", kind="authority")
    archive.add(PromiseMade, of, "2012-05-01", authority_id=mayor)
    archive.add(PromiseUpdated, of, "2013-01-01", of=2, progress="broken")
    archive.add(PromiseMade, of, "2012-04-01", authority_id=mayor)
    archive.add(EntryCorrected, of, "2026", of=2, by=4, reason="wrong")
    assert progress(archive, of, "2014-01-01") == [["broken"]]


def test_what_was_struck_out_holds_no_more_and_still_did_then(archive: Archive) -> None:
    of = archive.campaign("Ramps")
    outcome = archive.add(OutcomeRecorded, of, "2013", stage="adoption", significance="high")
    archive.add(EntryStruck, of, "2026", of=2, reason="wrong")
    assert [each.kind for each in told(archive, of)] == ["planned"]
    facts = {each.kind: each for each in told(archive, of, outcome)}
    assert (facts["outcome_recorded"].code, facts["outcome_recorded"].significance) == ("adoption", "high")


def test_of_two_accounts_only_the_preferred_one_drives(archive: Archive) -> None:
    of = archive.campaign("Ramps")
    archive.add(GoalSet, of, "2012-01-01", stage="agenda")
    first = archive.add(GoalSet, of, "2012-02-01", stage="adoption", variant="alternative")
    archive.add(VariantPreferred, of, "2026", of=3, instead_of=(2,))
    assert [each.code for each in campaign_days.goals(told(archive, of), on("2013-01-01"))] == ["adoption"]
    assert [each.code for each in campaign_days.goals(told(archive, of, first), on("2013-01-01"))] == ["agenda"]
    goals = [(each.code, each.drives) for each in told(archive, of) if each.kind == "goal_set"]
    assert goals == [("agenda", False), ("adoption", True)]


def test_the_title_of_a_day_is_the_last_one_given_by_then(archive: Archive) -> None:
    of = archive.campaign("Ramps", title="Ramps")
    planned = archive.chronicle.last_position()
    later = archive.add(CampaignRetitled, of, "2014", title="Ramps for all")
    earlier = archive.add(CampaignRetitled, of, "2013", title="More ramps")
    positions = {}
    for day in ("2012-05-05", "2013-05-05", "2015-01-01"):
        campaign = seen(archive, of, day)
        positions[day] = campaign.title_position if campaign else 0
    assert positions == {"2012-05-05": planned, "2013-05-05": earlier, "2015-01-01": later}


def test_campaigns_are_found_by_each_filter(archive: Archive) -> None:
    lead, partner, coalition = archive.organisation("Lead"), archive.organisation("P"), archive.coalition("Coalition")
    direction = archive.programme("Direction", organisation_id=lead)
    ramps = archive.campaign(
        "Ramps", "2012", lead_id=lead, coalition_id=coalition, programme_id=direction, regions=("UA-43",),
        level="local", themes=("social", "budget_transparency"),
    )  # fmt: skip
    other = archive.campaign("Other", "2015-02-03")
    archive.add(PartnerJoined, other, "2015-05-05", partner_id=partner)
    archive.add(CampaignLaunched, ramps, "2013-01-01")
    archive.add(CampaignConcluded, ramps, "2014-01-01")
    assert found(archive) == [other, ramps]
    for asked in (
        {"coalition_id": coalition}, {"organisation_id": lead}, {"programme_id": direction}, {"theme": "social"},
        {"theme": "budget_transparency"}, {"region": "UA-43"}, {"level": "local"}, {"state": "concluded"},
        {"year": 2013},
    ):  # fmt: skip
        assert found(archive, **asked) == [ramps]
    assert found(archive, organisation_id=partner) == found(archive, state="planned") == [other]
    assert found(archive, theme="budget") == found(archive, region="UA") == found(archive, year=2011) == []
    assert found(archive, year=2015) == found(archive, year=2016) == [other]
    assert found(archive, "2013-06-06") == [ramps]
    with archive.asked() as connection:
        assert campaigns.works(connection, sight=ALL, coalition_id=coalition) == [ramps]
        assert campaigns.concerning(connection, lead) == {ramps}
        assert campaigns.concerning(connection, partner) == {other}


def test_a_campaign_taken_back_is_not_there_and_was_known_before(archive: Archive) -> None:
    of = archive.campaign("Ramps")
    planned = archive.chronicle.last_position()
    archive.add(EntryStruck, of, "2026", of=1, reason="mistyped")
    assert seen(archive, of, "2013-01-01") is None
    assert seen(archive, of, "2013-01-01", planned) is not None
    assert seen(archive, of, "2013-01-01", planned, COALITION) is None


def test_a_level_hides_a_campaign_from_whom_it_is_not_for(archive: Archive) -> None:
    of = {
        level: archive.campaign(f"For {level}", confidentiality=level)
        for level in ("public", "coalition", "organisation", "team")
    }
    sights = {
        LEAST: {"public"},
        COALITION: {"public", "coalition"},
        Sight(base="coalition", organisation=frozenset({of["organisation"]})): {"public", "coalition", "organisation"},
        Sight(base="coalition", organisation=frozenset({of["team"]})): {"public", "coalition"},
        Sight(base="public", team=frozenset({of["team"]})): {"public", "team"},
        Sight(base="organisation"): {"public", "coalition", "organisation"},
        ALL: {*of},
    }
    for sight, levels in sights.items():
        assert {*found(archive, sight=sight)} == {of[level] for level in levels}
        for level, id in of.items():
            assert bool(seen(archive, id, "2016-01-01", sight=sight)) == (level in levels) == sight.clears(id, level)
            assert bool(told(archive, id, sight=sight)) == (level in levels)


def test_a_level_that_was_narrowed_holds_for_the_past_too(archive: Archive) -> None:
    of = archive.campaign("Ramps", confidentiality="public")
    before = archive.chronicle.last_position()
    assert seen(archive, of, "2013-01-01", sight=LEAST)
    archive.add(ConfidentialityChanged, of, "2013-01-01", confidentiality="team")
    assert seen(archive, of, "2013-01-01", before, LEAST) is None
    assert told(archive, of, before, COALITION) == []
    archive.add(EntryStruck, of, "2026", of=2, reason="wrong")
    assert seen(archive, of, "2013-01-01", sight=LEAST)


def test_an_entry_of_a_narrower_level_is_left_out(archive: Archive) -> None:
    of, donor = archive.campaign("Ramps", confidentiality="public"), archive.organisation("Partner")
    archive.add(PartnerJoined, of, "2013", partner_id=donor, confidentiality="team")
    joined = archive.chronicle.last_position()
    assert [each.kind for each in told(archive, of, sight=COALITION)] == ["planned"]
    on_team = Sight(team=frozenset({of}))
    assert [each.kind for each in told(archive, of, sight=on_team)] == ["planned", "partner_joined"]
    archive.add(PartnerJoined, of, "2013", partner_id=donor)
    archive.add(EntryCorrected, of, "2026", of=2, by=3, reason="wrong")
    assert [each.kind for each in told(archive, of, sight=COALITION)] == ["planned", "partner_joined"]
    assert [each.kind for each in told(archive, of, joined, COALITION)] == ["planned"]


def test_facts_of_several_campaigns_are_told_by_campaign(archive: Archive) -> None:
    lead = archive.organisation("Lead")
    one, other = archive.campaign("One", lead_id=lead), archive.campaign("Other", lead_id=lead)
    strange = archive.campaign("Strange")
    for of in (one, other, strange):
        archive.add(OutcomeRecorded, of, "2013", stage="adoption")
        archive.add(GoalSet, of, "2012", stage="agenda")
    with archive.asked() as connection:
        outcomes = campaigns.facts_of(connection, ("outcome_recorded",), sight=ALL, organisation_id=lead)
        assert campaigns.facts_of(connection, ("outcome_recorded",), sight=LEAST, organisation_id=lead) == {}
        some = campaigns.some(connection, [one, UUID(int=1)], on("2016-01-01"), sight=ALL)
    assert {id: [each.code for each in facts] for id, facts in outcomes.items()} == {
        one: ["adoption"],
        other: ["adoption"],
    }
    assert {*some} == {one}
