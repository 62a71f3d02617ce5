"""What is kept for a while only, and goes once a day: old drafts, files that were never recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog
from flask import Flask, current_app, request

from webapp import who
from webapp.drafts_kept import kept_drafts
from webapp.files_kept import attachments
from webapp.stores import Stores

EVERY = timedelta(days=1)
LAST = "kronika.purged_at"

log = structlog.get_logger()


def purge(stores: Stores) -> None:
    kept_drafts(stores).purge_old()
    attachments(stores).purge()


def purge_daily() -> None:
    """Before the first request after a start, then once a day. What stands in its way does not stop the page."""
    now, app = datetime.now(UTC), current_app
    if request.endpoint in ("static", "health.alive") or now - app.extensions.get(LAST, now - EVERY) < EVERY:
        return
    app.extensions[LAST] = now
    try:
        purge(who.stores())
    except Exception as error:  # whatever it was, tomorrow is another chance; it is logged
        log.warning("what is old was not purged", exc_info=error)


def init_app(app: Flask) -> None:
    app.before_request(purge_daily)
