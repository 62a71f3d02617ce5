"""What pages say in place of words that are gone: removed on which day, by whom, why; or that they are missing."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import g
from flask_babel import gettext

from domain.chronicle import Recorded
from domain.removal import WordsRemoved, removals
from webapp import labels, who
from webapp.shown import instant


def said(recorded: Recorded, author: Callable[[UUID], str]) -> str:
    """The past is shown by today's removals. A key that was erased without an entry that says so is an alarm."""
    removal = removal_of(recorded)
    if removal is None:
        return str(
            gettext("Its words are missing, and no entry says that they were removed; tell who runs this installation.")
        )
    return str(
        gettext(
            "Its words were removed on %(when)s by %(name)s: %(reason)s.",
            when=instant(removal.recorded_at),
            name=author(removal.recorded_by),
            reason=labels.reason(removal.reason),
        )
    )


def removal_of(recorded: Recorded) -> WordsRemoved | None:
    if "removals" not in g:
        g.removals = {}
    id = recorded.originator_id
    if id not in g.removals:
        g.removals[id] = removals(who.stores().chronicle.history(id, words=False))
    found: WordsRemoved | None = g.removals[id].get(recorded.originator_version)
    return found
