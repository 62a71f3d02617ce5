"""Do the files and the commands of the deployment page do what it says? Tried where a test can."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner

from tests.postgres import Server, find_binaries
from tests.webapp.files import ZTOK
from webapp.cli import main
from webapp.config import read_config
from webapp.events import COLUMNS, EVENTS

FOLDER = Path(str(files("webapp"))) / "deployment"
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
UNITS = sorted(path for path in FOLDER.iterdir() if path.suffix in {".service", ".timer"})
PASSWORD = "seven quiet herons"
INSTALLED = "/opt/kronika/venv/bin/kronika"


def commands() -> list[str]:
    """Every line of the page that is typed."""
    blocks: list[str] = re.findall(r"^ *```sh\n(.*?)^ *```", PAGE, re.DOTALL | re.MULTILINE)
    lines = (line.strip() for block in blocks for line in block.replace("\\\n", " ").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


class TestThePage:
    def test_names_every_file_beside_it_and_no_other(self) -> None:
        beside = {path.name for path in FOLDER.iterdir()} - {"README.md"}
        assert beside == {name for name in re.findall(r"\]\(([^):#]+)\)", PAGE) if "/" not in name}
        copied = {Path(name).name for name in re.findall(r"webapp/deployment/([\w@.-]+)", " ".join(commands()))}
        assert copied == beside

    def test_gives_commands_that_there_are(self) -> None:
        typed = [line.split() for line in commands()]
        given = [words[1:] for words in typed if words[0] == "kronika"]
        assert len(given) >= 8
        for words in given:
            help_of = [words[0], *words[1:2]] if words[0] == "user" else words[:1]
            assert CliRunner().invoke(main, [*help_of, "--help"]).exit_code == 0, words

    def test_says_where_to_be_before_a_file_is_named_from_there(self) -> None:
        for chapter in PAGE.split("\n## ")[1:]:
            typed = "".join(re.findall(r"^```sh\n(.*?)^```", chapter, re.DOTALL | re.MULTILINE))
            before, names, _ = typed.partition("webapp/deployment/")
            assert not names or "cd /opt/kronika/source\n" in before, chapter[:40]

    def test_what_a_table_for_import_holds_is_described(self) -> None:
        examples = (FOLDER.parent / "examples" / "README.md").read_text(encoding="utf-8")
        assert {name for name in (*COLUMNS, *EVENTS) if f"`{name}`" not in examples} == set()
        told = CliRunner().invoke(main, ["import", "--help"]).stdout
        assert set(COLUMNS) <= set(re.findall(r"\w+", told))

    def test_is_linked_from_the_first_page_of_the_project(self) -> None:
        readme = FOLDER.parents[1] / "README.md"
        assert "webapp/deployment/README.md" in readme.read_text(encoding="utf-8")


class TestUnits:
    @pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
    def test_have_only_settings_that_systemd_knows(self, unit: Path, tmp_path: Path) -> None:
        """systemd itself is asked where it is; elsewhere the sections are looked at."""
        text = unit.read_text(encoding="utf-8").replace(INSTALLED, sys.executable)
        assert set(re.findall(r"^\[(\w+)\]$", text, re.MULTILINE)) <= {"Unit", "Service", "Timer", "Install"}
        if verify := shutil.which("systemd-analyze"):
            for each in UNITS:
                shown = each.read_text(encoding="utf-8").replace(INSTALLED, sys.executable)
                place = tmp_path / each.name.replace("@.", "@8001.")
                place.write_text(shown.replace("=kronika\n", "=daemon\n"), encoding="utf-8")
            named = tmp_path / unit.name.replace("@.", "@8001.")
            told = subprocess.run([verify, "verify", "--man=no", named], capture_output=True, text=True, check=False)
            assert "kronika" not in told.stderr, told.stderr

    @pytest.mark.parametrize("unit", [each for each in UNITS if each.suffix == ".service"], ids=lambda path: path.name)
    def test_leave_the_program_little_to_do_harm_with(self, unit: Path) -> None:
        settings = dict(line.split("=", 1) for line in unit.read_text(encoding="utf-8").splitlines() if "=" in line[1:])
        assert settings["User"] == "kronika"
        assert settings["ProtectSystem"] == "strict"
        assert (settings["NoNewPrivileges"], settings["CapabilityBoundingSet"]) == ("yes", "")
        assert settings["StateDirectoryMode"] == "0700"


class TestSettings:
    def test_are_such_as_kronika_takes(self, tmp_path: Path) -> None:
        text = (FOLDER / "kronika.toml").read_text(encoding="utf-8").replace("/var/lib", str(tmp_path))
        (tmp_path / "kronika.toml").write_text(text, encoding="utf-8")
        config = read_config({"KRONIKA_CONFIG": str(tmp_path / "kronika.toml")})
        assert (config.host, config.proxies, config.is_https) == ("kronika.example.org", 1, True)
        assert config.key_file.parent != config.folder

    def test_that_are_left_out_are_such_too(self, tmp_path: Path) -> None:
        text = (FOLDER / "kronika.toml").read_text(encoding="utf-8").replace("/var/lib", str(tmp_path))
        uncommented = re.sub(r"^# (?=[a-z_]+ = )", "", text, flags=re.MULTILINE)
        assert len(tomllib.loads(uncommented)) > len(tomllib.loads(text))
        (tmp_path / "kronika.toml").write_text(uncommented, encoding="utf-8")
        assert read_config({"KRONIKA_CONFIG": str(tmp_path / "kronika.toml")}).database_url.startswith("postgresql:")

    def test_of_the_proxy_keep_what_is_for_operators_from_the_world(self, tmp_path: Path) -> None:
        text = (FOLDER / "Caddyfile").read_text(encoding="utf-8")
        assert "@operators path /metrics /healthz /readyz\n\trespond @operators 404" in text
        if caddy := shutil.which("caddy"):
            subprocess.run([caddy, "validate", "--config", FOLDER / "Caddyfile"], check=True, capture_output=True)


@pytest.mark.parametrize("script", ["kronika", "install", "nightly-backup"])
def test_scripts_can_be_read_by_any_shell(script: str) -> None:
    subprocess.run(["sh", "-n", FOLDER / script], check=True)


class Roles:
    """The two roles of the page in a database of their own."""

    def __init__(self, server: Server) -> None:
        self.server, mark = server, uuid4().hex[:8]
        self.database, self.owner, self.serving = f"test_{mark}", f"owner_{mark}", f"serving_{mark}"
        root = urlsplit(server.url("postgres"))
        binaries = find_binaries()
        assert binaries
        subprocess.run(
            [
                binaries / "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={root.geturl()}",
                *(f"--set={name}={getattr(self, name)}" for name in ("database", "owner", "serving")),
                f"--file={FOLDER / 'roles.sql'}",
            ],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        for role in (self.owner, self.serving):
            server.tell(f"ALTER ROLE {role} PASSWORD '{role}'")

    def url(self, role: str) -> str:
        told = urlsplit(self.server.url(self.database))
        return told._replace(netloc=f"{role}:{role}@{told.hostname}:{told.port}").geturl()

    def drop(self) -> None:
        self.server.tell(f"DROP DATABASE {self.database} WITH (FORCE)")
        self.server.tell(f"DROP ROLE {self.owner}, {self.serving}")


@pytest.fixture
def roles(postgres_server: Server) -> Iterator[Roles]:
    roles = Roles(postgres_server)
    yield roles
    roles.drop()


def test_with_the_roles_of_the_page_everything_works_and_no_entry_can_be_changed(roles: Roles, tmp_path: Path) -> None:
    serving = {
        "KRONIKA_DATA": str(tmp_path / "var"), "KRONIKA_CONFIG": str(tmp_path / "none.toml"),
        "KRONIKA_LANGUAGE": "en", "KRONIKA_PASSWORD": PASSWORD, "KRONIKA_DATABASE_URL": roles.url(roles.serving),
    }  # fmt: skip
    owning = {**serving, "KRONIKA_OWNER_URL": roles.url(roles.owner)}

    def kronika(*words: str, as_owner: bool = False) -> str:
        result = CliRunner(env=owning if as_owner else serving).invoke(main, words, input=ZTOK)
        assert result.exit_code == 0, (words, result.output, result.exception)
        return result.stdout

    kronika("init", "--email", "rasa@example.org", "--name", "Rasa", as_owner=True)
    kronika("import", "-", "--register")
    kronika("rebuild")
    kronika("upgrade", as_owner=True)
    refused = CliRunner(env=serving).invoke(main, ["upgrade"])
    assert refused.exit_code == 1
    assert roles.owner in refused.stderr
    assert roles.serving in refused.stderr
    kronika("rebuild", "timeline")
    kronika("user", "add", "jonas@example.org", "--name", "Jonas", "--role", "viewer")
    kronika("user", "disable", "jonas@example.org")
    kronika("backup", str(tmp_path / "b.zip"), "--vault", str(tmp_path / "v.zip"))
    assert json.loads(kronika("verify", "--json"))["ok"]
    assert CliRunner(env=serving).invoke(main, ["verify"]).stderr == ""
    assert {each["lag"] for each in json.loads(kronika("projections", "--json"))} == {0}
    with psycopg.connect(roles.url(roles.serving), autocommit=True) as connection:
        for forbidden in (
            "UPDATE kronika_entries SET topic = 'x'",
            "DELETE FROM kronika_entries",
            "TRUNCATE kronika_entries",
            "DROP TABLE kronika_entries",
            "ALTER TABLE kronika_entries DISABLE TRIGGER ALL",
            "CREATE TRIGGER t BEFORE INSERT ON kronika_entries EXECUTE FUNCTION kronika_entries_refuse()",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden.encode())


def test_a_database_that_belongs_to_the_role_that_serves_is_told(roles: Roles, tmp_path: Path) -> None:
    alone = {
        "KRONIKA_DATA": str(tmp_path / "var"), "KRONIKA_CONFIG": str(tmp_path / "none.toml"),
        "KRONIKA_LANGUAGE": "en", "KRONIKA_PASSWORD": PASSWORD, "KRONIKA_DATABASE_URL": roles.url(roles.serving),
    }  # fmt: skip
    init = ["init", "--email", "rasa@example.org", "--name", "Rasa"]
    refused = CliRunner(env=alone).invoke(main, init)
    assert refused.exit_code == 1
    for name in (roles.owner, roles.serving, "KRONIKA_OWNER_URL", "--single-role"):
        assert name in refused.stderr
    with psycopg.connect(roles.url(roles.serving)) as connection:
        assert connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchall() == []
    for words in ([*init, "--single-role"], ["verify"]):
        result = CliRunner(env=alone).invoke(main, words)
        assert (result.exit_code, result.stderr.count("KRONIKA_OWNER_URL")) == (0, 1)


def test_a_wrong_password_of_the_database_is_told_once(roles: Roles, tmp_path: Path) -> None:
    wrong = {
        "KRONIKA_DATA": str(tmp_path / "var"), "KRONIKA_CONFIG": str(tmp_path / "none.toml"), "KRONIKA_LANGUAGE": "en",
        "KRONIKA_OWNER_URL": roles.url(roles.owner).replace(f":{roles.owner}@", ":wrong@"),
    }  # fmt: skip
    told = CliRunner(env=wrong).invoke(main, ["init"]).stderr
    assert told.startswith("Error: The database does not let this user in (")
    assert told.count("password authentication failed") == 1


def test_a_file_in_the_place_of_the_folder_for_the_key_is_told_before_anything_is_asked_or_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    _no_place_for(tmp_path, tmp_path / "file" / "vault.key")


def _no_place_for(tmp_path: Path, key_file: Path) -> None:
    told = {
        "KRONIKA_DATA": str(tmp_path / "var"), "KRONIKA_CONFIG": str(tmp_path / "none.toml"),
        "KRONIKA_LANGUAGE": "en", "KRONIKA_KEY_FILE": str(key_file),
    }  # fmt: skip
    result = CliRunner(env=told).invoke(main, ["init"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: KRONIKA_KEY_FILE: the folder cannot be written")
    assert {path.name for path in (tmp_path / "var").iterdir()} == {"secret.key"}


PYTHON = """#!/bin/sh
[ "$1 $2" != "-m venv" ] || {
	mkdir -p "$3/bin"
	cp "$0" "$3/bin/python"
	printf '#!/bin/sh\necho kronika, version 1\n' > "$3/bin/kronika"
	chmod 755 "$3/bin/kronika"
}
[ "$3" != "$BREAKS" ]
"""

MAPS = """import mmap, sys
with open(sys.argv[1], "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ):
    print("runs", flush=True)
    sys.stdin.read()
"""


def test_a_program_is_put_in_place_whole_or_not_at_all(tmp_path: Path) -> None:
    """With a python that only makes the folder; what pip does is not tried here."""
    there = tmp_path / "source" / "webapp" / "deployment"
    there.mkdir(parents=True)
    shutil.copy(FOLDER / "install", there)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").write_text(PYTHON)
    (tmp_path / "bin" / "python3").chmod(0o755)
    place = tmp_path / "kronika"
    for year in range(2001, 2006):
        (place / "programs" / f"{year}-01-01T000000").mkdir(parents=True)
    (place / "venv").symlink_to(place / "programs" / "2005-01-01T000000")

    def install(breaks: str) -> int:
        path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "BREAKS": breaks}
        command = ["sh", "-c", f"umask 077; sh {there / 'install'} {place}"]
        return subprocess.run(command, check=False, capture_output=True, env=environment).returncode

    before = sorted(place.rglob("*"))
    assert install("check") != 0
    assert sorted(place.rglob("*")) == before
    assert install("nothing") == 0
    now = (place / "venv").resolve()
    programs = sorted((place / "programs").iterdir())
    assert [path.name[:4] for path in programs[:-1]] == ["2003", "2004", "2005"]
    assert programs[-1] == now
    assert (now / "bin" / "kronika").stat().st_mode & 0o777 == 0o755

    runs, latest, lies = (place / "programs" / f"{year}-01-01T000000" for year in (2003, 2004, 2005))
    (place / "venv").unlink()
    (place / "venv").symlink_to(latest)
    (runs / "library.so").write_bytes(b"machine code")
    for year in range(2006, 2010):
        (place / "programs" / f"{year}-01-01T000000").mkdir()
    command = [sys.executable, "-c", MAPS, str(runs / "library.so")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stdout.readline() == b"runs\n"
        assert install("nothing") == 0
    assert (runs.is_dir(), latest.is_dir(), lies.is_dir()) == (True, True, False)


def test_the_nightly_backup_keeps_what_it_says(tmp_path: Path) -> None:
    kronika = tmp_path / "kronika"
    kronika.write_text('#!/bin/sh\ntouch "$2" "$4"\n')
    kronika.chmod(0o700)
    ages = {"2026-03-05T031000": 10, "2026-02-05T031000": 40, "2026-02-01T031000": 40, "2024-02-01T031000": 500}
    for name, days in ages.items():
        for kind in ("register", "vault"):
            (tmp_path / kind).mkdir(exist_ok=True)
            (tmp_path / kind / f"{name}.zip").touch()
            then = (tmp_path / kind).stat().st_mtime - days * 86_400
            os.utime(tmp_path / kind / f"{name}.zip", (then, then))
    environment = {**os.environ, "KRONIKA_COMMAND": str(kronika)}
    subprocess.run(["sh", FOLDER / "nightly-backup"], check=True, cwd=tmp_path, env=environment)
    for kind in ("register", "vault"):
        kept = sorted(path.stem for path in (tmp_path / kind).iterdir())
        assert kept[:2] == ["2026-02-01T031000", "2026-03-05T031000"]
        assert len(kept) == 3
        assert (tmp_path / kind / f"{kept[-1]}.zip").stat().st_mode & 0o777 == 0o640
