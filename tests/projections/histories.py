"""Random histories of one membership: imprecise days, any order of recording, amendments, legal or not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from domain.chronicle import Recorded
from domain.chronicle.mapper import Row
from domain.dates import parse
from domain.entry import Entry
from domain.history import EntryCorrected, EntryStruck, VariantPreferred
from domain.membership import Membership
from domain.membership_entries import BY_EVENT

COALITION, ORGANISATION, SECRETARY = UUID(int=1), UUID(int=2), UUID(int=3)
SUBJECT = Membership.id_of(COALITION, ORGANISATION)
RECORDED = datetime(2026, 11, 22, tzinfo=UTC)

days = st.dates(date(2010, 1, 1), date(2014, 12, 31)).map(date.isoformat)
months = st.dates(date(2010, 1, 1), date(2014, 12, 31)).map(lambda day: day.isoformat()[:7])
years = st.integers(2010, 2014).map(str)
odd = st.sampled_from(["../2011-05-05", "2012/2013", "2013/..", "XXXX", "2011-22", "2012~"])
dates = st.one_of(days, days, days, months, years, odd)
FIELDS: dict[str, SearchStrategy[dict[str, Any]]] = {
    "suspended": st.sampled_from([("all",), ("vote",), ("vote", "office")]).map(lambda scope: {"scope": scope}),
    "scope_changed": st.sampled_from([("all",), ("vote",)]).map(lambda scope: {"scope": scope}),
    "role_changed": st.sampled_from(["observer", "associate", "member"]).map(lambda role: {"role": role}),
    "withdrawal_notified": st.one_of(st.none(), dates).map(lambda text: {"effective": parse(text) if text else None}),
    "decision_appealed": st.booleans().map(lambda stays: {"stays_effect": stays}),
    "appeal_decided": st.sampled_from(["upheld", "overturned", "partly"]).map(lambda result: {"result": result}),
    "dues_paid": years.map(lambda year: {"amount": "50.00", "currency": "EUR", "period": parse(year)}),
    "dues_waived": years.map(lambda year: {"period": parse(year)}),
    "organisation_merged": st.just({"successor_id": UUID(int=5)}),
}
COMMON = (
    *("joined", "observer_admitted", "suspended", "reinstated", "role_changed", "withdrew", "readmitted", "renewed"),
    *("expelled", "decision_appealed", "appeal_decided"),
)
SPEAK_OF_ANOTHER = ("decision_appealed", "appeal_decided", "delegate_replaced")


def histories(longest: int = 9) -> SearchStrategy[list[Recorded]]:
    return history_of(_change, longest)


@st.composite
def history_of(draw: st.DrawFn, entry: Callable[[int], SearchStrategy[Entry]], longest: int) -> list[Recorded]:
    """`entry` makes one of a version; some are amendments instead."""
    entries = [draw(_or_amendment(entry, version)) for version in range(1, draw(st.integers(1, longest)) + 1)]
    steps = draw(st.lists(st.integers(1, 5), min_size=len(entries), max_size=len(entries)))
    return [recorded(entry, sum(steps[: n + 1])) for n, entry in enumerate(entries)]


def recorded(entry: Entry, position: int) -> Recorded:
    row = Row(position, entry.originator_id, entry.originator_version, entry.stored_name(), 0, b"", b"")
    return Recorded(row, entry)


@st.composite
def told(draw: st.DrawFn, version: int) -> dict[str, Any]:
    """What is told of every entry."""
    return {
        "originator_id": SUBJECT,
        "originator_version": version,
        "occurred": parse(draw(dates), date(2026, 11, 22)),
        "recorded_by": SECRETARY,
        "recorded_at": RECORDED,
        "command_id": uuid5(SUBJECT, str(version)),
        "variant": draw(st.sampled_from(["preferred"] * 9 + ["alternative"])),
    }


@st.composite
def _or_amendment(draw: st.DrawFn, entry: Callable[[int], SearchStrategy[Entry]], version: int) -> Entry:
    is_amendment = version > 1 and draw(st.integers(0, 6)) == 0
    return draw(_amendment(version) if is_amendment else entry(version))


@st.composite
def _change(draw: st.DrawFn, version: int) -> Entry:
    event = draw(st.one_of(st.sampled_from(COMMON), st.sampled_from(COMMON), st.sampled_from(sorted(BY_EVENT))))
    fields = draw(FIELDS.get(event, st.just({})))
    if event in SPEAK_OF_ANOTHER:
        fields = {**fields, "of": draw(st.integers(1, max(1, version - 1)))}
    return BY_EVENT[event](**draw(told(version)), coalition_id=COALITION, organisation_id=ORGANISATION, **fields)


@st.composite
def _amendment(draw: st.DrawFn, version: int) -> Entry:
    of = st.integers(1, version - 1)
    kind = draw(st.sampled_from(["struck", "corrected", "preferred"]))
    said = {**draw(told(version)), "variant": "preferred"}
    if kind == "struck":
        return EntryStruck(**said, of=draw(of), reason=draw(st.sampled_from(["mistyped", "wrong"])))
    if kind == "corrected":
        return EntryCorrected(**said, of=draw(of), by=version - 1, reason="wrong")
    return VariantPreferred(**said, of=draw(of), instead_of=(draw(of),))
