from __future__ import annotations

import json
import re
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import click
import pytest
from click.testing import CliRunner, Result

from domain.chronicle import integrity
from projections import engine
from tests.webapp.files import SECRETARY, TODAY, ZTOK, opened_in
from webapp import schema
from webapp.accounts import Accounts
from webapp.archive import archive
from webapp.cli import main
from webapp.commands import verifying
from webapp.config import Config, read_config
from webapp.importing import EveryName, Terms, plan_file, record
from webapp.schema import VERSION_TABLE
from webapp.stores import Stores, open_stores

PASSWORD = "seven quiet herons"
COALITION = "Žmogaus teisių organizacijų koalicija"
Kronika = Callable[..., Result]
PATIENCE = 30


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "KRONIKA_DATA": str(tmp_path / "var"),
        "KRONIKA_DATABASE_URL": database_url,
        "KRONIKA_CONFIG": str(tmp_path / "none.toml"),
        "KRONIKA_LANGUAGE": "en",
    }


@pytest.fixture
def kronika(environment: dict[str, str]) -> Kronika:
    """`kronika("roster", "…")`: as typed in a pipe; `says` is what it is answered when it asks."""

    def run(*arguments: str, says: str | bytes | None = None) -> Result:
        result = CliRunner(env=environment).invoke(main, arguments, input=says)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def ready(kronika: Kronika) -> Kronika:
    assert kronika("upgrade").exit_code == 0
    return kronika


@pytest.fixture
def ztok(ready: Kronika) -> Kronika:
    """With the history of ŽTOK in it."""
    assert ready("import", "-", "--register", says=ZTOK).exit_code == 0
    return ready


def add_user(ready: Kronika, email: str, role: str) -> None:
    added = ready("user", "add", email, "--name", "Jonas", "--role", role, "--password-file", "-", says=PASSWORD)
    assert added.exit_code == 0


def in_json(result: Result) -> Any:
    assert result.stderr == ""
    return json.loads(result.stdout)


def refused(result: Result) -> str:
    """The one line on stderr."""
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    return line.removeprefix("Error: ")


def commands(group: click.Group = main) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", one) for inner, one in commands(command))


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=[name for name, _ in commands()])
def test_every_command_explains_itself_with_an_example(name: str, command: click.Command) -> None:
    result = CliRunner().invoke(main, [*name.split(), "--help"])
    assert result.exit_code == 0
    assert f"Example:\n    kronika {name.split(maxsplit=1)[0]}" in result.stdout


def test_there_is_a_command_for_each_that_the_manual_names() -> None:
    assert set(main.commands) == {
        "run", "demo", "init", "user", "upgrade", "import", "export", "roster", "timeline", "replay", "rebuild",
        "verify", "projections", "bench", "backup", "restore", "rotate-key",
    }  # fmt: skip


