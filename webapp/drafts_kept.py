"""What people began to type: sealed, each under a key of its own, for one person, one for each form; gone when recorded
or old, with the files that only it speaks of."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import msgspec
import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    Column,
    ColumnElement,
    Engine,
    ForeignKey,
    LargeBinary,
    RowMapping,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from domain.chronicle import Vault
from domain.chronicle.vault import NONCE, Erased, Key, SealBroken
from domain.refused import Refused
from webapp.accounts import Instant, tables
from webapp.files_kept import STORED, UNRECORDED, Attachments, attachments
from webapp.stores import Stores

LONGEST_KEY, LARGEST, MOST = 500, 512 * 1024, 50
KEPT_FOR = timedelta(days=30)
AT_ONCE = timedelta()
OF_ENTRY = re.compile(r"/register/(\d+)(?:[/?]|$)")

log = structlog.get_logger()

draft = Table(
    "draft",
    tables,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("command_id", Uuid, nullable=False),
    Column("form_key", String(LONGEST_KEY), nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("key_id", Uuid, nullable=False),
    Column("box", LargeBinary, nullable=False),
    UniqueConstraint("account_id", "command_id"),
)


class Typed(msgspec.Struct, frozen=True):
    """What is sealed: how the form is called, and its fields as they were sent."""

    title: str
    fields: list[tuple[str, str]]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    command_id: UUID
    form_key: str
    saved_at: datetime
    typed: Typed

    @property
    def title(self) -> str:
        return self.typed.title

    @property
    def fields(self) -> MultiDict[str, str]:
        """As `request.form` had them."""
        return MultiDict(self.typed.fields)

    @property
    def files(self) -> list[str]:
        return self.fields.getlist(STORED)


class Drafts:
    """Of every account; each question names whose."""

    def __init__(
        self, engine: Engine, vault: Vault, recorded: Callable[[Iterable[UUID]], set[UUID]], files: Attachments
    ) -> None:
        self._engine, self._vault, self._recorded, self._files = engine, vault, recorded, files

    def save(
        self, account_id: UUID, form_key: str, command_id: UUID, typed: Typed, sent_at: datetime | None = None
    ) -> Kept | None:
        """What is kept of this form now; None if it has been recorded meanwhile. With `sent_at` it was sent when its
        session was over: then it is kept however much is, unless something newer is kept of the form."""
        if sent_at is None:
            self._refuse_too_much(account_id, form_key, typed)
        elif newer := [kept for kept in self.of(account_id, form_key) if kept.saved_at > sent_at]:
            return newer[0]
        told = {"form_key": form_key, "saved_at": sent_at or _now()}
        found = self._row(account_id, command_id)
        try:
            kept = (found and self._again(found, told, typed)) or self._new(account_id, command_id, told, typed)
        except IntegrityError:  # sent twice at the same moment for the first time
            return self.save(account_id, form_key, command_id, typed, sent_at)
        earlier = (draft.c.id != kept.id, draft.c.saved_at <= kept.saved_at)
        self._purge(draft.c.account_id == account_id, draft.c.form_key == form_key, *earlier, files_stay=UNRECORDED)
        return None if self.purge_recorded(account_id, [command_id]) else kept

    def _refuse_too_much(self, account_id: UUID, form_key: str, typed: Typed) -> None:
        if len(typed.title) + sum(len(name) + len(value) for name, value in typed.fields) > LARGEST:
            raise Refused("draft.too_large")
        others = (draft.c.account_id == account_id, draft.c.form_key != form_key)
        with self._engine.connect() as connection:
            if connection.execute(select(func.count()).select_from(draft).where(*others)).scalar_one() >= MOST:
                raise Refused("draft.too_many", most=MOST)

    def _row(self, account_id: UUID, command_id: UUID) -> RowMapping | None:
        this = (draft.c.account_id == account_id, draft.c.command_id == command_id)
        with self._engine.connect() as connection:
            return connection.execute(select(draft).where(*this)).mappings().first()

    def _again(self, found: RowMapping, told: Mapping[str, Any], typed: Typed) -> Kept | None:
        """None if it was purged meanwhile, or its key cannot be used any more."""
        key = self._vault.find([found["key_id"]])[found["key_id"]]
        if not isinstance(key, Key):
            self._purge(draft.c.id == found["id"])
            return None
        values = {**told, "box": sealed(key, found["id"], typed)}
        with self._engine.begin() as connection:
            done = connection.execute(update(draft).where(draft.c.id == found["id"]).values(values)).rowcount
        return _kept({**found, **values}, typed) if done else None

    def _new(self, account_id: UUID, command_id: UUID, told: Mapping[str, Any], typed: Typed) -> Kept:
        id, key = uuid4(), self._vault.take()
        whose = {"id": id, "account_id": account_id, "command_id": command_id}
        row = {**whose, **told, "key_id": key.id, "box": sealed(key, id, typed)}
        with self._engine.begin() as connection:
            connection.execute(insert(draft).values(row))
        return _kept(row, typed)

    def of(self, account_id: UUID, form_key: str | None = None) -> list[Kept]:
        """The latest first; what has been recorded is none any more."""
        mine = [draft.c.account_id == account_id, draft.c.saved_at > _now() - KEPT_FOR]
        if form_key is not None:
            mine.append(draft.c.form_key == form_key)
        rows = self._rows(*mine)
        done = self.purge_recorded(account_id, [row["command_id"] for row in rows])
        return self._opened([row for row in rows if row["command_id"] not in done])

    def find(self, account_id: UUID, id: UUID) -> Kept | None:
        return next((kept for kept in self.of(account_id) if kept.id == id), None)

    def discard(self, account_id: UUID, id: UUID) -> bool:
        return self._purge(draft.c.account_id == account_id, draft.c.id == id) == 1

    def drop(self, account_id: UUID, command_id: UUID) -> None:
        """What was typed into this form was taken out again."""
        this = (draft.c.account_id == account_id, draft.c.command_id == command_id)
        self._purge(*this, files_stay=UNRECORDED)

    def purge_recorded(self, account_id: UUID, command_ids: Sequence[UUID]) -> set[UUID]:
        """Those of the forms whose first entry is in the chronicle; their drafts are gone."""
        entries = {entry: id for id in command_ids for entry in (id, uuid5(id, "0"))}
        done = {entries[entry] for entry in self._recorded(entries)} if entries else set[UUID]()
        if done:
            self._purge(draft.c.account_id == account_id, draft.c.command_id.in_(done), files_stay=UNRECORDED)
        return done

    def purge_old(self) -> int:
        return self._purge(draft.c.saved_at <= _now() - KEPT_FOR)

    def purge_about(
        self, *, position: int | None = None, subject: UUID | None = None, command_id: UUID | None = None
    ) -> int:
        """Of everybody: forms about this entry, this subject, or that would have recorded this command."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(draft.c.id, draft.c.form_key, draft.c.command_id)).all()
        about = [
            row.id
            for row in rows
            if (position is not None and position in entries_of(row.form_key))
            or (subject is not None and str(subject) in row.form_key)
            or (command_id is not None and command_id in (row.command_id, uuid5(row.command_id, "0")))
        ]
        return self._purge(draft.c.id.in_(about)) if about else 0

    def _opened(self, rows: Sequence[RowMapping]) -> list[Kept]:
        keys = self._vault.find(row["key_id"] for row in rows)
        opened = [(row, opened_box(keys[row["key_id"]], row)) for row in rows]
        return [_kept(row, typed) for row, typed in opened if typed]

    def _purge(self, *which: ColumnElement[bool], files_stay: timedelta = AT_ONCE) -> int:
        """The key first: what then is left of the row cannot be read. Files that no other draft speaks of go too."""
        rows = self._rows(*which)
        files = {name for kept in self._opened(rows) for name in kept.files}
        for row in rows:
            self._vault.erase(row["key_id"], "draft")
            with self._engine.begin() as connection:
                connection.execute(delete(draft).where(draft.c.id == row["id"]))
        if files:
            alone = files.difference(*(kept.files for kept in self._opened(self._rows())))
            self._files.let_go(alone, {row["account_id"] for row in rows}, files_stay)
        return len(rows)

    def _rows(self, *which: ColumnElement[bool]) -> Sequence[RowMapping]:
        with self._engine.connect() as connection:
            return connection.execute(select(draft).where(*which).order_by(draft.c.saved_at.desc())).mappings().all()


