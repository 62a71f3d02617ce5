"""Is a file kept whole, sealed, under the name of what is stored, or not at all?"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.chronicle.files import PORTION, SALT, TAG, Files, FilesUnavailable, opened, sealed
from domain.chronicle.vault import Key, SealBroken

KEY = Key(UUID(int=1), b"k" * 32)
WORDS = b"Ona Petraitiene said so. "
EDGES = [0, 1, PORTION - 1, PORTION, PORTION + 1, 3 * PORTION, 3 * PORTION + 7]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files")


def read(files: Files, key: Key, name: str) -> bytes:
    return b"".join(files.content(key, name))


@pytest.mark.parametrize("size", EDGES)
def test_what_was_put_in_comes_out(files: Files, size: int) -> None:
    content = (WORDS * (size // len(WORDS) + 1))[:size]
    stored = files.put(KEY, lambda: [content])
    assert stored.size == size
    assert read(files, KEY, stored.sha256) == content
    assert files.state(stored.sha256) == "sound"
    lies = files.path(stored.sha256).read_bytes()
    assert sha256(lies).hexdigest() == stored.sha256
    assert WORDS not in lies
    assert len(lies) == SALT + size + TAG * max(1, -(-size // PORTION))
    assert files.path(stored.sha256).stat().st_mode & 0o777 == 0o600


@given(st.lists(st.binary(max_size=300)))
def test_how_it_is_portioned_makes_no_difference(content: list[bytes]) -> None:
    whole = b"".join(sealed(KEY, b"s" * SALT, [b"".join(content)]))
    assert b"".join(sealed(KEY, b"s" * SALT, content)) == whole


def test_the_same_content_and_key_make_the_same_file_and_others_another(files: Files) -> None:
    first = files.put(KEY, lambda: [b"a"])
    assert files.put(KEY, lambda: [b"a"]) == first
    assert files.put(KEY, lambda: [b"b"]).sha256 != first.sha256
    assert files.put(Key(uuid4(), KEY.secret), lambda: [b"a"]).sha256 != first.sha256
    salts = {files.path(name).read_bytes()[:SALT] for name in files.names()}
    assert len(salts) == 3


@settings(max_examples=30)
@given(st.data())
def test_a_change_anywhere_is_an_alarm(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    files = Files(tmp_path_factory.mktemp("files"))
    stored = files.put(KEY, lambda: [WORDS * 6000])
    path = files.path(stored.sha256)
    lies = bytearray(path.read_bytes())
    lies[data.draw(st.integers(0, len(lies) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(lies)
    assert files.state(stored.sha256) == "altered"
    with pytest.raises(SealBroken):
        read(files, KEY, stored.sha256)


@pytest.mark.parametrize("kept", [SALT, SALT + PORTION + TAG, SALT + 2 * (PORTION + TAG), SALT + 10])
def test_what_is_cut_off_or_moved_does_not_open(files: Files, kept: int) -> None:
    stored = files.put(KEY, lambda: [b"x" * 3 * PORTION])
    path, lies = files.path(stored.sha256), files.path(stored.sha256).read_bytes()
    path.write_bytes(lies[:kept])
    with pytest.raises(SealBroken):
        read(files, KEY, stored.sha256)
    first, second = (lies[SALT + n * (PORTION + TAG) :][: PORTION + TAG] for n in (0, 1))
    path.write_bytes(lies[:SALT] + second + first + lies[SALT + 2 * (PORTION + TAG) :])
    with pytest.raises(SealBroken):
        read(files, KEY, stored.sha256)


def test_another_key_opens_nothing(files: Files) -> None:
    stored = files.put(KEY, lambda: [b"x"])
    for key in (Key(KEY.id, b"l" * 32), Key(uuid4(), KEY.secret)):
        with pytest.raises(SealBroken), files.path(stored.sha256).open("rb") as file:
            list(opened(key, file))


def test_a_half_file_leaves_nothing(files: Files) -> None:
    calls = 0

    def broken_off() -> Iterator[bytes]:
        nonlocal calls
        calls += 1
        yield b"x" * 3 * PORTION
        if calls == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(FilesUnavailable) as full:
        files.put(KEY, broken_off)
    assert full.value.reason == "full"
    assert list(files.folder.iterdir()) == []


def test_a_file_that_is_missing_or_no_name_of_one_is_said(files: Files) -> None:
    stored = files.put(KEY, lambda: [b"x"])
    files.remove(stored.sha256)
    assert files.state(stored.sha256) == "missing"
    for name in ("../key", "/etc/passwd", "", "A" * 64):
        with pytest.raises(SealBroken):
            files.path(name)


def test_what_was_begun_and_what_nobody_knows_is_swept_out_when_old(files: Files) -> None:
    known, unknown = files.put(KEY, lambda: [b"known"]).sha256, files.put(KEY, lambda: [b"unknown"]).sha256
    begun = files.folder / ".abc.unfinished"
    begun.touch()
    foreign = files.folder / "notes.txt"
    foreign.touch()
    assert files.sweep([known], 60) == 0
    for path in files.folder.iterdir():
        os.utime(path, (time.time() - 61,) * 2)
    assert files.sweep([known], 60) == 2
    assert not begun.exists()
    assert not files.path(unknown).exists()
    assert foreign.exists()
    assert files.names() == [known]
    assert Files(files.folder / "none").names() == []