class TestImport:
    def test_tells_in_json_what_it_stored(self, ready: Kronika) -> None:
        told = in_json(ready("import", "-", "--register", "--json", says=ZTOK))
        assert (told["stored"], told["already"], len(told["registered"]), told["errors"]) == (25, 0, 12, [])
        again = in_json(ready("import", "-", "--register", "--json", says=ZTOK))
        assert again == {"stored": 0, "already": 25, "registered": [], "errors": []}

    def test_tells_people_what_it_stored_and_what_was_there(self, ready: Kronika) -> None:
        tried = ready("import", "-", "--register", "--dry-run", says=ZTOK)
        assert tried.stdout.startswith("25 rows would be stored; there already: 0.\n")
        assert ready("import", "-", "--register", says=ZTOK).stdout.startswith(
            "25 rows were stored; there already: 0.\n"
        )
        assert ready("import", "-", says=ZTOK).stdout == "0 rows were stored; there already: 25.\n"

    def test_needs_a_yes_for_names_that_it_does_not_know(self, ready: Kronika) -> None:
        result = ready("import", "-", says=ZTOK)
        assert result.exit_code == 1
        assert "--register" in result.stderr
        assert ready("verify", "--json").stdout.count('"entries": 0') == 1

    def test_can_be_tried_first(self, ready: Kronika) -> None:
        tried = in_json(ready("import", "-", "--register", "--dry-run", "--json", says=ZTOK))
        assert in_json(ready("verify", "--json"))["entries"] == 0
        assert tried == in_json(ready("import", "-", "--register", "--json", says=ZTOK))

    def test_reads_json_lines_that_export_wrote(self, ztok: Kronika, tmp_path: Path) -> None:
        planned = {"event": "campaign.planned", "campaign": "Forum", "date": "2018", "lead": "Lietuvos gėjų lyga"}
        wrong = {**planned, "event": "campaign.paused"}
        content = f"{json.dumps(planned)}\n\n{json.dumps(wrong)}".encode()
        result = ztok("import", "-", "--format", "jsonl", says=content)
        assert (result.exit_code, result.stderr.splitlines()[0].partition(":")[0]) == (1, "line 3, lead")
        assert ztok("import", "-", "--format", "jsonl", says=json.dumps(planned).encode()).stdout.startswith("1 row ")
        exported = ztok("export", "--format", "jsonl").stdout_bytes
        again = in_json(ztok("import", "-", "--format", "jsonl", "--json", says=exported))
        assert (again["stored"], again["errors"], again["already"]) == (0, [], exported.count(b"\n"))

    def test_names_each_bad_row_and_stores_nothing(self, ready: Kronika) -> None:
        content = b"date,event,coalition\n2011,foundd,A\n20x1,founded,B\n"
        result = ready("import", "-", says=content)
        assert (result.exit_code, result.stdout) == (1, "")
        first, second, _ = result.stderr.splitlines()
        assert first.startswith("row 2, event: ")
        assert second.startswith("row 3, date: ")
        told = ready("import", "-", "--json", says=content)
        assert told.exit_code == 1
        assert [error["row"] for error in in_json(told)["errors"]] == [2, 3]
        assert in_json(ready("verify", "--json"))["entries"] == 0

    def test_can_be_answered_for_by_an_account(self, ready: Kronika, environment: dict[str, str]) -> None:
        email = "rasa@example.org"
        add_user(ready, email, "lead")
        assert ready("import", "-", "--register", "--as", email, says=ZTOK).exit_code == 0
        with a_look_at(environment) as (_, stores):
            account = Accounts(stores.accounts).by_email(email)
            assert {one.entry.recorded_by for one in stores.chronicle.after(0, 100)} == {account.id}

    def test_of_a_file_that_is_not_there_is_a_wrong_use(self, ready: Kronika) -> None:
        assert ready("import", "nowhere.csv").exit_code == 2


class TestExport:
    def test_goes_to_a_file_that_can_be_taken_in_again(self, ztok: Kronika, tmp_path: Path) -> None:
        path = tmp_path / "history.csv"
        assert ztok("export", "-o", str(path)).exit_code == 0
        assert list(tmp_path.glob("*.unfinished")) == []
        with opened_in(tmp_path / "other") as other:
            assert other.chronicle.last_position() == 0
        elsewhere = {"KRONIKA_DATA": str(tmp_path / "other"), "KRONIKA_CONFIG": str(tmp_path / "none.toml")}
        result = CliRunner(env=elsewhere).invoke(main, ["import", str(path), "--json"])
        assert json.loads(result.stdout)["stored"] == 37

    def test_goes_to_standard_output(self, ztok: Kronika) -> None:
        assert ztok("export").stdout.startswith("date,event,coalition,")
        lines = ztok("export", "--format", "jsonl", "--on", "1 January 2012").stdout.splitlines()
        assert {json.loads(line)["occurred"] for line in lines} >= {"2011-22", "2011-06-20", "XXXX"}
        assert "2012-04-05" not in {json.loads(line)["occurred"] for line in lines}

    def test_says_when_the_disk_is_full(self, ztok: Kronika, environment: dict[str, str]) -> None:
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [sys.executable, "-c", "from webapp.cli import main; main()", "export"],
                env={**environment, "PATH": ""}, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            )  # fmt: skip
        assert (done.returncode, done.stderr) == (1, "Error: No space left on device\n")


