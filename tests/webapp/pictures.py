"""What do tests of files upload? The smallest picture, document and archive of each kind, made here."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from zipfile import ZipFile

PLACE = b"54.6872N 25.2797E"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def zipped(**files: bytes) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return content.getvalue()


DOCX = zipped(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
XLSX = zipped(**{"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})
ODT = zipped(mimetype=b"application/vnd.oasis.opendocument.text", **{"content.xml": b"<x/>"})
MACRO = zipped(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>", "word/vbaProject.bin": b"x"})
ARCHIVE = zipped(**{"a.txt": b"x"})


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def jpeg(width: int = 4, height: int = 2, turned: int = 6) -> bytes:
    """With a place in EXIF, in XMP, in a remark, and after its end."""
    tags = struct.pack(">H", 1) + struct.pack(">HHIHH", 0x0112, 3, 1, turned, 0) + struct.pack(">I", 0)
    return b"".join(
        (
            b"\xff\xd8",
            segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
            segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08" + tags + PLACE),
            segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE),
            segment(0xE2, b"ICC_PROFILE\0\1\1colours"),
            segment(0xED, b"Photoshop 3.0\0" + PLACE),
            segment(0xFE, PLACE),
            segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0"),
            segment(0xDA, b"\1\1\0\0\x3f\0"),
            b"pixels\xff\x00more\xff\xd0pixels" * 9000,
            segment(0xDA, b"\1\1\0\0\x3f\0"),
            b"finer pixels\xff\xff\xd9",
            PLACE,
        )
    )


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int = 4, height: int = 2) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (5 * 2))
    chunks = ((b"IHDR", head), (b"eXIf", PLACE), (b"iTXt", PLACE), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, content) for kind, content in chunks) + PLACE


def webp(width: int = 4, height: int = 2) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    parts = ((b"VP8X", b"\x0c\0\0\0" + size), (b"VP8 ", b"pixels" * 3), (b"EXIF", PLACE), (b"XMP ", PLACE))
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2) for kind, content in parts
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body
