"""What is written out and taken in again, as it is, with a line more, or with other spellings."""

from __future__ import annotations

import csv
import io
from uuid import uuid4

import pytest

from domain import amending, subjects
from domain.chronicle import Chronicle
from domain.dates import parse
from domain.entry import Decision, Source, Told
from domain.membership_entries import Joined, MembershipEntry, Suspended
from domain.organisation import Organisation, OrganisationMerged, OrganisationRenamed
from projections import engine
from tests.webapp.files import (
    COMMONWEALTH,
    HEADER,
    SECRETARY,
    ZTOK,
    counts_on,
    exported,
    imported,
    opened_in,
    planned,
    roster_on,
    told,
    written,
)
from webapp.archive import records
from webapp.exporting import write_csv
from webapp.stores import Stores

BOTH = pytest.mark.parametrize(
    ("content", "coalition"),
    [(ZTOK, "Žmogaus teisių koalicija"), (COMMONWEALTH, "British Commonwealth")],
    ids=["ztok", "commonwealth"],
)
DAYS = ("1933-01-01", "1970-01-01", "2012-06-01", "2016-06-01", "2020-05-15")
RENAMED = f"{HEADER},new_name"


def by_hand(on: str, note: str = "") -> Told:
    return Told(occurred=parse(on), recorded_by=SECRETARY, command_id=uuid4(), note=note)


def registered(chronicle: Chronicle, called: str, kind: str = "") -> Organisation:
    organisation = Organisation(id=uuid4())
    organisation = organisation.after(organisation.register(by_hand("2010"), called, kind=kind))
    chronicle.record(*organisation.entries)
    return organisation


def in_it(stores: Stores) -> Organisation:
    """An organisation typed into forms: joined, and suspended with everything that a form can say."""
    coalition, organisation = registered(stores.chronicle, "Alliance", "coalition"), registered(stores.chronicle, "A")
    joined = subjects.membership(stores.chronicle, coalition.id, organisation.id)
    joined = joined.after(joined.change(Joined, by_hand("2011", "By hand"), role="associate"))
    full = Told(
        occurred=parse("2012-05"),
        recorded_by=SECRETARY,
        command_id=uuid4(),
        decided=parse("2012-04"),
        source=Source("A | B", "https://example.org/", ("0" * 64,)),
        decision=Decision("Board; small", "7"),
        initiative="member",
    )
    joined = joined.after(joined.change(Suspended, full, scope=("office", "vote"), review_by=parse("2014")))
    stores.chronicle.record(*joined.entries)
    engine.keep_up(stores.chronicle, stores.reading)
    return organisation


