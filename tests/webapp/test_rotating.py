"""Does `kronika rotate-key` leave everything readable with the new key file, and nothing with the old one?"""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.chronicle.key_files import alone_with
from tests.webapp.test_cli import Kronika, environment, kronika, ready

__all__ = ["environment", "kronika", "ready"]
FILE = b"date,event,coalition,organisation,note\n2010,founded,Pines,,asked by Oak\n"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def key_file(environment: dict[str, str]) -> Path:
    return Path(environment["KRONIKA_DATA"], "vault.key")


def test_what_was_recorded_is_read_with_the_new_key_file_alone(ready: Kronika, key_file: Path) -> None:
    assert ready("import", "-", "--register", says=FILE).exit_code == 0
    old = key_file.read_bytes()
    rotated = ready("rotate-key")
    assert (rotated.exit_code, rotated.stderr) == (0, "")
    assert "keys are wrapped anew" in rotated.stdout
    assert f"Make a new backup now. Keep a copy of {key_file} apart from it." in rotated.stdout
    assert "asked by Oak" in ready("export").stdout
    assert ready("verify").exit_code == 0
    key_file.write_bytes(old)
    assert ready("verify").exit_code == 1


def test_without_keys_the_key_file_stays(ready: Kronika, key_file: Path) -> None:
    old = key_file.read_bytes()
    assert ready("rotate-key").stdout == "The vault holds no keys yet: its key file stays.\n"
    assert key_file.read_bytes() == old


def test_one_at_a_time(ready: Kronika, key_file: Path) -> None:
    with alone_with(key_file):
        refused = ready("rotate-key")
    assert (refused.exit_code, "being changed by another process" in refused.stderr) == (1, True)
