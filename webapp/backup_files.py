"""How do files that belong to sources come into a backup and out of it? Sealed, as they lie."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from domain.chronicle.stores import make_file
from webapp.backup_file import Reader, Writer
from webapp.config import Config
from webapp.files_kept import attachment

FOLDER = "files"


class RemovedMeanwhile(Exception):
    """A file of that moment is not there any more, because somebody has removed it since."""


def save_files(config: Config, writer: Writer, connection: Connection, recorded: Engine) -> int:
    """Those that rows of this moment name; how many. One that was lost before is told by `kronika verify`."""
    saved = 0
    for (name,) in connection.execute(select(attachment.c.sha256).order_by(attachment.c.sha256)).all():
        try:
            with (folder_of(config) / name).open("rb") as content:
                writer.copy(f"{FOLDER}/{name}", content)
        except FileNotFoundError as missing:
            if not _is_named_still(recorded, name):
                raise RemovedMeanwhile from missing
        else:
            saved += 1
    return saved


def _is_named_still(recorded: Engine, name: str) -> bool:
    with recorded.connect() as connection:
        found = connection.execute(select(attachment.c.sha256).where(attachment.c.sha256 == name))
        return found.first() is not None


def take_in_files(config: Config, register: Reader) -> None:
    """What is there already under its name is written again: the copy is whole, and that may not be."""
    for part in register.within(FOLDER):
        path = folder_of(config) / Path(part).name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_file(path)
        with register.open(part) as content, path.open("wb") as out:
            shutil.copyfileobj(content, out)


def folder_of(config: Config) -> Path:
    return config.folder / FOLDER
