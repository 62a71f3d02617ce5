from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from tests.webapp.files import TODAY, counts_on, opened_in
from webapp import demo
from webapp.accounts import ROLES, Accounts
from webapp.cli import main
from webapp.config import Config, WrongSetting
from webapp.stores import Stores

KRONIKA = (sys.executable, "-c", "from webapp.cli import main; main()")
PATIENCE = 60


@contextmanager
def served(folder: Path) -> Iterator[list[str]]:
    """What `kronika demo` prints until it is ready."""
    environment = {"KRONIKA_DATA": str(folder), "KRONIKA_CONFIG": str(folder / "none.toml"), "PATH": ""}
    command = [*KRONIKA, "demo", "--port", "0"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield [process.stdout.readline().strip() for _ in range(1 + len(ROLES))]
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def test_the_example_has_the_history_and_an_account_for_each_role(config: Config, stores: Stores) -> None:
    examples = demo.set_up(config, stores, TODAY)
    assert [example.role for example in examples] == list(ROLES)
    accounts = Accounts(stores.accounts)
    assert all(accounts.who_proves(example.email, example.password) for example in examples)
    assert counts_on(stores, "Žmogaus teisių koalicija", "2016-06-01")["in_good_standing"] == 7


def test_the_example_has_campaigns_and_no_new_member_of_the_coalition(config: Config, stores: Stores) -> None:
    demo.set_up(config, stores, TODAY)
    lead = Accounts(stores.accounts).by_email(demo.address_of("lead")).id
    planned = stores.chronicle.named("campaign.planned")
    assert len(planned) == 14 + 5
    assert {recorded.entry.recorded_by for recorded in planned} == {lead}
    assert len(stores.chronicle.named("programme.opened")) == 5 + 5 + 1
    assert counts_on(stores, "Žmogaus teisių koalicija", "2025-12-31")["in_good_standing"] == 9


def test_what_is_made_up_in_the_example_says_so() -> None:
    lines = files("webapp").joinpath("examples", "campaigns.jsonl").read_text("utf-8").splitlines()
    for line in map(json.loads, lines):
        assert "llustrative" in line["note"] or line.get("source"), line
        if "Artikl 54" in str(line) and line["event"].startswith("campaign."):
            assert "llustrative" in line["note"], line


def test_a_second_start_is_the_same(config: Config, stores: Stores) -> None:
    first = demo.set_up(config, stores, TODAY)
    last = stores.chronicle.last_position()
    assert demo.set_up(config, stores, TODAY) == first
    assert stores.chronicle.last_position() == last


def test_the_example_is_not_mixed_into_a_history_of_somebody_else(config: Config, stores: Stores) -> None:
    Accounts(stores.accounts).add("rasa@example.net", "Rasa", "administrator", "seven quiet herons")
    with pytest.raises(WrongSetting):
        demo.set_up(config, stores, TODAY)
    assert stores.chronicle.last_position() == 0


def test_the_passwords_are_for_the_owner_of_the_folder_only(tmp_path: Path) -> None:
    with opened_in(tmp_path / "var") as stores:
        demo.set_up(stores._config, stores, TODAY)
    assert (tmp_path / "var" / demo.PASSWORDS).stat().st_mode & 0o077 == 0


def test_kronika_demo_serves_and_prints_who_may_sign_in_at_every_start(tmp_path: Path) -> None:
    with served(tmp_path / "var") as first:
        address = next(word for word in first[0].split() if word.startswith("http://127.0.0.1:"))
        with urlopen(f"{address}/sign-in", timeout=PATIENCE) as page:
            assert page.status == 200
    assert [line.split()[:2] for line in first[1:]] == [[role, f"{role}@example.org"] for role in ROLES]
    begun = time.monotonic()
    with served(tmp_path / "var") as second:
        assert second[1:] == first[1:]
    assert time.monotonic() - begun < PATIENCE


def test_kronika_demo_is_for_this_machine_alone(tmp_path: Path) -> None:
    result = CliRunner(env={"KRONIKA_DATA": str(tmp_path)}).invoke(main, ["demo", "--host", "0.0.0.0"])
    assert result.exit_code == 1
    assert "127.0.0.1" in result.stderr
    assert list(tmp_path.iterdir()) == []
