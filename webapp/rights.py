"""Who may open which page. A route that is not in the matrix is nobody's; what is not yours does not exist."""

from __future__ import annotations

from flask import Flask, abort, request

from webapp import who
from webapp.accounts import ROLES

SIGNED_IN: frozenset[str] = frozenset(ROLES)
EVERYBODY = SIGNED_IN | {who.NOBODY}
RECORDERS: frozenset[str] = frozenset({"administrator", "secretariat"})
CAMPAIGNERS: frozenset[str] = RECORDERS | {"lead"}
ADMINISTRATORS: frozenset[str] = frozenset({"administrator"})

RIGHTS: dict[str, frozenset[str]] = {
    "static": EVERYBODY,
    "health.alive": EVERYBODY,
    "health.ready": EVERYBODY,
    "measures.metrics": EVERYBODY,  # who asks from this machine or with the token; others read that it does not exist
    "languages.choose": EVERYBODY,
    "signing_in.sign_in": EVERYBODY,
    "signing_in.sign_out": EVERYBODY,
    "desk.desk": SIGNED_IN,
    "files.keep": CAMPAIGNERS,
    "files.arrived": CAMPAIGNERS,
    "files.bring": CAMPAIGNERS,
    "logging_actions.log": CAMPAIGNERS,
    "logging_actions.log_from_desk": CAMPAIGNERS,
    "files.download": SIGNED_IN,
    "drafts.keep": SIGNED_IN,
    "drafts.draft": SIGNED_IN,
    "drafts.discard": SIGNED_IN,
    "coalitions.coalitions": SIGNED_IN,
    "coalitions.coalition": SIGNED_IN,
    "coalitions.day": SIGNED_IN,
    "coalitions.ribbons": SIGNED_IN,
    "coalitions.ribbons_file": SIGNED_IN,
    "coalitions.ribbons_table": SIGNED_IN,
    "coalitions.changes_since": SIGNED_IN,
    "coalitions.voters": SIGNED_IN,
    "campaigns.campaigns": SIGNED_IN,
    "campaigns.campaign": SIGNED_IN,
    "campaigns.members": SIGNED_IN,
    "campaigns.begin": CAMPAIGNERS,
    "campaigns.record": CAMPAIGNERS,
    "programmes.programmes": SIGNED_IN,
    "programmes.programme": SIGNED_IN,
    "programmes.begin": CAMPAIGNERS,
    "programmes.record": CAMPAIGNERS,
    "changes.record": RECORDERS,
    "changes.record_life": RECORDERS,
    "changes.record_organisation": RECORDERS,
    "changes.register": RECORDERS,
    "changes.found": RECORDERS,
    "amending.undo": CAMPAIGNERS,  # a lead what belongs to campaigns: see amending_entries
    "amending.strike": CAMPAIGNERS,
    "amending.correct": CAMPAIGNERS,
    "amending.dispute": CAMPAIGNERS,
    "amending.prefer": CAMPAIGNERS,
    "removal.ask": RECORDERS,
    "removal.remove": RECORDERS,
    "organisations.organisations": SIGNED_IN,
    "organisations.organisation": SIGNED_IN,
    "organisations.names": SIGNED_IN,
    "timeline.timeline": SIGNED_IN,
    "register.register": SIGNED_IN,
    "register.entry": SIGNED_IN,
    "operators.projections": ADMINISTRATORS,
    "operators.rebuild": ADMINISTRATORS,
    "operators.retry": ADMINISTRATORS,
}


def may(endpoint: str) -> bool:
    """True when who asks may open this page; templates show no link to others."""
    return who.role() in RIGHTS.get(endpoint, frozenset())


def is_refused() -> bool:
    """True when who asks may not open the page of this request, or it is no page at all."""
    return request.endpoint is None or not may(request.endpoint)


def hide() -> None:
    """What is not yours answers as what does not exist; a wrong method or address says so itself."""
    if request.endpoint is not None and not may(request.endpoint):
        abort(404)


def init_app(app: Flask) -> None:
    app.jinja_env.globals["may"] = may
