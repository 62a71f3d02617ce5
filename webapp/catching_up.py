"""How the read tables come up to what was recorded: entry by entry, or all anew where most of it is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from projections import engine
from projections.tables import Projection
from webapp.stores import Stores

MUCH = 20_000  # entries; less is folded in seconds


Progress = Callable[[str, int, int], None]


def rebuild(stores: Stores, projections: Sequence[Projection], progress: Progress) -> None:
    engine.rebuild(stores.chronicle, stores.reading, projections, lambda done, of: progress("rebuilding", done, of))


def catch_up(stores: Stores, progress: Progress) -> None:
    behind = max(each["lag"] for each in engine.status(stores.chronicle, stores.reading))
    if behind > max(MUCH, stores.chronicle.last_position() // 2):
        rebuild(stores, engine.EVERYTHING, progress)
    engine.keep_up(stores.chronicle, stores.reading)


def mend(stores: Stores, progress: Progress) -> None:
    """For another version of the program: tables of another form are made anew, what was parked is tried again."""
    engine.clear_leftovers(stores.reading)
    outdated = engine.outdated(stores.reading)
    if outdated:
        rebuild(stores, outdated, progress)
    catch_up(stores, progress)
    engine.retry_parked(stores.chronicle, stores.reading)
