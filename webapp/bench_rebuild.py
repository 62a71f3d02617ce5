"""How long does it take to rebuild all read tables, against the library's runner and against no folding at all?"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path
from threading import Event
from typing import Any

from eventsourcing.persistence import StoredEvent, Tracking
from eventsourcing.popo import POPOTrackingRecorder
from eventsourcing.projection import BaseProjectionRunner
from eventsourcing.projection import Projection as LibraryProjection
from eventsourcing.utils import EnvType
from sqlalchemy import Engine

from domain.chronicle import Chronicle, Recorded, Vault
from domain.chronicle.mapper import EntryMapper, Row
from domain.chronicle.sequence import Sequence
from domain.entry import Entry
from projections import bulk, engine
from projections.digesting import digest
from projections.everything import EVERYTHING
from projections.folding import Folding
from projections.keeping import claim
from projections.rebuilding import NEW, PORTION, Filled, append, clear, folded, index, no_garbage, step_done
from webapp.bench_ground import Archive, Ground
from webapp.bench_history import PER_COALITION
from webapp.stores import open_engine

ROUNDS = 3
LEAST = {"sqlite": 5.0, "postgresql": 15.0}
OF_CEILING, MEMORY = 0.35, 1.3
LARGEST_CEILING = 100_000  # its rows are held in memory
SECONDS_TO_RUN = 600.0
STORED = ("originator_version", "topic", "state")


def rebuild(where: Ground, entries: int) -> tuple[dict[str, float], dict[str, tuple[float, float, bool]]]:
    peaks: dict[int, float] = {}
    with where.filled(min(entries, LARGEST_CEILING)) as archive:
        count = archive.chronicle.last_position()
        ours, ceiling = best_of(where, archive)
        peaks[min(entries, LARGEST_CEILING)] = peak(archive)
    with where.filled(PER_COALITION) as archive:
        library = one_by_one(archive)
    for size in {entries // 10, entries} - set(peaks):
        with where.filled(size) as archive:
            peaks[size] = peak(archive)
    small, large = peaks[entries // 10], peaks[entries]
    figures = {
        "entries": count,
        "rebuild_entries_a_second": count / ours,
        "ceiling_entries_a_second": count / ceiling,
        "one_by_one_entries_a_second": library,
        f"peak_mebibytes_at_{entries // 10}": small,
        f"peak_mebibytes_at_{entries}": large,
    }
    against = "library_runner" if where.kind == "postgresql" else "one_transaction_an_entry"
    return figures, {
        f"against_{against}": (count / ours / library, LEAST[where.kind], True),
        "of_ceiling": (ceiling / ours, OF_CEILING, True),
        "memory": (large / small, MEMORY, False),
    }


def best_of(where: Ground, archive: Archive) -> tuple[float, float]:
    """Seconds with and without folding, in turns."""
    tables = list(rows_of(archive.chronicle))
    ours, ceiling = [], []
    for n in range(1, ROUNDS + 1):
        ours.append(timed_rebuild(archive))
        ceiling.append(no_fold(archive, tables))
        where.progress("rebuilding", 100 * n, 100 * ROUNDS)
    return min(ours), min(ceiling)


def timed_rebuild(archive: Archive) -> float:
    began = time.perf_counter()
    engine.rebuild(archive.chronicle, archive.reading)
    return time.perf_counter() - began


def rows_of(chronicle: Chronicle) -> list[Filled]:
    foldings = [Folding(projection) for projection in EVERYTHING]
    return [folded(foldings, chronicle.by_subject(*ids))[1] for ids in chronicle.ranges(PORTION)]


def no_fold(archive: Archive, rows: list[Filled]) -> float:
    """Seconds to read and decode the same entries, and to write the same rows with the same indexes."""
    tables = [of for projection in EVERYTHING for of in projection.tables]
    began = time.perf_counter()
    with no_garbage(), archive.reading.connect() as connection:
        for of in tables:
            bulk.create(connection, of, NEW)
        for ids, each in zip(archive.chronicle.ranges(PORTION), rows, strict=True):
            step_done(connection)
            for _ in archive.chronicle.by_subject(*ids):
                pass
            append(connection, each)
        index(connection, tables)
        connection.commit()
    took = time.perf_counter() - began
    clear(archive.reading)
    return took


# Entry by entry


def one_by_one(archive: Archive) -> float:
    """Entries a second, each in a transaction of its own."""
    return by_runner(archive) if bulk_is_postgres(archive) else by_transactions(archive)


def bulk_is_postgres(archive: Archive) -> bool:
    return archive.reading.dialect.name == "postgresql"


def by_transactions(archive: Archive) -> float:
    count, began = archive.chronicle.last_position(), time.perf_counter()
    for recorded in archive.chronicle.after(0, count, words=False):
        write_one(archive.reading, recorded)
    return count / (time.perf_counter() - began)


def write_one(reading: Engine, recorded: Recorded) -> None:
    with reading.begin() as connection:
        claim(connection, EVERYTHING, "", recorded.position - 1, recorded.position)
        digest(connection, EVERYTHING, "", [recorded])


def by_runner(archive: Archive) -> float:
    """By the library's own runner: its subscription, its mapper, its loop."""
    count, done = archive.chronicle.last_position(), Event()
    projection = Following(archive.reading, count, done)
    began = time.perf_counter()
    runner: BaseProjectionRunner[Any] = BaseProjectionRunner(
        projection=projection,
        application_class=application_at(archive),
        tracking_recorder=projection.view,
        topics=(),
    )
    with runner:
        if not done.wait(SECONDS_TO_RUN):
            raise TimeoutError("the library's runner did not come to an end")
        return count / (time.perf_counter() - began)


