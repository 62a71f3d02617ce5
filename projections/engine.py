"""One fold, three drivers: keep up with new entries, rebuild from the first, replay to any moment."""

from __future__ import annotations

from projections.alone import AlreadyRebuilding
from projections.comparing import Difference, compare
from projections.everything import BY_NAME, EVERYTHING
from projections.examining import Unsound
from projections.folding import Parked
from projections.keeping import Ahead, Outdated, Status, keep_up, outdated, parked, prepare, status
from projections.mending import retry_parked
from projections.progress import Rebuild, rebuilds
from projections.rebuilding import clear_leftovers, rebuild
from projections.replaying import replay, replay_subject

__all__ = [
    "BY_NAME",
    "EVERYTHING",
    "Ahead",
    "AlreadyRebuilding",
    "Difference",
    "Outdated",
    "Parked",
    "Rebuild",
    "Status",
    "Unsound",
    "clear_leftovers",
    "compare",
    "keep_up",
    "outdated",
    "parked",
    "prepare",
    "rebuild",
    "rebuilds",
    "replay",
    "replay_subject",
    "retry_parked",
    "status",
]
