"""How long do the pages of a coalition of 200 members over 20 years take, against bare Flask pages of the same size?"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, before_render_template, render_template
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader, Template

from domain.entry import Entry
from projections import engine
from webapp import bench_history, create_app
from webapp.accounts import Accounts
from webapp.bench_ground import Ground
from webapp.commands.serving import spare_what_stays
from webapp.config import Config, read_config
from webapp.demo import address_of
from webapp.installation import prepare
from webapp.stores import Stores, open_stores

PAGES, WARM_UP, TIMES = 60, 5, 6.0
PASSWORD = "measured twice and cut once"  # noqa: S105  # of a database that lives for a minute
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ROWS = bench_history.MEMBERS
OF_THE_APPLICATION = ("g", "request", "session", "account", "life")  # what a page of ours has beside its values
TEMPLATES = Path(__file__).parent / "templates"
BASE = """<!doctype html><html lang="en"><head><title>{% block title %}{% endblock %}</title></head>
<body>{% block main %}{% endblock %}</body></html>"""
VALUE = "Member %03d of coalition"
TABLE = """<!doctype html><html lang="en"><head><title>Bare</title></head><body><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table></body></html>"""


def page(where: Ground, _entries: int) -> tuple[dict[str, float], dict[str, tuple[float, float, bool]]]:
    id = bench_history.coalition_id(0)
    figures: dict[str, float] = {}
    ratios: dict[str, tuple[float, float, bool]] = {}
    with signed_in(where) as client:
        for name, path in (("roster", f"/coalitions/{id}"), ("ribbons", f"/coalitions/{id}/timeline")):
            size = len(got(client, path))
            ours, bare, table = in_turns((client, path), (bare_page(client, path), "/"), (plain_table(size), "/"))
            figures |= {
                f"{name}_bytes": size,
                f"{name}_milliseconds": ours * 1000,
                f"{name}_bare_page_milliseconds": bare * 1000,
                f"{name}_plain_table_milliseconds": table * 1000,
            }
            ratios[f"{name}_against_bare_page"] = (ours / bare, TIMES, False)
    return figures, ratios


@contextmanager
def signed_in(where: Ground) -> Iterator[FlaskClient]:
    """A browser of somebody who may read, over one coalition."""
    with installed(where, bench_history.entries(1)) as (config, stores):
        client = create_app(config, stores).test_client()
        sign_in(client, "viewer")
        spare_what_stays()
        yield client


@contextmanager
def installed(where: Ground, histories: Iterable[list[Entry]]) -> Iterator[tuple[Config, Stores]]:
    """An installation of its own with these entries and an account for each role that is measured."""
    with where.database() as (folder, url):
        told = {"KRONIKA_DATA": str(folder / "var"), "KRONIKA_CONFIG": str(folder / "none.toml")}
        config = read_config(told, database_url=url)
        with closing(open_stores(config)) as stores:
            prepare(config, stores)
            for entries in histories:
                stores.chronicle.record(*entries)
            engine.rebuild(stores.chronicle, stores.reading)
            for role in ("viewer", "secretariat"):
                Accounts(stores.accounts).add(address_of(role), role, role, PASSWORD)
            yield config, stores


def sign_in(client: FlaskClient, role: str) -> str:
    """The token for its forms."""
    client.post("/sign-in", data=credentials(client.get("/sign-in").text, role))
    return token_in(client.get("/").text)


def credentials(page: str, role: str) -> dict[str, str]:
    return {"csrf_token": token_in(page), "email": address_of(role), "password": PASSWORD}


def token_in(page: str) -> str:
    found = TOKEN.search(page)
    return found[1] if found else ""


def got(client: FlaskClient, path: str) -> bytes:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return bytes(answer.data)


def bare_page(client: FlaskClient, path: str) -> FlaskClient:
    """A page of the same template and the same values, all of them ready made, and nothing else."""
    template, ready = context_of(client, path)
    bare = Flask(__name__)
    bare.jinja_loader = ChoiceLoader([DictLoader({"base.html": BASE}), FileSystemLoader(TEMPLATES)])
    bare.jinja_env.trim_blocks = bare.jinja_env.lstrip_blocks = True
    bare.jinja_env.add_extension("jinja2.ext.i18n")
    bare.jinja_env.globals.update(url_for=lambda endpoint, **_: f"/{endpoint}", now_address=lambda: "/", static=str)
    bare.jinja_env.globals.update(_=same, gettext=same, ngettext=lambda one, many, n: (one if n == 1 else many) % n)
    bare.jinja_env.filters.update(day=str, partial_date=str)

    @bare.get("/")
    def show() -> str:
        return render_template(template, **ready)

    return bare.test_client()


def same(text: str, **values: object) -> str:
    return text % values


def context_of(client: FlaskClient, path: str) -> tuple[str, dict[str, Any]]:
    """The template of a page, and what it was given."""
    seen: list[tuple[str, dict[str, Any]]] = []

    def note(_app: Flask, template: Template, context: dict[str, Any]) -> None:
        seen.append((str(template.name), {name: context[name] for name in context if name not in OF_THE_APPLICATION}))

    with before_render_template.connected_to(note, client.application):
        got(client, path)
    return seen[-1]


def plain_table(size: int) -> FlaskClient:
    """A table of as many rows and bytes."""
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"table.html": TABLE})
    cells = max(1, size // ROWS // len(f"<td>{VALUE % ROWS}</td>"))
    rows = [[VALUE % row] * cells for row in range(ROWS)]

    @app.get("/")
    def show() -> str:
        return render_template("table.html", rows=rows)

    return app.test_client()


def in_turns(*pages: tuple[FlaskClient, str]) -> list[float]:
    """What 95 of 100 requests take at most, of each page."""
    took = [[seconds(*page) for page in pages] for _ in range(WARM_UP + PAGES)]
    return [slowest(of_one) for of_one in zip(*took[WARM_UP:], strict=True)]


def slowest(took: Sequence[float]) -> float:
    return statistics.quantiles(took, n=20)[-1]


def seconds(client: FlaskClient, path: str) -> float:
    began = time.perf_counter()
    got(client, path)
    return time.perf_counter() - began
