"""The read tables, at the moment that the page asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g
from sqlalchemy import Connection

from webapp import who
from webapp.moments import at


@contextmanager
def reading() -> Iterator[Connection]:
    """Each question for itself: a page needs no transaction around them, which would cost two ways to a server.

    One connection a request, however deep it is asked for: requests that held one and waited for another would wait for
    each other.
    """
    if "reading" in g:
        yield g.reading
        return
    with who.stores().reading.connect() as connection:
        g.reading = connection.execution_options(isolation_level="AUTOCOMMIT")
        try:
            yield g.reading
        finally:
            del g.reading


def known() -> int | None:
    """The last position recorded by the moment asked for; None means all that is recorded."""
    moment = at().known
    if moment is None:
        return None
    if "known_position" not in g:
        g.known_position = who.stores().chronicle.position_at(moment)
    return int(g.known_position)
