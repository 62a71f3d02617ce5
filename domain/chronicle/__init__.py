"""The one door to what was recorded: read a history, record entries, follow the sequence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

from domain.chronicle.forms import Misplaced, NewerForm, UnknownName, instant, stamp_of
from domain.chronicle.key_files import WrongKeyFile
from domain.chronicle.mapper import EntryMapper, Recorded
from domain.chronicle.merkle import leaf_hash
from domain.chronicle.recorders import Line, Recorder, Unless, as_uuid
from domain.chronicle.sequence import Sequence
from domain.chronicle.shapes import is_moment
from domain.chronicle.unavailable import ChronicleUnavailable, Conflict, MovedOn, VaultUnavailable
from domain.chronicle.vault import SealBroken, Vault
from domain.entry import Entry, Refused

__all__ = [
    "Chronicle",
    "ChronicleUnavailable",
    "Misplaced",
    "NewerForm",
    "Recorded",
    "SealBroken",
    "UnknownName",
    "Vault",
    "VaultUnavailable",
    "WrongKeyFile",
]

PORTION = 1000
LOCK_WAIT = 10.0
COMMANDS = "SELECT command_id, notification_id FROM kronika_entries"
LOWEST = UUID(int=0)
T = TypeVar("T")


def now() -> datetime:
    return datetime.now(UTC)


class Chronicle:
    """Safe to use from many threads and processes. `url` is sqlite:///path or postgresql://user:password@host/name."""

    def __init__(
        self,
        url: str,
        vault: Vault,
        *,
        mapper: EntryMapper | None = None,
        clock: Callable[[], datetime] = now,
        lock_wait: float = LOCK_WAIT,
    ) -> None:
        self.vault, self._clock = vault, clock
        self.mapper = mapper or EntryMapper(vault)
        self._sequence = Sequence(url, self.mapper, lock_wait)
        self.recorder: Recorder = self._sequence.recorder
        self.clock_behind = timedelta(0)  # by how much the clock was seen to be behind the last entry

    def create_tables(self) -> None:
        """Only when installing or upgrading, by one at a time."""
        self.recorder.create_table()

    def close(self) -> None:
        self._sequence.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def record(
        self,
        *entries: Entry,
        unless_after: int | None = None,
        of: Collection[UUID] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> int:
        """Append together and return the position of the last; what was recorded already is not stored again.

        Refused if anything was recorded after the position `unless_after`, since when they were thought out; with
        `of`, if anything was recorded of these originators.
        """
        if not entries:
            raise ValueError("there is nothing to record")
        once_each(entries)
        if len(entries) > PORTION and (position := self._recorded_before(entries)):
            return position
        self._reserve_keys(entries)
        try:
            return self.recorder.append(lambda last: self._lines(entries, last, progress), Unless(unless_after, of))
        except Conflict as conflict:
            return self._recorded_before(entries) or self._refuse(entries, conflict)

    def history(self, id: UUID, words: bool = True) -> tuple[Entry, ...]:
        """All entries of one originator in order of version; raises the problem of one that cannot be read."""
        return tuple(recorded.entry for recorded in self.recordings(id, words))

    def histories(self, ids: Iterable[UUID], words: bool = True) -> dict[UUID, tuple[Entry, ...]]:
        """Of several originators, in one question; of one of which nothing was recorded, nothing."""
        found = self.recordings_of(ids, words)
        return {id: tuple(recorded.entry for recorded in of_one) for id, of_one in found.items()}

    def recordings_of(self, ids: Iterable[UUID], words: bool = True) -> dict[UUID, list[Recorded]]:
        """The same, with where each entry stands."""
        found: dict[UUID, list[Recorded]] = {id: [] for id in ids}
        for portion in portions(found):
            condition = f"WHERE originator_id {self.recorder.among} ORDER BY originator_id, originator_version"
            rows = self.recorder.select(condition, self.recorder.ids_of(portion))
            for recorded in self.mapper.read(rows, words):
                found[recorded.originator_id].append(recorded)
        return found

    def recordings(self, id: UUID, words: bool = True) -> list[Recorded]:
        found = self.recorder.select("WHERE originator_id = ? ORDER BY originator_version", self.recorder.id_of(id))
        return self.mapper.read(found, words)

    def recorded(self, command_id: UUID) -> tuple[int, Entry] | None:
        found = self.mapper.read(self.recorder.select("WHERE command_id = ?", self.recorder.id_of(command_id)))
        return (found[0].position, found[0].entry) if found else None

    def recorded_many(self, command_ids: Iterable[UUID]) -> set[UUID]:
        return set(self._positions(command_ids))

    def after(self, position: int, limit: int, words: bool = True) -> list[Recorded]:
        """The next entries of the sequence. Nothing can appear later at or before a position that was returned."""
        condition = "WHERE notification_id > ? ORDER BY notification_id LIMIT ?"
        return self.mapper.read(self.recorder.select(condition, position, limit), words)

    def at(self, positions: Iterable[int], words: bool = True) -> dict[int, Recorded]:
        found: dict[int, Recorded] = {}
        for portion in portions(positions):
            rows = self.recorder.select(
                f"WHERE notification_id {self.recorder.among}", self.recorder.numbers_of(portion)
            )
            found.update((recorded.position, recorded) for recorded in self.mapper.read(rows, words))
        return found

    def named(self, name: str, after: int = 0) -> list[Recorded]:
        """Every entry of one kind after a position."""
        condition = "WHERE topic = ? AND notification_id > ? ORDER BY notification_id"
        return self.mapper.read(self.recorder.select(condition, name, after), words=False)

    def last_position(self) -> int:
        return number(self.recorder.ask("SELECT coalesce(max(notification_id), 0) FROM kronika_entries")[0][0])

    def position_at(self, moment: datetime) -> int:
        """The last position recorded at or before it, 0 if there is none."""
        question = (
            "SELECT notification_id FROM kronika_entries WHERE recorded_at <= ?"
            " ORDER BY recorded_at DESC, notification_id DESC LIMIT 1"
        )
        found = self.recorder.ask(question, stamp_of(moment))
        return number(found[0][0]) if found else 0

    def subjects(self, after: UUID | None = None, limit: int = PORTION) -> list[UUID]:
        """Originators in order of their id."""
        question = (
            "SELECT DISTINCT originator_id FROM kronika_entries WHERE originator_id > ? ORDER BY originator_id LIMIT ?"
        )
        found = self.recorder.ask(question, self.recorder.id_of(after or LOWEST), limit)
        return [as_uuid(id) for (id,) in found]

    def by_subject(
        self, low: UUID = LOWEST, high: UUID | None = None, words: bool = False, upto: int | None = None
    ) -> Iterator[Recorded]:
        """Originator by originator, each in order of version: ids from `low`, below `high`, positions up to `upto`."""
        bounds = "" if high is None else " AND originator_id < ?"
        bounds += "" if upto is None else " AND notification_id <= ?"
        limits = [*([] if high is None else [self.recorder.id_of(high)]), *([] if upto is None else [upto])]
        condition = f"WHERE (originator_id, originator_version) > (?, ?){bounds}"
        id, version = low, 0
        while found := self.recorder.select(
            f"{condition} ORDER BY originator_id, originator_version LIMIT {PORTION}",
            self.recorder.id_of(id),
            version,
            *limits,
        ):
            yield from self.mapper.read(found, words)
            id, version = found[-1].originator_id, found[-1].originator_version

    def ranges(self, size: int) -> list[tuple[UUID, UUID | None]]:
        """(low, high) for by_subject, together all originators, of about `size` entries each."""
        question = (
            "SELECT DISTINCT originator_id FROM (SELECT originator_id, row_number() OVER"
            " (ORDER BY originator_id, originator_version) AS n FROM kronika_entries) AS ordered"
            " WHERE n % ? = 0 ORDER BY originator_id"
        )
        found = self.recorder.ask(question, size)
        lows = [LOWEST, *(as_uuid(id) for (id,) in found)]
        return list(zip(lows, [*lows[1:], None], strict=True))

    def _lines(
        self, entries: tuple[Entry, ...], last: int, progress: Callable[[int], None] | None
    ) -> Iterator[list[Line]]:
        """Called under the writer's lock."""
        stamp = self._stamp(last)
        moment, done = instant(stamp), 0
        for portion in portions(entries):
            yield [self._line(entry, stamp, moment) for entry in portion]
            done += len(portion)
            if progress:
                progress(done)

    def _stamp(self, last: int) -> int:
        if not is_moment(last):
            raise ChronicleUnavailable("damaged", f"{last!a} is no time of recording")
        stamp = stamp_of(self._clock())
        self.clock_behind = timedelta(microseconds=max(0, last - stamp))
        return max(stamp, last)

    def _line(self, entry: Entry, stamp: int, moment: datetime) -> Line:
        fresh = self.mapper.fresh(entry, moment)
        return Line(*fresh[:3], stamp, fresh.state, leaf_hash(fresh), entry.command_id)

    def _reserve_keys(self, entries: tuple[Entry, ...]) -> None:
        """Before the writer's lock is taken, so that nobody waits for the vault."""
        self.vault.reserve(sum(map(self.mapper.has_words, entries)))

    def _positions(self, command_ids: Iterable[UUID]) -> dict[UUID, int]:
        question = f"{COMMANDS} WHERE command_id {self.recorder.among}"
        found: dict[UUID, int] = {}
        for portion in portions(command_ids):
            found.update((as_uuid(id), at) for id, at in self.recorder.ask(question, self.recorder.ids_of(portion)))
        return found

    def _recorded_before(self, entries: tuple[Entry, ...]) -> int:
        """The last position if all were recorded, 0 if none was."""
        positions = self._positions(entry.command_id for entry in entries)
        if positions and len(positions) < len(entries):
            missing = next(entry for entry in entries if entry.command_id not in positions)
            raise Refused("chronicle.partly_recorded", recorded=len(positions), missing=missing.command_id)
        return max(positions.values(), default=0)

    def _refuse(self, entries: tuple[Entry, ...], conflict: Conflict) -> int:
        versions: dict[UUID, int] = {}
        for entry in entries:
            version = versions.get(entry.originator_id) or self._version(entry.originator_id) + 1
            if entry.originator_version != version:
                code = "someone_was_first" if entry.originator_version < version else "version_missing"
                raise Refused(
                    f"chronicle.{code}", id=entry.originator_id, version=entry.originator_version
                ) from conflict
            versions[entry.originator_id] = version + 1
        if isinstance(conflict, MovedOn):
            raise Refused("chronicle.moved_on") from conflict
        raise ChronicleUnavailable("failing", str(conflict)) from conflict

    def _version(self, id: UUID) -> int:
        question = "SELECT coalesce(max(originator_version), 0) FROM kronika_entries WHERE originator_id = ?"
        return int(self.recorder.ask(question, self.recorder.id_of(id))[0][0])


def number(value: Any) -> int:
    if not isinstance(value, int):
        raise ChronicleUnavailable("damaged", f"{value!a} is no number")
    return value


def once_each(entries: tuple[Entry, ...]) -> None:
    commands: set[UUID] = set()
    for entry in entries:
        if entry.command_id in commands:
            raise Refused("chronicle.command_twice", command_id=entry.command_id)
        commands.add(entry.command_id)


def portions(items: Iterable[T], size: int = PORTION) -> Iterator[list[T]]:
    rest = iter(items)
    while portion := list(islice(rest, size)):
        yield portion
