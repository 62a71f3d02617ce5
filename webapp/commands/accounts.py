"""`kronika init` and `kronika user`: the first administrator, and everybody else who may sign in."""

from __future__ import annotations

import click
from flask_babel import gettext

from webapp.accounts import ROLES, Account, Accounts
from webapp.commands.opened import TEXT, as_json, opened, print_json
from webapp.config import read_config
from webapp.installation import prepare
from webapp.shown import role_name
from webapp.stores import open_stores

password_of = click.option(
    "--password",
    type=TEXT,
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    envvar="KRONIKA_PASSWORD",
    help="Asked for when not given; better from the environment (KRONIKA_PASSWORD) than from here.",
)
role_of = click.Choice(list(ROLES))


@click.command()
@click.option("--email", type=TEXT, prompt=True, help="With which the administrator signs in.")
@click.option("--name", type=TEXT, prompt=True, help="As others will read it.")
@password_of
def init(email: str, name: str, password: str) -> None:
    """Create the database and the first administrator.

    \b
    Example:
      kronika init --email rasa@example.org --name "Rasa Rasienė"
    """
    config = read_config()
    stores = open_stores(config)
    try:
        prepare(config, stores)
        accounts = Accounts(stores.accounts)
        if accounts.all():
            raise click.ClickException(gettext("There are accounts already. Add others with: kronika user add"))
        accounts.add(email, name, "administrator", password)
    finally:
        stores.close()
    click.echo(gettext("Ready in %(folder)s. Next: kronika run", folder=str(config.folder)))


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
def add(email: str, name: str, role: str, password: str) -> None:
    """Give somebody an account.

    \b
    Example:
      kronika user add jonas@example.org --name "Jonas Jonaitis" --role secretariat
    """
    with opened() as (_, stores):
        added = Accounts(stores.accounts).add(email, name, role, password)
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
def disable(email: str) -> None:
    """End somebody's sessions and let them in no more; what they recorded stays.

    \b
    Example:
      kronika user disable jonas@example.org
    """
    with opened() as (_, stores):
        Accounts(stores.accounts).disable(email)
    click.echo(gettext("%(email)s may sign in no more.", email=email))
