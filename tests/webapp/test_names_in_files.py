"""Which organisation does a name in a file mean, when names were given up, taken over or mistyped?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.webapp.files import HEADER, errors, imported, opened_in, planned, roster_on, told, written
from webapp.importing import Plan
from webapp.stores import Stores

RENAMED = f"{HEADER},new_name"
COALITIONS = ("2009,founded,X,,", "2009,founded,Y,,")
BETA_IN_X = ("2010-01-01,joined,X,Beta,", "2012,organisation_renamed,,Beta,Gama")
DELTA_IN_Y = ("2011-01-01,joined,Y,Delta,", "2013-01-01,organisation_renamed,,Delta,Beta")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """A database in which nothing is ever recorded, for what is only planned."""
    with opened_in(tmp_path_factory.mktemp("empty")) as stores:
        yield stores


def rows(*told_rows: str) -> bytes:
    return written(*told_rows, header=RENAMED)


def reasons(plan: Plan) -> str:
    return " ".join(error["reason"] for error in errors(plan))


class TestARecordedName:
    @pytest.fixture
    def beta(self, stores: Stores) -> Stores:
        imported(stores, rows(*COALITIONS, *BETA_IN_X))
        return stores

    def test_is_not_taken_by_an_organisation_that_nobody_knows(self, beta: Stores) -> None:
        plan = planned(beta, rows(*DELTA_IN_Y))
        assert told(plan) == [(3, "new_name", "name.of_another")]
        assert "“Beta”" in reasons(plan)
        assert "“Delta”" in reasons(plan)
        assert roster_on(beta, "Y", "2014-01-01")["rows"] == []

    def test_is_not_reached_through_names_of_the_file(self, beta: Stores) -> None:
        plan = planned(
            beta, rows("2013,organisation_renamed,,Delta,Epsilon", "2014,organisation_renamed,,Epsilon,Beta")
        )
        assert told(plan) == [(3, "new_name", "name.of_another")]

    def test_goes_on_through_names_of_the_file(self, beta: Stores) -> None:
        chain = ("2014,organisation_renamed,,Gama,Mid", "2015,organisation_renamed,,Mid,Last")
        assert imported(beta, rows(*chain, "2016,suspended,X,Last,")).registered == ()

    def test_comes_back(self, beta: Stores) -> None:
        assert imported(beta, rows("2014,organisation_renamed,,Gama,Beta")).registered == ()

    def test_and_one_that_nobody_knows_do_not_become_one(self, beta: Stores) -> None:
        content = rows("2014,organisation_renamed,,Gama,One", "2015,organisation_renamed,,Delta,One")
        assert told(planned(beta, content)) == [(3, "new_name", "name.taken_by_two")]

    def test_and_another_recorded_one_do_not_become_one(self, beta: Stores) -> None:
        imported(beta, rows("2011-01-01,joined,Y,Delta,"))
        content = rows("2014,organisation_renamed,,Gama,One", "2015,organisation_renamed,,Delta,One")
        assert {code for *_, code in told(planned(beta, content))} == {"name.taken_by_two"}


class TestANameInOneFile:
    def test_that_was_given_up_before_it_was_taken_is_that_of_two(self, empty: Stores) -> None:
        plan = planned(empty, rows(*COALITIONS, *BETA_IN_X, *DELTA_IN_Y))
        assert told(plan) == [(7, "new_name", "name.given_up_before")]
        for part in ("“Beta”", "“Delta”", "2012", "1 January 2013"):
            assert part in reasons(plan)

    def test_that_may_have_been_taken_before_it_was_given_up_is_that_of_one(self, empty: Stores) -> None:
        chain = ("2013,organisation_renamed,,Delta,Beta", "2013-05,organisation_renamed,,Beta,Gama")
        assert planned(empty, rows(*chain)).registered == ("Delta",)
        unknown = ("2013,organisation_renamed,,Delta,Beta", "XXXX,organisation_renamed,,Beta,Gama")
        assert planned(empty, rows(*unknown)).registered == ("Delta",)

    def test_that_came_back_is_that_of_one(self, empty: Stores) -> None:
        chain = ("2011,organisation_renamed,,A,B", "2012,organisation_renamed,,B,A", "2013,organisation_renamed,,A,C")
        assert planned(empty, rows(*chain)).registered == ("A",)

    def test_of_a_member_is_not_taken_by_its_coalition(self, empty: Stores) -> None:
        plan = planned(empty, rows(COALITIONS[0], "2010,joined,X,A,", "2012,renamed,X,,A"))
        assert told(plan) == [(4, "new_name", "name.of_another")]

    def test_of_a_coalition_is_not_taken_by_its_member(self, empty: Stores) -> None:
        plan = planned(empty, rows(COALITIONS[0], "2010,joined,X,A,", "2012,organisation_renamed,,A,X"))
        assert told(plan) == [(4, "new_name", "name.of_another")]


class TestAMistypedName:
    @pytest.fixture
    def league(self, stores: Stores) -> Stores:
        imported(stores, written("2009,founded,Union,", "2010,joined,Union,Lietuvos gėjų lyga"))
        return stores

    MISTYPED = written("2011-01-01,suspended,Union,Lietuvos geju lygaa")

    def test_is_all_that_is_said(self, league: Stores) -> None:
        plan = planned(league, self.MISTYPED, accepted=frozenset())
        assert told(plan) == [(2, "organisation", "name.unknown_but_like")]

    def test_is_what_is_said_where_all_names_are_accepted(self, league: Stores) -> None:
        plan = planned(league, self.MISTYPED)
        assert told(plan) == [(2, "organisation", "name.never_in_but_like")]
        assert "Lietuvos gėjų lyga?" in reasons(plan)
        assert plan.unknown == ()

    def test_of_a_coalition_is_all_that_is_said(self, league: Stores) -> None:
        plan = planned(league, written("2011-01-01,suspended,Unionn,Lietuvos gėjų lyga"))
        assert told(plan) == [(2, "coalition", "name.never_in_but_like")]

    def test_that_is_like_no_other_leaves_the_rule(self, league: Stores) -> None:
        assert told(planned(league, written("2011-01-01,suspended,Union,Q"))) == [(2, "event", "membership.not_in")]

    def test_does_not_hide_what_is_wrong_with_who_came_in(self, league: Stores) -> None:
        content = written("2010,joined,Union,Lietuvos lyga", "2011,joined,Union,Lietuvos lyga")
        codes = [code for *_, code in told(planned(league, content, accepted=frozenset()))]
        assert codes == ["name.unknown_but_like", "membership.already_in"]


class TestTheColumnToLookAt:
    def test_of_an_umbrella_is_that_of_the_organisation(self, empty: Stores) -> None:
        plan = planned(empty, written("2009,founded,J,", "2010,joined_umbrella,J,J"))
        assert [(row, column) for row, column, _ in told(plan)] == [(3, "organisation")]

    def test_of_an_office_that_ends_before_it_begins_is_its_end(self, empty: Stores) -> None:
        content = written("2009,founded,J,,,", "2012,office_taken,J,A,chair,2010", header=f"{HEADER},role,until")
        assert told(planned(empty, content)) == [(3, "until", "coalition.ends_before")]

    def test_of_a_merger_with_itself_is_the_new_name(self, empty: Stores) -> None:
        plan = planned(empty, rows("2010,organisation_merged,,J,J"))
        assert [(row, column) for row, column, _ in told(plan)] == [(2, "new_name")]
