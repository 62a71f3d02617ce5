"""One timeline over everything that happened, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from projections import organisations
from projections.letters import sort_key
from projections.timeline import timeline as happened
from webapp import labels
from webapp.at_moment import known, reading
from webapp.change_forms import uuid_of
from webapp.chosen_organisation import chosen_organisation
from webapp.entry_lines import lines
from webapp.languages import shown_language
from webapp.moments import at
from webapp.pages import page
from webapp.sight import sight
from webapp.works import works_of

A_PAGE = 50
FILTERS = ("coalition", "organisation", "kind")
AMENDMENTS = ("entry.struck", "entry.corrected", "entry.variant_preferred")

Chosen = TypeVar("Chosen")

blueprint = Blueprint("timeline", __name__)


@blueprint.get("/timeline")
def timeline() -> Response:
    chosen = {name: request.args.get(name, "").strip() for name in FILTERS}
    moment = at()
    with reading() as connection:
        organisation = chosen_organisation(connection, chosen["organisation"])
        about = {"coalition_id": uuid_of(chosen["coalition"]), "organisation_id": organisation.id}
        found = happened(
            connection,
            **about,
            works=works_of(connection, **about),
            names=[chosen["kind"]] if chosen["kind"] in labels.ENTRIES else (),
            known=known(),
            until_day=None if moment.on == moment.today else moment.on,
            after=place(request.args.get("after", "")),
            limit=0 if organisation.is_open else A_PAGE + 1,
            sight=sight(),
        )
        coalitions = organisations.by_name(organisations.coalitions(connection, at().on, known()), shown_language())
        shown = lines(connection, found[:A_PAGE])
    return page(
        "timeline/timeline.html",
        "happenings",
        entries=shown,
        older=leading(chosen, after="_".join(map(str, found[A_PAGE - 1].key))) if len(found) > A_PAGE else "",
        which={one.id: leading(chosen, organisation=one.id) for one in organisation.candidates},
        chosen=chosen,
        filtered=any(chosen.values()),
        organisation=organisation,
        coalitions=[(one.id, one.called_now) for one in coalitions],
        kinds=kinds(),
    )


def kinds() -> list[tuple[str, str]]:
    return alphabetical((code, labels.entry(code)) for code in labels.ENTRIES)


def alphabetical(choices: Iterable[tuple[Chosen, str]]) -> list[tuple[Chosen, str]]:
    """By what they are called, in the alphabet of who reads."""
    return sorted(choices, key=lambda choice: sort_key(choice[1], shown_language()))


def leading(chosen: dict[str, str], **more: Any) -> str:
    """Here, with the filters that are set."""
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    return url_for("timeline.timeline", **(kept | at().args | more))


def place(text: str) -> tuple[int, int, int] | None:
    """Where the page before ended; an address that was tampered with begins at the top."""
    parts = text.split("_")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        return None
    earliest, latest, position = map(int, parts)
    return earliest, latest, position
