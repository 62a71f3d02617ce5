"""Whose form is it, and how does what was typed pass through a new sign-in? Sealed, so that only its author sees it."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from flask import Flask, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from webapp import who
from webapp.addresses import this_address
from webapp.pages import typed
from webapp.sent_forms import has_files

WHOSE = "whose"
SECONDS_KEPT = 7 * 24 * 60 * 60


class KeptForm(msgspec.Struct, frozen=True, kw_only=True):
    """A form that was sent when its session was over, and where it was sent to."""

    account_id: UUID
    address: str
    fields: list[tuple[str, str]]
    had_files: bool = False
    sent_at: datetime = msgspec.field(default_factory=lambda: datetime.now(UTC))


def whose() -> str:
    """For a hidden field of every form: the account that opened it, signed."""
    account = who.account()
    return _signer().dumps(account.id.hex) if account else ""


def author() -> UUID | None:
    """The account that opened the form of this request; None if the form does not say, or says what we did not."""
    try:
        return UUID(_signer().loads(request.form.get(WHOSE, "")))
    except (BadSignature, ValueError, TypeError, AttributeError):
        return None


def is_anothers() -> bool:
    """True when somebody else has signed in since the form of this request was opened."""
    account, opened_by = who.account(), author()
    return account is not None and opened_by is not None and opened_by != account.id


def kept() -> str:
    """The form of this request, for a hidden field of the sign-in page; empty if nobody knows whose it is."""
    account_id = author()
    if account_id is None:
        return ""
    form = KeptForm(account_id=account_id, address=this_address(), fields=typed(), had_files=has_files())
    return _cipher().encrypt(zlib.compress(msgspec.json.encode(form))).decode()


def opened(sealed: str) -> KeptForm | None:
    """None if it was altered or is too old. Only the person of `account_id` may see it."""
    try:
        return msgspec.json.decode(zlib.decompress(_cipher().decrypt(sealed.encode(), SECONDS_KEPT)), type=KeptForm)
    except (InvalidToken, UnicodeEncodeError):
        return None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="kronika/whose")


def _cipher() -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"kronika/kept-form/v1\n" + str(current_app.secret_key).encode()).digest()))


def init_app(app: Flask) -> None:
    app.jinja_env.globals["whose"] = whose
