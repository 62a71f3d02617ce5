"""`kronika verify`: is everything as it was recorded, and does every page show exactly that?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import click
from flask_babel import gettext, ngettext
from sqlalchemy.exc import DBAPIError

from domain.chronicle import ChronicleUnavailable, integrity
from domain.chronicle.unavailable import reason_of
from projections import engine
from webapp.commands.opened import as_json, opened, print_json, warn_of_owner, watched
from webapp.files_checking import check_files
from webapp.labels import N_
from webapp.stores import MissingFile, Stores

SAID = {
    "guard_missing": N_("what should refuse changes by hand is missing"),
    "position_missing": N_("the entry is missing"),
    "row_misshapen": N_("a column holds something else than it should"),
    "row_hidden": N_("there are rows that are not in the sequence"),
    "leaf_differs": N_("the entry was changed"),
    "time_went_back": N_("the entry is said to be recorded before the one in front of it"),
    "time_differs": N_("the time of recording was changed"),
    "command_differs": N_("the mark by which an entry is recorded only once was changed"),
    "unreadable": N_("the entry cannot be read"),
    "words_erased": N_("words were erased and no entry says so"),
    "words_not_erased": N_("its words were removed, but their key is still there: the next start erases it"),
    "version_missing": N_("an entry of this history is missing"),
    "order_differs": N_("entries of this history changed places"),
    "key_broken": N_("a key in the vault was changed"),
    "table_missing": N_("a table or a column is missing"),
    "table_damaged": N_("a table was changed or is damaged"),
    "out_of_reach": N_("it does not answer, or is not there"),
    "file_missing": N_("a file of its source is missing"),
    "file_altered": N_("a file of its source was altered or is damaged"),
    "file_unknown": N_("a file of its source cannot be opened: its name or its key is missing"),
    "missing": N_("missing"),
    "of another form": N_("of another form"),
    "of another version": N_("of another version"),
    "not known": N_("not one of this version"),
    "twice": N_("there twice"),
    "no position": N_("no position"),
    "further than the chronicle": N_("further than what was recorded"),
    "row missing": N_("a row is missing"),
    "not in the history": N_("not in the history"),
    "not what the history says": N_("not what the history says"),
    "cannot be read": N_("cannot be read"),
}
AWAY = ("locked", "read_only", "full", "not_allowed")  # says nothing about what is recorded


class Found(NamedTuple):
    """`what` is a stable code or phrase of SAID."""

    where: str
    what: str
    detail: str = ""

    def told(self, what: str) -> str:
        """Text of any bytes, fit to be printed."""
        return printable(f"{what} ({self.detail})" if self.detail else what)


@click.command()
@as_json
def verify(as_json: bool) -> None:
    """Look whether everything is as it was recorded, and every page shows exactly that.

    \b
    Example:
      kronika verify
    """
    with opened() as (config, stores), watched() as progress:
        entries = length(stores)
        found = list(everything(stores, entries, progress))
    tell(found, entries, as_json)
    if not as_json:
        warn_of_owner(config)
    if found:
        sys.exit(1)


def tell(found: Sequence[Found], entries: int, as_json: bool) -> None:
    if as_json:
        problems = [{"where": each.where, "what": each.told(each.what)} for each in found]
        print_json({"ok": not problems, "entries": entries, "problems": problems})
        return
    for each in found:
        click.echo(f"{each.where}: {each.told(gettext(SAID[each.what]))}", err=True)
    click.echo(_verdict(entries, len(found)), err=bool(found))


def length(stores: Stores) -> int:
    """How many entries there are; 0 also where that cannot be asked, which is found a problem."""
    try:
        return stores.chronicle.last_position()
    except ChronicleUnavailable as unavailable:
        if unavailable.reason in AWAY:
            raise
        return 0


def everything(stores: Stores, entries: int, progress: Callable[[str, int, int], None]) -> Iterator[Found]:
    for problem in integrity.check(stores.chronicle, lambda done: progress("entries", done, entries)):
        yield Found(printable(problem.where), problem.what, problem.detail)
    yield from sheltered("files", (Found(*amiss) for amiss in check_files(stores)))
    yield from sheltered("read tables", read_tables(stores, lambda done, of: progress("read tables", done, of)))


def read_tables(stores: Stores, progress: Callable[[int, int], None]) -> Iterator[Found]:
    for each in engine.compare(stores.chronicle, stores.reading, progress=progress):
        yield Found(printable(each.where), each.what, each.detail if isinstance(each, engine.Unsound) else "")


def sheltered(where: str, found: Iterator[Found]) -> Iterator[Found]:
    """What cannot be read is a problem too; what only is away says nothing about it."""
    try:
        yield from found
    except MissingFile as gone:
        yield Found(where, "missing", str(gone.path))
    except ChronicleUnavailable as unavailable:
        if unavailable.reason in AWAY:
            raise
        yield Found(where, "cannot be read", unavailable.detail)
    except DBAPIError as error:
        if error.orig is None or reason_of(error.orig) in AWAY:
            raise
        yield Found(where, "cannot be read", " ".join(str(error.orig).split()))


def printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _verdict(entries: int, problems: int) -> str:
    if problems:
        return str(ngettext("%(num)s problem found.", "%(num)s problems found.", problems))
    return str(ngettext("%(num)s entry, all as recorded.", "%(num)s entries, all as recorded.", entries))