class TestRoster:
    def test_is_the_same_by_an_old_name_and_by_id(self, ztok: Kronika) -> None:
        told = in_json(ztok("roster", COALITION, "--on", "2016-06-01", "--json"))
        assert told["counts"] == {
            "members": 8,
            "in_good_standing": 7,
            "suspended": 1,
            "observers": 0,
            "possible": 1,
        }
        assert in_json(ztok("roster", "žmogaus teisių koalicija", "--on", "1 June 2016", "--json")) == told

    def test_is_found_without_marks(self, ztok: Kronika) -> None:
        told = in_json(ztok("roster", COALITION, "--on", "2016-06-01", "--json"))
        assert in_json(ztok("roster", "zmogaus teisiu koalicija", "--on", "2016-06-01", "--json")) == told

    def test_offers_only_coalitions(self, ztok: Kronika) -> None:
        assert "Did you mean" not in refused(ztok("roster", "Romų visuomenės centrs"))
        assert "Romų visuomenės centras" in refused(ztok("replay", "Romų visuomenės centrs"))

    def test_can_be_that_of_an_earlier_knowledge(self, ztok: Kronika) -> None:
        told = in_json(ztok("roster", COALITION, "--on", "2016-06-01", "--known", "2020-01-01", "--json"))
        assert (told["rows"], told["known"]) == ([], "2020-01-01T23:59:59.999999+00:00")

    def test_is_a_table_without_json(self, ztok: Kronika) -> None:
        lines = ztok("roster", COALITION, "--on", "2016-06-01").stdout.splitlines()
        assert lines[0] == f"{COALITION}, 1 June 2016"
        assert "suspended" in next(line for line in lines if line.startswith("Žmogaus teisių stebėjimo institutas"))
        assert "possibly" in next(line for line in lines if line.startswith("Diversity"))

    @pytest.mark.parametrize(
        ("arguments", "reason"),
        [
            (["Zmogaus teisiu kolicija"], "Did you mean: Žmogaus teisių organizacijų koalicija"),
            (["Romų visuomenės centras"], "Romų visuomenės centras"),
            ([COALITION, "--on", "2016"], "2016"),
            ([COALITION, "--on", "someday"], "someday"),
            ([COALITION, "--known", "yesterday"], "yesterday"),
        ],
    )
    def test_says_in_one_line_why_there_is_none(self, ztok: Kronika, arguments: list[str], reason: str) -> None:
        assert reason in refused(ztok("roster", *arguments))


class TestReplay:
    def test_tells_the_state_after_each_entry_of_a_membership(self, ztok: Kronika) -> None:
        subject = f"{COALITION} / Žmogaus teisių stebėjimo institutas"
        told = in_json(ztok("replay", subject, "--json"))
        assert [(step["name"], [one["state"] for one in step["state"]["possible"]]) for step in told["entries"]] == [
            ("membership.joined", ["member, good"]),
            ("membership.suspended", ["member, suspended"]),
            ("membership.reinstatement_requested", ["member, suspended"]),
            ("membership.reinstated", ["member, good"]),
        ]
        second = told["entries"][1]["position"]
        assert len(in_json(ztok("replay", told["id"], "--to", str(second), "--json"))["entries"]) == 2
        assert len(ztok("replay", subject).stdout.splitlines()) == 5

    def test_tells_the_names_of_an_organisation(self, ztok: Kronika) -> None:
        told = in_json(ztok("replay", "Lietuvos gėjų lyga", "--json"))
        assert [step["state"]["called"] for step in told["entries"]] == [
            "Lietuvos gėjų lyga",
            "Nacionalinė LGBT* teisių asociacija LGL",
        ]


def test_a_timeline_becomes_a_picture(ztok: Kronika, tmp_path: Path) -> None:
    path = tmp_path / "ribbons.svg"
    assert ztok("timeline", COALITION, "-o", str(path)).exit_code == 0
    assert path.read_text(encoding="utf-8").startswith("<svg")


