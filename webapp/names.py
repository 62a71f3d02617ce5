"""What organisations are called: on a day, before a renaming, through time; as known at the moment asked for."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import Connection

from domain.dates import PartialDate
from projections.organisations import Name, names_of


class Names:
    """Each organisation is looked up once."""

    def __init__(self, connection: Connection, known: int | None = None) -> None:
        self._connection, self._known = connection, known
        self._found: dict[UUID, list[Name]] = {}

    def of(self, id: UUID) -> list[Name]:
        if id not in self._found:
            self._found[id] = names_of(self._connection, id, self._known)
        return self._found[id]

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
