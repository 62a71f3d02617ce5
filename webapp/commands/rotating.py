"""`kronika rotate-key`: another key file for the vault, so that old copies of the vault can be opened by nobody."""

from __future__ import annotations

import click
from flask_babel import gettext, ngettext

from webapp.commands.opened import opened


@click.command("rotate-key")
def rotate_key() -> None:
    """Change the key file of the vault and destroy the old one; pages go on meanwhile.

    Afterwards no older copy or backup of the vault can be opened by anybody: what was removed is gone there too.
    Make a new backup at once. Where several machines serve, copy the new key file to each of them.

    \b
    Example:
      kronika rotate-key
    """
    with opened() as (config, stores):
        count = stores.chronicle.vault.rotate()
    if not count:
        click.echo(gettext("The vault holds no keys yet: its key file stays."))
        return
    click.echo(ngettext("%(num)s key is wrapped anew.", "%(num)s keys are wrapped anew.", count))
    then = gettext("Older copies of the vault can no longer be opened. Make a new backup now.")
    click.echo(" ".join((then, gettext("Keep a copy of %(path)s apart from it.", path=str(config.key_file)))))
