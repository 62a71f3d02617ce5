"""The example that `make run` shows: a real coalition's history, campaigns, and an account for each role."""

from __future__ import annotations

import secrets
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import msgspec
from flask_babel import gettext

from webapp import importing, jsonl_import
from webapp.accounts import ROLES, Account, Accounts
from webapp.archive import archive
from webapp.catching_up import mend
from webapp.config import Config, WrongSetting
from webapp.importing import EveryName, Reader, Terms
from webapp.installation import prepare
from webapp.stores import Stores

HISTORY: tuple[tuple[str, Reader, str], ...] = (
    ("ztok.csv", importing.plan_file, "administrator"),
    ("campaigns.jsonl", jsonl_import.plan_file, "lead"),
)  # file, what reads it, and the role of the account that answers for it
PASSWORDS = "example-accounts.json"  # the name of a file


class Example(NamedTuple):
    role: str
    email: str
    password: str


def set_up(config: Config, stores: Stores, today: date) -> list[Example]:
    """Makes what is missing. A database that is not the example's own is refused."""
    prepare(config, stores)
    accounts = Accounts(stores.accounts)
    _refuse_others(config, stores, accounts.all())
    examples = _accounts(config.folder, accounts)
    if stores.chronicle.last_position() == 0:
        for file, reader, role in HISTORY:
            _take_in(stores, file, reader, Terms(accounts.by_email(address_of(role)).id, today, EveryName()))
    mend(stores, importing.no_progress)
    return examples


def _take_in(stores: Stores, file: str, reader: Reader, terms: Terms) -> None:
    content = files("webapp").joinpath("examples", file).read_bytes()
    with archive(stores) as known:
        plan = reader(content, known, terms)
    importing.record(plan, stores.chronicle)


def _refuse_others(config: Config, stores: Stores, accounts: list[Account]) -> None:
    """The example is never mixed into somebody's own history."""
    own = {address_of(role) for role in ROLES}
    if any(account.email in own for account in accounts):
        return
    if accounts or stores.chronicle.last_position():
        wanted = gettext("this folder holds a history of your own. Name another for the example.")
        raise WrongSetting(f"KRONIKA_DATA={config.folder}", wanted)


def address_of(role: str) -> str:
    return f"{role}@example.org"


def _accounts(folder: Path, accounts: Accounts) -> list[Example]:
    passwords, known = _passwords(folder / PASSWORDS), {account.email for account in accounts.all()}
    for role in ROLES:
        if address_of(role) not in known:
            accounts.add(address_of(role), f"Example {role}", role, passwords[role])
    return [Example(role, address_of(role), passwords[role]) for role in ROLES]


def _passwords(path: Path) -> dict[str, str]:
    """Made once and kept, so that every start prints the same."""
    if not path.exists():
        made = {role: secrets.token_urlsafe(15) for role in ROLES}
        unfinished = path.with_suffix(".unfinished")
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(msgspec.json.encode(made))
        unfinished.replace(path)
    return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