def kept_drafts(stores: Stores) -> Drafts:
    return Drafts(stores.accounts, stores.chronicle.vault, stores.chronicle.recorded_many, attachments(stores))


def entries_of(form_key: str) -> set[int]:
    return {int(found) for found in OF_ENTRY.findall(form_key)}


def sealed(key: Key, id: UUID, typed: Typed) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key.secret).encrypt(nonce, msgspec.json.encode(typed), bound(id, key.id))


def opened_box(key: Key | Erased | SealBroken, row: RowMapping) -> Typed | None:
    """None if it was purged a moment ago, or somebody changed it: then it is of no use, and no reason to stop."""
    if isinstance(key, Erased):
        return None
    try:
        if isinstance(key, SealBroken):
            raise key
        box = AESGCM(key.secret).decrypt(row["box"][:NONCE], row["box"][NONCE:], bound(row["id"], key.id))
    except (InvalidTag, SealBroken, ValueError):
        log.exception("a draft does not open", draft=str(row["id"]))
        return None
    return msgspec.json.decode(box, type=Typed)


def bound(id: UUID, key_id: UUID) -> bytes:
    return f"kronika/draft/v1\n{id}\n{key_id}".encode()


def _kept(row: Mapping[str, Any] | RowMapping, typed: Typed) -> Kept:
    return Kept(
        id=row["id"], command_id=row["command_id"], form_key=row["form_key"], saved_at=row["saved_at"], typed=typed
    )


def _now() -> datetime:
    return datetime.now(UTC)
