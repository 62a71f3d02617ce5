"""How is a rebuild begun that outlives the page that began it? In a process of its own, which gives way to pages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from threading import Thread

from domain.refused import Refused
from projections import engine
from projections.progress import STARTING, Diary
from projections.tables import Projection
from webapp.config import Config
from webapp.stores import Stores

KRONIKA = "from webapp.cli import main; main()"
NICENESS = 10


def begin(config: Config, stores: Stores, projections: Sequence[Projection]) -> Thread:
    """Refused while another one is under way. The thread ends when the rebuild has."""
    if any(not each.is_over for each in engine.rebuilds(stores.reading)):
        raise Refused("projection.rebuilding")
    Diary(stores.reading, projections, stores.chronicle.last_position()).note(STARTING)
    command = [sys.executable, "-c", KRONIKA, "rebuild", *(each.name for each in projections)]
    process = subprocess.Popen(  # noqa: S603  # it is us, with names of our own
        command, env=environment(config), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )
    os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
    waiting = Thread(target=process.wait, name="rebuild", daemon=True)
    waiting.start()
    return waiting


def environment(config: Config) -> dict[str, str]:
    """The settings that it needs as this process has them, wherever it took them from."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KRONIKA_")}
    return {
        **kept,
        "KRONIKA_DATA": str(config.folder),
        "KRONIKA_CONFIG": os.devnull,
        "KRONIKA_DATABASE_URL": config.database_url,
        "KRONIKA_VAULT_URL": config.vault_url,
        "KRONIKA_KEY_FILE": str(config.key_file),
    }
