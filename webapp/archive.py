"""What is recorded already, as an import asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

from domain.chronicle import Chronicle
from domain.touched import Records
from projections import engine, organisations, periods, timeline
from webapp.name_resolution import Find
from webapp.stores import Stores


class Archive(NamedTuple):
    chronicle: Chronicle
    find: Find
    nearest: Callable[[str], Sequence[str]]
    coalitions_of: Callable[[UUID], Iterable[UUID]]  # in which the organisation has a membership
    merged_into: Callable[[UUID], Iterable[UUID]]  # which organisations merged into this one
    mentions: Callable[[UUID], Iterable[UUID]]  # which histories may speak of an organisation
    read_at: int  # the last position before anything of it was read


@contextmanager
def archive(stores: Stores) -> Iterator[Archive]:
    read_at = stores.chronicle.last_position()
    engine.keep_up(stores.chronicle, stores.reading)
    with stores.reading.connect() as connection:
        yield Archive(
            stores.chronicle,
            find=lambda name: organisations.find(connection, name),
            nearest=lambda name: [found.called_now for found in organisations.nearest(connection, name)],
            coalitions_of=lambda id: [ribbon.coalition_id for ribbon in periods.of_organisation(connection, id)],
            merged_into=lambda id: organisations.merged_into(connection, id),
            mentions=lambda id: timeline.mentioning(connection, id),
            read_at=read_at,
        )


@contextmanager
def records(stores: Stores) -> Iterator[Records]:
    """The same, as commands ask it that reach over several histories."""
    read_at = stores.chronicle.last_position()
    engine.keep_up(stores.chronicle, stores.reading)
    with stores.reading.connect() as connection:
        yield Records(stores.chronicle, lambda id: timeline.mentioning(connection, id), read_at)
