"""Campaigns, their actions and projects across histories: together, at once, taken back, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain import amending, subjects
from domain.action import Action, ActionLogged
from domain.amending import Amended, Correcting, Striking
from domain.campaign import Campaign
from domain.campaign_entries import (
    CampaignConcluded,
    CampaignLaunched,
    DecisionMakerNamed,
    DecisionMakerResponded,
    GoalSet,
    PromiseMade,
    PromiseUpdated,
)
from domain.entry import Entry, Refused
from domain.history import holding
from domain.programme import Programme, ProgrammeClosed, ProgrammeOpened
from domain.project import IndicatorReached, IndicatorSet, Project, ProjectOpened
from tests.domain.registers import OTHER_SECRETARY, Register, refused, said
from tests.domain.test_amending_at_once import Plan, at_once
from tests.scenario import told


def record(register: Register, *entries: Entry) -> int:
    """The position of the first."""
    return register.tell(amending.record(register.records, *entries))


def campaign(register: Register) -> Campaign:
    return subjects.campaign(register.chronicle, register.id("Campaign"))


def planned(register: Register, *organisations: str, coalition: str = "") -> int:
    """A campaign of Heron since 2017; the position of its plan."""
    register.registered("Heron", *organisations)
    fields = {"coalition_id": register.id(coalition)} if coalition else {}
    plan = campaign(register).plan(told("2017"), lead_id=register.id("Heron"), title="Forum", **fields)
    return record(register, plan)


def changed(register: Register, on: str, kind: type[Entry], **fields: Any) -> int:
    return record(register, campaign(register).change(kind, told(on, **said(fields)), **fields))


def logged(register: Register, on: str = "2018-05-04", by: Iterable[str] = (), **fields: Any) -> ActionLogged:
    """An action as its form makes it, not recorded yet."""
    organisations = tuple(map(register.id, by))
    when = told(on)
    concerns = subjects.concerns(register.chronicle, campaign(register), organisations, when.occurred)
    own = {"campaign_id": register.id("Campaign"), "kind": "meeting", "by": organisations, "warnings": concerns}
    return Action(id=Action.id_of(when.command_id)).log(when, **{**own, **fields})


def of(register: Register, id: UUID) -> tuple[Entry, ...]:
    return holding(register.chronicle.history(id))


# What must be there


def test_what_nobody_registered_is_not_named(register: Register) -> None:
    planned(register)
    no = refused(record, register, logged(register, by=["Stork"]))
    assert (no.code, no.details["id"]) == ("organisation.unknown", register.id("Stork"))
    plan = Campaign(id=uuid4()).plan(told("2017"), lead_id=register.id("Stork"))
    assert refused(record, register, plan).code == "organisation.unknown"


@pytest.mark.parametrize("field", ["campaign_id", "programme_id"])
def test_what_is_not_there_is_not_spoken_of(register: Register, field: str) -> None:
    planned(register)
    if field == "campaign_id":
        new: Entry = logged(register, campaign_id=register.id("Heron"))
    else:
        new = Campaign(id=uuid4()).plan(told("2017"), lead_id=register.id("Heron"), programme_id=uuid4())
    no = refused(record, register, new)
    assert (no.code, no.details["field"]) == (f"{field.removesuffix('_id')}.unknown", field)


def test_a_response_to_an_action_that_is_not_there_is_refused(register: Register) -> None:
    planned(register, "Ministry")
    changed(register, "2018", DecisionMakerNamed, authority_id=register.id("Ministry"))
    no = refused(
        changed, register, "2018", DecisionMakerResponded, authority_id=register.id("Ministry"), response="token",
        action_id=uuid4(),
    )  # fmt: skip
    assert no.code == "action.unknown"


def test_a_campaign_with_what_it_names_is_recorded_in_one_touch(register: Register) -> None:
    heron = register.organisation("Heron").register(told("XXXX"), "Heron")
    of_heron = Programme(id=register.id("Programme"))
    opened = of_heron.change(ProgrammeOpened, told("2001"), organisation_id=heron.originator_id, title="Advocacy")
    plan = campaign(register).plan(told("2017"), lead_id=heron.originator_id, programme_id=of_heron.id, title="Forum")
    record(register, heron, opened, plan)
    assert campaign(register).planned


# Taking back


def test_a_log_is_undone_with_the_responses_that_came_with_it(register: Register) -> None:
    planned(register, "Ministry")
    changed(register, "2018", DecisionMakerNamed, authority_id=register.id("Ministry"))
    action = logged(register, decision_makers=(register.id("Ministry"),))
    response = campaign(register).change(
        DecisionMakerResponded, told("2018-05-04"), authority_id=register.id("Ministry"), response="commitment",
        action_id=action.originator_id,
    )  # fmt: skip
    position = record(register, action, response)
    undone = register.undone(position + 1)
    assert len(undone.entries) == 2
    register.tell(undone)
    assert of(register, action.originator_id) == ()
    assert not any(isinstance(e, DecisionMakerResponded) for e in of(register, register.id("Campaign")))


def test_an_action_to_which_somebody_responded_later_is_struck_with_the_response(register: Register) -> None:
    planned(register, "Ministry")
    changed(register, "2018", DecisionMakerNamed, authority_id=register.id("Ministry"))
    action = logged(register)
    position = record(register, action)
    later = changed(
        register, "2018-06", DecisionMakerResponded, authority_id=register.id("Ministry"), response="token",
        action_id=action.originator_id,
    )  # fmt: skip
    no = refused(register.struck, position)
    assert (no.code, no.details["position"]) == ("entry.named_by_others", later)
    register.tell(register.struck(position, Striking(later)))
    assert of(register, action.originator_id) == ()


def test_a_plan_that_actions_name_is_not_struck(register: Register) -> None:
    position = planned(register)
    action = record(register, logged(register))
    no = refused(register.struck, position)
    assert (no.code, no.details["event"], no.details["position"]) == (
        "entry.named_by_others", "campaign.action_logged", action,
    )  # fmt: skip
    assert refused(register.undone, position).code == "undo.built_upon"
    register.tell(register.struck(position, Striking(action)))
    assert campaign(register).planned is None


def test_a_programme_that_campaigns_name_is_not_struck(register: Register) -> None:
    register.registered("Heron")
    of_heron = Programme(id=register.id("Programme"))
    position = record(
        register, of_heron.change(ProgrammeOpened, told("2001"), organisation_id=register.id("Heron"), title="Aid")
    )
    plan = campaign(register).plan(told("2017"), lead_id=register.id("Heron"), programme_id=of_heron.id)
    record(register, plan)
    assert refused(register.struck, position).code == "entry.named_by_others"


def test_an_organisation_that_a_campaign_names_stays_registered(register: Register) -> None:
    register.registered("Heron")
    registration = register.chronicle.last_position()
    plan = campaign(register).plan(told("2017"), lead_id=register.id("Heron"))
    position = record(register, plan)
    no = refused(register.struck, registration)
    assert (no.code, no.details["position"], no.details["who"]) == ("organisation.registration_needed", position, [])


def test_an_action_that_an_indicator_counts_is_not_struck(register: Register) -> None:
    planned(register)
    action = logged(register)
    position = record(register, action)
    project = Project(id=register.id("Project"))
    for kind, fields in (
        (ProjectOpened, {"organisation_id": register.id("Heron")}),
        (IndicatorSet, {"measure": "Meetings"}),
        (IndicatorReached, {"of": 2, "value": "1", "action_id": action.originator_id}),
    ):
        new = project.change(kind, told("2018"), **fields)
        record(register, new)
        project = project.after(new)
    assert refused(register.struck, position).code == "entry.named_by_others"
    again = {"of": 2, "value": "1", "action_id": action.originator_id}
    assert refused(project.change, IndicatorReached, told("2019"), **again).code == "project.counted_already"


# Correcting


def test_updates_speak_of_a_promise_however_it_was_corrected(register: Register) -> None:
    planned(register, "Ministry")
    promise = {"authority_id": register.id("Ministry"), "promise": "A working group"}
    position = changed(register, "2018", PromiseMade, **promise)
    version = campaign(register).version
    changed(register, "2019", PromiseUpdated, of=version, progress="started")
    register.tell(register.corrected(position, "2018-03", PromiseMade, **{**promise, "promise": "Two groups"}))
    held = of(register, register.id("Campaign"))
    (made,) = (e for e in held if isinstance(e, PromiseMade))
    (update,) = (e for e in held if isinstance(e, PromiseUpdated))
    assert (made.promise, update.of) == ("Two groups", made.originator_version)
    changed(register, "2020", PromiseUpdated, of=made.originator_version, progress="implemented")


def test_a_corrected_number_of_people_is_a_number_of_people(register: Register) -> None:
    planned(register)
    position = record(register, logged(register, participants=5))
    fields = {"campaign_id": register.id("Campaign"), "kind": "meeting", "participants": 3, "women": 4}
    assert refused(register.corrected, position, "2018", ActionLogged, **fields).code == "action.part_exceeds_all"


def test_what_is_said_of_an_entry_is_said_of_its_correction_as_it_lies_now(register: Register) -> None:
    register.founded("Front", "2010")
    planned(register, "Stork", coalition="Front")
    register.changed("2018", "joined", "Front", "Stork")
    action = logged(register, "2016-05", by=["Stork"])
    assert action.warnings == ("before_campaign", "not_a_member")
    position = record(register, action)
    fields = {"campaign_id": register.id("Campaign"), "kind": "meeting", "by": (register.id("Stork"),)}
    register.tell(register.corrected(position, "2017-05", ActionLogged, **fields))
    right = of(register, action.originator_id)[0]
    assert right.warnings == ("not_a_member",)  # type: ignore[attr-defined]  # it is an action
    goal = changed(register, "2018", GoalSet, stage="agenda", statement="A law")
    register.tell(register.corrected(goal, "2015", GoalSet, stage="agenda", statement="A law"))
    (held,) = (e for e in of(register, register.id("Campaign")) if isinstance(e, GoalSet))
    assert held.warnings == ("before_campaign",)


# What is said, and allowed


def test_an_action_by_who_was_no_member_then_is_recorded_and_it_is_said(register: Register) -> None:
    register.founded("Front", "2010")
    planned(register, "Stork", coalition="Front")
    register.changed("2018", "joined", "Front", "Stork")
    assert logged(register, "2017-06", by=["Stork"]).warnings == ("not_a_member",)
    assert logged(register, "2018-06", by=["Stork"]).warnings == ()
    assert logged(register, "2018-06", by=["Stork", "Heron"]).warnings == ("not_a_member",)
    assert logged(register, "2018-06", by=["Front"]).warnings == ()
    assert logged(register, "2016", by=["Heron"]).warnings == ("before_campaign", "not_a_member")


def test_in_a_campaign_of_no_coalition_nobody_has_to_be_a_member(register: Register) -> None:
    planned(register, "Stork")
    assert logged(register, by=["Stork", "Heron"]).warnings == ()


def test_an_action_after_the_end_is_recorded_and_it_is_said(register: Register) -> None:
    planned(register)
    changed(register, "2018", CampaignLaunched)
    changed(register, "2019", CampaignConcluded)
    late = logged(register, "2020")
    assert late.warnings == ("after_campaign",)
    record(register, late)


# At once


class Attempts:
    """How often each plan was made."""

    def __init__(self) -> None:
        self.counted: dict[int, int] = {}

    def counting(self, n: int, plan: Plan) -> Plan:
        def again() -> Amended:
            self.counted[n] = self.counted.get(n, 0) + 1
            return plan()

        return again


def test_who_log_at_once_are_not_refused_and_plan_once(register: Register) -> None:
    planned(register, *(f"Organisation {n}" for n in range(8)))
    attempts = Attempts()
    actions = [logged(register, by=[f"Organisation {n}"]) for n in range(8)]

    def plan(n: int) -> Plan:
        return attempts.counting(n, lambda: amending.record(register.records, actions[n]))

    assert at_once(register, *(plan(n) for n in range(8))) == ["recorded"] * 8
    assert set(attempts.counted.values()) == {1}
    assert all(of(register, action.originator_id) for action in actions)


def test_an_action_is_planned_again_where_its_campaign_changed_meanwhile(register: Register) -> None:
    planned(register)
    attempts = Attempts()
    action = logged(register)

    def plan() -> Amended:
        found = amending.record(register.records, action)
        if len(attempts.counted) == 1 and attempts.counted[0] == 1:
            changed(register, "2018", CampaignLaunched)
        return found

    assert amending.recorded(register.chronicle, attempts.counting(0, plan))
    assert attempts.counted[0] == 2


def test_an_action_is_not_logged_while_its_campaign_is_taken_back(register: Register) -> None:
    position = planned(register)
    action = logged(register)
    outcomes = at_once(register, lambda: register.struck(position), lambda: amending.record(register.records, action))
    assert sorted(outcomes) in (["campaign.unknown", "recorded"], ["entry.named_by_others", "recorded"])


def test_the_same_form_sent_from_two_tabs_logs_one_action(register: Register) -> None:
    planned(register)
    action = logged(register)
    plans = [lambda: amending.record(register.records, action)] * 2
    assert at_once(register, *plans) == ["recorded"] * 2
    assert len(register.chronicle.history(action.originator_id)) == 1


def test_two_who_conclude_a_campaign_at_once_do_not_both(register: Register) -> None:
    planned(register)
    changed(register, "2018", CampaignLaunched)

    def conclude() -> Amended:
        records = register.records
        return amending.record(records, campaign(register).change(CampaignConcluded, told("2019")))

    outcomes = at_once(register, conclude, conclude)
    assert sorted(outcomes) == ["campaign.not_now", "recorded"]


def test_somebody_else_does_not_undo_a_log(register: Register) -> None:
    planned(register)
    position = record(register, logged(register))
    assert refused(register.undone, position, OTHER_SECRETARY).code == "undo.not_yours"


def test_a_closing_of_a_programme_is_undone(register: Register) -> None:
    register.registered("Heron")
    programme = Programme(id=register.id("Programme"))
    opened = programme.change(ProgrammeOpened, told("2001"), organisation_id=register.id("Heron"), title="Aid")
    record(register, opened)
    position = record(register, programme.after(opened).change(ProgrammeClosed, told("2010")))
    register.tell(register.undone(position))
    assert Programme(id=programme.id, entries=register.chronicle.history(programme.id)).closed is None


def test_a_correction_may_move_an_action_to_another_campaign_that_is_there(register: Register) -> None:
    planned(register)
    action = logged(register)
    position = record(register, action)
    id = uuid4()
    fields = {"campaign_id": id, "kind": "meeting"}
    with pytest.raises(Refused) as no:
        amending.amend(
            register.records, register.today(), "wrong",
            [Correcting(position, ActionLogged, told("2018"), fields)],
        )  # fmt: skip
    assert no.value.code == "campaign.unknown"
    other = Campaign(id=id).plan(told("2017"), lead_id=register.id("Heron"))
    record(register, other)
    register.tell(register.corrected(position, "2018", ActionLogged, **fields))
    moved = of(register, action.originator_id)[0]
    assert moved.campaign_id == other.originator_id  # type: ignore[attr-defined]  # it is an action
