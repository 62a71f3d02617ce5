from __future__ import annotations

import random
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import subjects
from domain.dates import parse
from domain.entry import Decision, Source, Told
from domain.membership import Membership
from domain.membership_entries import MembershipEntry
from domain.organisation import OrganisationRenamed
from domain.refused import Refused
from tests.projections import ztok
from tests.webapp.files import (
    COMMONWEALTH,
    HEADER,
    SECRETARY,
    TODAY,
    ZTOK,
    counts_on,
    errors,
    exported,
    imported,
    planned,
    roster_on,
    stretches,
    told,
    written,
)
from webapp import importing
from webapp.stores import Stores

FOUNDED = "2010,founded,Alliance,"
IN_ANY_ORDER = settings(max_examples=15)


def shuffled(content: bytes, seed: int) -> bytes:
    header, *rows = content.decode().splitlines()
    random.Random(seed).shuffle(rows)
    return "\n".join((header, *rows)).encode()


class TestTheHistoryOfZtok:
    @pytest.mark.parametrize(
        ("day", "good", "suspended", "possible"),
        [
            ("2013-01-01", 7, 1, 2),
            ("2016-06-01", 7, 1, 1),
            ("2018-06-01", 8, 0, 1),
            ("2025-01-01", 9, 0, 0),
        ],
    )
    def test_gives_its_members_on_any_day(
        self, stores: Stores, day: str, good: int, suspended: int, possible: int
    ) -> None:
        imported(stores, ZTOK)
        counts = counts_on(stores, "Žmogaus teisių organizacijų koalicija", day)
        assert (counts["in_good_standing"], counts["suspended"], counts["possible"]) == (good, suspended, possible)

    def test_says_of_an_imprecise_day_what_is_possible(self, stores: Stores) -> None:
        imported(stores, ZTOK)
        rows = {row["organisation"]: row for row in roster_on(stores, "Žmogaus teisių koalicija", "2017-06-01")["rows"]}
        institute = rows["Žmogaus teisių stebėjimo institutas"]
        assert institute["certainty"] == "certain"
        assert {one["standing"] for one in institute["possible"]} == {"suspended", "good"}
        rows = {row["organisation"]: row for row in roster_on(stores, "Žmogaus teisių koalicija", "2020-05-15")["rows"]}
        group = rows["Diversity Development Group"]
        assert (group["certainty"], {one["role"] for one in group["possible"]}) == ("possible", {"observer", "member"})

    def test_ends_with_the_members_of_its_page_by_their_present_names(self, stores: Stores) -> None:
        imported(stores, ZTOK)
        rows = roster_on(stores, "Žmogaus teisių organizacijų koalicija", "2026-01-01")["rows"]
        assert sorted(row["organisation"] for row in rows) == sorted(ztok.TODAY)

    def test_counts_its_rows_and_the_organisations_that_come_with_them(self, stores: Stores) -> None:
        plan = imported(stores, ZTOK)
        assert (plan.rows, plan.already, len(plan.registered), len(plan.entries)) == (25, 0, 12, 37)

    def test_recorded_row_by_row_gives_the_same(self, stores: Stores) -> None:
        header, *rows = ZTOK.decode().splitlines()
        for row in rows:
            imported(stores, f"{header}\n{row}".encode())
        one_by_one = roster_on(stores, "Žmogaus teisių koalicija", "2017-06-01")["rows"]
        assert len(one_by_one) == 9
        assert counts_on(stores, "Žmogaus teisių koalicija", "2016-06-01")["in_good_standing"] == 7


