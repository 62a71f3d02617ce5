"""What do tests of import and export stand on? Rows as files, taken in, and what they come to."""

from __future__ import annotations

import io
from collections.abc import Container, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

from domain.membership import periods
from domain.membership_entries import MembershipEntry
from domain.organisation import OrganisationRegistered
from projections import engine, organisations
from projections.roster import as_json, roster
from webapp import importing
from webapp.archive import archive
from webapp.config import read_config
from webapp.exporting import write_csv
from webapp.importing import EveryName, Plan, Terms, outcome
from webapp.installation import prepare
from webapp.refusals import sentence
from webapp.stores import Stores, open_stores

SECRETARY = UUID(int=3)
TODAY = date(2026, 1, 1)
HEADER = "date,event,coalition,organisation"
ZTOK = files("webapp").joinpath("examples", "ztok.csv").read_bytes()
COMMONWEALTH = (Path(__file__).parent / "histories" / "commonwealth.csv").read_bytes()

Stretches = dict[tuple[str, str], list[tuple[int, int, frozenset[str]]]]


@contextmanager
def opened_in(folder: Path) -> Iterator[Stores]:
    """A database of its own."""
    config = read_config({"KRONIKA_DATA": str(folder), "KRONIKA_CONFIG": str(folder / "none.toml")})
    stores = open_stores(config)
    prepare(config, stores)
    try:
        yield stores
    finally:
        stores.close()


def written(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *rows)).encode()


def exported(stores: Stores, on: date | None = None, known: datetime | None = None) -> str:
    out = io.StringIO()
    write_csv(out, stores.chronicle, on, known)
    return out.getvalue()


def planned(stores: Stores, content: bytes, accepted: Container[object] | None = None) -> Plan:
    with archive(stores) as known:
        names = EveryName() if accepted is None else accepted
        return importing.plan_file(content, known, Terms(SECRETARY, TODAY, names))


def imported(stores: Stores, content: bytes) -> Plan:
    plan = planned(stores, content)
    assert told(plan) == []
    importing.record(plan, stores.chronicle)
    engine.keep_up(stores.chronicle, stores.reading)
    return plan


def told(plan: Plan) -> list[tuple[int, str, str]]:
    """Row, column and code of each error."""
    return [(problem.row, problem.column, problem.refused.code) for problem in plan.problems]


def errors(plan: Plan) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = outcome(plan, sentence)["errors"]
    return found


def roster_on(stores: Stores, coalition: str, day: str) -> dict[str, Any]:
    with stores.reading.connect() as connection:
        (found,) = organisations.find(connection, coalition)
        return as_json(roster(connection, found.id, date.fromisoformat(day)))


def counts_on(stores: Stores, coalition: str, day: str) -> dict[str, int]:
    counts: dict[str, int] = roster_on(stores, coalition, day)["counts"]
    return counts


def stretches(plan: Plan) -> Stretches:
    """For each coalition and organisation, by their first names: from which day to which what is possible."""
    called = {e.originator_id: e.called for e in plan.entries if isinstance(e, OrganisationRegistered)}
    changes: dict[tuple[str, str], list[MembershipEntry]] = {}
    for e in plan.entries:
        if isinstance(e, MembershipEntry) and e.variant == "preferred":
            changes.setdefault((called[e.coalition_id], called[e.organisation_id]), []).append(e)
    return {
        pair: [(s.since, s.until, frozenset(standing.label for standing in s.states)) for s in periods(of_pair)]
        for pair, of_pair in changes.items()
    }
