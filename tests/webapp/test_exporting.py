from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import subjects
from domain.dates import parse
from domain.entry import Decision, Source, Told
from domain.membership import Membership
from domain.membership_entries import MembershipEntry, Suspended
from domain.organisation import Organisation, OrganisationSameAs
from tests.webapp.files import (
    COMMONWEALTH,
    HEADER,
    SECRETARY,
    ZTOK,
    Stretches,
    exported,
    imported,
    planned,
    stretches,
    told,
    written,
)
from webapp import parts
from webapp.csv_rows import made_harmless, made_plain
from webapp.exporting import write_csv, write_jsonl
from webapp.stores import Stores

DAYS = ("1933-01-01", "1964-06-01", "1989-06-01", "2013-01-01", "2016-06-01", "2017-06-01", "2020-05-15", "2025-12-31")
ALLIANCE = written("2010,founded,Alliance,", "2011,joined,Alliance,A")
BOTH = pytest.mark.parametrize("content", [ZTOK, COMMONWEALTH], ids=["ztok", "commonwealth"])


def rows(stores: Stores, on: date | None = None, known: datetime | None = None) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported(stores, on, known))))


def events(stores: Stores, on: date | None = None, known: datetime | None = None) -> list[str]:
    return sorted(row["event"] for row in rows(stores, on, known))


def by_hand(on: str, note: str = "") -> Told:
    return Told(occurred=parse(on), recorded_by=SECRETARY, command_id=uuid4(), note=note)


def the_membership(stores: Stores) -> Membership:
    """Of the only one who joined."""
    entries = (entry for id in stores.chronicle.subjects() for entry in stores.chronicle.history(id))
    joined = next(entry for entry in entries if isinstance(entry, MembershipEntry))
    return subjects.membership(stores.chronicle, joined.coalition_id, joined.organisation_id)


def the_organisations(stores: Stores) -> list[Organisation]:
    return [subjects.organisation(stores.chronicle, id) for id in stores.chronicle.subjects()]


def possible_on(found: Stretches, day: str) -> dict[tuple[str, str], frozenset[str]]:
    """Who could be in on that day, and how."""
    number = date.fromisoformat(day).toordinal()
    return {pair: s for pair, all_of in found.items() for since, until, s in all_of if since <= number < until}


@BOTH
class TestAWholeHistory:
    def test_gives_the_same_rosters_when_an_empty_kronika_takes_it_in(
        self, stores: Stores, empty: Stores, content: bytes
    ) -> None:
        imported(stores, content)
        again = planned(empty, exported(stores).encode(), accepted=frozenset())
        assert told(again) == []
        assert stretches(again) == stretches(planned(empty, content))

    def test_up_to_a_day_gives_the_roster_of_that_day(self, stores: Stores, empty: Stores, content: bytes) -> None:
        imported(stores, content)
        whole = stretches(planned(empty, content))
        for day in DAYS:
            part = planned(empty, exported(stores, date.fromisoformat(day)).encode(), accepted=frozenset())
            assert told(part) == []
            assert possible_on(stretches(part), day) == possible_on(whole, day)

    def test_is_written_the_same_once_more(self, stores: Stores, content: bytes) -> None:
        imported(stores, content)
        first = exported(stores)
        assert exported(stores) == first