class TestUpkeep:
    def test_of_read_tables_shows_how_far_they_are(self, ztok: Kronika) -> None:
        told = in_json(ztok("projections", "--json"))
        assert {(one["position"], one["lag"], one["parked"]) for one in told} == {(37, 0, 0)}
        assert {one["rebuild"] for one in told} == {None}
        assert ztok("rebuild", "timeline").exit_code == 0
        after = {one["name"]: one["rebuild"] for one in in_json(ztok("projections", "--json"))}
        assert (after["timeline"]["stage"], after["timeline"]["done"], after["periods"]) == ("done", 37, None)
        assert "rebuild done" in ztok("projections").stdout
        assert "periods" in ztok("projections").stdout

    def test_finds_a_row_that_somebody_took_out_and_makes_it_anew(
        self, ztok: Kronika, environment: dict[str, str]
    ) -> None:
        assert in_json(ztok("verify", "--json")) == {"ok": True, "entries": 37, "problems": []}
        with a_look_at(environment) as (_, stores), stores.reading.begin() as connection:
            connection.exec_driver_sql("DELETE FROM period")
        red = ztok("verify", "--json")
        assert red.exit_code == 1
        assert json.loads(red.stdout)["problems"][0]["where"].startswith("period")
        assert "problems found.\n" in ztok("verify").stderr
        assert ztok("rebuild", "periods").exit_code == 0
        assert ztok("verify").stdout == "37 entries, all as recorded.\n"

    @pytest.mark.parametrize(
        ("change", "where", "what"),
        [
            ("UPDATE projection SET position = position + 1", "periods: projection", "further than the chronicle"),
            ("UPDATE projection SET version = version + 1", "periods: projection", "of another version"),
            ("DELETE FROM projection", "periods: projection", "missing"),
            ("DROP TABLE period", "periods: period", "missing"),
            ("ALTER TABLE membership ADD COLUMN more integer", "periods: membership", "of another form"),
        ],
    )
    def test_names_what_somebody_did_to_the_read_tables(
        self, ztok: Kronika, environment: dict[str, str], change: str, where: str, what: str
    ) -> None:
        with a_look_at(environment) as (_, stores), stores.reading.begin() as connection:
            connection.exec_driver_sql(change)
        red = ztok("verify", "--json")
        (first, *_) = json.loads(red.stdout)["problems"]
        assert (red.exit_code, first["where"], first["what"].partition(" (")[0]) == (1, where, what)
        assert ztok("verify").stderr.startswith(f"{where}: ")
        assert ztok("rebuild").exit_code == 0
        assert ztok("verify").stdout == "37 entries, all as recorded.\n"

    def test_nothing_is_stored_while_read_tables_say_that_they_are_further(
        self, ztok: Kronika, environment: dict[str, str]
    ) -> None:
        with a_look_at(environment) as (_, stores), stores.reading.begin() as connection:
            connection.exec_driver_sql("UPDATE projection SET position = position + 1")
        more = b"date,event,coalition,organisation\n2024,joined,X,Y\n"
        assert "kronika rebuild" in refused(ztok("import", "-", "--register", says=more))
        assert ztok("rebuild").exit_code == 0
        assert ztok("import", "-", "--register", says=more).exit_code == 0
        assert ztok("verify").exit_code == 0

    def test_finds_words_that_nobody_said_were_removed(self, ztok: Kronika, tmp_path: Path) -> None:
        with closing(sqlite3.connect(tmp_path / "var" / "vault.db", isolation_level=None)) as vault:
            vault.execute("UPDATE keys SET wrapped = NULL, erased_at = 1, reason = 'x'")
        told = json.loads(ztok("verify", "--json").stdout)
        assert {each["what"] for each in told["problems"]} == {"words_erased (x)"}
        assert "words were erased and no entry says so (x)" in ztok("verify").stderr

    def test_finds_what_was_dropped(self, ztok: Kronika, environment: dict[str, str], tmp_path: Path) -> None:
        with closing(sqlite3.connect(tmp_path / "var" / "vault.db", isolation_level=None)) as vault:
            vault.execute("DROP TABLE keys")
        with a_look_at(environment) as (_, stores), stores.accounts.begin() as connection:
            connection.exec_driver_sql("DROP TABLE kronika_entries")
        red = ztok("verify", "--json")
        problems = [(each["where"], each["what"].partition(" (")[0]) for each in json.loads(red.stdout)["problems"]]
        assert red.exit_code == 1
        assert {("vault", "table_missing"), ("database", "table_missing"), ("read tables", "cannot be read")} <= set(
            problems
        )

    def test_has_a_sentence_for_every_problem(self) -> None:
        codes = re.findall(r"[a-z]+_[a-z_]+", integrity.Problem.__doc__ or "")
        assert len(codes) == 16
        assert set(codes) <= set(verifying.SAID)

    def test_can_be_repeated(self, ztok: Kronika) -> None:
        assert ztok("upgrade").stdout == ztok("upgrade").stdout

    def test_of_what_is_not_there_is_a_wrong_use(self, ready: Kronika) -> None:
        assert ready("rebuild", "nonsense").exit_code == 2


