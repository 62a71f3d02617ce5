"""The command line `kronika`: its commands, its language, and every failure as one line on stderr."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

import click
from flask import Flask
from flask_babel import Babel, gettext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from domain.chronicle import ChronicleUnavailable, Misplaced, NewerForm, SealBroken, UnknownName, WrongKeyFile
from domain.chronicle.unavailable import Reason, reason_of
from domain.refused import Refused
from projections.engine import Ahead, AlreadyRebuilding, Outdated
from webapp.commands import accounts, exchange, keeping, reading, rotating, serving, upkeep, verifying
from webapp.config import LANGUAGES, WrongSetting
from webapp.labels import N_
from webapp.refusals import sentence
from webapp.schema import SchemaMismatch
from webapp.stores import MissingFile
from webapp.upgrading import Failed

EXPECTED = (WrongSetting, SchemaMismatch, WrongKeyFile, SealBroken, NewerForm, UnknownName, Misplaced)
AWAY: dict[Reason, str] = {
    "gone": N_("The database does not answer, or is not there"),
    "locked": N_("Somebody else has been writing for too long: the database is locked. Try again"),
    "read_only": N_("The database can only be read"),
    "full": N_("The disk is full"),
    "damaged": N_("The database is damaged"),
    "not_set_up": N_("The database has no tables yet. Run: kronika upgrade"),
    "not_allowed": N_("The database does not let this user in"),
    "failing": N_("The database failed"),
}


class OneLine(click.Group):
    """What goes wrong is said in one line, without a traceback."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with _usage_in_one_line():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _speaking(ctx.params["language"]).app_context(), _usage_in_one_line():
                return _told_plainly(super().invoke, ctx)
        except (BrokenPipeError, click.ClickException):
            raise
        except OSError as error:
            raise click.ClickException(_of_system(error)) from error


@contextmanager
def _usage_in_one_line() -> Iterator[None]:
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        told = " ".join(error.format_message().split())
        help_of = f" ({error.ctx.command_path} --help)" if error.ctx else ""
        raise click.UsageError(told + help_of) from error


def _told_plainly(invoke: Any, ctx: click.Context) -> Any:
    try:
        return invoke(ctx)
    except tuple(LINES) as error:
        raise click.ClickException(_line(error)) from error


def _line(error: BaseException) -> str:
    return next(line(error) for kind, line in LINES.items() if isinstance(error, kind))


def _of_failed(failed: Failed) -> str:
    """What stopped an upgrade, whatever it was: everything is as it was, and nobody needs to see where."""
    cause = failed.__cause__ or failed
    if isinstance(cause, OSError):
        return _of_system(cause)
    if isinstance(cause, DBAPIError) and cause.orig and reason_of(cause.orig) == "not_set_up":  # one table: others are
        return _away("failing", str(cause.orig))
    return _line(cause) if isinstance(cause, tuple(LINES)) else f"{type(cause).__name__}: {_first_line(cause)}"


def _missing(missing: MissingFile) -> str:
    if missing.others:
        others = ", ".join(str(path) for path in missing.others)
        told = gettext("%(path)s is missing, but there are: %(others)s.", path=str(missing.path), others=others)
        return " ".join((told, gettext("Put it back from a backup, or move those away to begin anew.")))
    return str(gettext("%(path)s is not there. To begin, run: kronika upgrade", path=str(missing.path)))


def _away(why: Reason, detail: str) -> str:
    lines = dict.fromkeys(line.strip().removeprefix("connection failed: ") for line in detail.splitlines())
    what, told = gettext(AWAY[why]), " ".join(" ".join(lines).split())
    return f"{what} ({told})" if told else str(what)


def _of_database(error: DBAPIError) -> str:
    return _away(reason_of(error.orig) if error.orig else "failing", str(error.orig))


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


LINES: dict[type[Exception], Callable[[Any], str]] = {
    Refused: sentence,
    **dict.fromkeys(EXPECTED, _first_line),
    MissingFile: _missing,
    Failed: _of_failed,
    ChronicleUnavailable: lambda error: _away(error.reason, error.detail),
    Ahead: lambda _: gettext("The read tables say that they are further than what was recorded. Run: kronika rebuild"),
    Outdated: lambda _: gettext("The read tables are those of another version. Run: kronika upgrade"),
    AlreadyRebuilding: lambda _: gettext("Another process is rebuilding the read tables."),
    DBAPIError: _of_database,
    PoolExhausted: lambda _: _away("locked", ""),
}


def _of_system(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error)


def _speaking(language: str) -> Flask:
    """What gettext needs to speak outside a page."""
    app = Flask("webapp")
    Babel(app, default_locale=language)
    return app


def language_of(environment: Mapping[str, str]) -> str:
    """That of the terminal, if it is one of ours."""
    wanted = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    return wanted[:2] if wanted[:2] in LANGUAGES else "en"


@click.group(cls=OneLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--language",
    type=click.Choice(list(LANGUAGES)),
    envvar="KRONIKA_LANGUAGE",
    default=lambda: language_of(os.environ),
    help="Language of messages.  [default: that of the terminal, or en]",
)
@click.version_option(version("kronika"), prog_name="kronika")
def main(language: str) -> None:
    """The chronicle of an advocacy coalition.

    Settings come from the environment (KRONIKA_DATA, KRONIKA_DATABASE_URL, …) or kronika.toml.
    """


for command in (
    serving.run,
    serving.demo,
    accounts.init,
    accounts.user,
    exchange.import_,
    exchange.export,
    reading.roster,
    reading.timeline,
    reading.replay,
    keeping.upgrade,
    keeping.backup,
    keeping.restore,
    rotating.rotate_key,
    upkeep.rebuild,
    verifying.verify,
    upkeep.projections,
    upkeep.bench,
):
    main.add_command(command)