@BOTH
class TestAHistoryWrittenOut:
    def test_is_there_already_where_it_came_from(self, stores: Stores, content: bytes, coalition: str) -> None:
        imported(stores, content)
        last = stores.chronicle.last_position()
        again = imported(stores, exported(stores).encode())
        assert (again.rows, again.registered, stores.chronicle.last_position()) == (0, (), last)
        assert again.already == len(exported(stores).splitlines()) - 1

    def test_adds_only_the_line_that_was_written_below(self, stores: Stores, content: bytes, coalition: str) -> None:
        imported(stores, content)
        row = {"date": "2025-01-01", "event": "joined", "coalition": coalition, "organisation": "Newcomer"}
        out = io.StringIO(exported(stores))
        rows = [*csv.DictReader(out), row]
        edited = io.StringIO()
        writer = csv.DictWriter(edited, rows[0].keys(), delimiter=";", restval="")
        writer.writeheader()
        writer.writerows(rows)
        plan = imported(stores, edited.getvalue().encode("utf-8-sig"))
        assert (plan.rows, plan.registered) == (1, ("Newcomer",))

    def test_gives_the_same_rosters_in_an_empty_kronika(
        self, stores: Stores, content: bytes, coalition: str, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        imported(stores, content)
        with opened_in(tmp_path_factory.mktemp("other")) as other:
            imported(other, exported(stores).encode())
            assert [roster_on(other, coalition, day) for day in DAYS] == [
                roster_on(stores, coalition, day) for day in DAYS
            ]
            assert exported(other) == exported(stores)
            assert imported(other, content).rows == 0, "what is taken in elsewhere is known there by its own words too"


class TestWhatWasTypedIntoForms:
    def test_is_there_already(self, stores: Stores) -> None:
        in_it(stores)
        assert imported(stores, exported(stores).encode()).already == 4

    def test_is_there_already_under_its_name_of_today(self, stores: Stores) -> None:
        organisation = in_it(stores)
        stores.chronicle.record(organisation.change(OrganisationRenamed, by_hand("2020"), called="B"))
        engine.keep_up(stores.chronicle, stores.reading)
        content = written("2011,joined,ALLIANCE,b,associate,By hand", header=f"{HEADER},role,note")
        assert imported(stores, content).already == 1

    def test_is_there_already_as_it_was_corrected(self, stores: Stores) -> None:
        imported(stores, written("2010,founded,Alliance,", "2011,joined,Alliance,A"))
        joined = next(
            entry
            for id in stores.chronicle.subjects()
            for entry in stores.chronicle.history(id)
            if isinstance(entry, MembershipEntry)
        )
        membership = subjects.membership(stores.chronicle, joined.coalition_id, joined.organisation_id)
        of = {"coalition_id": joined.coalition_id, "organisation_id": joined.organisation_id}
        right = membership.next(Joined, by_hand("2011-05"), **of)
        stores.chronicle.record(*membership.correct(by_hand("2012"), 1, right, "wrong"))
        engine.keep_up(stores.chronicle, stores.reading)
        assert imported(stores, exported(stores).encode()).rows == 0
        assert imported(stores, written("2011,joined,Alliance,A")).rows == 0, "what was corrected does not come back"

    def test_is_there_already_of_organisations_that_had_one_name_after_another(self, stores: Stores) -> None:
        first, other = registered(stores.chronicle, "Beta"), registered(stores.chronicle, "Delta")
        stores.chronicle.record(first.change(OrganisationRenamed, by_hand("2012"), called="Gama"))
        stores.chronicle.record(other.change(OrganisationRenamed, by_hand("2013"), called="Beta"))
        engine.keep_up(stores.chronicle, stores.reading)
        assert write_csv(io.StringIO(), stores.chronicle).shared == ("Beta",)
        assert imported(stores, exported(stores).encode()).already == 4

    def test_is_there_already_when_organisations_merged(self, stores: Stores) -> None:
        organisation = in_it(stores)
        into = registered(stores.chronicle, "B")
        merged = organisation.change(OrganisationMerged, by_hand("2015"), successor_id=into.id)
        with records(stores) as before:
            stores.chronicle.record(*amending.record(before, merged).entries)
        engine.keep_up(stores.chronicle, stores.reading)
        assert imported(stores, exported(stores).encode()).already == 6


class TestRowsThatSayTheSame:
    def test_with_defaults_left_out_or_written(self, stores: Stores) -> None:
        imported(stores, written("2010,founded,Alliance,", "2011,joined,Alliance,A", "2012,suspended,Alliance,A"))
        full = written(
            "2011,joined,Alliance,A,member,,,preferred",
            "2012,suspended,Alliance,A,,all; vote,other,preferred",
            header=f"{HEADER},role,scope,reason,variant",
        )
        assert imported(stores, full).already == 2

    def test_are_told_twice_in_one_file(self, stores: Stores) -> None:
        rows = ("2010,founded,Alliance,,", "2011,joined,Alliance,A,", "2011,joined,alliance,A,member")
        assert told(planned(stores, written(*rows, header=f"{HEADER},role"))) == [(4, "", "row.twice")]

    def test_are_told_twice_under_two_names(self, stores: Stores) -> None:
        rows = ("2010,founded,Alliance,,", "2011,joined,Alliance,A,", "2012,organisation_renamed,,A,B")
        plan = planned(stores, written(*rows, "2011,joined,Alliance,B,", header=RENAMED))
        assert told(plan) == [(5, "", "row.twice")]

    def test_are_there_already_under_a_name_that_comes_with_the_file(self, stores: Stores) -> None:
        imported(stores, written("2010,founded,Alliance,", "2011,joined,Alliance,A"))
        again = imported(stores, written("2012,organisation_renamed,,A,B", "2011,joined,Alliance,B,", header=RENAMED))
        assert (again.rows, again.already) == (1, 1)

    def test_say_who_is_registered_where_a_row_named_it_first(self, stores: Stores) -> None:
        imported(stores, written("2010,founded,Alliance,", "2011,joined,Alliance,A"))
        assert imported(stores, written("XXXX,organisation_registered,,a")).already == 1
        dated = planned(stores, written("2009,organisation_registered,,A"))
        assert told(dated) == [(2, "event", "organisation.already_registered")]


def test_another_organisation_gets_a_name_that_nobody_has_any_more(stores: Stores) -> None:
    imported(stores, written("2010,founded,Alliance,", "2011,joined,Alliance,Aa"))
    wrong = next(
        organisation
        for id in stores.chronicle.subjects()
        if (organisation := subjects.organisation(stores.chronicle, id)).names and organisation.names[0].called == "Aa"
    )
    right = Organisation(id=wrong.id).register(by_hand("XXXX"), "A")
    stores.chronicle.record(*wrong.correct(by_hand("2012"), 1, right, "mistyped"))
    engine.keep_up(stores.chronicle, stores.reading)
    plan = imported(stores, written("2012,joined,Alliance,Aa"))
    assert plan.registered == ("Aa",)
    assert counts_on(stores, "Alliance", "2013-01-01")["members"] == 2