class TestAccounts:
    def test_begin_with_an_administrator(self, kronika: Kronika) -> None:
        asked = f"Rasa@example.org\nRasa\n{PASSWORD}\n{PASSWORD}\n"
        assert kronika("init", says=asked).exit_code == 0
        (account,) = json.loads(kronika("user", "list", "--json").stdout)
        assert (account["email"], account["role"], account["disabled"]) == ("rasa@example.org", "administrator", None)
        again = kronika("init", "--email", "b@example.org", "--name", "B", "--password-file", "-", says=PASSWORD)
        assert "kronika user add" in refused(again)

    def test_begin_in_a_folder_that_nobody_else_looks_into_and_with_what_to_keep_apart(
        self, kronika: Kronika, environment: dict[str, str]
    ) -> None:
        told = kronika("init", "--email", "a@example.org", "--name", "A", "--password-file", "-", says=PASSWORD)
        folder = Path(environment["KRONIKA_DATA"])
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert f"Keep a copy of {folder / 'vault.key'} in another place" in told.stdout
        assert "kronika backup" in told.stdout

    def test_begin_with_nothing_where_the_first_cannot_be_added(self, kronika: Kronika) -> None:
        weak = kronika("init", "--email", "a@example.org", "--name", "A", "--password-file", "-", says="short")
        assert "15" in refused(weak)
        assert "kronika upgrade" in refused(kronika("user", "list"))

    def test_are_asked_for_again_where_what_was_typed_cannot_be(self, kronika: Kronika) -> None:
        asked = ["rasa", "rasa@example.org", "Rasa", "short", PASSWORD, "another one than that", PASSWORD, PASSWORD]
        told = kronika("init", says="\n".join([*asked, ""]))
        assert told.exit_code == 0
        assert "“rasa”" in told.stderr + told.stdout
        assert "too short" in told.stderr
        assert "two different passwords" in told.stderr
        assert told.stdout.count("Password (at least 15 characters)") == 3
        assert "rasa@example.org" in kronika("user", "list").stdout

    def test_get_another_password(self, ready: Kronika, environment: dict[str, str]) -> None:
        email, other = "jonas@example.org", "eight loud herons"
        add_user(ready, email, "viewer")
        assert ready("user", "password", email, "--password-file", "-", says=other).exit_code == 0
        with a_look_at(environment) as (_, stores):
            assert Accounts(stores.accounts).who_proves(email, PASSWORD) is None
            assert Accounts(stores.accounts).who_proves(email, other) is not None

    def test_are_added_changed_and_disabled(self, ready: Kronika) -> None:
        email = "jonas@example.org"
        add_user(ready, email, "viewer")
        assert ready("user", "role", email, "lead").exit_code == 0
        assert ready("user", "disable", email).exit_code == 0
        assert ready("user", "list").stdout == f"lead\t{email}\tJonas\tdisabled\n"
        assert ready("user", "enable", email).exit_code == 0
        assert ready("user", "list").stdout == f"lead\t{email}\tJonas\n"

    def test_are_refused_in_one_line(self, ready: Kronika) -> None:
        weak = ready(
            "user", "add", "a@example.org", "--name", "A", "--role", "lead", "--password-file", "-", says="short"
        )
        assert "15" in refused(weak)
        for command in ("disable", "enable"):
            assert "b@example.org" in refused(ready("user", command, "b@example.org"))
        assert ready("user", "role", "b@example.org", "king").exit_code == 2


class TestADatabase:
    def test_without_tables_is_told_with_what_to_do(self, kronika: Kronika) -> None:
        assert "kronika upgrade" in refused(kronika("roster", COALITION))

    def test_of_a_newer_kronika_is_refused_with_both_versions(
        self, ready: Kronika, environment: dict[str, str]
    ) -> None:
        with a_look_at(environment) as (_, stores), stores.accounts.begin() as connection:
            connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
        for command in (("upgrade",), ("roster", COALITION), ("import", "-")):
            line = refused(ready(*command, says=ZTOK))
            assert "9999" in line
            assert schema.known_version() in line


ALL_COMMANDS = (
    ["roster", COALITION],
    ["export"],
    ["verify"],
    ["projections"],
    ["rebuild"],
    ["user", "list"],
    ["import", "-"],
    ["run", "--port", "0"],
)


