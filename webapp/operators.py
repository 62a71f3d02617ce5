"""For administrators: how far is each read table, what could not be digested, and a button that makes them anew."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext, ngettext

from projections import engine
from projections.engine import Parked, Rebuild, Status
from projections.progress import CATCHING_UP, DONE, FAILED, FILLING, INDEXING, KILLED, STARTING
from webapp import rebuilding_apart, who
from webapp.labels import N_
from webapp.pages import go, page

STAGES = {
    STARTING: N_("starting"),
    FILLING: N_("folding entries"),
    INDEXING: N_("making indexes"),
    CATCHING_UP: N_("catching up with what was recorded meanwhile"),
    DONE: N_("done"),
    FAILED: N_("failed; the old tables serve on"),
    KILLED: N_("stopped before its end; the old tables serve on"),
}
MOST_SHOWN = 100  # parked entries

blueprint = Blueprint("operators", __name__, url_prefix="/admin")


class Line(NamedTuple):
    """A projection as the page shows it."""

    name: str
    version: int
    position: int
    lag: int
    parked: list[Parked]
    rebuild: Rebuild | None


def lines() -> list[Line]:
    stores = who.stores()
    status: list[Status] = engine.status(stores.chronicle, stores.reading)
    rebuilds = {each.projection: each for each in engine.rebuilds(stores.reading)}
    parked = engine.parked(stores.reading)
    return [
        Line(
            each["name"],
            each["version"],
            each["position"],
            each["lag"],
            [one for one in parked if one.projection == each["name"]],
            rebuilds.get(each["name"]),
        )
        for each in status
    ]


def shown() -> dict[str, Any]:
    found = lines()
    under_way = next((each.rebuild for each in found if each.rebuild and not each.rebuild.is_over), None)
    return {
        "lines": found,
        "under_way": under_way,
        "parked": [one for each in found for one in each.parked],
        "most": MOST_SHOWN,
        "stage": lambda code: gettext(STAGES[code]),
    }


@blueprint.get("/projections")
def projections() -> Response:
    return page("operators/projections.html", "progress", **shown())


@blueprint.post("/projections/rebuild")
def rebuild() -> Response:
    names = [name for name in request.form.getlist("projection") if name in engine.BY_NAME] or list(engine.BY_NAME)
    rebuilding_apart.begin(who.config(), who.stores(), [engine.BY_NAME[name] for name in names])
    flash(gettext("The rebuild has begun. You can leave this page and come back; the others go on meanwhile."), "good")
    return go(url_for("operators.projections"))


@blueprint.post("/projections/retry")
def retry() -> Response:
    stores = who.stores()
    left = engine.retry_parked(stores.chronicle, stores.reading)
    if left:
        flash(ngettext("%(num)s entry is still parked.", "%(num)s entries are still parked.", left), "quiet")
    else:
        flash(gettext("Nothing is parked any more."), "good")
    return go(url_for("operators.projections"))
