"""Codes that people type into files and commands, each with what it means in their language."""

from __future__ import annotations

from webapp import labels
from webapp.events import EVENTS
from webapp.languages import shown_language
from webapp.shown import role_name

OF_COLUMN = {
    "role": {**labels.ROLES, **labels.OFFICES},
    "scope": labels.SCOPES,
    "reason": labels.REASONS,
    "initiative": labels.INITIATIVES,
}


def event_code(code: str) -> str:
    return explained(code, labels.entry(EVENTS[code].kind.stored_name()) if code in EVENTS else "")


def choice_code(code: str, column: str) -> str:
    label = OF_COLUMN.get(column, {}).get(code)
    return explained(code, labels.said(label) if label else "")


def account_role_code(code: str) -> str:
    return explained(code, role_name(code))


def explained(code: str, meaning: str) -> str:
    """The codes are English words and need no more in English."""
    return f"{code} ({meaning})" if meaning and shown_language() != "en" else code
