"""`kronika import` and `kronika export`: a history as a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Container
from pathlib import Path
from typing import Any, BinaryIO, TextIO
from uuid import UUID

import click
from flask_babel import gettext, ngettext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from domain import amending
from domain.chronicle import Chronicle, ChronicleUnavailable
from domain.refused import Refused
from webapp import exporting, importing, jsonl_import
from webapp.accounts import Accounts
from webapp.archive import archive
from webapp.catching_up import catch_up
from webapp.commands.opened import (
    TEXT,
    as_json,
    day,
    known_at,
    language,
    moment,
    opened,
    print_json,
    today,
    watched,
    written,
)
from webapp.importing import EveryName, Plan, Reader, Terms
from webapp.labels import N_
from webapp.refusals import sentence
from webapp.stores import Stores

LATE = (DBAPIError, PoolExhausted, ChronicleUnavailable)  # only the read tables, which can be brought up at any time
TRIES = 3  # to read a file again because somebody recorded meanwhile
NAMED = 20  # how many names are listed
COMMAND_LINE = UUID("5b1b1f0e-7a9c-5d0b-8f4e-64a3f4f3a001")  # recorded by whoever may run `kronika` on the machine

READERS: dict[str, Reader] = {"csv": importing.plan_file, "jsonl": jsonl_import.plan_file}
PLACES = {"csv": N_("row %(row)s"), "jsonl": N_("line %(row)s")}


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Say what would be stored and what is wrong; store nothing.")
@click.option("--register", is_flag=True, help="Register organisations that are not known yet.")
@click.option("--format", "format_", type=click.Choice(list(READERS)), default="csv", show_default=True)
@click.option("--as", "email", type=TEXT, metavar="EMAIL", help="The account that answers for the entries.")
@as_json
def import_(file: BinaryIO, dry_run: bool, register: bool, format_: str, email: str | None, as_json: bool) -> None:
    """Take a history from FILE (- reads standard input), whole or not at all.

    \b
    csv: columns, named in the first row; those that stay empty may be left out:
      date, event, coalition, organisation, role, scope, reason, decided,
      until, new_name, note, source, variant, initiative, decision
    jsonl: one JSON object on each line, as `kronika export` writes them, or
    written by hand, also of campaigns, actions, programmes and projects:
      {"event": "campaign.launched", "campaign": "Title", "date": "2018-02"}
    What all of it means, and examples: webapp/examples.

    \b
    Example:
      kronika import members.csv --dry-run
      kronika import members.csv --register
      kronika import campaigns.jsonl --format jsonl
    """
    with opened() as (config, stores), watched() as progress:
        recorded_by = Accounts(stores.accounts).by_email(email).id if email else COMMAND_LINE
        accepted: Container[object] = EveryName() if register else frozenset()
        terms = Terms(recorded_by, today(config), accepted, language(), progress)
        plan = import_file(file.read(), stores, terms, dry_run, READERS[format_])
    told = importing.outcome(plan, sentence)
    if as_json:
        print_json(told)
    else:
        _tell(told, plan, dry_run, PLACES[format_])
    if plan.problems:
        sys.exit(1)


def import_file(
    content: bytes, stores: Stores, terms: Terms, dry_run: bool, reader: Reader, tries: int = TRIES
) -> Plan:
    """Read again where somebody recorded meanwhile."""
    with archive(stores) as known:
        plan = reader(content, known, terms)
    if dry_run or plan.problems:
        return plan
    try:
        importing.record(plan, stores.chronicle, terms.progress)
    except Refused as refused:
        if refused.code not in amending.OVERTAKEN or tries == 1:
            raise
        return import_file(content, stores, terms, dry_run, reader, tries - 1)
    try:
        catch_up(stores, terms.progress)
    except LATE:
        click.echo(gettext("Stored. The pages will follow: their tables cannot be written just now."), err=True)
    return plan


def _tell(told: dict[str, Any], plan: Plan, dry_run: bool, place_of: str) -> None:
    for error in told["errors"]:
        place = gettext(place_of, row=error["row"]) + (f", {error['column']}" if error["column"] else "")
        click.echo(f"{place}: {error['reason']}", err=True)
    if plan.problems:
        count = len(plan.problems)
        click.echo(
            ngettext("Nothing was stored: %(num)s error.", "Nothing was stored: %(num)s errors.", count), err=True
        )
        if plan.unknown:
            click.echo(gettext("Organisations that are not known yet are registered with --register."), err=True)
        return
    click.echo(_stored(plan.rows, plan.already, dry_run))
    if plan.registered:
        count = len(plan.registered)
        names = "; ".join([*plan.registered[:NAMED], *(["…"] if count > NAMED else [])])
        click.echo(ngettext("%(num)s registered: %(names)s", "%(num)s registered: %(names)s", count, names=names))


def _stored(rows: int, already: int, dry_run: bool) -> str:
    if dry_run:
        said = ngettext(
            "%(num)s row would be stored; there already: %(already)s.",
            "%(num)s rows would be stored; there already: %(already)s.",
            rows,
            already=already,
        )
    else:
        said = ngettext(
            "%(num)s row was stored; there already: %(already)s.",
            "%(num)s rows were stored; there already: %(already)s.",
            rows,
            already=already,
        )
    return str(said)


Writer = Callable[[TextIO, Chronicle, Any, Any], exporting.Told]
WRITERS: dict[str, Writer] = {"csv": exporting.write_csv, "jsonl": exporting.write_jsonl}


@click.command()
@click.option("--on", type=TEXT, metavar="DATE", help="Only what had happened, or may have, by that day.")
@known_at
@click.option("--format", "format_", type=click.Choice(list(WRITERS)), default="csv", show_default=True)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file.  [default: standard output]"
)
def export(on: str | None, known: str | None, format_: str, output: Path | None) -> None:
    """Write the history down: csv has organisations, coalitions and memberships, jsonl every entry with all its fields.
    `kronika import` reads both.

    \b
    Example:
      kronika export -o history.csv
      kronika export --format jsonl --known 2024-03-01T12:00 -o entries.jsonl
    """
    with opened() as (config, stores):
        chosen = day(on, config) if on else None
        with written(output) as out:
            told = WRITERS[format_](out, stores.chronicle, chosen, moment(known, config))
    if told.untold:
        left = ", ".join(told.untold)
        click.echo(gettext("CSV has no row for: %(left)s. Use --format jsonl for all entries.", left=left), err=True)
    if told.removed:
        empty = ngettext(
            "The words of %(num)s row were removed: its cells are empty. --format jsonl says when and why.",
            "The words of %(num)s rows were removed: their cells are empty. --format jsonl says when and why.",
            told.removed,
        )
        click.echo(empty, err=True)
    if told.shared:
        shared = "; ".join(told.shared)
        click.echo(
            gettext("Several organisations are or were called so: %(names)s. CSV tells them not apart.", names=shared),
            err=True,
        )
