"""`kronika rebuild`, `projections` and `bench`: what operators look after."""

from __future__ import annotations

from typing import Any

import click
from flask_babel import gettext

from projections import engine
from webapp import catching_up
from webapp.commands.opened import TEXT, as_json, opened, print_json, watched

SMALLEST_SCALE = 20_000


@click.command()
@click.argument("names", metavar="[PROJECTION]...", nargs=-1, type=click.Choice(list(engine.BY_NAME)))
def rebuild(names: tuple[str, ...]) -> None:
    """Make read tables anew from what was recorded; pages go on meanwhile. Without names: all of them.

    \b
    Example:
      kronika rebuild
      kronika rebuild timeline
    """
    with opened() as (_, stores), watched() as progress:
        catching_up.rebuild(stores, [engine.BY_NAME[name] for name in names or engine.BY_NAME], progress)
    click.echo(gettext("Rebuilt."))


@click.command()
@as_json
def projections(as_json: bool) -> None:
    """Show how far each read table is, and how far its rebuild.

    \b
    Example:
      kronika projections --json
    """
    with opened() as (_, stores):
        rebuilds = {each.projection: told(each) for each in engine.rebuilds(stores.reading)}
        rows: list[dict[str, Any]] = [
            {**each, "rebuild": rebuilds.get(each["name"])} for each in engine.status(stores.chronicle, stores.reading)
        ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        rebuild: dict[str, Any] = row["rebuild"] or {"stage": "none", "over": True}
        far = "" if rebuild["over"] else f" {rebuild['done']}/{rebuild['total']}"
        shown = {**row, "rebuild": rebuild["stage"] + far}
        click.echo("\t".join(f"{field} {value}" if field != "name" else str(value) for field, value in shown.items()))


def told(rebuild: engine.Rebuild) -> dict[str, Any]:
    """The last rebuild of a projection, and how far it is."""
    return {
        "stage": rebuild.stage,
        "over": rebuild.is_over,
        "done": rebuild.done,
        "total": rebuild.total,
        "began": rebuild.began.isoformat(),
        "told": rebuild.told.isoformat(),
        "reason": rebuild.reason,
    }


@click.command()
@click.argument("name", type=TEXT, required=False)
@click.option(
    "--database",
    type=TEXT,
    metavar="URL",
    help="A PostgreSQL server where databases may be made.  [default: SQLite in a temporary folder]",
)
@click.option("--scale", type=click.IntRange(SMALLEST_SCALE), help="So many entries.  [default: 100000]")
@click.option("--full", is_flag=True, help="A million entries.")
@as_json
def bench(name: str | None, database: str | None, scale: int | None, full: bool, as_json: bool) -> None:
    """Measure the speeds that the README quotes; NAME is one of rebuild, record, asof, page, serving, preview,
    backup.

    \b
    Example:
      kronika bench asof --json
      kronika bench rebuild --full --database postgresql://kronika@localhost/postgres
    """
    from webapp import bench as benches  # noqa: PLC0415  # what only this command needs

    if name is not None and name not in benches.BENCHES:
        known = ", ".join(benches.BENCHES)
        raise click.BadParameter(gettext("%(name)s is none of: %(known)s.", name=name, known=known), param_hint="NAME")
    entries = scale or (benches.IN_FULL if full else benches.ENTRIES)
    with watched() as progress:
        told = [benches.run(each, database, entries, progress) for each in ([name] if name else benches.BENCHES)]
    if as_json:
        print_json(told[0] if name else told)
        return
    for one in told:
        show_bench(one)


def show_bench(told: dict[str, Any]) -> None:
    versions = ", ".join(f"{name} {version}" for name, version in told["versions"].items())
    click.echo(f"{told['bench']} · {told['database']} · {told['machine']} · {versions}")
    for figure, value in told["figures"].items():
        click.echo(f"  {figure}: {value:g}")
    for ratio, measured in told["ratios"].items():
        verdict = gettext("holds") if measured["holds"] else gettext("missed")
        click.echo(f"  {ratio}: {measured['value']:g} ({measured['target']}): {verdict}")