class TestTheHistoryOfTheCommonwealth:
    @pytest.mark.parametrize(
        ("day", "members", "suspended", "possible"),
        [
            ("1930-01-01", 0, 0, 0),
            ("1933-01-01", 6, 0, 0),
            ("1950-01-01", 6, 0, 0),
            ("1964-06-01", 8, 0, 0),
            ("1982-06-01", 11, 0, 1),
            ("1988-01-01", 11, 0, 0),
            ("1989-06-01", 11, 0, 1),
            ("2000-07-01", 16, 2, 0),
            ("2004-01-01", 15, 1, 0),
            ("2010-01-01", 15, 1, 0),
            ("2014-01-01", 14, 1, 0),
            ("2017-01-01", 13, 0, 0),
            ("2024-01-01", 16, 1, 0),
        ],
    )
    def test_gives_the_right_counts(
        self, stores: Stores, day: str, members: int, suspended: int, possible: int
    ) -> None:
        imported(stores, COMMONWEALTH)
        counts = counts_on(stores, "Commonwealth of Nations", day)
        assert (counts["members"], counts["suspended"], counts["possible"]) == (members, suspended, possible)

    def test_shows_a_suspension_that_grows_and_eases(self, stores: Stores) -> None:
        imported(stores, COMMONWEALTH)
        scopes = []
        for day in ("2008-01-01", "2010-01-01", "2014-05-01", "2015-01-01"):
            rows = roster_on(stores, "British Commonwealth", day)["rows"]
            scopes.append(next(row["scope"] for row in rows if row["organisation"] == "Fiji"))
        assert scopes == ["meetings", "all", "meetings", None]

    def test_keeps_the_other_account_beside_the_one_that_counts(self, stores: Stores) -> None:
        plan = imported(stores, COMMONWEALTH)
        aside = [e.occurred.text for e in plan.entries if e.variant == "alternative"]
        assert sorted(aside) == ["1926-11-15/1926-11-18", "1942-10-09", "1989-10-01"]

    def test_ends_the_memberships_of_who_merged_away(self, stores: Stores) -> None:
        plan = imported(stores, COMMONWEALTH)
        ends = [e.stored_name() for e in plan.entries if e.stored_name().endswith("organisation_merged")]
        assert len(ends) == 3
        names = {row["organisation"] for row in roster_on(stores, "British Commonwealth", "1970-01-01")["rows"]}
        assert "Tanzania" in names
        assert not {"Zanzibar", "Tanganyika"} & names


@pytest.mark.parametrize("content", [ZTOK, COMMONWEALTH], ids=["ztok", "commonwealth"])
class TestTheOrderOfRows:
    @IN_ANY_ORDER
    @given(seed=st.integers(0, 2**32))
    def test_changes_nothing(self, empty: Stores, content: bytes, seed: int) -> None:
        assert stretches(planned(empty, shuffled(content, seed))) == stretches(planned(empty, content))

    def test_is_replaced_by_one_in_which_every_position_can_be_read(self, empty: Stores, content: bytes) -> None:
        histories: dict[UUID, Membership] = {}
        for entry in planned(empty, content).entries:
            if isinstance(entry, MembershipEntry):
                history = histories.get(entry.originator_id) or Membership(
                    id=entry.originator_id, coalition_id=entry.coalition_id, organisation_id=entry.organisation_id
                )
                assert entry.originator_version == history.version + 1
                after = history.after(entry)
                after.check(entry)
                histories[entry.originator_id] = after
        assert len(histories) > 9


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_rows_told_singly_in_any_order_that_is_accepted_give_the_same(stores: Stores, empty: Stores, seed: int) -> None:
    header, *rows = ZTOK.decode().replace("teisių organizacijų koalicija", "teisių koalicija").splitlines()
    rows = [row for row in rows if "renamed" not in row]
    waiting, content = [rows[1], *random.Random(seed).sample(rows, len(rows))], "\n".join((header, *rows)).encode()
    while waiting:
        later = []
        for row in waiting:
            plan = planned(stores, f"{header}\n{row}".encode())
            if plan.problems:
                later.append(row)
            else:
                importing.record(plan, stores.chronicle)
        assert len(later) < len(waiting), "nothing more is accepted"
        waiting = later
    whole = planned(empty, exported(stores).encode())
    assert stretches(whole) == stretches(planned(empty, content))


