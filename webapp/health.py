"""For operators and load balancers: is the process alive, and can it work?"""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from webapp import who
from webapp.schema import serves

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def ready() -> Response:
    stores = who.stores()
    works = _has_its_files() and _has_its_tables(stores.accounts) and _answers(stores.reading)
    return Response("ready\n" if works else "not ready\n", 200 if works else 503, mimetype="text/plain")


def _has_its_files() -> bool:
    """The folder of a program that runs can be removed, and the program runs on without its pages."""
    return Path(current_app.root_path, "templates").is_dir()


def _has_its_tables(engine: Engine) -> bool:
    try:
        return serves(engine)
    except OperationalError:
        return False


def _answers(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except OperationalError:
        return False
    return True