class TestWhatIsTyped:
    @pytest.mark.parametrize(
        "arguments",
        [
            ["roster", "\udcff"],
            ["roster", COALITION, "--on", "\udcff"],
            ["replay", "Ca\udce9"],
            ["timeline", "\udcff", "-o", "t.svg"],
            ["user", "add", "x\udcff@example.org", "--name", "N", "--role", "lead", "--password-file", "-"],
            ["user", "add", "x@example.org", "--name", "\udcff", "--role", "lead", "--password-file", "-"],
        ],
    )
    def test_must_be_text(self, ready: Kronika, arguments: list[str]) -> None:
        told = wrong_use(ready(*arguments, says=PASSWORD))
        assert "UTF-8" in told
        assert "\\x" in told
        assert in_json(ready("user", "list", "--json")) == []

    def test_is_read_as_text_by_every_command(self) -> None:
        types = {(name, p.name): type(p.type) for name, command in commands() for p in command.params}
        assert [place for place, kind in types.items() if kind is click.types.StringParamType] == []

    @pytest.mark.parametrize(
        ("arguments", "reason"),
        [
            (["roster"], "COALITION"),
            (["rostr"], "rostr"),
            (["roster", "--nope", "A"], "--nope"),
            (["user", "role", "a@example.org"], "ROLE"),
            (["user", "role", "a@example.org", "king"], "king"),
            (["--language", "xx", "roster", "A"], "xx"),
            (["import", "nowhere.csv"], "nowhere.csv"),
        ],
    )
    def test_wrongly_is_told_in_one_line(self, kronika: Kronika, arguments: list[str], reason: str) -> None:
        told = wrong_use(kronika(*arguments))
        assert reason.casefold() in told.casefold()
        assert "--help" in told

    def test_as_the_name_of_a_file_comes_back_in_the_error(self, ztok: Kronika) -> None:
        assert refused(ztok("export", "-o", "/nonexistent/x.csv")).startswith("/nonexistent/x.csv: ")

    def test_as_a_coalition_and_is_none_is_told_so(self, ztok: Kronika) -> None:
        assert "column" not in refused(ztok("roster", "Romų visuomenės centras"))


def wrong_use(result: Result) -> str:
    """The one line on stderr."""
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    return line.removeprefix("Error: ")


class TestADatabaseFile:
    @pytest.mark.parametrize("arguments", ALL_COMMANDS)
    def test_that_is_not_there_is_not_made(
        self, in_folder: dict[str, str], tmp_path: Path, arguments: list[str]
    ) -> None:
        mistyped = {**in_folder, "KRONIKA_DATA": str(tmp_path / "mistyped")}
        line = refused(CliRunner(env=mistyped).invoke(main, arguments, input=ZTOK))
        assert "kronika.db" in line
        assert "kronika upgrade" in line
        assert not (tmp_path / "mistyped").exists()

    @pytest.mark.parametrize("arguments", [*ALL_COMMANDS, ["upgrade"]])
    def test_that_was_taken_away_is_missed(
        self, in_folder: dict[str, str], tmp_path: Path, arguments: list[str]
    ) -> None:
        CliRunner(env=in_folder).invoke(main, ["upgrade"])
        for path in tmp_path.glob("kronika.db*"):
            path.unlink()
        line = refused(CliRunner(env=in_folder).invoke(main, arguments, input=ZTOK))
        assert all(name in line for name in ("kronika.db is missing", "vault.db", "kronika-views.db"))
        assert not (tmp_path / "kronika.db").exists()

    def test_of_read_tables_that_was_taken_away_is_found_missing_and_made_anew(
        self, in_folder: dict[str, str], tmp_path: Path
    ) -> None:
        CliRunner(env=in_folder).invoke(main, ["upgrade"])
        for path in tmp_path.glob("kronika-views.db*"):
            path.unlink()
        assert "kronika upgrade" in refused(CliRunner(env=in_folder).invoke(main, ["roster", COALITION]))
        red = CliRunner(env=in_folder).invoke(main, ["verify", "--json"])
        assert (red.exit_code, json.loads(red.stdout)["problems"][0]["where"]) == (1, "read tables")
        assert CliRunner(env=in_folder).invoke(main, ["upgrade"]).exit_code == 0
        assert CliRunner(env=in_folder).invoke(main, ["verify"]).exit_code == 0

    def test_with_its_key_file_lost_is_told_once(self, in_folder: dict[str, str], tmp_path: Path) -> None:
        CliRunner(env=in_folder).invoke(main, ["upgrade"])
        (tmp_path / "vault.key").unlink()
        line = refused(CliRunner(env=in_folder).invoke(main, ["verify"]))
        assert line.count("vault.key") == 1
        assert "Errno" not in line

    @pytest.fixture
    def in_folder(self, tmp_path: Path) -> dict[str, str]:
        return {"KRONIKA_DATA": str(tmp_path), "KRONIKA_CONFIG": str(tmp_path / "none.toml")}

    @pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "sqlite:////proc/none/kronika.db"])
    def test_that_is_away_is_told_in_one_line(self, in_folder: dict[str, str], url: str) -> None:
        result = CliRunner(env={**in_folder, "KRONIKA_DATABASE_URL": url}).invoke(main, ["upgrade"])
        assert refused(result)

    def test_that_is_damaged_is_told_in_one_line(self, in_folder: dict[str, str], tmp_path: Path) -> None:
        (tmp_path / "kronika.db").write_bytes(b"no database" * 1000)
        assert "damaged" in refused(CliRunner(env=in_folder).invoke(main, ["roster", COALITION]))

    def test_that_somebody_holds_is_told_in_one_line(self, in_folder: dict[str, str], tmp_path: Path) -> None:
        CliRunner(env=in_folder).invoke(main, ["upgrade"])
        with closing(sqlite3.connect(tmp_path / "kronika.db", isolation_level=None)) as holder:
            holder.execute("BEGIN EXCLUSIVE")
            result = CliRunner(env=in_folder).invoke(main, ["import", "-", "--register"], input=ZTOK)
        assert "locked" in refused(result)

    def test_of_pages_that_somebody_holds_takes_nothing_from_an_import(
        self, in_folder: dict[str, str], tmp_path: Path
    ) -> None:
        CliRunner(env=in_folder).invoke(main, ["upgrade"])
        with closing(sqlite3.connect(tmp_path / "kronika-views.db", isolation_level=None)) as holder:
            holder.execute("BEGIN EXCLUSIVE")
            result = CliRunner(env=in_folder).invoke(main, ["import", "-", "--register", "--json"], input=ZTOK)
        assert result.exit_code == 0
        assert json.loads(result.stdout)["stored"] == 25
        assert result.stderr.startswith("Stored. The pages will follow")
        later = CliRunner(env=in_folder).invoke(main, ["roster", COALITION, "--on", "2016-06-01", "--json"])
        assert json.loads(later.stdout)["counts"]["members"] == 8

    def test_of_no_known_kind_is_a_wrong_setting(self, in_folder: dict[str, str]) -> None:
        result = CliRunner(env={**in_folder, "KRONIKA_DATABASE_URL": "mysql://x/y"}).invoke(main, ["upgrade"])
        assert refused(result).startswith("KRONIKA_DATABASE_URL: ")


