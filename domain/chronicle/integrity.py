"""Is what lies in the chronicle and its vault what was recorded? Everything that can be seen without a checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from domain.chronicle import PORTION, Chronicle, Recorded
from domain.chronicle.mapper import Row
from domain.chronicle.merkle import leaf_hash
from domain.chronicle.recorders import as_uuid
from domain.chronicle.shapes import is_id, is_number, misshapen
from domain.chronicle.unavailable import ChronicleUnavailable, Reason, VaultUnavailable
from domain.removal import Version, WordsRemoved


class Problem(NamedTuple):
    """`what` is a stable code: guard_missing, position_missing, row_misshapen, row_hidden, leaf_differs,
    time_went_back, time_differs, command_differs, unreadable, words_erased, words_not_erased, version_missing,
    order_differs, key_broken, table_missing, table_damaged or out_of_reach."""

    where: str
    what: str
    detail: str = ""


Progress = Callable[[int], None]
ROWS = (
    "SELECT notification_id, originator_id, originator_version, topic, recorded_at, state, leaf, command_id"
    " FROM kronika_entries"
)
NEXT = f"{ROWS} WHERE notification_id > ? ORDER BY notification_id LIMIT ?"
OF_KIND = f"{ROWS} WHERE topic = ?"
TELLING: dict[Reason, str] = {"not_set_up": "table_missing", "damaged": "table_damaged", "failing": "table_damaged"}


def check(chronicle: Chronicle, progress: Progress | None = None) -> Iterator[Problem]:
    """Reads everything once in order of position and once in order of history; `progress` is told the position."""
    told: set[Problem] = set()
    for part in (
        guards(chronicle),
        guards_of_vault(chronicle),
        damage(chronicle),
        sequence(chronicle, progress),
        histories(chronicle),
        keys(chronicle),
    ):
        for problem in sheltered(part):
            if problem not in told:
                told.add(problem)
                yield problem


def sheltered(problems: Iterator[Problem]) -> Iterator[Problem]:
    """What cannot be read because somebody changed it is a problem too; the other parts go on."""
    try:
        yield from problems
    except VaultUnavailable as unavailable:
        what = "out_of_reach" if unavailable.reason == "gone" else TELLING.get(unavailable.reason)
        if what is None:
            raise
        yield Problem("vault", what, unavailable.detail)
    except ChronicleUnavailable as unavailable:
        if unavailable.reason not in TELLING:
            raise
        yield Problem("database", TELLING[unavailable.reason], unavailable.detail)


def guards(chronicle: Chronicle) -> Iterator[Problem]:
    for guard in chronicle.recorder.missing_guards():
        yield Problem(guard, "guard_missing")


def guards_of_vault(chronicle: Chronicle) -> Iterator[Problem]:
    for guard in chronicle.vault.missing_guards():
        yield Problem(f"vault: {guard}", "guard_missing")


def damage(chronicle: Chronicle) -> Iterator[Problem]:
    for found in chronicle.recorder.damage():
        yield Problem("database", "table_damaged", found)


def sequence(chronicle: Chronicle, progress: Progress | None) -> Iterator[Problem]:
    removed = said_removed(chronicle)
    last: Any = 0
    position = stamp = seen = 0
    while portion := chronicle.recorder.ask_as_it_lies(NEXT, last, PORTION):
        readable = {recorded.position: recorded for recorded in read(chronicle, portion)}
        for row in portion:
            if not is_number(row[0]):
                yield Problem(f"entry {row[0]!a}", "row_misshapen", ", ".join(misshapen(row)))
                continue
            if row[0] != position + 1:
                yield Problem(f"entry {position + 1}", "position_missing", f"next is {row[0]}")
            position = row[0]
            if recorded := readable.get(position):
                yield from sound(recorded, as_uuid(row[-1]), stamp, removed)
                stamp = recorded.row.stamp
            else:
                yield Problem(f"entry {position}", "row_misshapen", ", ".join(misshapen(row)))
        last, seen = portion[-1][0], seen + len(portion)
        if progress:
            progress(position)
    yield from hidden(chronicle, last, seen)


def read(chronicle: Chronicle, portion: list[tuple[Any, ...]]) -> list[Recorded]:
    """Those whose columns hold what they should."""
    return chronicle.mapper.read([Row(row[0], as_uuid(row[1]), *row[2:7]) for row in portion if not misshapen(row)])


def said_removed(chronicle: Chronicle) -> set[Version]:
    """The entries whose words were removed because another entry says so."""
    rows = chronicle.recorder.ask_as_it_lies(OF_KIND, WordsRemoved.stored_name())
    said = (recorded.content for recorded in read(chronicle, rows))
    return {(e.originator_id, e.of) for e in said if isinstance(e, WordsRemoved)}


def hidden(chronicle: Chronicle, last: Any, seen: int) -> Iterator[Problem]:
    """Rows that no question by position finds."""
    question = "SELECT count(*) FROM kronika_entries WHERE notification_id IS NULL OR notification_id <= ?"
    ((count,),) = chronicle.recorder.ask(question, last)
    if count != seen:
        yield Problem("database", "row_hidden", f"{count} rows, {seen} in the sequence")


def sound(recorded: Recorded, command_id: UUID, stamp: int, removed: set[Version]) -> Iterator[Problem]:
    where = f"entry {recorded.position}"
    if recorded.row.stamp < stamp:
        yield Problem(where, "time_went_back")
    if leaf_hash(recorded) != recorded.leaf:
        yield Problem(where, "leaf_differs")
    if recorded.problem:
        yield Problem(where, "unreadable", f"{type(recorded.problem).__name__}: {recorded.problem}")
        return
    if recorded.entry.recorded_at != recorded.recorded_at:
        yield Problem(where, "time_differs")
    if recorded.entry.command_id != command_id:
        yield Problem(where, "command_differs")
    is_said = (recorded.originator_id, recorded.originator_version) in removed
    if recorded.words_removed is not None and not is_said:
        yield Problem(where, "words_erased", recorded.words_removed)
    elif recorded.words_removed is None and is_said:
        yield Problem(where, "words_not_erased")


def histories(chronicle: Chronicle) -> Iterator[Problem]:
    """Versions 1, 2, 3 … in each history, recorded in that order."""
    id, version, position = UUID(int=0), 0, 0
    for next_id, next_version, next_position in spine(chronicle):
        if next_id != id:
            version, position = 0, 0
        if next_version != version + 1:
            yield Problem(f"history {next_id}", "version_missing", f"version {version + 1}")
        elif next_position < position:
            yield Problem(f"history {next_id}", "order_differs", f"version {next_version}")
        id, version, position = next_id, next_version, next_position


def spine(chronicle: Chronicle) -> Iterator[tuple[UUID, int, int]]:
    """Misshapen rows are told where they stand in the sequence."""
    question = (
        "SELECT originator_id, originator_version, notification_id FROM kronika_entries"
        " WHERE (originator_id, originator_version) > (?, ?) ORDER BY originator_id, originator_version LIMIT ?"
    )
    id: Any = chronicle.recorder.id_of(UUID(int=0))
    version: Any = 0
    while found := chronicle.recorder.ask_as_it_lies(question, id, version, 10 * PORTION):
        for id, version, position in found:
            if is_id(id) and is_number(version) and is_number(position):
                yield as_uuid(id), version, position


def keys(chronicle: Chronicle) -> Iterator[Problem]:
    for id, broken in chronicle.vault.check():
        yield Problem(f"key {id}", "key_broken", str(broken))