class TestTheSameFileAgain:
    def test_adds_nothing(self, stores: Stores) -> None:
        imported(stores, ZTOK)
        last = stores.chronicle.last_position()
        again = imported(stores, shuffled(ZTOK, 1))
        assert (again.rows, again.already, again.registered) == (0, 25, ())
        assert stores.chronicle.last_position() == last

    def test_adds_nothing_when_a_name_has_changed_since(self, stores: Stores) -> None:
        imported(stores, ZTOK)
        imported(
            stores,
            written("2024,organisation_renamed,,Romų visuomenės centras,Romų centras", header=f"{HEADER},new_name"),
        )
        assert imported(stores, ZTOK).already == 25

    def test_adds_only_what_is_new(self, stores: Stores) -> None:
        imported(stores, written(FOUNDED, "2011,joined,Alliance,Lake Watch"))
        grown = imported(
            stores, written(FOUNDED, "2012,withdrew,Alliance,Lake Watch", "2011,joined,Alliance,Lake Watch")
        )
        assert (grown.rows, grown.already, grown.registered) == (1, 2, ())

    def test_with_its_empty_columns_left_out_is_the_same(self, stores: Stores) -> None:
        imported(stores, written(f"{FOUNDED},,,", header=f"{HEADER},note,role,scope"))
        assert imported(stores, written("founded,2010,Alliance", header="event,date,coalition")).already == 1

    def test_sent_by_two_at_once_is_stored_once(self, stores: Stores) -> None:
        first, second = planned(stores, ZTOK), planned(stores, ZTOK)
        assert importing.record(first, stores.chronicle) == 37
        assert importing.record(second, stores.chronicle) == 37
        assert stores.chronicle.last_position() == 37


class TestNames:
    def test_that_nobody_knows_need_a_yes(self, stores: Stores) -> None:
        imported(stores, written(FOUNDED, "2011,joined,Alliance,Lake Watch"))
        content = written("2012,joined,Alliance,Lake Wach", "2012,joined,Alliance,Q")
        plan = planned(stores, content, accepted=frozenset())
        assert told(plan) == [(2, "organisation", "name.unknown_but_like"), (3, "organisation", "name.unknown")]
        assert [(one.name, one.nearest) for one in plan.unknown] == [("Lake Wach", ("Lake Watch",)), ("Q", ())]
        assert plan.entries == ()

    def test_can_be_accepted_one_by_one(self, stores: Stores) -> None:
        content = written(FOUNDED, "2012,joined,Alliance,A", "2012,joined,Alliance,B")
        assert [one.name for one in planned(stores, content, accepted={"A"}).unknown] == ["B"]
        assert planned(stores, content, accepted={"A", "B"}).registered == ("A", "Alliance", "B")

    def test_of_a_coalition_that_the_file_founds_need_no_yes(self, stores: Stores) -> None:
        assert told(planned(stores, written(FOUNDED), accepted=frozenset())) == []

    def test_of_a_coalition_that_the_file_does_not_found_need_one(self, stores: Stores) -> None:
        content = written("2012,joined,Alliance,A")
        assert len(planned(stores, content, accepted={"A"}).problems) == 1
        imported(stores, content)
        assert counts_on(stores, "Alliance", "2013-01-01")["members"] == 1

    def test_are_found_in_capitals_and_with_other_spaces(self, stores: Stores) -> None:
        imported(stores, written(FOUNDED, "2011,joined,Alliance,Žmogaus centras"))
        assert imported(stores, written("2012,withdrew,ALLIANCE,žmogaus  CENTRAS")).registered == ()

    def test_given_by_a_row_of_the_same_file_mean_the_same_organisation(self, stores: Stores) -> None:
        plan = imported(
            stores,
            written(
                "2012,suspended,Union,B,",
                "2011,joined,Alliance,A,",
                "2010,founded,Alliance,,",
                "XXXX,organisation_renamed,,A,B",
                "2013,reinstated,Alliance,C,",
                "2012,organisation_renamed,,B,C",
                "2011,renamed,Alliance,,Union",
                header=f"{HEADER},new_name",
            ),
        )
        assert plan.registered == ("A", "Alliance")
        assert [row["organisation"] for row in roster_on(stores, "Union", "2014-01-01")["rows"]] == ["C"]

    def test_that_come_back_mean_the_same_organisation(self, stores: Stores) -> None:
        rows = ("2011,organisation_renamed,,A,B", "2013,organisation_renamed,,B,A")
        assert imported(stores, written(*rows, header=f"{HEADER},new_name")).registered == ("A",)

    def test_that_fit_several_organisations_are_refused(self, stores: Stores) -> None:
        imported(stores, written("2010,organisation_registered,,A", "2010,organisation_registered,,B"))
        for id in sorted(stores.chronicle.subjects()):
            organisation = subjects.organisation(stores.chronicle, id)
            told_so = Told(occurred=parse("2012"), recorded_by=SECRETARY, command_id=uuid4())
            stores.chronicle.record(organisation.change(OrganisationRenamed, told_so, called="Same"))
        content = written(FOUNDED, "2013,joined,Alliance,Same")
        assert told(planned(stores, content)) == [(3, "organisation", "name.fits_several")]

    def test_that_another_organisation_has_are_not_given(self, stores: Stores) -> None:
        imported(stores, written("2010,organisation_registered,,A", "2010,organisation_registered,,B"))
        content = written("2013,organisation_renamed,,A,B", header=f"{HEADER},new_name")
        assert told(planned(stores, content)) == [(2, "new_name", "name.of_another")]

    def test_that_two_of_the_file_take_are_refused(self, stores: Stores) -> None:
        rows = ("2013,organisation_renamed,,A,C", "2014,organisation_renamed,,B,C")
        content = written(*rows, header=f"{HEADER},new_name")
        assert told(planned(stores, content)) == [(2, "new_name", "name.taken_by_two")]

    def test_in_the_column_of_coalitions_belong_to_coalitions(self, stores: Stores) -> None:
        imported(stores, written("2010,organisation_registered,,Lake Watch", FOUNDED))
        swapped = planned(stores, written("2011,joined,Lake Watch,Alliance"))
        assert told(swapped) == [(2, "coalition", "name.not_a_coalition")]

    def test_may_begin_like_a_formula(self, stores: Stores) -> None:
        imported(stores, written(FOUNDED, "2011,joined,Alliance,=1+1", "2011,joined,Alliance,'=2+2"))
        rows = roster_on(stores, "Alliance", "2012-01-01")["rows"]
        assert [row["organisation"] for row in rows] == ["=1+1", "=2+2"]


