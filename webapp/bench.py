"""How quick is Kronika, as ratios that hold on any machine? Each is measured against its yardstick in the same run."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from webapp import bench_answers, bench_backup, bench_log, bench_pages, bench_preview, bench_rebuild, bench_serving
from webapp.bench_ground import Ground, Progress, ground, in_silence

ENTRIES, IN_FULL = 100_000, 1_000_000
PACKAGES = ("eventsourcing", "sqlalchemy", "psycopg", "msgspec", "flask")


class Ratio(NamedTuple):
    """What was measured, and what it must not go above or below."""

    value: float
    target: float
    at_least: bool

    def shown(self) -> dict[str, Any]:
        holds = self.value >= self.target if self.at_least else self.value <= self.target
        return {"value": round(self.value, 3), "target": self.target, "holds": holds}


Figures = dict[str, float]
Bench = Callable[[Ground, int], tuple[Figures, dict[str, tuple[float, float, bool]]]]
BENCHES: dict[str, Bench] = {
    "rebuild": bench_rebuild.rebuild,
    "record": bench_answers.record,
    "asof": bench_answers.asof,
    "page": bench_pages.page,
    "serving": bench_serving.serving,
    "preview": bench_preview.preview,
    "backup": bench_backup.backup,
    "log": bench_log.log,
}


def run(
    name: str, database_url: str | None = None, scale: int = ENTRIES, progress: Progress = in_silence
) -> dict[str, Any]:
    """`scale` is the number of entries; `database_url` a PostgreSQL server on which a database may be made for it."""
    with ground(database_url, progress) as where:
        figures, ratios = BENCHES[name](where, scale)
        return {
            "bench": name,
            "database": where.kind,
            "machine": machine(),
            "versions": {"python": platform.python_version(), where.kind: where.version, **versions()},
            "figures": {each: round(value, 4) for each, value in figures.items()},
            "ratios": {each: Ratio(*ratio).shown() for each, ratio in ratios.items()},
        }


def machine() -> str:
    """Processor, how many, memory and system."""
    found = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = next((int(line.split()[1]) // 2**20 for line in _lines("/proc/meminfo") if "MemTotal" in line), 0)
    processor = found[0] if found else platform.machine()
    return f"{processor}, {os.cpu_count()} processors, {memory} GiB, {platform.system()} {platform.release()}"


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []  # another system than Linux does not tell


def versions() -> dict[str, str]:
    return {package: version(package) for package in PACKAGES}
