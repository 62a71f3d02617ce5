"""Files that sources have: who brought which, what they are called, which entries use them, and when they go."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import IO
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    RowMapping,
    String,
    Table,
    Uuid,
    delete,
    exists,
    insert,
    select,
    update,
)

from domain.chronicle import PORTION, Chronicle, Recorded
from domain.chronicle.files import Files, derived, portions
from domain.chronicle.vault import NONCE, Erased, Key, SealBroken
from webapp.accounts import Instant, tables
from webapp.file_kinds import Checked, checked
from webapp.stores import Stores

UNRECORDED = timedelta(days=1)
STORED = "source_files"  # the field of a form that names them

attachment = Table(
    "attachment",
    tables,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mark", Uuid, nullable=False),
    Column("key_id", Uuid, nullable=False),
    Column("label", LargeBinary, nullable=False),
    Column("uploaded_by", Uuid, nullable=False),
    Column("uploaded_at", Instant, nullable=False),
    Column("kept_until", Instant, nullable=False),
    Index(None, "mark"),
)
used = Table(
    "attachment_use",
    tables,
    Column("sha256", String(64), primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Index(None, "position"),
)
state = Table(
    "attachment_state",
    tables,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("read_upto", BigInteger, nullable=False),
)
is_used = exists().where(used.c.sha256 == attachment.c.sha256)


class Label(msgspec.Struct, frozen=True):
    """What is sealed beside the file: words of people, too."""

    name: str
    mimetype: str


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    size: int
    key: Key
    label: Label


class Attachments:
    def __init__(self, engine: Engine, chronicle: Chronicle, files: Files) -> None:
        self._engine, self._chronicle, self.files = engine, chronicle, files
        self._vault = chronicle.vault

    def keep(self, account_id: UUID, file: IO[bytes], called: str) -> str:
        """The SHA-256 of what is stored. The same file again is linked, and mended if it was damaged."""
        found = checked(file, called)
        marks = [self._mark(content) for content in (found.content(), rewound(file))]
        self.note_uses()
        return self._known(account_id, marks, found) or self._new(account_id, marks[0], found)

    def _mark(self, content: Iterable[bytes]) -> UUID:
        """By which a file is known again, by nobody without the vault: as it is stored, or as it was brought."""
        digest = sha256()
        for portion in content:
            digest.update(portion)
        return self._vault.mark(UUID(bytes=digest.digest()[:16]))

    def _known(self, account_id: UUID, marks: Sequence[UUID], found: Checked) -> str | None:
        """Of somebody else only what is in the register."""
        mine = (attachment.c.mark.in_(marks), (attachment.c.uploaded_by == account_id) | is_used)
        with self._engine.connect() as connection:
            rows = connection.execute(select(attachment).where(*mine)).mappings().all()
        for one in self._opened(rows):
            if self.files.state(one.sha256) == "sound" or self._mended(one, found):
                self.hold([one.sha256], UNRECORDED)
                return one.sha256
        return None

    def _mended(self, one: Attachment, found: Checked) -> bool:
        stored = self.files.put(one.key, found.content)
        if stored.sha256 != one.sha256:
            self.files.remove(stored.sha256)
        return stored.sha256 == one.sha256

    def _new(self, account_id: UUID, mark: UUID, found: Checked) -> str:
        key, now = self._vault.take(), datetime.now(UTC)
        stored = self.files.put(key, found.content)
        row = {
            "sha256": stored.sha256,
            "size": stored.size,
            "mark": mark,
            "key_id": key.id,
            "label": sealed_label(key, Label(found.name, found.mimetype)),
            "uploaded_by": account_id,
            "uploaded_at": now,
            "kept_until": now + UNRECORDED,
        }
        with self._engine.begin() as connection:
            connection.execute(insert(attachment).values(row))
        return stored.sha256

    def find(self, names: Iterable[str]) -> dict[str, Attachment]:
        """Those whose key is there."""
        wanted = list(names)
        if not wanted:
            return {}
        with self._engine.connect() as connection:
            rows = connection.execute(select(attachment).where(attachment.c.sha256.in_(wanted))).mappings().all()
        return {one.sha256: one for one in self._opened(rows)}

    def hold(self, names: Iterable[str], time: timedelta) -> None:
        """Not to be purged so soon: a form or a draft has them."""
        until, held = datetime.now(UTC) + time, sorted(set(names))
        if not held:
            return
        with self._engine.begin() as connection:
            for name in held:
                this = (attachment.c.sha256 == name, attachment.c.kept_until < until)
                connection.execute(update(attachment).where(*this).values(kept_until=until))

    def note_uses(self) -> bool:
        """Read which entries use which files, up to now. False where an entry stands in the way that does not open."""
        last = self._chronicle.last_position()
        if not self._has_any():
            self._go_to(last)
        while True:
            with self._engine.connect() as connection:
                upto = connection.execute(select(state.c.read_upto)).scalar_one()
            found = self._chronicle.after(upto, PORTION)
            readable = before_the_first_broken(found)
            if readable:
                self._note(upto, readable)
            if len(readable) < max(1, len(found)):
                return not found

    def _has_any(self) -> bool:
        with self._engine.connect() as connection:
            return connection.execute(select(attachment.c.sha256).limit(1)).first() is not None

    def _go_to(self, last: int) -> None:
        """Entries recorded before there was any file use none."""
        with self._engine.begin() as connection:
            connection.execute(update(state).where(state.c.read_upto < last).values(read_upto=last))

    def _note(self, upto: int, found: Sequence[Recorded]) -> None:
        """Nothing, if another worker was first."""
        uses = [{"sha256": name, "position": each.position} for each in found for name in files_of(each)]
        with self._engine.begin() as connection:
            mine = (state.c.read_upto == upto,)
            done = connection.execute(update(state).where(*mine).values(read_upto=found[-1].position))
            if done.rowcount and uses:
                connection.execute(insert(used), uses)

    def used_by(self, position: int) -> list[Attachment]:
        """The files that this entry uses and no other."""
        self.note_uses()
        with self._engine.connect() as connection:
            names = connection.execute(select(used.c.sha256).where(used.c.position == position)).scalars().all()
            alone = [name for name in names if not others_use(connection, name, [position])]
        return list(self.find(alone).values())

    def words_removed(self, positions: Sequence[int]) -> int:
        """Files that no other entry uses go for ever; how many. Can be repeated."""
        self.note_uses()
        with self._engine.connect() as connection:
            names = connection.execute(select(used.c.sha256).where(used.c.position.in_(positions))).scalars().all()
            alone = [name for name in sorted(set(names)) if not others_use(connection, name, positions)]
            rows = connection.execute(select(attachment).where(attachment.c.sha256.in_(alone))).mappings().all()
        for row in rows:
            self._erase(row)
        with self._engine.begin() as connection:
            connection.execute(delete(used).where(used.c.position.in_(positions)))
        return len(rows)

    def let_go(self, names: Iterable[str], brought_by: Iterable[UUID], after: timedelta) -> None:
        """No draft speaks of them any more: what no entry uses goes then, and now if nothing is to be waited for."""
        these = attachment.c.sha256.in_(list(names)) & attachment.c.uploaded_by.in_(list(brought_by))
        with self._engine.begin() as connection:
            connection.execute(update(attachment).where(these).values(kept_until=datetime.now(UTC) + after))
        if not after and self.note_uses():
            self._erase_late(these)

    def purge(self) -> int:
        """What was brought and never recorded; how many. Nothing, where it is not known what entries use."""
        if not self.note_uses():
            return 0
        gone = self._erase_late()
        with self._engine.connect() as connection:
            known = connection.execute(select(attachment.c.sha256)).scalars().all()
        self.files.sweep(known, UNRECORDED.total_seconds())
        return gone

    def _erase_late(self, *which: ColumnElement[bool]) -> int:
        with self._engine.connect() as connection:
            late = (attachment.c.kept_until < datetime.now(UTC), ~is_used, *which)
            rows = connection.execute(select(attachment).where(*late)).mappings().all()
        for row in rows:
            self._erase(row)
        return len(rows)

    def _erase(self, row: RowMapping) -> None:
        """The key first: what then is left cannot be read. The row last: until then it is repeated."""
        self._vault.erase(row["key_id"], "file")
        self.files.remove(row["sha256"])
        with self._engine.begin() as connection:
            connection.execute(delete(attachment).where(attachment.c.sha256 == row["sha256"]))

    def _opened(self, rows: Sequence[RowMapping]) -> list[Attachment]:
        keys = self._vault.find(row["key_id"] for row in rows)
        return [one for row in rows if (one := opened(row, keys))]


def attachments(stores: Stores) -> Attachments:
    return Attachments(stores.accounts, stores.chronicle, stores.files)


def rewound(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    yield from portions(file)


def before_the_first_broken(found: Sequence[Recorded]) -> list[Recorded]:
    broken = (n for n, each in enumerate(found) if isinstance(each.problem, SealBroken))
    return list(found[: next(broken, len(found))])


def files_of(recorded: Recorded) -> tuple[str, ...]:
    if recorded.problem or recorded.entry.source is None:
        return ()
    return tuple(dict.fromkeys(recorded.entry.source.files))


def others_use(connection: Connection, name: str, positions: Sequence[int]) -> bool:
    others = select(used.c.position).where(used.c.sha256 == name, used.c.position.not_in(positions)).limit(1)
    return connection.execute(others).first() is not None


def sealed_label(key: Key, label: Label) -> bytes:
    number = os.urandom(NONCE)
    return number + AESGCM(derived(key, b"label")).encrypt(number, msgspec.json.encode(label), None)


def opened(row: RowMapping, keys: Mapping[UUID, Key | Erased | SealBroken]) -> Attachment | None:
    key = keys[row["key_id"]]
    if not isinstance(key, Key):
        return None
    try:
        said = AESGCM(derived(key, b"label")).decrypt(row["label"][:NONCE], row["label"][NONCE:], None)
    except (InvalidTag, ValueError):
        return None
    label = msgspec.json.decode(said, type=Label)
    return Attachment(sha256=row["sha256"], size=row["size"], key=key, label=label)
