"""What may be recorded of a project, and what counts for its indicators."""

from __future__ import annotations

from typing import Any

import pytest

from domain.dates import parse
from domain.entry import Entry, Refused
from domain.history import holding
from domain.project import IndicatorReached, IndicatorSet, Project, ProjectClosed, ProjectOpened, ProjectReported
from tests.campaign_scenario import some
from tests.scenario import told

Deed = tuple[type[Entry], str, dict[str, Any]]
OPENED: Deed = (ProjectOpened, "2017-09", {"organisation_id": some("Coalition"), "period": parse("2017-09/2017-12")})
INDICATOR: Deed = (IndicatorSet, "2017-09", {"measure": "Meetings", "baseline": "0", "target": "12"})
CLOSED: Deed = (ProjectClosed, "2017-12", {})
EMPTY = Project(id=some("Project"))


def then(history: Project, kind: type[Entry], on: str, fields: dict[str, Any]) -> Project:
    said = {name: fields[name] for name in fields if name == "variant"}
    own = {name: value for name, value in fields.items() if name not in said}
    return history.after(history.change(kind, told(on, **said), **own))


def project(*deeds: Deed) -> Project:
    history = EMPTY
    for deed in deeds:
        history = then(history, *deed)
    return history


def no_to(*deeds: Deed) -> Refused:
    before = project(*deeds[:-1])
    with pytest.raises(Refused) as no:
        then(before, *deeds[-1])
    return no.value


def told_by(no: Refused) -> tuple[Any, ...]:
    return no.code, *(no.details.get(name) for name in ("event", "on", "state", "since", "allowed"))


def reached(**fields: Any) -> Deed:
    return IndicatorReached, "2017-10", {"of": 2, "value": "1", **fields}


def test_a_project_is_opened_worked_on_reported_and_closed() -> None:
    report: Deed = (ProjectReported, "2018-01", {"summary": "All done"})
    whole = project(OPENED, INDICATOR, reached(action_id=some("Meeting")), CLOSED, report)
    assert whole.opened
    assert whole.opened.period == parse("2017-09/2017-12")
    assert len(whole.entries) == 5


def test_it_is_opened_and_closed_once() -> None:
    again: Deed = (ProjectOpened, "2018", OPENED[2])
    assert told_by(no_to(OPENED, again)) == ("project.only_once", "project.opened", "2018", "open", "2017-09", ())
    no = no_to(OPENED, CLOSED, (ProjectClosed, "2018", {}))
    assert told_by(no) == ("project.only_once", "project.closed", "2018", "closed", "2017-12", ())


def test_it_is_not_closed_before_it_was_opened() -> None:
    no = no_to(OPENED, (ProjectClosed, "2017-08", {}))
    assert told_by(no) == ("project.ends_before", "project.closed", "2017-08", "none", "2017-09", ())


@pytest.mark.parametrize("deed", [INDICATOR, CLOSED, reached(), (ProjectReported, "2018", {})])
def test_nothing_is_recorded_of_a_project_that_is_not_there(deed: Deed) -> None:
    assert no_to(deed).code == "project.unknown"


def test_it_does_not_begin_with_what_only_another_source_says() -> None:
    assert no_to((ProjectOpened, "2017", {**OPENED[2], "variant": "alternative"})).code == "entry.only_alternative"


@pytest.mark.parametrize(
    ("money", "code"),
    [({"amount": "5"}, "dues.currency_unknown"), ({"currency": "EUR"}, "dues.amount_unreadable"),
     ({"amount": "5,000", "currency": "EUR"}, "dues.amount_unreadable")],
)  # fmt: skip
def test_a_budget_has_an_amount_and_a_currency(money: dict[str, str], code: str) -> None:
    assert no_to((ProjectOpened, "2017", {**OPENED[2], **money})).code == code


@pytest.mark.parametrize("text", ["twelve", "1,5", "1 000", "1e3", "٣", ""])
def test_what_was_reached_is_a_number(text: str) -> None:
    no = no_to(OPENED, INDICATOR, reached(value=text))
    assert (no.code, no.details["field"]) == ("project.no_number", "value")


def test_a_baseline_or_target_is_a_number_or_not_known() -> None:
    assert project(OPENED, (IndicatorSet, "2017", {"measure": "Meetings"})).version == 2
    for field in ("baseline", "target"):
        assert no_to(OPENED, (IndicatorSet, "2017", {field: "many"})).details["field"] == field


def test_what_was_reached_is_of_an_indicator_of_the_project() -> None:
    no = no_to(OPENED, INDICATOR, reached(of=1))
    assert (no.code, no.details["field"], no.details["allowed"]) == (
        "project.no_such_indicator", "of", ("project.indicator_set",),
    )  # fmt: skip


def test_an_action_counts_once_for_an_indicator() -> None:
    meeting = {"action_id": some("Meeting")}
    no = no_to(OPENED, INDICATOR, reached(**meeting), reached(value="2", **meeting))
    assert (no.code, no.details["field"], no.details["since"]) == ("project.counted_already", "action_id", "2017-10")


def test_an_action_counts_for_another_indicator_too_and_what_is_of_no_action_as_often_as_it_happens() -> None:
    meeting = {"action_id": some("Meeting")}
    assert project(OPENED, INDICATOR, INDICATOR, reached(**meeting), reached(of=3, **meeting)).version == 5
    assert project(OPENED, INDICATOR, reached(), reached()).version == 4


def test_an_action_that_was_struck_out_of_an_indicator_counts_again() -> None:
    meeting = {"action_id": some("Meeting")}
    history = project(OPENED, INDICATOR, reached(**meeting))
    history = history.after(history.strike(told("2026"), 3, "wrong"))
    assert then(history, *reached(value="2", **meeting)).version == 5


def test_what_was_reached_speaks_of_the_indicator_however_that_was_corrected() -> None:
    history = project(OPENED, INDICATOR, reached())
    right = history.change(IndicatorSet, told("2017-09"), measure="Meetings", target="14")
    history = history.after(*history.correct(told("2026"), 2, right, "wrong"))
    assert [e.of for e in holding(history.entries) if isinstance(e, IndicatorReached)] == [4]


@pytest.mark.parametrize(("of", "code"), [(1, "project.opening_needed"), (2, "entry.later_illegal")])
def test_what_others_stand_on_is_not_struck(of: int, code: str) -> None:
    with pytest.raises(Refused) as no:
        project(OPENED, INDICATOR, reached()).strike(told("2026"), of, "wrong")
    assert no.value.code == code
