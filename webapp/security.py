"""What every answer tells the browser to refuse, and which requests are refused before they are read."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from flask_wtf import CSRFProtect
from werkzeug.exceptions import SecurityError

from webapp import who
from webapp.config import Config

SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{kind} {source}" for kind, source in SOURCES.items()),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SAFE = ("GET", "HEAD", "OPTIONS")
A_YEAR = 365 * 24 * 60 * 60

LARGEST_FORM = 2 * 1024 * 1024

csrf = CSRFProtect()


def refuse_other_hosts() -> Response | None:
    """Before any page is made: an address of ours under a foreign name leads nowhere."""
    if isinstance(request.routing_exception, SecurityError):
        told = f"Unknown host. This Kronika is at {who.config().base_url} (its setting base_url).\n"
        return Response(told, 400, mimetype="text/plain")
    return None


def refuse_other_sites() -> None:
    """Fetch Metadata, and Origin where a browser does not send it: other sites may link to a page, and no more."""
    site = request.headers.get("Sec-Fetch-Site")
    if site in ("cross-site", "same-site") and not _is_followed_link():
        abort(403)
    if site is None and request.method not in SAFE and not _is_own_origin():
        abort(403)


def _is_followed_link() -> bool:
    opened = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.headers.get("Sec-Fetch-Dest") == "document"
    return request.method in SAFE and opened


def _is_own_origin() -> bool:
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def limit_size() -> None:
    """Files may be large. Of who is not signed in (any more) the fields are read, and files go nowhere."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = LARGEST_FORM
    elif who.account() is None:
        request.forgets_files = True  # type: ignore[attr-defined]  # of webapp.sent_forms.SentRequest


def refuse_forged() -> None:
    if request.method not in SAFE:
        csrf.protect()


def protect(app: Flask, config: Config) -> None:
    """Headers on every answer."""

    def add_headers(answer: Response) -> Response:
        answer.headers.update(HEADERS)
        if config.is_https:
            answer.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
        answer.headers["Cache-Control"] = _how_long_kept(answer.status_code)
        if request.endpoint != "static":
            answer.vary.add("HX-Request")
        return answer

    app.after_request(add_headers)


def _how_long_kept(status: int) -> str:
    if request.endpoint != "static" or status >= 400:
        return "no-store"
    return f"public, max-age={A_YEAR}, immutable" if "v" in request.args else "no-cache"
