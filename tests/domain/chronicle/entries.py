"""Kinds of entry that only these tests record, and how to make them quickly."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from domain.chronicle import LOCK_WAIT, Chronicle, Vault
from domain.chronicle.mapper import KINDS, EntryMapper
from domain.dates import PartialDate, parse
from domain.entry import Entry, Source
from domain.removal import WordsRemoved

SOMEBODY = UUID("11111111-1111-4111-8111-111111111111")
MOMENT = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Noted(Entry, tag="test.noted", frozen=True, kw_only=True):
    """Somebody noted something, with words of its own beside the usual ones."""

    words = (*Entry.words, "title")

    title: str
    codes: tuple[str, ...] = ()
    until: PartialDate | None = None
    count: int = 0


def noted(
    id: UUID,
    version: int = 1,
    *,
    title: str = "",
    note: str = "",
    source: Source | None = None,
    codes: tuple[str, ...] = (),
    command_id: UUID | None = None,
) -> Noted:
    return Noted(
        originator_id=id,
        originator_version=version,
        occurred=parse("2012~"),
        recorded_by=SOMEBODY,
        command_id=command_id or uuid4(),
        title=title,
        note=note,
        source=source,
        codes=codes,
    )


def words_removed(id: UUID, version: int, of: int) -> WordsRemoved:
    return WordsRemoved(
        originator_id=id,
        originator_version=version,
        occurred=parse("2026-11-22"),
        recorded_by=SOMEBODY,
        command_id=uuid4(),
        of=of,
        reason="personal_data",
    )


def mapper(vault: Vault) -> EntryMapper:
    return EntryMapper(vault, (*KINDS, Noted))


def chronicle_at(url: str, vault: Vault, lock_wait: float = LOCK_WAIT) -> Chronicle:
    return Chronicle(url, vault, mapper=mapper(vault), lock_wait=lock_wait)
