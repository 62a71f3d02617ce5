"""What commands stand on: the settings, the databases behind them, today, and a bar that shows how far things are."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

import click
from flask_babel import get_locale, gettext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from domain.dates import PartialDate
from domain.refused import Refused, quoted
from domain.typed_dates import read
from webapp import schema
from webapp.config import Config, read_config
from webapp.importing import no_progress
from webapp.labels import N_
from webapp.moments import instant
from webapp.ownership import is_served_by_owner
from webapp.stores import Stores, open_stores

STEPS = {
    "reading": N_("Reading"),
    "checking": N_("Checking"),
    "recording": N_("Recording"),
    "rebuilding": N_("Rebuilding read tables"),
    "saving": N_("Saving"),
    "restoring": N_("Restoring"),
    "entries": N_("Entries"),
    "read tables": N_("Read tables"),
}


class Text(click.types.StringParamType):
    """What can be stored and shown again; bytes that are no UTF-8 come from the shell as surrogates."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        text = super().convert(value, param, ctx)
        try:
            text.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(text).decode("utf-8", "backslashreplace")
            self.fail(gettext("“%(text)s” is not written in UTF-8.", text=shown), param, ctx)
        return text


TEXT = Text()


@contextmanager
def opened(config: Config | None = None) -> Iterator[tuple[Config, Stores]]:
    """A database that this program knows; anything else is a SchemaMismatch, and nothing is made."""
    config = config or read_config(makes=False)
    stores = open_stores(config)
    try:
        schema.require_current(stores.accounts)
        yield config, stores
    finally:
        stores.close()


def warn_of_owner(config: Config) -> None:
    if is_served_by_owner(config):
        click.echo(
            gettext(
                "The database role that serves pages owns the entries and could change them. How to have another one "
                "own them (KRONIKA_OWNER_URL): webapp/deployment/README.md"
            ),
            err=True,
        )


def today(config: Config) -> date:
    return datetime.now(ZoneInfo(config.timezone)).date()


def language() -> str:
    locale = get_locale()
    return locale.language if locale else "en"


def day(text: str | None, config: Config) -> date:
    """As people type it; today if nothing was typed."""
    if text is None:
        return today(config)
    named: PartialDate = read(text, language(), date.max)
    if named.earliest is None or named.earliest != named.latest:
        raise Refused("moment.not_one_day", text=quoted(text))
    return named.earliest


def moment(text: str | None, config: Config) -> datetime | None:
    return instant(text, ZoneInfo(config.timezone)) if text else None


def print_json(told: Any) -> None:
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


@contextmanager
def watched() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each step on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield no_progress
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, of: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(gettext(STEPS[step]))
            if done == of or done % 100 == 0:
                bars.update(tasks[step], completed=done, total=of)

        yield show


@contextmanager
def written(path: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that is there only when it is whole."""
    if path is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as out:
            yield out
        unfinished.replace(path)
    except OSError as error:
        if error.filename != str(unfinished):
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        if unfinished.parent.is_dir():
            unfinished.unlink(missing_ok=True)


on_day = click.option(
    "--on", type=TEXT, metavar="DATE", help="The day, as 2016-06-01 or 1 June 2016.  [default: today]"
)
known_at = click.option(
    "--known", type=TEXT, metavar="INSTANT", help="As it was known then, for instance 2024-03-01T12:00.  [default: now]"
)
single_role = click.option(
    "--single-role", is_flag=True, help="PostgreSQL: the role that serves pages owns the entries and can change them."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
