"""Which files are taken, under which names, and what do they tell of a place?"""

from __future__ import annotations

import os
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from domain.refused import Refused
from tests.webapp import pictures
from webapp.file_kinds import LARGEST_FILE, checked


def content(file: bytes, called: str = "a") -> bytes:
    return b"".join(checked(BytesIO(file), called).content())


def refusal(file: bytes, called: str = "a") -> str:
    with pytest.raises(Refused) as refused:
        checked(BytesIO(file), called)
    return refused.value.code


@pytest.mark.parametrize(
    ("file", "mimetype"),
    [
        (pictures.PDF, "application/pdf"),
        (pictures.jpeg(), "image/jpeg"),
        (pictures.png(), "image/png"),
        (pictures.webp(), "image/webp"),
        (pictures.DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (pictures.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (pictures.ODT, "application/vnd.oasis.opendocument.text"),
        ("ąčę ї ə\n".encode(), "text/plain"),
        (b"\xef\xbb\xbfdate;event\r\n", "text/plain"),
    ],
)
def test_a_file_is_known_by_its_content(file: bytes, mimetype: str) -> None:
    assert checked(BytesIO(file), "picture.exe").mimetype == mimetype


@pytest.mark.parametrize(
    "file",
    [
        pictures.ARCHIVE,
        pictures.MACRO,
        pictures.DOCX[:-30],
        b"PK\x03\x04" + b"x" * 100,
        b"MZ\x90\0" + b"\0" * 60,
        b"\x7fELF" + b"\0" * 60,
        b"#!/bin/sh\nrm -r /\n",
        b"GIF89a" + b"\0" * 20,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 20,
        b"\x1f\x8b\x08" + b"\0" * 20,
        "latin-1 ąž".encode("cp1257"),
        b"text with \0 in it",
    ],
)
def test_archives_programs_and_what_is_unknown_are_refused(file: bytes) -> None:
    assert refusal(file, "minutes.pdf") == "attachment.kind"


def test_size_and_pixels_have_an_end() -> None:
    assert refusal(b"") == "attachment.empty"
    assert refusal(b"x" * (LARGEST_FILE + 1)) == "attachment.too_large"
    assert len(content(b"x" * LARGEST_FILE)) == LARGEST_FILE
    for flood in (pictures.jpeg(65_000, 65_000), pictures.png(2**31, 2**31), pictures.webp(16_384, 16_384)):
        assert refusal(flood) == "attachment.too_many_pixels"
    assert refusal(pictures.png(0, 5)) == "attachment.too_many_pixels"


@pytest.mark.parametrize("picture", [pictures.jpeg(), pictures.png(), pictures.webp()])
def test_a_photograph_tells_no_place(picture: bytes) -> None:
    assert pictures.PLACE in picture
    cleaned = content(picture)
    assert pictures.PLACE not in cleaned
    assert content(cleaned) == cleaned
    assert b"pixels" in cleaned or b"IDAT" in cleaned


def test_a_photograph_stays_upright_and_keeps_its_colours() -> None:
    cleaned = content(pictures.jpeg(turned=6))
    assert b"Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6" in cleaned
    assert b"ICC_PROFILE" in cleaned
    assert b"JFIF" in cleaned
    assert b"Exif" not in content(pictures.jpeg(turned=1))


@pytest.mark.parametrize("picture", [pictures.jpeg(), pictures.png(), pictures.webp()])
def test_a_picture_that_is_cut_short_is_refused(picture: bytes) -> None:
    whole = len(content(picture))
    for length in (20, whole // 3, whole // 2):
        assert refusal(picture[:length]) == "attachment.damaged"


@given(st.sampled_from([pictures.jpeg(), pictures.png(), pictures.webp(), pictures.DOCX]), st.data())
def test_no_picture_stops_the_program(picture: bytes, data: st.DataObject) -> None:
    damaged = bytearray(picture)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, min(400, len(picture) - 1)))] = data.draw(st.integers(0, 255))
    with suppress(Refused):
        assert len(content(bytes(damaged))) <= len(damaged) + 40


DRAWN = """kind => new Promise(told => document.querySelector("canvas").toBlob(
    blob => blob.arrayBuffer().then(bytes => told([...new Uint8Array(bytes)])), kind))"""
SHOWN = """([bytes, kind]) => createImageBitmap(new Blob([new Uint8Array(bytes)], {type: kind}))
    .then(picture => [picture.width, picture.height])"""


def test_a_browser_still_shows_the_cleaned_picture(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<canvas width=8 height=4></canvas>")
    for kind in ("image/jpeg", "image/png", "image/webp"):
        cleaned = content(bytes(page.evaluate(DRAWN, kind)))
        assert page.evaluate(SHOWN, [list(cleaned), kind]) == [8, 4], kind
    page.close()


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("minutes.pdf", "minutes.pdf"),
        ("Minutes.PDF", "Minutes.PDF"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\ona\\Протокол 3.pdf", "Протокол 3.pdf"),
        ("run.exe", "run.exe.pdf"),
        ("gnp\u202efdp.exe", "gnpfdp.exe.pdf"),
        ("a\x00b\r\nc\u200b.pdf", "abc.pdf"),
        ('a"b<c>:d?.pdf', "a_b_c__d_.pdf"),
        ("..", "file.pdf"),
        (".pdf", "pdf.pdf"),
        ("", "file.pdf"),
        ("x" * 500 + ".pdf", "x" * 150 + ".pdf"),
        ("e\u0307.pdf", "ė.pdf"),
    ],
)
def test_a_name_is_only_a_name(called: str, name: str) -> None:
    assert checked(BytesIO(pictures.PDF), called).name == name


def test_checking_takes_little_time_and_memory() -> None:
    text = BytesIO(os.urandom(64).hex().encode() * (LARGEST_FILE // 128))
    assert checked(text, "a.txt").mimetype == "text/plain"