class TestMergers:
    ROWS = (FOUNDED + ",", "2011,joined,Alliance,A,")
    HEADER = f"{HEADER},new_name"

    def test_end_memberships_that_were_recorded_before(self, stores: Stores) -> None:
        imported(stores, written(*self.ROWS, header=self.HEADER))
        plan = imported(stores, written("2012-05-01,organisation_merged,,A,B", header=self.HEADER))
        assert [e.stored_name() for e in plan.entries] == [
            "organisation.registered",
            "organisation.merged",
            "membership.organisation_merged",
        ]
        assert counts_on(stores, "Alliance", "2012-06-01")["members"] == 0

    def test_end_memberships_that_are_told_later(self, stores: Stores) -> None:
        imported(stores, written("2012-05-01,organisation_merged,,A,B", header=self.HEADER))
        imported(stores, written(*self.ROWS, header=self.HEADER))
        assert counts_on(stores, "Alliance", "2012-01-01")["members"] == 1
        assert counts_on(stores, "Alliance", "2012-06-01")["members"] == 0

    def test_let_nothing_follow(self, stores: Stores) -> None:
        rows = (*self.ROWS, "2012-05-01,organisation_dissolved,,A,", "2013,suspended,Alliance,A,")
        assert told(planned(stores, written(*rows, header=self.HEADER))) == [(5, "event", "membership.gone")]

    def test_are_refused_where_something_followed_already(self, stores: Stores) -> None:
        imported(stores, written(*self.ROWS, "2013,suspended,Alliance,A,", header=self.HEADER))
        plan = planned(stores, written("2012-05-01,organisation_merged,,A,B", header=self.HEADER))
        assert told(plan) == [(2, "event", "membership.later_change_illegal")]


