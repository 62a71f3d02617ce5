"""What organisations are called: on a day, before a renaming, through time; as known at the moment asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Self
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import Connection

from domain.dates import PartialDate
from projections.organisations import Name, names_of_each


class Names:
    """Each organisation is looked up once."""

    def __init__(self, connection: Connection, known: int | None = None) -> None:
        self._connection, self._known = connection, known
        self._found: dict[UUID, list[Name]] = {}

    def met(self, ids: Iterable[UUID]) -> Self:
        """These are looked up together."""
        self._found |= names_of_each(self._connection, set(ids) - self._found.keys(), self._known)
        return self

    def of(self, id: UUID) -> list[Name]:
        return self._found[id] if id in self._found else self.met([id])._found[id]

    def on(self, id: UUID, when: PartialDate | date | None = None) -> str:
        """The name on that day; the present one where the day, or that of a renaming, is not known."""
        last = (when.latest or when.earliest) if isinstance(when, PartialDate) else when
        held = [name for name in self.of(id) if last is None or name.earliest is None or name.earliest <= last]
        return held[-1].called if held else self._nameless()

    def before(self, id: UUID, called: str) -> str:
        """The name that this one took the place of."""
        names = [name.called for name in self.of(id)]
        if called not in names[1:]:
            return names[0] if names else self._nameless()
        return names[names.index(called, 1) - 1]

    def others(self, id: UUID, shown: str) -> list[str]:
        return list(dict.fromkeys(name.called for name in self.of(id) if name.called != shown))

    @staticmethod
    def _nameless() -> str:
        return str(gettext("an organisation without a name"))
