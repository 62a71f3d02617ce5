"""Two people at once in different histories: of what contradicts, one is recorded; of what does not, everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest

from domain import amending
from domain.amending import Amended
from domain.coalition import UmbrellaJoined
from domain.organisation import Organisation, OrganisationDissolved, OrganisationMerged, OrganisationRenamed
from domain.refused import Refused
from tests.domain.registers import Register, refused
from tests.scenario import told

Plan = Callable[[], Amended]


def at_once(register: Register, *plans: Plan) -> list[str]:
    """What came of each: everybody has planned once before anybody records."""
    ready = Barrier(len(plans))

    def tell(plan: Plan) -> str:
        first = [plan()]
        ready.wait(20)
        try:
            amending.recorded(register.chronicle, lambda: first.pop() if first else plan())
        except Refused as no:
            return no.code
        return "recorded"

    with ThreadPoolExecutor(len(plans)) as threads:
        return list(threads.map(tell, plans))


def one_of(outcomes: Sequence[str], *refusals: str) -> None:
    assert outcomes.count("recorded") == 1
    assert next(code for code in outcomes if code != "recorded").startswith(refusals)


def deed(register: Register, *args: object, **fields: object) -> Plan:
    def plan() -> Amended:
        records = register.records
        return amending.record(records, register.deed(*args, **fields))  # type: ignore[arg-type]  # as it is told

    return plan


def change(register: Register, *args: str) -> Plan:
    def plan() -> Amended:
        records = register.records
        return amending.record(records, register.change(*args))

    return plan


def test_who_is_dissolved_does_not_join_another_coalition_afterwards(register: Register) -> None:
    register.founded("Front", "2000")
    register.registered("Heron")
    dissolved = deed(register, "2003", OrganisationDissolved, "Heron")
    joined = change(register, "2005", "joined", "Front", "Heron")
    came = at_once(register, dissolved, joined)
    assert came in (["recorded", "membership.gone"], ["membership.later_change_illegal", "recorded"])


def test_who_is_dissolved_or_joins_second_is_told_what_was_first(register: Register) -> None:
    register.founded("Front", "2000")
    register.registered("Heron")
    dissolved = deed(register, "2003", OrganisationDissolved, "Heron")
    joined = change(register, "2005", "joined", "Front", "Heron")
    amending.recorded(register.chronicle, dissolved)
    late = refused(amending.recorded, register.chronicle, joined)
    assert (late.code, late.details["state"], late.details["since"]) == ("membership.gone", "dissolved", "2003")
    register.registered("Stork")
    joins = register.changed("2005", "joined", "Front", "Stork")
    end = refused(amending.recorded, register.chronicle, deed(register, "2003", OrganisationDissolved, "Stork"))
    assert (end.code, end.details["later"]) == ("membership.later_change_illegal", "joined")
    assert (end.details["later_on"], end.details["position"]) == ("2005", joins)


def test_two_coalitions_are_not_each_under_the_other(register: Register) -> None:
    for each in ("Front", "Union"):
        register.founded(each, "2000")
    front = deed(register, "2010", UmbrellaJoined, "Front", umbrella_id=register.id("Union"))
    union = deed(register, "2010", UmbrellaJoined, "Union", umbrella_id=register.id("Front"))
    one_of(at_once(register, front, union), "coalition.umbrella_circle")


def test_two_organisations_do_not_merge_into_each_other(register: Register) -> None:
    register.registered("Heron", "Stork")
    heron = deed(register, "2010", OrganisationMerged, "Heron", successor_id=register.id("Stork"))
    stork = deed(register, "2010", OrganisationMerged, "Stork", successor_id=register.id("Heron"))
    one_of(at_once(register, heron, stork), "organisation.merged_in_a_circle", "organisation.successor_gone")


def test_a_registration_is_not_struck_while_its_organisation_joins(register: Register) -> None:
    register.founded("Front", "2000")
    register.registered("Heron")
    position = register.chronicle.last_position()
    joined = change(register, "2005", "joined", "Front", "Heron")
    one_of(
        at_once(register, lambda: register.struck(position), joined),
        "organisation.registration_needed",
        "organisation.unknown",
    )


def test_what_contradicts_nothing_is_recorded_however_many_record_at_once(register: Register) -> None:
    called = [f"Organisation {n}" for n in range(20)]
    register.founded("Front", "2000")
    register.registered(*called)
    joined = [change(register, "2005", "joined", "Front", each) for each in called]
    assert at_once(register, *joined) == ["recorded"] * 20


def test_nothing_is_recorded_after_the_position_that_was_read_when_something_was_since(register: Register) -> None:
    register.registered("Heron", "Stork")
    position = register.chronicle.last_position()
    register.happened("2010", OrganisationRenamed, "Heron", called="Crane")
    late = register.deed("2011", OrganisationRenamed, "Stork", called="Ibis")
    with pytest.raises(Refused) as no:
        register.chronicle.record(late, unless_after=position)
    assert no.value.code == "chronicle.moved_on"
    assert register.chronicle.record(late, unless_after=position + 1) == position + 2
    assert register.chronicle.record(late, unless_after=position) == position + 2


def test_a_plan_that_comes_to_nothing_records_nothing(register: Register) -> None:
    assert amending.recorded(register.chronicle, lambda: None) is None


def test_who_is_never_quick_enough_is_told_so(register: Register) -> None:
    register.founded("Front", "2000")
    register.registered("Heron")
    stale = change(register, "2005", "joined", "Front", "Heron")()
    register.happened("2003", OrganisationRenamed, "Heron", called="Crane")
    assert refused(amending.recorded, register.chronicle, lambda: stale).code == "chronicle.someone_was_first"


def test_what_was_recorded_of_others_meanwhile_does_not_matter(register: Register) -> None:
    register.founded("Front", "2000")
    register.registered("Heron", "Stork")
    stale = change(register, "2005", "joined", "Front", "Heron")()
    position = register.changed("2001", "joined", "Front", "Stork")
    assert amending.recorded(register.chronicle, lambda: stale) == position + 1


def test_a_name_that_was_free_may_be_taken_by_whatever_was_recorded_meanwhile(register: Register) -> None:
    register.founded("Front", "2000")
    newcomer = amending.record(register.records, Organisation(id=uuid4()).register(told("XXXX"), "Stork"))
    register.registered("Heron")
    assert refused(amending.recorded, register.chronicle, lambda: newcomer).code == "chronicle.someone_was_first"