class TestIllegalRows:
    def test_are_told_with_state_date_and_what_is_allowed_instead(self, stores: Stores) -> None:
        (error,) = errors(planned(stores, written(FOUNDED, "2011,joined,Alliance,A", "2012,reinstated,Alliance,A")))
        assert (error["row"], error["column"], error["code"]) == (4, "event", "membership.not_suspended")
        assert (error["state"], error["on"]) == ("member, good", "2011")
        assert "suspended" in error["allowed"]
        assert "reinstated" not in error["allowed"]
        assert error["reason"]

    def test_are_all_told_at_once(self, stores: Stores) -> None:
        rows = (
            FOUNDED,
            "2011,joined,Alliance,A",
            "2012,joined,Alliance,A",
            "2013,withdrew,Alliance,A",
            "2014,suspended,Alliance,A",
            "2012,readmitted,Alliance,B",
            "2009,joined,Alliance,C",
        )
        assert told(planned(stores, written(*rows))) == [
            (4, "event", "membership.already_in"),
            (6, "event", "membership.already_out"),
            (7, "event", "membership.never_in"),
            (8, "date", "membership.before_coalition"),
        ]

    @IN_ANY_ORDER
    @given(seed=st.integers(0, 2**32))
    def test_are_the_same_rows_in_whatever_order_they_stand(self, empty: Stores, seed: int) -> None:
        rows = [
            FOUNDED,
            "../2012,joined,Alliance,A",
            "2011/2013,suspended,Alliance,A",
            "2012,joined,Alliance,A",
            "2013,reinstated,Alliance,A",
            "2014,reinstated,Alliance,A",
        ]
        random.Random(seed).shuffle(rows)
        blamed = {(rows[row - 2], column, code) for row, column, code in told(planned(empty, written(*rows)))}
        assert blamed == {
            ("2012,joined,Alliance,A", "event", "membership.already_in"),
            ("2014,reinstated,Alliance,A", "event", "membership.not_suspended"),
        }

    def test_are_not_seen_in_what_only_a_row_that_cannot_be_read_would_allow(self, stores: Stores) -> None:
        rows = (FOUNDED, "20x1,joined,Alliance,A", "2012,suspended,Alliance,A", "2013,expeled,Alliance,B")
        plan = planned(stores, written(*rows, "2014,readmitted,Alliance,B"))
        assert told(plan) == [(3, "date", "date.unreadable"), (5, "event", "row.unknown_event")]

    def test_are_measured_by_what_was_recorded_before(self, stores: Stores) -> None:
        imported(stores, written(FOUNDED, "2011,joined,Alliance,A", "2014,withdrew,Alliance,A"))
        assert told(planned(stores, written("2015,suspended,Alliance,A")))[0][2] == "membership.already_out"
        imported(stores, written("2012,suspended,Alliance,A"))
        assert counts_on(stores, "Alliance", "2013-01-01")["suspended"] == 1

    def test_of_a_coalition_are_told_too(self, stores: Stores) -> None:
        rows = (FOUNDED, "2012,founded,Alliance,", "2013,left_umbrella,Alliance,Big")
        assert [code for _, _, code in told(planned(stores, written(*rows)))] == [
            "coalition.only_once",
            "coalition.umbrella_not_joined",
        ]

    def test_store_nothing(self, stores: Stores) -> None:
        plan = planned(stores, written(FOUNDED, "2011,joined,Alliance,A", "2012,reinstated,Alliance,A"))
        assert (plan.entries, plan.rows, plan.registered) == ((), 0, ())
        with pytest.raises(ValueError, match="problems"):
            importing.record(plan, stores.chronicle)
        assert stores.chronicle.last_position() == 0


