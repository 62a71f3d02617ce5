"""Page or fragment: one template and one address serve both, with htmx and without any script."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, make_response, render_template, request, url_for
from flask_babel import gettext
from htmx_flask import Htmx
from jinja2_fragments.flask import render_block

from webapp.rights import may

MESSAGES = "#messages"
PARTS_OF = {"campaigns": ("programmes", "projects", "logging_actions")}  # of the map
UNKEPT = ("csrf_token", "password", "whose")


def wants_fragment() -> bool:
    """True when htmx will put the answer into a part of the page that is open."""
    asked = request.headers.get("HX-Request") == "true"
    whole = request.headers.get("HX-Request-Type") == "full" or "HX-Boosted" in request.headers
    return asked and not whole and "HX-History-Restore-Request" not in request.headers


def page(template: str, block: str | None = None, status: int = 200, **context: Any) -> Response:
    """The whole template, or for htmx only its block of this name."""
    if block and wants_fragment():
        return make_response(render_block(template, block, **context), status)
    return make_response(render_template(template, **context), status)


def message(template: str, status: int, **context: Any) -> Response:
    """A page of its own, or for htmx its block `message` above the page that is open, which keeps what was typed."""
    answer = page(template, "message", status, **context)
    if wants_fragment():
        answer.headers.update({"HX-Retarget": MESSAGES, "HX-Reswap": "innerHTML"})
    return answer


def go(address: str, status: int = 303) -> Response:
    """Send the browser to another page, also when htmx asked."""
    answer = make_response("", 204 if wants_fragment() else status)
    answer.headers["HX-Redirect" if wants_fragment() else "Location"] = address
    return answer


def typed() -> list[tuple[str, str]]:
    """Name and value of what was typed into the form of this request; never a password."""
    fields = request.form.items(multi=True)
    return [(name, value) for name, value in fields if not any(word in name for word in UNKEPT)]


@cache
def _fingerprint(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


def _stamp_static(app: Flask) -> None:
    """Addresses of assets change with their content, so that browsers may keep them for ever."""

    def stamp(endpoint: str, values: dict[str, Any]) -> None:
        path = Path(app.static_folder or "") / str(values.get("filename"))
        if endpoint == "static" and path.is_file():
            values["v"] = _fingerprint(path)

    app.url_defaults(stamp)


def navigation(app: Flask) -> Iterator[tuple[str, str]]:
    """Endpoint and name of each main page that this person may open."""
    places = (
        ("desk.desk", gettext("Desk")),
        ("coalitions.coalitions", gettext("Coalitions")),
        ("campaigns.campaigns", gettext("Campaigns")),
        ("timeline.timeline", gettext("Timeline")),
        ("register.register", gettext("Register")),
    )
    return ((endpoint, name) for endpoint, name in places if endpoint in app.view_functions and may(endpoint))


def is_here(endpoint: str) -> bool:
    """True when the open page belongs to the same part of the map."""
    part = endpoint.partition(".")[0]
    return bool(request.blueprint) and request.blueprint in (part, *PARTS_OF.get(part, ()))


def init_app(app: Flask) -> None:
    Htmx(app)
    _stamp_static(app)
    app.jinja_env.globals.update(
        navigation=lambda: navigation(app), is_here=is_here, static=lambda name: url_for("static", filename=name)
    )
