"""`kronika init` and `kronika user`: the first administrator, and everybody else who may sign in."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing, suppress
from tempfile import TemporaryFile
from typing import TextIO

import click
from flask_babel import gettext

from domain.refused import Refused
from projections import engine
from webapp import schema
from webapp.accounts import ROLES, Account, Accounts, checked_email, checked_name
from webapp.commands.opened import TEXT, as_json, opened, print_json, single_role, warn_of_owner
from webapp.commands.reading import organisation_of
from webapp.config import Config, WrongSetting, read_config
from webapp.installation import prepare
from webapp.ownership import require_owner
from webapp.passwords import SHORTEST, check_password
from webapp.refusals import sentence
from webapp.shown import role_name
from webapp.stores import MissingFile, Stores, open_stores

password_of = click.option(
    "--password-file",
    type=click.File(encoding="utf-8"),
    help="Its first line is the password; - reads standard input.  [default: KRONIKA_PASSWORD, or asked for]",
)


def asked_password(file: TextIO | None, *own_words: str) -> str:
    """Never from the command line itself, which everybody on the machine can see."""
    given = file.readline().rstrip("\r\n") if file else os.environ.get("KRONIKA_PASSWORD")
    return given or _typed_password(*own_words)


def _typed_password(*own_words: str) -> str:
    """Asked again until it is strong enough and typed twice alike."""
    while True:
        label = gettext("Password (at least %(shortest)s characters)", shortest=SHORTEST)
        typed = str(click.prompt(label, hide_input=True))
        try:
            check_password(typed, *own_words)
        except Refused as refused:
            click.echo(sentence(refused), err=True)
            continue
        if click.prompt(gettext("The same password again"), hide_input=True) == typed:
            return typed
        click.echo(gettext("These are two different passwords."), err=True)


def _fit(check: Callable[[str], str]) -> Callable[[str], str]:
    """For a prompt, which asks again when this is a UsageError."""

    def take(typed: str) -> str:
        try:
            return check(TEXT.convert(typed, None, None))
        except Refused as refused:
            raise click.UsageError(sentence(refused)) from refused

    return take


role_of = click.Choice(list(ROLES))


@click.command()
@click.option("--email", type=TEXT, help="With which the administrator signs in.  [default: asked for]")
@click.option("--name", type=TEXT, help="As others will read it.  [default: asked for]")
@password_of
@single_role
def init(email: str | None, name: str | None, password_file: TextIO | None, single_role: bool) -> None:
    """Create the database and the first administrator.

    \b
    Example:
      kronika init --email rasa@example.org --name "Rasa Rasienė" --password-file first-password
    """
    config = read_config().of_owner
    with closing(open_stores(config)) as stores:
        refuse_living(stores, single_role)
        require_place(config)
        first = (
            checked_email(email) if email else click.prompt(gettext("E-mail address"), value_proc=_fit(checked_email)),
            checked_name(name) if name else click.prompt(gettext("Name"), value_proc=_fit(checked_name)),
        )
        password = asked_password(password_file, *first)
        check_password(password, *first)
        config.folder.chmod(0o700)
        prepare(config, stores)
        Accounts(stores.accounts).add(*first, "administrator", password)
    warn_of_owner(read_config())
    click.echo(gettext("Ready in %(folder)s. Next: kronika run", folder=str(config.folder)))
    click.echo(
        gettext(
            "Keep a copy of %(key_file)s in another place than the backups: without it no note and no source can be "
            "read again, and with it and a backup of the vault anybody can read them.",
            key_file=str(config.key_file),
        )
    )
    click.echo(gettext("Save the rest every night: kronika backup FILE --vault FILE. How: webapp/deployment/README.md"))


def refuse_living(stores: Stores, single_role: bool) -> None:
    """Before anything is asked or made."""
    with suppress(MissingFile):
        require_owner(stores.accounts, single_role)
        if schema.version_of(stores.accounts) and Accounts(stores.accounts).all():
            raise click.ClickException(gettext("There are accounts already. Add others with: kronika user add"))


def require_place(config: Config) -> None:
    """For the key file; that the folder of everything else can be written, reading the settings has shown."""
    folder = config.key_file.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return
    except OSError as error:
        raise WrongSetting(
            "KRONIKA_KEY_FILE", gettext("the folder cannot be written: %(why)s", why=str(error))
        ) from error


@click.group()
def user() -> None:
    """Who may sign in, and as what.

    \b
    Example:
      kronika user list
    """


@user.command()
@click.argument("email", type=TEXT)
@click.option("--name", type=TEXT, prompt=True, help="As others will read it.")
@click.option("--role", type=role_of, required=True)
@password_of
def add(email: str, name: str, role: str, password_file: TextIO | None) -> None:
    """Give somebody an account.

    \b
    Example:
      kronika user add jonas@example.org --name "Jonas Jonaitis" --role secretariat
    """
    with opened() as (_, stores):
        first = checked_email(email), checked_name(name)
        added = Accounts(stores.accounts).add(*first, role, asked_password(password_file, *first))
    click.echo(gettext("%(email)s may sign in now. Role: %(role)s.", email=added.email, role=role_name(added.role)))


@user.command("list")
@as_json
def list_(as_json: bool) -> None:
    """Show all accounts.

    \b
    Example:
      kronika user list --json
    """
    with opened() as (_, stores):
        accounts = Accounts(stores.accounts).all()
    if as_json:
        print_json([_shown(account) for account in accounts])
        return
    for account in accounts:
        state = gettext("disabled") if account.disabled_at else ""
        click.echo(f"{account.role}\t{account.email}\t{account.name}\t{state}".rstrip())


def _shown(account: Account) -> dict[str, str | None]:
    return {
        "email": account.email,
        "name": account.name,
        "role": account.role,
        "language": account.language,
        "disabled": account.disabled_at.isoformat() if account.disabled_at else None,
    }


@user.command()
@click.argument("email", type=TEXT)
@click.argument("role", type=role_of)
def role(email: str, role: str) -> None:
    """Change what somebody may do.

    \b
    Example:
      kronika user role jonas@example.org lead
    """
    with opened() as (_, stores):
        Accounts(stores.accounts).change_role(email, role)
    click.echo(gettext("The role of %(email)s is now: %(role)s.", email=email, role=role_name(role)))


@user.command()
@click.argument("email", type=TEXT)
@click.argument("name", type=TEXT, required=False)
def organisation(email: str, name: str | None) -> None:
    """Say to which organisation somebody belongs, by any of its names; without one, to none.

    Who belongs to it sees what its campaigns and projects keep within the organisation.

    \b
    Example:
      kronika user organisation jonas@example.org "Žmogaus teisių stebėjimo institutas"
    """
    with opened() as (_, stores):
        engine.keep_up(stores.chronicle, stores.reading)
        with stores.reading.connect() as connection:
            found = organisation_of(connection, name) if name else None
        Accounts(stores.accounts).change_organisation(email, found.id if found else None)
    called = found.called_now if found else gettext("none")
    click.echo(gettext("%(email)s belongs to: %(organisation)s.", email=email, organisation=called))


@user.command()
@click.argument("email", type=TEXT)
def disable(email: str) -> None:
    """End somebody's sessions and let them in no more; what they recorded stays.

    \b
    Example:
      kronika user disable jonas@example.org
    """
    with opened() as (_, stores):
        Accounts(stores.accounts).disable(email)
    click.echo(gettext("%(email)s may sign in no more.", email=email))


@user.command()
@click.argument("email", type=TEXT)
def enable(email: str) -> None:
    """Let somebody in again who was disabled, with the password of before.

    \b
    Example:
      kronika user enable jonas@example.org
    """
    with opened() as (_, stores):
        Accounts(stores.accounts).enable(email)
    click.echo(gettext("%(email)s may sign in again.", email=email))


@user.command()
@click.argument("email", type=TEXT)
@password_of
def password(email: str, password_file: TextIO | None) -> None:
    """Give somebody another password, and end their sessions.

    \b
    Example:
      kronika user password jonas@example.org
    """
    with opened() as (_, stores):
        accounts = Accounts(stores.accounts)
        known = accounts.by_email(email)
        accounts.change_password(email, asked_password(password_file, known.email, known.name))
    click.echo(gettext("%(email)s signs in with the new password now.", email=email))
