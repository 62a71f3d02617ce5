"""A file that arrives in portions, so that one that was cut off goes on: sealed from the first, for one person."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.chronicle.files import UNFINISHED, told_apart
from domain.chronicle.vault import NONCE, SealBroken
from domain.refused import Refused
from webapp.file_kinds import LARGEST_FILE

HEAD, TAG = 4, 16
LARGEST_PORTION = 1024 * 1024


class UnfinishedFiles:
    """In the folder of files, which is swept of what was never finished."""

    def __init__(self, folder: Path, secret: str) -> None:
        self._folder, self._secret = folder, secret.encode()

    def received(self, account_id: UUID, id: UUID) -> int:
        """How much of it is here."""
        return sum(len(box) - NONCE - TAG for box in self._boxes(account_id, id))

    def add(self, account_id: UUID, id: UUID, offset: int, portion: bytes) -> int:
        """How much of it is here then. Nothing is added where the portion does not begin at what is missing."""
        here = self.received(account_id, id)
        if offset != here or not 0 < len(portion) <= LARGEST_PORTION:
            return here
        if here + len(portion) > LARGEST_FILE:
            self.remove(account_id, id)
            raise Refused("attachment.too_large", file="…", most=LARGEST_FILE // 1024**2)
        nonce = os.urandom(NONCE)
        box = nonce + self._cipher(account_id, id).encrypt(nonce, portion, str(offset).encode())
        with told_apart():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            opened = os.open(self._path(account_id, id), os.O_RDWR | os.O_CREAT, 0o600)
            with os.fdopen(opened, "r+b") as file:
                file.seek(sum(HEAD + len(whole) for whole in self._boxes(account_id, id)))
                file.truncate()
                file.write(len(box).to_bytes(HEAD, "big") + box)
        return here + len(portion)

    @contextmanager
    def finished(self, account_id: UUID, id: UUID) -> Iterator[IO[bytes]]:
        """What arrived, as a file without a name that is gone afterwards; what was kept of it goes, too."""
        with tempfile.TemporaryFile() as file:
            for portion in self._portions(account_id, id):
                file.write(portion)
            file.seek(0)
            yield file
        self.remove(account_id, id)

    def remove(self, account_id: UUID, id: UUID) -> None:
        with told_apart():
            self._path(account_id, id).unlink(missing_ok=True)

    def _portions(self, account_id: UUID, id: UUID) -> Iterator[bytes]:
        cipher, offset = self._cipher(account_id, id), 0
        for box in self._boxes(account_id, id):
            try:
                portion = cipher.decrypt(box[:NONCE], box[NONCE:], str(offset).encode())
            except InvalidTag as error:
                raise SealBroken("a portion of a file is not what was sealed") from error
            offset += len(portion)
            yield portion

    def _boxes(self, account_id: UUID, id: UUID) -> Iterator[bytes]:
        """Whole ones: of what was being written when the power failed, the rest comes again."""
        with suppress(FileNotFoundError), self._path(account_id, id).open("rb") as file:
            while len(head := file.read(HEAD)) == HEAD:
                size = int.from_bytes(head, "big")
                if len(box := file.read(size)) < size or size < NONCE + TAG:
                    return
                yield box

    def _path(self, account_id: UUID, id: UUID) -> Path:
        return self._folder / f".{sha256(account_id.bytes + id.bytes).hexdigest()[:32]}{UNFINISHED}"

    def _cipher(self, account_id: UUID, id: UUID) -> AESGCM:
        info = b"kronika/unfinished/v1\n" + account_id.bytes + id.bytes
        return AESGCM(HKDF(SHA256(), 32, None, info).derive(self._secret))
