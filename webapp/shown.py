"""How dates, instants and roles read on a page, in its language: filters and names for templates."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask
from flask_babel import gettext

from domain.dates import PartialDate
from webapp import who
from webapp.capitals import capitalised
from webapp.dates import show_date, show_day, show_instant, show_period
from webapp.languages import shown_language


def day(value: date) -> str:
    return show_day(value, shown_language())


def instant(value: datetime) -> str:
    return show_instant(value, shown_language(), who.config().timezone)


def partial_date(value: PartialDate) -> str:
    return show_date(value, shown_language())


def period(value: PartialDate) -> str:
    return show_period(value, shown_language())


def begun(text: str) -> str:
    """As a sentence begins."""
    return capitalised(text, shown_language())


def role_name(role: str) -> str:
    """Of an account; roles in a coalition are named by `labels.role`."""
    names = {
        "administrator": gettext("Administrator"),
        "lead": gettext("Campaign lead"),
        "secretariat": gettext("Secretariat"),
        "auditor": gettext("Auditor"),
        "viewer": gettext("Viewer"),
    }
    return str(names[role])


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(day=day, instant=instant, partial_date=partial_date, capitalised=begun)
    app.jinja_env.globals["role_name"] = role_name
