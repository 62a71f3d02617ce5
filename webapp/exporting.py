"""The history written down: as the CSV that `import` reads, or every entry as JSON Lines."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple, TextIO
from uuid import UUID

import msgspec

from domain.chronicle import Chronicle, Recorded
from domain.dates import PartialDate
from domain.entry import Decision, Entry, Source
from domain.erasing import requested
from domain.history import Amendment, holding, taken_out
from domain.membership_entries import MembershipEntry, OrganisationDissolvedAway, OrganisationMergedAway, bounds
from domain.organisation import OrganisationRegistered, names
from domain.removal import WordsRemoved
from webapp import parts
from webapp.csv_rows import made_harmless
from webapp.events import COLUMNS, EVENTS, NAME_OF

PORTION = 1000
TOLD_WITH_ANOTHER = (OrganisationMergedAway, OrganisationDissolvedAway)  # the row of the organisation's own end says it


class Account(NamedTuple):
    """An entry that was not taken out, and whether it is the account that holds."""

    entry: Entry
    is_preferred: bool


class Told(NamedTuple):
    """How much was written; stored names of entries for which there is no row; names that organisations share; rows
    whose cells for words are empty because words were removed."""

    rows: int
    untold: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    removed: int = 0


def write_csv(out: TextIO, chronicle: Chronicle, on: date | None = None, known: datetime | None = None) -> Told:
    """All accounts that stand, of what had or may have happened by that day."""
    accounts, called, holders = _accounts(chronicle, _upto(chronicle, known))
    told = [account for account in accounts if type(account.entry) in NAME_OF]
    rows = [(account.entry, _cells(account, called)) for account in told if _by(account.entry, on)]
    named = {name for _, cells in rows for name in _names(cells)}
    rows += [(a.entry, _cells(a, called)) for a in told if not _by(a.entry, on) and _registers(a.entry, named)]
    rows.sort(key=lambda row: (bounds(row[0].occurred), *row[1].values()))
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({column: made_harmless(cell) for column, cell in cells.items()} for _, cells in rows)
    left = {type(account.entry) for account in accounts} - NAME_OF.keys() - set(TOLD_WITH_ANOTHER)
    shared = sorted(name for name, count in holders.items() if count > 1)
    removed = requested(chronicle).keys() & {(e.originator_id, e.originator_version) for e, _ in rows}
    return Told(len(rows), tuple(sorted(kind.stored_name() for kind in left)), tuple(shared), len(removed))


def write_jsonl(out: TextIO, chronicle: Chronicle, on: date | None = None, known: datetime | None = None) -> Told:
    """Every entry, also what was corrected, in the order of recording."""
    rows, removed = 0, requested(chronicle)
    for recorded in _recorded(chronicle, _upto(chronicle, known)):
        if _by(recorded.entry, on):
            removal = removed.get((recorded.originator_id, recorded.originator_version))
            out.write(msgspec.json.encode({**line(recorded), **_removed(removal)}).decode() + "\n")
            rows += 1
    return Told(rows)


def line(recorded: Recorded) -> dict[str, Any]:
    """All fields of an entry; dates as EDTF, as they were written."""
    entry = recorded.entry
    fields = {name: getattr(entry, name) for name in entry.__struct_fields__}
    shown = {name: value.text if isinstance(value, PartialDate) else value for name, value in fields.items()}
    told = {"position": recorded.position, "name": entry.stored_name(), **shown}
    plain: dict[str, Any] = _with_dates(msgspec.to_builtins(told))
    return plain


def _with_dates(value: Any) -> Any:
    """Those within lists too as EDTF."""
    if isinstance(value, list | tuple):
        return [_with_dates(each) for each in value]
    if isinstance(value, dict):
        is_date = value.keys() == set(PartialDate.__struct_fields__)
        return value["text"] if is_date else {name: _with_dates(each) for name, each in value.items()}
    return value


def _removed(removal: WordsRemoved | None) -> dict[str, Any]:
    """Of an entry whose words were removed: when, by whom and why."""
    if removal is None:
        return {}
    told = {"on": removal.recorded_at, "by": removal.recorded_by, "reason": removal.reason}
    return {"words_removed": msgspec.to_builtins(told)}


def _upto(chronicle: Chronicle, known: datetime | None) -> int:
    return chronicle.position_at(known) if known else chronicle.last_position()


def _recorded(chronicle: Chronicle, upto: int) -> Iterator[Recorded]:
    position = 0
    while position < upto and (portion := chronicle.after(position, min(PORTION, upto - position))):
        yield from portion
        position = portion[-1].position


def _accounts(chronicle: Chronicle, upto: int) -> tuple[list[Account], dict[UUID, str], Counter[str]]:
    """The accounts that stand, the first name of each organisation, under which its rows are told, and how many have
    or had each name."""
    accounts: list[Account] = []
    called: dict[UUID, str] = {}
    holders = Counter[str]()
    for history in _histories(chronicle, upto):
        out, holds = taken_out(history), {e.originator_version for e in holding(history)}
        standing = [e for e in history if not isinstance(e, Amendment) and e.originator_version not in out]
        accounts += [Account(e, e.originator_version in holds) for e in standing]
        called.update((named.by.originator_id, named.called) for named in reversed(names(history)))
        holders.update({named.called for named in names(history)})
    return accounts, called, holders


def _histories(chronicle: Chronicle, upto: int) -> Iterator[tuple[Entry, ...]]:
    history: list[Entry] = []
    for recorded in chronicle.by_subject(words=True, upto=upto):
        if history and history[-1].originator_id != recorded.entry.originator_id:
            yield tuple(history)
            history = []
        history.append(recorded.entry)
    if history:
        yield tuple(history)


def _by(entry: Entry, on: date | None) -> bool:
    return on is None or entry.occurred.possibly_by(on)


def _registers(entry: Entry, named: set[str]) -> bool:
    """An organisation that the other rows name, so that they can be read again."""
    return isinstance(entry, OrganisationRegistered) and entry.called in named


def _names(cells: dict[str, str]) -> Iterable[str]:
    return (cells[column] for column in ("coalition", "organisation", "new_name") if cells.get(column))


def _cells(account: Account, called: dict[UUID, str]) -> dict[str, str]:
    entry = account.entry
    name = NAME_OF[type(entry)]
    cells = {"date": entry.occurred.text, "event": name, **_subject(entry, called)}
    for column, meaning in EVENTS[name].columns.items():
        cells[column] = _cell(getattr(entry, meaning.field), called)
    for column in ("decided", "note", "source", "initiative", "decision"):
        cells[column] = _cell(getattr(entry, column), called)
    cells["variant"] = "preferred" if account.is_preferred else "alternative"
    return {column: cells[column] for column in COLUMNS if cells.get(column)}


def _subject(entry: Entry, called: dict[UUID, str]) -> dict[str, str]:
    if isinstance(entry, MembershipEntry):
        return {"coalition": called[entry.coalition_id], "organisation": called[entry.organisation_id]}
    if isinstance(entry, OrganisationRegistered):
        return {"organisation": entry.called}
    return {EVENTS[NAME_OF[type(entry)]].subject: called[entry.originator_id]}


def _cell(value: Any, called: dict[UUID, str]) -> str:
    match value:
        case None:
            return ""
        case PartialDate():
            return value.text
        case Source():
            return parts.write_source(value)
        case Decision():
            return parts.write_decision(value)
        case UUID():
            return called[value]
        case tuple():
            return parts.write_list([called[part] if isinstance(part, UUID) else str(part) for part in value])
    return str(value)