def test_what_others_record_is_folded_in_while_kronika_runs(ready: Kronika, environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", "from webapp.cli import main; main()", "run", "--port", "0"]
    with a_look_at(environment) as (_, stores):
        process = subprocess.Popen(command, env={**environment, "PATH": ""}, stdout=subprocess.PIPE, text=True)
        with process:
            assert process.stdout is not None
            address = next(word for word in process.stdout.readline().split() if word.startswith("http://"))
            with archive(stores) as known:
                plan = plan_file(ZTOK, known, Terms(SECRETARY, TODAY, EveryName()))
            record(plan, stores.chronicle)
            until = time.monotonic() + PATIENCE
            while any(one["lag"] for one in engine.status(stores.chronicle, stores.reading)):
                assert time.monotonic() < until, "nobody keeps the read tables up"
                time.sleep(0.2)
            with urlopen(f"{address}/healthz", timeout=PATIENCE) as page:
                assert page.status == 200
            process.terminate()
        assert process.returncode == 0


def test_systemd_is_told_when_pages_are_served(ready: Kronika, environment: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from webapp.cli import main; main()", "run", "--port", "0"]
    place = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(place))
        listening.settimeout(PATIENCE)
        told = {**environment, "PATH": "", "NOTIFY_SOCKET": str(place)}
        with subprocess.Popen(command, env=told, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert listening.recv(100) == b"READY=1"
                assert process.stdout is not None
                address = next(word for word in process.stdout.readline().split() if word.startswith("http://"))
                with urlopen(f"{address}/readyz", timeout=PATIENCE) as page:
                    assert page.status == 200
            finally:
                process.terminate()


class a_look_at:  # noqa: N801  # reads as a statement: with a_look_at(environment)
    """The stores of the command line, opened beside it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.config = read_config(environment)
        self.stores = open_stores(self.config)

    def __enter__(self) -> tuple[Config, Stores]:
        return self.config, self.stores

    def __exit__(self, *_: object) -> None:
        self.stores.close()