class TestBadRows:
    @pytest.mark.parametrize(
        ("row", "column", "code"),
        [
            ("2011,joind,Alliance,A", "event", "row.unknown_event"),
            ("2011,,Alliance,A", "event", "row.event_missing"),
            (",joined,Alliance,A", "date", "date.missing"),
            ("yesterday,joined,Alliance,A", "date", "date.not_edtf"),
            ("20.06.2011,joined,Alliance,A", "date", "date.not_edtf"),
            ("20,joined,Alliance,A", "date", "date.unreadable"),
            ("2011-02-30,joined,Alliance,A", "date", "date.no_such_day"),
            ("/2011,joined,Alliance,A", "date", "date.empty_start"),
            ("2012/2011,joined,Alliance,A", "date", "date.reversed"),
            ("2011,joined,Alliance,", "organisation", "row.missing"),
            ("2011,joined,,A", "coalition", "row.missing"),
            ("2011,founded,Alliance,A", "organisation", "row.not_used"),
            ("2011,joined,Alliance,A,,,,leader", "role", "row.unknown_choice"),
            ("2011,observer_admitted,Alliance,A,,,,member", "role", "row.unknown_choice"),
            ("2011,role_changed,Alliance,A", "role", "row.missing"),
            ("2011,suspended,Alliance,A,vote;dinner", "scope", "row.unknown_choice"),
            ("2011,suspended,Alliance,A,,not_renewed", "reason", "row.unknown_choice"),
            ("2011,joined,Alliance,A,vote", "scope", "row.not_used"),
            ("2011,renewed,Alliance,A,,,soon", "until", "date.unreadable"),
            ("2011,joined,Alliance,A,,,2012", "until", "row.not_used"),
            ("2011,joined,Alliance," + "x" * 10_000, "organisation", "text.too_long"),
            ("2011,joined,Alliance,A,,,,,,,,,cell", "", "row.too_long"),
            ("2011,joined,Alliance,A,,,,,maybe", "variant", "row.unknown_choice"),
            ("2011,joined,Alliance,A,,,,,,nobody", "initiative", "row.unknown_choice"),
            ("2011,joined,Alliance,A,,,,,,,a;b;c;d", "decision", "row.decision_parts"),
            ("2011,organisation_renamed,,A", "new_name", "row.missing"),
        ],
    )
    def test_are_told_with_row_column_and_reason(self, empty: Stores, row: str, column: str, code: str) -> None:
        header = f"{HEADER},scope,reason,until,role,variant,initiative,decision,new_name"
        plan = planned(empty, written("2010,founded,Alliance,", row, header=header))
        assert told(plan) == [(3, column, code)]
        assert errors(plan)[0]["reason"]
        assert plan.entries == ()

    def test_say_how_a_date_that_is_understood_must_be_written(self, empty: Stores) -> None:
        plan = planned(empty, written("summer 2011,founded,Alliance,"))
        assert plan.problems[0].refused.details["instead"] == "2011-22"

    @pytest.mark.parametrize(
        ("typed", "code"),
        [("31.02.2011", "date.no_such_day"), ("2011-02-30", "date.no_such_day"), ("-0044", "date.unreadable")],
    )
    def test_say_which_date_there_is_not(self, empty: Stores, typed: str, code: str) -> None:
        plan = planned(empty, written(f"{typed},founded,Alliance,"))
        assert told(plan) == [(2, "date", code)]
        assert f"“{typed}”" in errors(plan)[0]["reason"]

    def test_say_what_an_unknown_event_might_be(self, empty: Stores) -> None:
        (error,) = errors(planned(empty, written("2011,joind,Alliance,A")))
        assert error["allowed"][0] == "joined"

    def test_that_are_equal_are_told_with_both_numbers(self, empty: Stores) -> None:
        plan = planned(empty, written(FOUNDED, "2011,joined,Alliance,A", "", "2011, joined ,Alliance,A"))
        assert told(plan) == [(5, "", "row.twice")]
        assert (plan.problems[0].refused.details["row"], plan.problems[0].refused.details["same_as"]) == (5, 3)

    def test_tell_all_that_is_wrong_with_them(self, empty: Stores) -> None:
        plan = planned(empty, written("20x1,suspended,Alliance,,leader,dinner", header=f"{HEADER},role,scope"))
        assert told(plan) == [
            (2, "date", "date.unreadable"),
            (2, "organisation", "row.missing"),
            (2, "role", "row.not_used"),
            (2, "scope", "row.unknown_choice"),
        ]

    def test_end_before_they_begin(self, empty: Stores) -> None:
        rows = (FOUNDED + ",", "2011,joined,Alliance,A,", "2012,withdrawal_notified,Alliance,A,2010")
        plan = planned(empty, written(*rows, header=f"{HEADER},until"))
        assert told(plan) == [(4, "until", "membership.ends_before")]


