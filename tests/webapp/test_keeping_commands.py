"""What do `kronika backup`, `restore` and `upgrade` say to people?"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.exc import OperationalError

from domain.refused import Refused
from tests.webapp.storing import STORED, put_back
from webapp import last_backup
from webapp.cli import main
from webapp.schema import known_version

Kronika = Callable[..., Result]
NO_TABLE = sqlite3.OperationalError("no such table: x")
NO_TABLE.sqlite_errorcode = sqlite3.SQLITE_ERROR


@pytest.fixture
def kronika(tmp_path: Path) -> Kronika:
    """`kronika("a", "verify")`: the command on the installation in that folder."""

    def run(name: str, *arguments: object) -> Result:
        told = {
            "KRONIKA_DATA": str(tmp_path / name),
            "KRONIKA_CONFIG": str(tmp_path / "none"),
            "KRONIKA_LANGUAGE": "en",
        }
        result = CliRunner(env=told).invoke(main, [str(each) for each in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def test_a_backup_says_what_to_keep_where_and_comes_back(kronika: Kronika, tmp_path: Path) -> None:
    file, vault, key_file = tmp_path / "b.zip", tmp_path / "v.zip", tmp_path / "a" / "vault.key"
    kronika("a", "upgrade")
    assert kronika("a", "backup", file, "--vault", vault).stdout.splitlines() == [
        f"0 entries saved: {file}",
        f"The keys of notes and sources: {vault}. Keep that file in another place.",
        f"Neither opens them without {key_file}: keep a copy of it in a third place.",
    ]
    restored = kronika("b", "restore", file, "--vault", vault, "--key-file", key_file)
    assert restored.stderr == ""
    assert restored.stdout.splitlines()[0] == "0 entries, all as recorded."
    assert kronika("b", "verify").exit_code == 0


def test_a_backup_without_the_vault_says_what_is_missing(kronika: Kronika, tmp_path: Path) -> None:
    kronika("a", "upgrade")
    saved = kronika("a", "backup", tmp_path / "b.zip")
    assert saved.exit_code == 0
    assert saved.stderr == "Without the vault notes and sources cannot be read again. Save it as well: --vault FILE\n"


def test_a_backup_tells_in_json_what_is_in_it(kronika: Kronika, tmp_path: Path) -> None:
    kronika("a", "upgrade")
    told = json.loads(kronika("a", "backup", tmp_path / "b.zip", "--json").stdout)
    assert (told["kind"], told["last_position"], told["schema"]) == ("register", 0, known_version())


def test_only_the_nightly_backup_counts_as_the_regular_one(kronika: Kronika, tmp_path: Path) -> None:
    kronika("a", "upgrade")
    kronika("a", "backup", tmp_path / "b.zip")
    assert last_backup.when(tmp_path / "a") is None
    kronika("a", "backup", tmp_path / "c.zip", "--nightly")
    assert last_backup.when(tmp_path / "a")


def test_what_is_no_backup_is_refused_in_one_line(kronika: Kronika, tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_text("no backup")
    refused = kronika("a", "restore", tmp_path / "no.zip")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert (
        refused.stderr == f"Error: {tmp_path / 'no.zip'} is no whole backup: it was cut short, or is something else.\n"
    )


def test_a_folder_that_is_not_there_is_said_in_one_line(kronika: Kronika, tmp_path: Path) -> None:
    kronika("a", "upgrade")
    refused = kronika("a", "backup", tmp_path / "nowhere" / "b.zip")
    assert (refused.exit_code, refused.stderr) == (
        1,
        f"Error: {tmp_path / 'nowhere' / 'b.zip'}: No such file or directory\n",
    )


def test_a_restore_with_problems_says_that_nobody_can_open_it(kronika: Kronika, tmp_path: Path) -> None:
    file, vault, key_file = tmp_path / "b.zip", tmp_path / "v.zip", tmp_path / "a" / "vault.key"
    put_back("0001", empty(tmp_path / "a"), f"sqlite:///{tmp_path / 'a' / 'kronika.db'}")
    kronika("a", "upgrade")
    kronika("a", "backup", file, "--vault", vault)
    kronika("c", "upgrade")
    kronika("c", "backup", tmp_path / "none.zip", "--vault", tmp_path / "other.zip")
    refused = kronika("b", "restore", file, "--vault", tmp_path / "other.zip", "--key-file", key_file)
    assert refused.exit_code == 1
    assert refused.stderr.splitlines()[-1] == "Nobody can open it. Run it again with another copy, or with --anyway."
    assert "has not come to its end" in kronika("b", "verify").stderr
    assert "has not come to its end" in kronika("b", "upgrade").stderr
    assert kronika("b", "restore", file, "--vault", vault).exit_code == 0
    assert kronika("b", "verify").exit_code == 0


def test_an_upgrade_says_where_what_was_there_is(kronika: Kronika, tmp_path: Path) -> None:
    put_back(
        min(path.name for path in STORED.iterdir()), empty(tmp_path / "a"), f"sqlite:///{tmp_path / 'a' / 'kronika.db'}"
    )
    first, last = kronika("a", "upgrade").stdout.splitlines()
    assert first.startswith(f"What was there before: {tmp_path / 'a' / 'backups'}")
    assert last == f"The database has schema {known_version()}."
    assert kronika("a", "upgrade").stdout == f"{last}\n"


@pytest.mark.parametrize(
    ("stopped_by", "said"),
    [
        (OSError(28, "No space left on device"), "No space left on device"),
        (Refused("upgrade.under_way"), "Another upgrade or restore is under way. Wait until it is done."),
        (ValueError("what nobody\nexpected"), "ValueError: what nobody"),
        (OperationalError("SELECT 1", None, NO_TABLE), "The database failed (no such table: x)"),
    ],
)
def test_an_upgrade_that_fails_says_that_everything_is_as_it_was(
    kronika: Kronika, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped_by: Exception, said: str
) -> None:
    def no_room(*_: object) -> None:
        raise stopped_by

    put_back("0001", empty(tmp_path / "a"), f"sqlite:///{tmp_path / 'a' / 'kronika.db'}")
    monkeypatch.setattr("webapp.schema.migrate", no_room)
    failed = kronika("a", "upgrade")
    first, last = failed.stderr.splitlines()
    assert failed.exit_code == 1
    assert first.startswith("Everything is as it was. It was saved before, too: ")
    assert last == f"Error: {said}"


def empty(folder: Path) -> Path:
    folder.mkdir(mode=0o700)
    return folder
