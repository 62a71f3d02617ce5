"""How long does it take to save everything, and to have it back and looked through in an empty place?"""

from __future__ import annotations

import time
from math import ceil

from webapp import bench_history
from webapp.backup import back_up
from webapp.bench_ground import Ground
from webapp.bench_pages import installed
from webapp.config import read_config
from webapp.restoring import restore

SAVED, BACK = 30.0, 120.0  # seconds, for 100,000 entries


def backup(where: Ground, entries: int) -> tuple[dict[str, float], dict[str, tuple[float, float, bool]]]:
    coalitions = ceil(entries / bench_history.PER_COALITION)
    with installed(where, bench_history.entries(coalitions)) as (config, stores), where.database() as (folder, url):
        file, vault_file = folder / "register.zip", folder / "vault.zip"
        began = time.perf_counter()
        saved = back_up(config, stores, file, vault_file, where.progress)
        saving = time.perf_counter() - began
        told = {"KRONIKA_DATA": str(folder / "var"), "KRONIKA_CONFIG": str(folder / "none.toml")}
        place = read_config(told, database_url=url)
        began = time.perf_counter()
        back = restore(place, file, vault_file, where.progress, key_file=config.key_file)
        restoring = time.perf_counter() - began
        if back.problems or back.entries != saved.last_position:
            raise RuntimeError("what was restored is not what was saved")
        size = (file.stat().st_size + vault_file.stat().st_size) / 2**20
    figures = {"entries": saved.last_position, "mebibytes": size}
    return figures, {"backup_seconds": (saving, SAVED, False), "restore_and_verify_seconds": (restoring, BACK, False)}
