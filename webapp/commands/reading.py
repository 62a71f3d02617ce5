"""`kronika roster`, `timeline` and `replay`: what was recorded, read without a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import click
from flask_babel import gettext
from sqlalchemy import Connection

from domain.chronicle import Recorded
from domain.entry import Entry
from domain.history import holding
from domain.membership import Membership, periods
from domain.membership_entries import MembershipEntry
from domain.organisation import Organisation
from domain.refused import Refused, quoted
from projections import engine, organisations
from projections import roster as rosters
from projections.organisations import Found
from projections.roster import Place, Roster
from webapp import labels
from webapp.commands.opened import TEXT, as_json, day, known_at, language, moment, on_day, opened, print_json, written
from webapp.dates import show_date, show_day
from webapp.ribbons import svg_of
from webapp.stores import Stores

T = TypeVar("T")

LOOKED_AT, OFFERED = 50, 3  # of names that are like one that is not there


@click.command()
@click.argument("coalition", type=TEXT)
@on_day
@known_at
@as_json
def roster(coalition: str, on: str | None, known: str | None, as_json: bool) -> None:
    """Who was in COALITION (any of its names, or its id) on a day: certainly, and possibly.

    \b
    Example:
      kronika roster "Žmogaus teisių organizacijų koalicija" --on 2016-06-01 --json
    """
    found, instant = asked(rosters.roster, coalition, on, known)
    if as_json:
        print_json(rosters.as_json(found, instant))
    else:
        show_roster(found)


@click.command()
@click.argument("coalition", type=TEXT)
@on_day
@known_at
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.svg")
def timeline(coalition: str, on: str | None, known: str | None, output: Path) -> None:
    """Draw the membership of COALITION through time as a picture.

    \b
    Example:
      kronika timeline "Žmogaus teisių koalicija" -o ribbons.svg
    """
    picture, _ = asked(svg_of, coalition, on, known)
    with written(output) as out:
        out.write(picture)


def asked(
    about: Callable[[Connection, UUID, date, int | None, str], T], coalition: str, on: str | None, known: str | None
) -> tuple[T, datetime | None]:
    """What there is to tell about a coalition on a day, as it was known at a moment; and that moment."""
    with opened() as (config, stores):
        instant = moment(known, config)
        engine.keep_up(stores.chronicle, stores.reading)
        position = stores.chronicle.position_at(instant) if instant else None
        with stores.reading.connect() as connection:
            id = coalition_of(connection, coalition).id
            return about(connection, id, day(on, config), position, language()), instant


def show_roster(found: Roster) -> None:
    counts = found.counts
    click.echo(f"{found.coalition}, {show_day(found.on, language())}")
    click.echo(
        gettext(
            "Members: %(members)s (full rights: %(good)s, suspended: %(suspended)s). Observers: %(observers)s. "
            "Possibly in: %(possible)s.",
            members=counts["members"],
            good=counts["in_good_standing"],
            suspended=counts["suspended"],
            observers=counts["observers"],
            possible=counts["possible"],
        )
    )
    rows = [_row(place) for place in found.rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _row(place: Place) -> tuple[str, str, str]:
    pairs = place.possible or ((str(place.role), str(place.standing)),)
    standings = " / ".join(f"{labels.role(role)}, {labels.standing(standing)}" for role, standing in pairs)
    certainty = gettext("possibly") if place.certainty == "possible" else ""
    return place.organisation, standings, certainty


def coalition_of(connection: Connection, text: str) -> Found:
    found = organisation_of(connection, text, of_coalitions)
    if not found.is_coalition:
        told = gettext("“%(name)s” is an organisation, and no coalition is called so.", name=quoted(text))
        raise click.ClickException(told)
    return found


def of_coalitions(found: list[Found]) -> list[Found]:
    return [each for each in found if each.is_coalition]


def organisation_of(
    connection: Connection, text: str, wanted: Callable[[list[Found]], list[Found]] = list[Found]
) -> Found:
    """By its id or any of its names, at need without marks. Of several one that is `wanted`."""
    found = _by_id(connection, text) or organisations.find(connection, text)
    found = found or organisations.find_without_marks(connection, text)
    found = wanted(found) or found
    if len(found) > 1:
        raise Refused("name.fits_several", name=quoted(text), count=len(found))
    if not found:
        nearest = wanted(organisations.nearest(connection, text, LOOKED_AT))[:OFFERED]
        raise click.ClickException(_not_there(quoted(text), [each.called_now for each in nearest]))
    return found[0]


def _not_there(name: str, nearest: list[str]) -> str:
    if nearest:
        return str(gettext("There is no “%(name)s”. Did you mean: %(nearest)s?", name=name, nearest=", ".join(nearest)))
    return str(gettext("There is no “%(name)s”.", name=name))


def _by_id(connection: Connection, text: str) -> list[Found]:
    id = _id(text)
    return [each for each in organisations.everyone(connection) if each.id == id] if id else []


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@click.command()
@click.argument("subject", type=TEXT)
@click.option("--to", "to", type=click.IntRange(1), metavar="POSITION", help="Up to this entry of the register.")
@as_json
def replay(subject: str, to: int | None, as_json: bool) -> None:
    """Each entry about SUBJECT, and the state after it: an id, a name, or "coalition / organisation".

    \b
    Example:
      kronika replay "Žmogaus teisių koalicija / Romų visuomenės centras"
      kronika replay "Romų visuomenės centras" --to 20 --json
    """
    with opened() as (_, stores):
        engine.keep_up(stores.chronicle, stores.reading)
        called, id = subject_of(stores, subject)
        recorded = [one for one in stores.chronicle.recordings(id) if to is None or one.position <= to]
    steps = replayed(id, recorded)
    if as_json:
        print_json({"subject": called, "id": str(id), "entries": steps})
        return
    click.echo(called)
    for step, one in zip(steps, recorded, strict=True):
        told = f"{step['position']}\t{show_date(one.entry.occurred, language())}\t{labels.entry(step['name'])}"
        click.echo(f"{told}\t→ {step['state']['shown']}")


def subject_of(stores: Stores, text: str) -> tuple[str, UUID]:
    """What it is called, and the id of its history."""
    with stores.reading.connect() as connection:
        id = _id(text)
        if id and stores.chronicle.history(id):
            return text, id
        coalition, slash, organisation = text.partition(" / ")
        if slash and not organisations.find(connection, text):
            pair = coalition_of(connection, coalition), organisation_of(connection, organisation)
            return f"{pair[0].called_now} / {pair[1].called_now}", Membership.id_of(pair[0].id, pair[1].id)
        found = organisation_of(connection, text)
        return found.called_now, found.id


def replayed(id: UUID, recorded: list[Recorded]) -> list[dict[str, Any]]:
    entries = tuple(one.entry for one in recorded)
    return [
        {
            "position": one.position,
            "recorded_at": one.recorded_at.isoformat(),
            "name": one.entry.stored_name(),
            "occurred": one.entry.occurred.text,
            "variant": one.entry.variant,
            "state": state_after(id, entries[: n + 1]),
        }
        for n, one in enumerate(recorded)
    ]


def state_after(id: UUID, entries: tuple[Entry, ...]) -> dict[str, Any]:
    """How it stands in the end as far as was recorded then."""
    if any(isinstance(entry, MembershipEntry) for entry in entries):
        return _of_membership(entries)
    organisation = Organisation(id=id, entries=entries)
    called = [named.called for named in organisation.names]
    ended = organisation.ended.occurred.text if organisation.ended else None
    last = called[-1] if called else ""
    return {"called": last, "names": called, "is_coalition": organisation.is_coalition, "ended": ended, "shown": last}


def _of_membership(entries: tuple[Entry, ...]) -> dict[str, Any]:
    changes = [entry for entry in holding(entries) if isinstance(entry, MembershipEntry)]
    stretches = periods(changes)
    standings = sorted(stretches[-1].states, key=str) if stretches else []
    possible = [
        {"state": s.label, "role": s.role, "standing": s.standing, "scope": list(s.scope) if s.scope else None}
        for s in standings
    ]
    return {"possible": possible, "shown": " / ".join(dict.fromkeys(s.label for s in standings)) or "none"}
