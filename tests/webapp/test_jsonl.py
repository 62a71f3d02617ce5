"""JSON Lines: what is exported is read back, and campaigns can be told by hand."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.action import ActionLogged
from domain.campaign import Campaign, state_on
from domain.campaign_entries import CampaignPlanned, DecisionMakerResponded, PromiseUpdated
from domain.dates import parse
from domain.entry import Entry
from domain.project import IndicatorReached
from projections import engine
from tests.webapp.files import SECRETARY, TODAY, ZTOK, imported, opened_in, told
from webapp import importing, jsonl_import
from webapp.archive import archive
from webapp.exporting import write_jsonl
from webapp.importing import EveryName, Plan, Terms
from webapp.jsonl_fields import KINDS, keys_of
from webapp.stores import Stores

Line = dict[str, Any]
PLANNED: Line = {
    "event": "campaign.planned", "campaign": "Clean water", "date": "2017", "lead": "Heron", "themes": ["environment"],
    "regions": ["Gəncə"], "level": "local",
}  # fmt: skip
LAUNCHED: Line = {"event": "campaign.launched", "campaign": "Clean water", "date": "2018-02"}
NAMED: Line = {
    "event": "campaign.decision_maker_named", "campaign": "Clean water", "date": "2018-02", "authority": "Mayor",
    "influence": "high", "ask": "Repair the pipes",
}  # fmt: skip
PROMISED: Line = {
    "event": "campaign.promise_made", "campaign": "Clean water", "date": "2018-05", "authority": "Mayor",
    "promise": "New pipes", "due": "2030",
}  # fmt: skip
UPDATED: Line = {
    "event": "campaign.promise_updated", "campaign": "Clean water", "date": "2019", "promise": "new  PIPES",
    "progress": "started",
}  # fmt: skip
MET: Line = {
    "event": "campaign.action_logged", "campaign": "Clean water", "date": "2018-05-04", "kind": "meeting",
    "title": "Round table", "by": ["Heron"], "decision_makers": ["Mayor"], "participants": 30, "women": 20,
    "evidence": [{"title": "Report", "link": "https://example.org/report", "accessed": "2018-05-05"}],
    "source": "Minutes | https://example.org/minutes",
}  # fmt: skip
RESPONDED: Line = {
    "event": "campaign.decision_maker_responded", "campaign": "Clean water", "date": "2018-05-04",
    "authority": "Mayor", "response": "commitment", "action": "Round table",
}  # fmt: skip
WHOLE = (PLANNED, LAUNCHED, NAMED, PROMISED, UPDATED, MET, RESPONDED)
PROJECT: tuple[Line, ...] = (
    {"event": "project.opened", "project": "Water 2018", "date": "2018", "organisation": "Heron", "donor": "Fund",
     "amount": "1200.50", "currency": "EUR", "period": "2018/2019", "grant_number": "W-1"},
    {"event": "project.indicator_set", "project": "Water 2018", "date": "2018", "measure": "Meetings", "target": "12"},
    {"event": "project.indicator_reached", "project": "Water 2018", "date": "2018-05", "indicator": "meetings",
     "value": "1", "action": "Round table"},
)  # fmt: skip


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    with opened_in(tmp_path) as opened:
        yield opened


def written(*lines: Line | str) -> bytes:
    return "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines).encode()


def planned(stores: Stores, content: bytes, *, register: bool = True) -> Plan:
    with archive(stores) as known:
        names = EveryName() if register else frozenset[object]()
        return jsonl_import.plan_file(content, known, Terms(SECRETARY, TODAY, names))


def taken_in(stores: Stores, content: bytes) -> Plan:
    plan = planned(stores, content)
    assert told(plan) == []
    importing.record(plan, stores.chronicle)
    engine.keep_up(stores.chronicle, stores.reading)
    return plan


def exported(stores: Stores) -> bytes:
    out = io.StringIO()
    write_jsonl(out, stores.chronicle)
    return out.getvalue().encode()


def entries(stores: Stores, kind: type[Entry]) -> list[Any]:
    positions = [each.position for each in stores.chronicle.named(kind.stored_name())]
    return [each.entry for each in stores.chronicle.at(positions).values()]


# Written by hand


def test_a_campaign_is_told_by_hand(stores: Stores) -> None:
    plan = taken_in(stores, written(*WHOLE))
    assert (plan.rows, plan.already, plan.registered) == (7, 0, ("Heron", "Mayor"))
    (plan_of_it,) = entries(stores, CampaignPlanned)
    assert (plan_of_it.title, plan_of_it.themes, plan_of_it.regions, plan_of_it.recorded_by) == (
        "Clean water", ("environment",), ("Gəncə",), SECRETARY,
    )  # fmt: skip
    campaign = Campaign(id=plan_of_it.originator_id, entries=stores.chronicle.history(plan_of_it.originator_id))
    assert state_on(campaign.entries, TODAY.toordinal()) == ["active"]
    (action,) = entries(stores, ActionLogged)
    assert (action.campaign_id, action.participants, action.women, action.youth) == (campaign.id, 30, 20, None)
    assert action.evidence[0].accessed == parse("2018-05-05")
    assert (action.source.title, action.source.link) == ("Minutes", "https://example.org/minutes")
    (update,) = entries(stores, PromiseUpdated)
    assert campaign.entries[update.of - 1].promise == "New pipes"
    (response,) = entries(stores, DecisionMakerResponded)
    assert response.action_id == action.originator_id


def test_the_order_of_lines_does_not_matter(stores: Stores) -> None:
    assert taken_in(stores, written(*reversed((*WHOLE, *PROJECT)))).rows == 10


def test_the_same_file_twice_adds_nothing(stores: Stores) -> None:
    content = written(*WHOLE, *PROJECT)
    taken_in(stores, content)
    position = stores.chronicle.last_position()
    again = planned(stores, content, register=False)
    assert (told(again), again.rows, again.already, again.entries) == ([], 0, 10, ())
    assert stores.chronicle.last_position() == position


def test_later_lines_go_on_where_earlier_ones_stopped(stores: Stores) -> None:
    taken_in(stores, written(PLANNED, NAMED, MET))
    rest = (LAUNCHED, PROMISED, UPDATED, RESPONDED, *PROJECT)
    assert taken_in(stores, written(*rest)).rows == 7
    assert taken_in(stores, written(PLANNED, *rest)).rows == 0


def test_a_campaign_is_named_by_its_id_or_any_title(stores: Stores) -> None:
    taken_in(stores, written(PLANNED, {**LAUNCHED, "event": "campaign.retitled", "title": "Good water"}))
    (plan,) = entries(stores, CampaignPlanned)
    for name in (str(plan.originator_id), "clean WATER", "Good water"):
        assert told(planned(stores, written({**LAUNCHED, "campaign": name}))) == []


def test_programmes_and_projects_are_told_too(stores: Stores) -> None:
    programme = {"event": "programme.opened", "programme": "Ecology", "date": "2001", "organisation": "Heron"}
    closed = {"event": "programme.closed", "programme": "Ecology", "date": "2020"}
    taken_in(stores, written(programme, closed, {**PLANNED, "programme": "Ecology"}, MET, *PROJECT))
    (plan,) = entries(stores, CampaignPlanned)
    assert plan.programme_id
    (reached,) = entries(stores, IndicatorReached)
    (action,) = entries(stores, ActionLogged)
    assert (reached.of, reached.action_id) == (2, action.originator_id)


def test_rows_of_a_csv_file_may_stand_in_lines_too(stores: Stores) -> None:
    founded = {"event": "founded", "date": "2010", "coalition": "Front"}
    joined = {"event": "joined", "date": "2018-03", "coalition": "Front", "organisation": "Heron", "role": "member"}
    plan = taken_in(
        stores, written(founded, joined, {**PLANNED, "coalition": "Front"}, MET, {**MET, "date": "2018-02"})
    )
    assert (plan.rows, plan.registered) == (5, ("Front", "Heron", "Mayor"))
    assert {action.occurred.text: action.warnings for action in entries(stores, ActionLogged)} == {
        "2018-05-04": (), "2018-02": ("not_a_member",),
    }  # fmt: skip
    assert planned(stores, written(founded, joined)).already == 2


def test_a_warning_is_kept(stores: Stores) -> None:
    taken_in(stores, written(PLANNED, {**MET, "date": "2016"}))
    assert entries(stores, ActionLogged)[0].warnings == ("before_campaign",)


def test_nobody_is_registered_without_a_yes(stores: Stores) -> None:
    plan = planned(stores, written(PLANNED, NAMED, MET), register=False)
    assert told(plan) == [(1, "lead", "name.unknown"), (2, "authority", "name.unknown")]


@pytest.mark.parametrize(
    ("line", "key", "code"),
    [
        ({**PLANNED, "date": "2017-13"}, "date", "date.no_such_day"),
        ({**PLANNED, "date": ""}, "date", "date.missing"),
        ({**PLANNED, "lead": None}, "lead", "row.missing"),
        ({**PLANNED, "themes": ["weather"]}, "themes", "row.unknown_choice"),
        ({**PLANNED, "colour": "green"}, "colour", "row.unknown_column"),
        ({**PLANNED, "purpose": "a" * 10_001}, "purpose", "text.too_long"),
        ({**PLANNED, "campaign": "\u202eretaw"}, "campaign", "text.unreadable"),
        ({**PLANNED, "coalition": "Heron"}, "coalition", "name.not_a_coalition"),
        ({**PLANNED, "confidentiality": "secret"}, "confidentiality", "row.unknown_choice"),
        ({**PLANNED, "warnings": ["before_campaign"]}, "warnings", "row.unknown_column"),
        ({**PLANNED, "variant": "alternative"}, "variant", "entry.only_alternative"),
        ({"event": "campaign.dreamt", "campaign": "Clean water", "date": "2017"}, "event", "row.unknown_event"),
        ({"campaign": "Clean water"}, "event", "row.event_missing"),
        ({**LAUNCHED, "campaign": "Dirty water"}, "campaign", "campaign.unknown"),
        ({**MET, "women": 31}, "women", "action.part_exceeds_all"),
        ({**MET, "women": "many"}, "women", "row.no_number"),
        ({**MET, "title": ""}, "title", "row.missing"),
        ({**MET, "note": {"a": 1}}, "note", "line.no_text"),
        ({**MET, "evidence": {"pages": "3"}}, "evidence", "line.unknown_parts"),
        ({**UPDATED, "promise": "Nothing"}, "promise", "campaign.no_such_promise"),
        ({**RESPONDED, "action": "Nothing"}, "action", "action.unknown"),
        ("[1, 2]", "", "line.no_object"),
        ("{", "", "line.no_object"),
    ],
)
def test_a_bad_line_is_told_with_its_number_key_and_reason_and_nothing_is_stored(
    stores: Stores, line: Line | str, key: str, code: str
) -> None:
    taken_in(stores, written({**PLANNED, "campaign": "Another"}, {**NAMED, "campaign": "Another"}))
    plan = planned(stores, written(*WHOLE, line))
    assert (told(plan)[-1], plan.entries) == ((8, key, code), ())


def test_what_the_life_of_a_campaign_does_not_allow_names_the_state(stores: Stores) -> None:
    plan = planned(stores, written(PLANNED, LAUNCHED, {**LAUNCHED, "event": "campaign.resumed", "date": "2019"}))
    assert told(plan) == [(3, "date", "campaign.not_now")]
    assert plan.problems[0].refused.details["state"] == "active"


def test_a_line_that_is_there_twice_is_one_too_many(stores: Stores) -> None:
    assert told(planned(stores, written(PLANNED, LAUNCHED, LAUNCHED))) == [(3, "", "row.twice")]


def test_a_wrong_plan_is_not_blamed_on_each_line_that_names_it(stores: Stores) -> None:
    plan = planned(stores, written({**PLANNED, "themes": ["weather"]}, LAUNCHED, MET))
    assert told(plan) == [(1, "themes", "row.unknown_choice")]


def test_a_campaign_that_was_planned_otherwise_is_not_planned_again(stores: Stores) -> None:
    taken_in(stores, written(PLANNED))
    again = planned(stores, written({**PLANNED, "date": "2018"}))
    assert told(again) == [(1, "campaign", "line.title_taken")]
    assert told(planned(stores, written({**PLANNED, "date": "2018", "lead": "Stork"}))) == []


def test_of_two_with_one_title_the_id_is_asked_for(stores: Stores) -> None:
    taken_in(stores, written(PLANNED))
    taken_in(stores, written({**PLANNED, "lead": "Stork"}))
    assert told(planned(stores, written(LAUNCHED))) == [(1, "campaign", "line.several_called")]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "file.no_lines"), (b"\n\n", "file.no_lines"), (b"PK\x03\x04", "file.no_jsonl"),
     (b"\xff\xfe{\x00", "file.no_jsonl")],
)  # fmt: skip
def test_what_is_no_such_file_is_said(stores: Stores, content: bytes, code: str) -> None:
    assert told(planned(stores, content)) == [(1, "", code)]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(("Heron", "2018", "ally")),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """A database in which nothing is ever recorded."""
    with opened_in(tmp_path_factory.mktemp("empty")) as opened:
        yield opened


@given(st.sampled_from((*WHOLE, *PROJECT)), st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_line_is_planned_or_told(empty: Stores, line: Line, data: st.DataObject) -> None:
    keys = data.draw(st.lists(st.sampled_from((*line, "note", "source", "decision", "variant")), max_size=3))
    altered = {**line, **{key: data.draw(ANY_JSON) for key in keys}}
    plan = planned(empty, written(*(each for each in (*WHOLE, *PROJECT) if each is not line), altered))
    assert bool(plan.entries) != bool(plan.problems)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_key_is_explained(kind: type[Entry]) -> None:
    explained = files("webapp").joinpath("examples", "README.md").read_text("utf-8").partition("--format jsonl")[2]
    assert f"`{kind.stored_name()}`" in explained
    assert [key for key in keys_of(kind) if f"`{key}`" not in explained] == []


# Exported


def test_what_is_exported_is_read_back_into_an_empty_register(stores: Stores, tmp_path: Path) -> None:
    imported(stores, ZTOK)
    taken_in(stores, written(*WHOLE, *PROJECT))
    content = exported(stores)
    with opened_in(tmp_path / "another") as another:
        plan = taken_in(another, content)
        assert plan.rows == stores.chronicle.last_position()
        assert without_times(exported(another)) == without_times(content)
        assert (planned(another, content).already, planned(another, content).rows) == (plan.rows, 0)


def without_times(content: bytes) -> list[Line]:
    """`recorded_at` and the account are those of the import."""
    lines = [json.loads(line) for line in content.decode().splitlines()]
    return [{k: v for k, v in line.items() if k not in ("recorded_at", "recorded_by")} for line in lines]


def test_exported_lines_add_nothing_where_they_come_from(stores: Stores) -> None:
    taken_in(stores, written(*WHOLE))
    again = planned(stores, exported(stores))
    assert (told(again), again.rows, again.already) == ([], 0, stores.chronicle.last_position())


def test_exported_lines_with_a_gap_are_refused(stores: Stores, tmp_path: Path) -> None:
    taken_in(stores, written(*WHOLE))
    lines = exported(stores).decode().splitlines()
    second = next(line for line in lines if json.loads(line)["originator_version"] == 2)
    with opened_in(tmp_path / "another") as another:
        plan = planned(another, "\n".join(line for line in lines if line != second).encode())
    assert {(key, code) for _, key, code in told(plan)} == {("originator_version", "line.another_history")}


def test_an_exported_line_that_was_altered_is_told_with_its_number(stores: Stores, tmp_path: Path) -> None:
    taken_in(stores, written(PLANNED, MET))
    lines = [json.loads(line) for line in exported(stores).decode().splitlines()]
    number = next(n for n, line in enumerate(lines, 1) if line["name"] == "campaign.action_logged")
    with opened_in(tmp_path / "another") as another:
        for change, key, code in (
            ({"women": 31}, "women", "action.part_exceeds_all"),
            ({"kind": "party"}, "kind", "line.unreadable"),
            ({"colour": "green"}, "colour", "row.unknown_column"),
            ({"name": "campaign.dreamt"}, "name", "line.unknown_kind"),
            ({"occurred": "2017-13"}, "occurred", "date.no_such_day"),
            ({"campaign_id": str(SECRETARY)}, "campaign_id", "campaign.unknown"),
        ):
            altered = [line if n != number else {**line, **change} for n, line in enumerate(lines, 1)]
            assert told(planned(another, written(*altered))) == [(number, key, code)]


def test_lines_by_hand_do_not_stand_among_exported_ones(stores: Stores) -> None:
    taken_in(stores, written(PLANNED))
    assert [code for *_, code in told(planned(stores, exported(stores) + written(LAUNCHED)))] == [
        "file.two_kinds_of_lines"
    ]
