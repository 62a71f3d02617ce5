"""The library's Application, made of our parts, and deaf to the environment of the process."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.postgres import PostgresFactory
from eventsourcing.sqlite import SQLiteFactory
from eventsourcing.utils import Environment, EnvType

from domain.chronicle.mapper import EntryMapper
from domain.chronicle.recorders import PostgresRecorder, SQLiteRecorder
from domain.chronicle.stores import PostgresStore, SQLiteStore, is_postgres, path_of


class SQLiteParts(SQLiteFactory):
    def __init__(self, env: Environment, store: SQLiteStore) -> None:
        InfrastructureFactory.__init__(self, env)
        self.datastore = self._store = store

    def application_recorder(self) -> SQLiteRecorder:
        return SQLiteRecorder(self._store)


class PostgresParts(PostgresFactory):
    def __init__(self, env: Environment, store: PostgresStore) -> None:
        InfrastructureFactory.__init__(self, env)
        self.datastore = self._store = store

    def application_recorder(self) -> PostgresRecorder:
        return PostgresRecorder(self._store)


class Sequence(Application[UUID]):
    """Tables are never made by starting it."""

    name = "Kronika"
    recorder: SQLiteRecorder | PostgresRecorder

    def __init__(self, url: str, mapper: EntryMapper, lock_wait: float) -> None:
        self._url, self._mapper, self._lock_wait = url, mapper, lock_wait
        super().__init__()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        return Environment(name, {})

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        if is_postgres(self._url):
            return PostgresParts(env, PostgresStore(self._url, self._lock_wait))
        return SQLiteParts(env, SQLiteStore(path_of(self._url), self._lock_wait))

    def construct_mapper(self) -> EntryMapper:
        return self._mapper