class TestBadFiles:
    @pytest.mark.parametrize(
        ("content", "row", "column", "code"),
        [
            (b"", 1, "", "file.empty"),
            (b"\n \n", 1, "", "file.empty"),
            (b"\xef\xbb\xbf", 1, "", "file.empty"),
            (b"date,event,coalition\n", 1, "", "file.no_rows"),
            (b"date,event,coalition,colour\n2011,founded,A,red\n", 1, "colour", "file.unknown_column"),
            (b"event,coalition\nfounded,A\n", 1, "date", "file.missing_column"),
            (b"date,coalition\n2011,A\n", 1, "event", "file.missing_column"),
            (b"date,event\n2011,founded\n", 1, "coalition", "file.missing_column"),
            (b"date,event,coalition,date\n2011,founded,A,2012\n", 1, "date", "file.repeated_column"),
            ("date,event,coalition\n2011,founded,Ąžuolas\n".encode("cp1257"), 2, "coalition", "row.not_utf_8"),
            ("date,event,coalition,žymė\n2011,founded,A\n".encode("cp1257"), 1, "", "file.not_utf_8"),
            ("date,event,coalition\n2011,founded,A\n".encode("utf-16"), 1, "", "file.not_utf_8"),
            ("date,event,coalition\n2011,founded,A\n".encode("utf-16-le"), 1, "", "file.not_utf_8"),
            ("date,event,coalition\n2011,founded,A\n".encode("utf-16-be"), 1, "", "file.not_utf_8"),
            (b"date,event,coalition\n2011,founded,A\0B\n", 2, "coalition", "text.unreadable"),
            (b"date,event,coalition\n2011,founded,A\x7fB\n", 2, "coalition", "text.unreadable"),
            (b"date,event,coalition\n20\x0111,founded,A\n", 2, "date", "text.unreadable"),
            (b"date,event,coal\x01ition\n2011,founded,A\n", 1, "", "text.unreadable"),
            (b"date,event,coalition\n2011,founded,\xed\xa0\x80\n", 2, "coalition", "row.not_utf_8"),
            (b'date,event,coalition\n2011,founded,"A\n', 2, "", "file.unreadable_row"),
            (b"date,event,coalition\n2011,founded," + b"A" * 200_000, 2, "coalition", "text.too_long"),
            (b"PK\x03\x04\x14\x00\x06\x00", 1, "", "file.workbook"),
        ],
    )
    def test_are_told_as_a_whole(self, empty: Stores, content: bytes, row: int, column: str, code: str) -> None:
        plan = planned(empty, content)
        assert told(plan) == [(row, column, code)]
        assert errors(plan)[0]["reason"]
        assert "…" not in errors(plan)[0]["reason"].removesuffix("…")

    def test_that_end_within_a_quotation_are_told_with_the_row(self, empty: Stores) -> None:
        (error,) = errors(planned(empty, b'date,event,coalition\n2010,founded,B\n2011,founded,"A\n2012,founded,C\n'))
        assert error["row"] == 3
        assert "row 3" in error["reason"]

    def test_with_cells_that_are_no_text_are_told_with_all_that_is_wrong(self, empty: Stores) -> None:
        content = (
            b'date,event,coalition,organisation,note\n2010,founded,A,,"two\nlines"\n'
            b"2011,joined,A,\xe0,\n20x1,joined,A,B,\x01\n2012,joined,A,C,\n2013,renewed,A,C,\xff\n"
        )
        assert told(planned(empty, content)) == [
            (3, "organisation", "row.not_utf_8"),
            (4, "date", "date.unreadable"),
            (4, "note", "text.unreadable"),
            (6, "note", "row.not_utf_8"),
        ]


