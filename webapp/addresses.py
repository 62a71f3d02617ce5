"""Where a person may be sent back to: an address of this site, and of nowhere else."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, request, url_for

LONGEST = 2000


def safe_address(asked: str | None) -> str:
    """The asked-for path if it is one of ours, otherwise the desk."""
    text = asked or ""
    if not text.startswith("/") or text.startswith("//") or "\\" in text or len(text) > LONGEST:
        return url_for("desk.desk")
    if not text.isprintable() or urlsplit(text).netloc:
        return url_for("desk.desk")
    return text


def this_address() -> str:
    """Path and query of the page that is open."""
    return request.full_path.rstrip("?") if request.query_string else request.path


def init_app(app: Flask) -> None:
    app.jinja_env.globals["this_address"] = this_address