class TestCsv:
    def test_keeps_everything_that_a_row_said(self, stores: Stores) -> None:
        header = f"{HEADER},role,scope,reason,decided,until,new_name,note,source,variant,initiative,decision"
        told_rows = [
            "2010,founded,Alliance,,,,,,,,,Page | https://example.org/,preferred,,",
            "2011~,joined,Alliance,A,associate,,,2010-12,,,Said so,,preferred,member,",
            "2012,office_taken,Alliance,A,chair,,,,2014,,,,preferred,,",
            '2012,suspended,Alliance,A,,vote;office,security,,2013-05,,,,preferred,coalition,"""Board; small"";7;2"',
            "2012-03,withdrawal_notified,Alliance,A,,,,,2012-12-31,,,,preferred,member,",
            "2013,renamed,Alliance,,,,,,,Union,,,alternative,,",
            "2014,organisation_split,,A,,,,,,B;C,,,preferred,,",
            "2015,joined_umbrella,Alliance,Big,,,,,,,,,preferred,,",
        ]
        imported(stores, written(*told_rows, header=header))
        found = [row for row in rows(stores) if row["event"] != "organisation_registered"]
        assert found == list(csv.DictReader([header, *told_rows]))

    def test_writes_no_cell_that_a_spreadsheet_would_run(self, stores: Stores, empty: Stores) -> None:
        content = written("2010,founded,=cmd(),,", "2011,joined,=cmd(),@A,-1+1", header=f"{HEADER},note")
        imported(stores, content)
        cells = [cell for row in rows(stores) for cell in row.values()]
        assert {"'=cmd()", "'@A", "'-1+1"} <= set(cells)
        assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]
        again = planned(empty, exported(stores).encode(), accepted=frozenset())
        assert stretches(again) == stretches(planned(empty, content))

    def test_leaves_out_what_was_struck_out(self, stores: Stores) -> None:
        imported(stores, ALLIANCE)
        membership = the_membership(stores)
        stores.chronicle.record(membership.strike(by_hand("2012"), 1, "mistyped"))
        assert "joined" not in events(stores)

    def test_writes_what_a_correction_put_in_place(self, stores: Stores) -> None:
        imported(stores, ALLIANCE)
        membership = the_membership(stores)
        right = membership.next(
            type(membership.changes[0]),
            by_hand("2011-05"),
            coalition_id=membership.coalition_id,
            organisation_id=membership.organisation_id,
        )
        stores.chronicle.record(*membership.correct(by_hand("2012"), 1, right, "wrong"))
        assert [row["date"] for row in rows(stores) if row["event"] == "joined"] == ["2011-05"]

    def test_marks_as_preferred_what_is_preferred_now(self, stores: Stores) -> None:
        content = written(
            "2010,founded,Alliance,,", "2011,joined,Alliance,A,", "2012,joined,Alliance,A,alternative",
            header=f"{HEADER},variant",
        )  # fmt: skip
        imported(stores, content)
        stores.chronicle.record(the_membership(stores).prefer(by_hand("2013"), 2, (1,)))
        assert {row["date"]: row["variant"] for row in rows(stores) if row["event"] == "joined"} == {
            "2011": "alternative",
            "2012": "preferred",
        }

    def test_tells_a_merger_once(self, stores: Stores) -> None:
        rows_told = ("2010,founded,Alliance,,", "2011,joined,Alliance,A,", "2012,organisation_merged,,A,B")
        imported(stores, written(*rows_told, header=f"{HEADER},new_name"))
        assert events(stores).count("organisation_merged") == 1

    def test_says_for_which_entries_there_is_no_row(self, stores: Stores) -> None:
        imported(stores, written("2010,organisation_registered,,A", "2010,organisation_registered,,B"))
        one, other = the_organisations(stores)
        same = one.change(OrganisationSameAs, by_hand("2012"), other_id=other.id)
        stores.chronicle.record(same)
        assert write_csv(io.StringIO(), stores.chronicle).untold == ("organisation.same_as",)

    def test_says_which_organisations_it_cannot_tell_apart(self, stores: Stores) -> None:
        for id in (uuid4(), uuid4()):
            stores.chronicle.record(Organisation(id=id).register(by_hand("2012"), "Namesake"))
        assert write_csv(io.StringIO(), stores.chronicle).shared == ("Namesake",)

    def test_as_known_at_a_moment_leaves_out_what_came_later(self, stores: Stores) -> None:
        imported(stores, ALLIANCE)
        moment = stores.chronicle.after(0, 10)[-1].recorded_at
        membership = the_membership(stores)
        stores.chronicle.record(membership.change(Suspended, by_hand("2012")))
        assert "suspended" in events(stores)
        assert "suspended" not in events(stores, known=moment)
        assert events(stores, known=moment - timedelta(days=1)) == []


class TestJsonLines:
    def lines(self, stores: Stores, known: datetime | None = None) -> list[dict[str, object]]:
        out = io.StringIO()
        write_jsonl(out, stores.chronicle, known=known)
        return [json.loads(line) for line in out.getvalue().splitlines()]

    def test_hold_every_entry_with_all_its_fields(self, stores: Stores) -> None:
        imported(stores, ZTOK)
        lines = self.lines(stores)
        assert [line["position"] for line in lines] == list(range(1, 38))
        suspended = next(line for line in lines if line["name"] == "membership.suspended")
        assert (suspended["occurred"], suspended["scope"], suspended["variant"]) == ("2012-04-05", ["all"], "preferred")
        assert str(suspended["note"]).startswith("Stepped aside")
        recorded = datetime.fromisoformat(str(suspended["recorded_at"]))
        assert recorded == stores.chronicle.after(0, 40)[0].recorded_at

    def test_hold_what_was_struck_out_too(self, stores: Stores) -> None:
        imported(stores, ALLIANCE)
        stores.chronicle.record(the_membership(stores).strike(by_hand("2012"), 1, "mistyped"))
        assert [line["name"] for line in self.lines(stores)][-2:] == ["membership.joined", "entry.struck"]

    def test_end_with_what_was_known(self, stores: Stores) -> None:
        imported(stores, ALLIANCE)
        assert self.lines(stores, datetime(2020, 1, 1, tzinfo=UTC)) == []


@given(st.text())
def test_any_cell_comes_back_as_it_was(text: str) -> None:
    assert made_plain(made_harmless(text)) == text
    assert made_harmless(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")


words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=20)


@given(st.lists(words, min_size=1, max_size=4))
def test_any_list_comes_back_as_it_was(names: list[str]) -> None:
    assert parts.read_list(parts.write_list(names)) == tuple(names)


def test_a_source_comes_back_as_it_was() -> None:
    for source in (Source("A"), Source("A | B"), Source("", "https://a.org/"), Source("A | B", "http://a.org/|")):
        assert parts.read_source(parts.write_source(source)) == source


def test_a_decision_comes_back_as_it_was() -> None:
    for decision in (Decision("A"), Decision("A; B", "7"), Decision("", "", "2"), Decision("A", "", "2")):
        assert parts.read_decision(parts.write_decision(decision)) == decision