class TestForms:
    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    @pytest.mark.parametrize("start", ["", "\ufeff"])
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_of_files_that_programs_write_are_read(self, empty: Stores, separator: str, start: str, end: str) -> None:
        rows = ("Date,EVENT,coalition,organisation,scope", "2010,founded,Alliance,,", "2011,joined,Alliance,A,")
        text = start + end.join(row.replace(",", separator) for row in rows)
        assert planned(empty, text.encode()).rows == 2

    def test_of_cells_hold_source_decision_scope_and_offices(self, empty: Stores) -> None:
        header = f"{HEADER},role,scope,reason,decided,until,source,decision,initiative"
        plan = planned(
            empty,
            written(
                "2010,founded,Alliance,,,,,,,Page | https://example.org/a|b,,",
                "2011,joined,Alliance,A,associate,,,2010-12,,,,",
                '2012,suspended,Alliance,A,,office; vote,security,,2013-05,Just | a title,"""A; B""; 7; 2",coalition',
                "2012,office_taken,Alliance,A,chair,,,,2014,,,",
                header=header,
            ),
        )
        assert told(plan) == []
        found = {e.stored_name(): msgspec.structs.asdict(e) for e in plan.entries}
        assert found["coalition.founded"]["source"] == Source(title="Page", link="https://example.org/a|b")
        suspended = found["membership.suspended"]
        assert (suspended["scope"], suspended["reason"]) == (("vote", "office"), "security")
        assert suspended["review_by"] == parse("2013-05")
        assert suspended["decision"] == Decision("A; B", "7", "2")
        assert (suspended["initiative"], suspended["source"]) == ("coalition", Source(title="Just | a title"))
        joined, office = found["membership.joined"], found["coalition.office_taken"]
        assert (joined["role"], joined["decided"]) == ("associate", parse("2010-12", TODAY))
        assert (office["office"], office["until"]) == ("chair", parse("2014"))
        assert office["holder_id"] == joined["organisation_id"]

    def test_of_leaving_the_only_umbrella_need_no_name(self, empty: Stores) -> None:
        plan = planned(empty, written(FOUNDED, "2011,joined_umbrella,Alliance,Big", "2013,left_umbrella,Alliance,"))
        assert told(plan) == []

    def test_of_a_split_name_several_organisations(self, empty: Stores) -> None:
        plan = planned(empty, written("2011,organisation_split,,A,B;C", header=f"{HEADER},new_name"))
        assert plan.registered == ("A", "B", "C")


def test_what_is_recorded_meanwhile_is_seen_and_nothing_is_stored(stores: Stores) -> None:
    imported(stores, written(FOUNDED, "2011,joined,Alliance,A"))
    plan = planned(stores, written("2012,suspended,Alliance,A"))
    imported(stores, written("2013,withdrew,Alliance,A"))
    with pytest.raises(Refused) as refused:
        importing.record(plan, stores.chronicle)
    assert refused.value.code == "chronicle.someone_was_first"


def test_a_thousand_rows_are_taken_in_one_transaction(stores: Stores) -> None:
    rows = [f"{2011 + n // 100},joined,Alliance,Organisation {n}" for n in range(1000)]
    seen: list[tuple[str, int, int]] = []
    plan = planned(stores, written(FOUNDED, *rows))
    assert importing.record(plan, stores.chronicle, lambda *step: seen.append(step)) == 2002
    assert seen[-1] == ("recording", 2002, 2002)


def test_a_file_is_not_taken_in_when_anything_was_recorded_since_it_was_read(stores: Stores) -> None:
    imported(stores, written(FOUNDED, "2011,joined,Alliance,A"))
    plan = planned(stores, written("2012,joined,Alliance,B"))
    imported(stores, written("2013,withdrew,Alliance,A"))
    before = stores.chronicle.last_position()
    with pytest.raises(Refused) as refused:
        importing.record(plan, stores.chronicle)
    assert (refused.value.code, stores.chronicle.last_position()) == ("chronicle.moved_on", before)