class Following(LibraryProjection[POPOTrackingRecorder]):
    """Fills our tables from the library's subscription."""

    def __init__(self, reading: Engine, last: int, done: Event) -> None:
        super().__init__(POPOTrackingRecorder())
        self._reading, self._last, self._done = reading, last, done

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        at = tracking.notification_id
        row = Row(at, domain_event.originator_id, domain_event.originator_version, "", 0, b"", b"")
        write_one(self._reading, Recorded(row, domain_event))
        if at == self._last:
            self._done.set()


class LibraryMapper(EntryMapper):
    def to_domain_event(self, stored_event: StoredEvent) -> Entry:
        """As the library asks for it: one at a time."""
        id, version, name, state = (getattr(stored_event, field) for field in ("originator_id", *STORED))
        return self.read([Row(0, id, version, name, 0, state, b"")], words=False)[0].entry


def application_at(archive: Archive) -> type[Sequence]:
    class Application(Sequence):
        def __init__(self, _env: EnvType | None = None) -> None:
            super().__init__(archive.database_url, LibraryMapper(archive.chronicle.vault), 10.0)

    return Application


# Memory


def peak(archive: Archive) -> float:
    """Mebibytes that a process of its own needs for it."""
    archive.reading.dispose()
    addresses = f"{archive.database_url}\n{archive.views_url}\n{archive.folder}"
    command = [sys.executable, "-m", "webapp.bench_rebuild"]
    done = subprocess.run(command, input=addresses, check=True, capture_output=True, text=True)  # noqa: S603  # it is us
    return float(done.stdout)


def rebuild_alone(database_url: str, views_url: str, folder: str) -> None:
    vault = Vault(f"sqlite:///{folder}/vault.db", Path(folder) / "key")
    with vault, Chronicle(database_url, vault) as chronicle:
        engine.rebuild(chronicle, open_engine(views_url, can_be_rebuilt=True))


def peak_of_this_process() -> float:
    """In mebibytes. What `getrusage` tells begins with the peak of who started the process."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = [line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    rebuild_alone(*sys.stdin.read().splitlines())
    sys.stdout.write(str(peak_of_this_process()))
