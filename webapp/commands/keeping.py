"""`kronika backup`, `restore` and `upgrade`: what is kept, whatever happens to the machine or to the program."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import click
import msgspec
from flask_babel import gettext, ngettext

from webapp import backup as backups
from webapp import last_backup, restoring, schema, upgrading
from webapp.commands.opened import as_json, opened, print_json, single_role, warn_of_owner, watched
from webapp.commands.verifying import tell
from webapp.config import read_config
from webapp.stores import open_stores

a_path = click.Path(dir_okay=False, path_type=Path)
a_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=a_path)
@click.option("--vault", "vault_file", type=a_path, metavar="FILE", help="Where the keys of notes and sources go.")
@click.option("--nightly", is_flag=True, help="The regular one: its age is kronika_backup_age_seconds at /metrics.")
@as_json
def backup(file: Path, vault_file: Path | None, nightly: bool, as_json: bool) -> None:
    """Save entries, accounts and files into FILE while people go on writing; the vault into a file of its own.

    \b
    Example:
      kronika backup kronika-2026-01-31.zip --vault vault-2026-01-31.zip
    """
    with opened() as (config, stores), watched() as progress:
        manifest = backups.back_up(config, stores, file, vault_file, progress)
        if nightly:
            last_backup.note(config.folder)
    if as_json:
        print_json(msgspec.to_builtins(manifest))
        return
    click.echo(
        ngettext("%(num)s entry saved: %(file)s", "%(num)s entries saved: %(file)s", manifest.last_position, file=file)
    )
    if vault_file is None:
        click.echo(
            gettext("Without the vault notes and sources cannot be read again. Save it as well: --vault FILE"), err=True
        )
        return
    click.echo(gettext("The keys of notes and sources: %(file)s. Keep that file in another place.", file=vault_file))
    key_file = config.key_file
    click.echo(
        gettext("Neither opens them without %(key_file)s: keep a copy of it in a third place.", key_file=key_file)
    )


@click.command()
@click.argument("file", type=a_file)
@click.option(
    "--vault",
    "vault_file",
    type=a_file,
    metavar="FILE",
    help="The copy of the vault.  [default: the vault that is there]",
)
@click.option(
    "--key-file", type=a_file, metavar="FILE", help="The key file of that vault.  [default: the one that is there]"
)
@click.option("--anyway", is_flag=True, help="Open it also where something is not as it was recorded.")
@single_role
@as_json
def restore(
    file: Path, vault_file: Path | None, key_file: Path | None, anyway: bool, single_role: bool, as_json: bool
) -> None:
    """Make a register from FILE in an empty place, and look whether everything is as it was recorded.

    \b
    Example:
      kronika restore kronika-2026-01-31.zip --vault vault-2026-01-31.zip --key-file vault.key
    """
    config = read_config()
    with watched() as progress:
        restored = restoring.restore(
            config.of_owner, file, vault_file, progress, key_file=key_file, anyway=anyway, single_role=single_role
        )
    tell(restored.problems, restored.entries, as_json)
    if not as_json:
        warn_of_owner(config)
    if restored.problems and not anyway:
        click.echo(gettext("Nobody can open it. Run it again with another copy, or with --anyway."), err=True)
        sys.exit(1)
    if not as_json:
        click.echo(gettext("Restored. Whoever was signed in signs in again. Now run: kronika run"))


@click.command()
def upgrade() -> None:
    """Create the tables, or bring them up to this version of Kronika; what was there is saved first.

    \b
    Example:
      kronika upgrade
    """
    config = read_config().of_owner
    with closing(open_stores(config)) as stores, watched() as progress:
        try:
            saved = upgrading.upgrade(config, stores, progress)
        except upgrading.Failed as failed:
            told = gettext("Everything is as it was. It was saved before, too: %(file)s", file=failed.saved.register)
            click.echo(told, err=True)
            raise
    if saved:
        click.echo(gettext("What was there before: %(file)s and %(vault)s", file=saved.register, vault=saved.vault))
    click.echo(gettext("The database has schema %(version)s.", version=schema.known_version()))
