"""Who may sign in, as what, and which sessions are open. Kept with what was recorded: it cannot be rebuilt."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Literal, get_args
from uuid import UUID, uuid4

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Engine,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    RowMapping,
    String,
    Table,
    TypeDecorator,
    Uuid,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from domain.refused import Refused, quoted
from webapp.passwords import check_password

Role = Literal["administrator", "lead", "secretariat", "auditor", "viewer"]
ROLES: tuple[Role, ...] = get_args(Role)

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)
LONGEST_EMAIL, LONGEST_NAME, LONGEST_AGENT, LONGEST_PASSWORD = 254, 200, 300, 1000

hasher = PasswordHasher()


class Instant(TypeDecorator[datetime]):
    """A moment in UTC on both databases; SQLite forgets the zone, and every moment here has it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


tables = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

account = Table(
    "account",
    tables,
    Column("id", Uuid, primary_key=True),
    Column("email", String(LONGEST_EMAIL), nullable=False, unique=True),
    Column("password_hash", String(200), nullable=False),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("role", String(20), nullable=False),
    Column("language", String(2)),
    Column("disabled_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("organisation_id", Uuid),
    CheckConstraint("role IN ({})".format(", ".join(f"'{role}'" for role in ROLES)), name="role"),
)

open_session = Table(
    "session",
    tables,
    Column("token_sha256", LargeBinary(32), primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("address", String(45)),
    Column("user_agent", String(LONGEST_AGENT), nullable=False),
    Index(None, "account_id"),
)


class Account(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    email: str
    name: str
    role: Role
    language: str | None
    disabled_at: datetime | None
    created_at: datetime
    organisation_id: UUID | None = None  # to which the person belongs


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    token_sha256: bytes
    account_id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str | None
    user_agent: str


SHOWN = [column for column in account.c if column.name != "password_hash"]
EVERYBODY = select(*SHOWN).order_by(account.c.email)
WHO_HOLDS = (
    select(*SHOWN, *(column.label(f"session_{column.name}") for column in open_session.c))
    .join_from(open_session, account)
    .where(
        open_session.c.token_sha256 == bindparam("token", type_=LargeBinary()),
        open_session.c.expires_at > bindparam("now", type_=Instant()),
        open_session.c.last_seen_at > bindparam("not_idle", type_=Instant()),
        account.c.disabled_at.is_(None),
    )
)


class Accounts:
    """Asked by the sign-in pages and by `kronika user`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(isolation_level="AUTOCOMMIT")

    def add(self, email: str, name: str, role: str, password: str, language: str | None = None) -> Account:
        added = Account(
            id=uuid4(),
            email=checked_email(email),
            name=checked_name(name),
            role=_checked_role(role),
            language=language,
            disabled_at=None,
            created_at=instant_now(),
        )
        check_password(password, added.email, added.name)
        row = {**msgspec.structs.asdict(added), "password_hash": hasher.hash(_as_typed(password))}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(account).values(row))
        except IntegrityError as error:
            raise Refused("account.email_taken", email=quoted(added.email)) from error
        return added

    def all(self) -> list[Account]:
        with self._reading.connect() as connection:
            return [_account(row) for row in connection.execute(EVERYBODY).mappings()]

    def by_email(self, email: str) -> Account:
        with self._reading.connect() as connection:
            row = connection.execute(select(*SHOWN).where(account.c.email == folded(email))).mappings().first()
        if row is None:
            raise Refused("account.not_there", email=quoted(email))
        return _account(row)

    def change_role(self, email: str, role: str) -> None:
        self._change(email, role=_checked_role(role))

    def change_name(self, email: str, name: str) -> None:
        self._change(email, name=checked_name(name))

    def change_organisation(self, email: str, organisation_id: UUID | None) -> None:
        self._change(email, organisation_id=organisation_id)

    def change_password(self, email: str, password: str) -> None:
        known = self.by_email(email)
        check_password(password, known.email, known.name)
        self._change(email, password_hash=hasher.hash(_as_typed(password)))
        self.end_all(known.id)

    def choose_language(self, id: UUID, language: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(account).where(account.c.id == id).values(language=language))

    def disable(self, email: str) -> None:
        """Nobody signs in with it any more, and its open sessions are over."""
        self._change(email, disabled_at=instant_now())
        self.end_all(self.by_email(email).id)

    def enable(self, email: str) -> None:
        self._change(email, disabled_at=None)

    def _change(self, email: str, **values: object) -> None:
        with self._engine.begin() as connection:
            done = connection.execute(update(account).where(account.c.email == folded(email)).values(**values))
        if done.rowcount == 0:
            raise Refused("account.not_there", email=quoted(email))

    def who_proves(self, email: str, password: str) -> Account | None:
        """The account of this address and password. None takes as long, whether either is wrong."""
        with self._reading.connect() as connection:
            found = connection.execute(select(account).where(account.c.email == folded(email))).mappings().first()
        proven = _verifies(found["password_hash"] if found else _nobodys_hash(), password)
        if not proven or found is None or found["disabled_at"] is not None:
            return None
        if hasher.check_needs_rehash(found["password_hash"]):
            self._change(email, password_hash=hasher.hash(_as_typed(password)))
        return _account(found)

    def begin(self, id: UUID, address: str | None, user_agent: str) -> str:
        """Open a session and return its token, which is stored nowhere: only its hash is."""
        token, now = secrets.token_urlsafe(32), instant_now()
        opened = OpenSession(
            token_sha256=hash_of(token),
            account_id=id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + LONGEST,
            address=address,
            user_agent=_printable(user_agent)[:LONGEST_AGENT],
        )
        with self._engine.begin() as connection:
            connection.execute(delete(open_session).where(open_session.c.expires_at <= now))
            connection.execute(insert(open_session).values(msgspec.structs.asdict(opened)))
        return token

    def who_holds(self, token: str) -> tuple[Account, OpenSession] | None:
        now = instant_now()
        asked = {"token": hash_of(token), "now": now, "not_idle": now - IDLE}
        with self._reading.connect() as connection:
            row = connection.execute(WHO_HOLDS, asked).mappings().first()
        if row is None:
            return None
        return _account(row), OpenSession(**{column.name: row[f"session_{column.name}"] for column in open_session.c})

    def open_sessions(self) -> int:
        now = instant_now()
        lasting = (open_session.c.expires_at > now, open_session.c.last_seen_at > now - IDLE)
        with self._engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(open_session).where(*lasting)).scalar_one())

    def note_seen(self, opened: OpenSession) -> None:
        """Every few minutes is enough for a limit of hours, and spares a write on most requests."""
        if instant_now() - opened.last_seen_at < SEEN_EVERY:
            return
        this = open_session.c.token_sha256 == opened.token_sha256
        with self._engine.begin() as connection:
            connection.execute(update(open_session).where(this).values(last_seen_at=instant_now()))

    def end(self, token: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(open_session).where(open_session.c.token_sha256 == hash_of(token)))

    def end_all(self, id: UUID) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(open_session).where(open_session.c.account_id == id))


def folded(email: str) -> str:
    """One address, one spelling; what no database can hold is no address."""
    return _printable(unicodedata.normalize("NFC", email.strip()).casefold())[: LONGEST_EMAIL + 1]


def checked_email(email: str) -> str:
    address = folded(email)
    before, at, after = address.rpartition("@")
    if not (before and at and after) or " " in address or len(address) > LONGEST_EMAIL:
        raise Refused("account.email_unreadable", email=quoted(email))
    return address


def hash_of(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def checked_name(name: str) -> str:
    clean = " ".join(_printable(name).split())
    if not clean:
        raise Refused("account.name_missing")
    if len(clean) > LONGEST_NAME:
        raise Refused("account.name_too_long", longest=LONGEST_NAME)
    return clean


def _checked_role(role: str) -> Role:
    for known in ROLES:
        if role == known:
            return known
    raise Refused("account.role_unknown", role=quoted(role), allowed=ROLES)


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def _as_typed(password: str) -> bytes:
    """The same bytes from every keyboard: composed and decomposed letters are one password."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _verifies(password_hash: str, password: str) -> bool:
    try:
        return hasher.verify(password_hash, _as_typed(password[:LONGEST_PASSWORD]))
    except VerificationError:
        return False


@cache
def _nobodys_hash() -> str:
    return hasher.hash(secrets.token_bytes(32))


def _account(row: RowMapping) -> Account:
    return Account(**{column.name: row[column.name] for column in SHOWN})


def instant_now() -> datetime:
    return datetime.now(UTC)
