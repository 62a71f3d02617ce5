"""Each bench, at a scale at which nothing can be said of speed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from webapp import (
    bench,
    bench_answers,
    bench_history,
    bench_log,
    bench_pages,
    bench_preview,
    bench_rebuild,
    bench_serving,
)

FEW = 2_200
RATIOS = {
    "record": {"against_bare_save"},
    "asof": {"long_against_short_history"},
    "page": {"roster_against_bare_page", "ribbons_against_bare_page"},
    "preview": {"milliseconds"},
    "backup": {"backup_seconds", "restore_and_verify_seconds"},
}
RUNNER = {"sqlite": "against_one_transaction_an_entry", "postgresql": "against_library_runner"}


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    bench_history.lives.cache_clear()
    monkeypatch.setattr(bench_history, "MEMBERS", 8)
    monkeypatch.setattr(bench_answers, "SMALL", FEW)
    for module in (bench_answers, bench_pages, bench_preview, bench_log):
        monkeypatch.setattr(module, "WARM_UP", 1)
    for module, name in (
        (bench_answers, "CHANGES"),
        (bench_answers, "QUESTIONS"),
        (bench_pages, "PAGES"),
        (bench_preview, "PREVIEWS"),
        (bench_log, "LOGGED"),
        (bench_log, "PAGES"),
        (bench_log, "LEADS"),
    ):
        monkeypatch.setattr(module, name, 3)
    for module in (bench_rebuild, bench_serving):
        monkeypatch.setattr(module, "ROUNDS", 1)
    monkeypatch.setattr(bench_serving, "SECONDS_QUIET", 1.5)
    monkeypatch.setattr(bench_serving, "READERS", 4)
    monkeypatch.setattr(bench_log, "ACTIONS", 30)
    monkeypatch.setattr(bench_log, "SECONDS", 1.5)
    monkeypatch.setattr(bench_log, "SENT_AGAIN", 2)
    yield
    bench_history.lives.cache_clear()


def kind_of(database_url: str) -> str:
    return database_url.partition(":")[0]


@pytest.mark.parametrize("name", RATIOS)
def test_a_bench_tells_its_ratios_their_targets_and_where_it_was_run(name: str, database_url: str) -> None:
    told = bench.run(name, database_url, FEW)
    assert told["bench"] == name
    assert told["database"] == kind_of(database_url)
    assert set(told["ratios"]) == RATIOS[name]
    assert all(ratio["value"] > 0 for ratio in told["ratios"].values())
    assert told["machine"]
    assert told["versions"]["python"]


def test_the_rebuild_is_measured_against_one_entry_at_a_time_and_against_no_folding(database_url: str) -> None:
    told = bench.run("rebuild", database_url, FEW)
    assert set(told["ratios"]) == {RUNNER[kind_of(database_url)], "of_ceiling", "memory"}
    assert told["figures"]["entries"] == 2 + 8 * 11
    assert told["figures"]["peak_mebibytes_at_2200"] > 0


def test_no_request_fails_while_tables_are_made_anew(database_url: str) -> None:
    told = bench.run("serving", database_url, FEW)
    assert told["ratios"]["failed_requests"] == {"value": 0, "target": 0, "holds": True}
    assert told["figures"]["pages"] >= 8


@pytest.mark.parametrize(("value", "at_least", "holds"), [(5, True, True), (4.9, True, False), (5.1, False, False)])
def test_a_ratio_holds_on_its_side_of_the_target(value: float, at_least: bool, holds: bool) -> None:
    assert bench.Ratio(value, 5, at_least).shown()["holds"] is holds


def test_a_bench_tells_how_far_it_is() -> None:
    seen: list[tuple[str, int, int]] = []
    bench.run("record", scale=FEW, progress=lambda *step: seen.append(step))
    assert seen == [("recording", 100, 100)]


def test_nothing_is_lost_or_doubled_by_leads_who_log_at_once(database_url: str) -> None:
    told = bench.run("log", database_url, FEW)
    for each in ("at_once_failed", "at_once_lost", "at_once_doubled"):
        assert told["ratios"][each] == {"value": 0, "target": 0, "holds": True}
    assert told["figures"]["at_once_actions"] >= 3
