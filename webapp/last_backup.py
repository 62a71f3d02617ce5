"""When did the last backup of this installation finish? The time of an empty file in its folder tells."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

NAME = "last-backup"


def note(folder: Path) -> None:
    (folder / NAME).touch(mode=0o600)


def when(folder: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp((folder / NAME).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
