"""Writes the stored example of every kind of entry that has none yet: python -m tests.domain.chronicle.examples"""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID, uuid5

import msgspec

from domain.chronicle import Vault
from domain.chronicle.mapper import KINDS, EntryMapper, read_head, unsealed
from domain.chronicle.vault import Key
from domain.dates import PartialDate, parse
from domain.entry import Entry
from tests.domain.chronicle.entries import MOMENT

STORED = Path(__file__).parent / "stored"
NAMES = Path(__file__).parent / "stored_names.txt"
WRITTEN = {"amount": "50.00", "currency": "EUR"}
NAMESPACE = UUID("5f0c7a52-6c3e-4c55-9d3f-1f6f5b1f7d10")


def path_of(name: str, version: int) -> Path:
    return STORED / f"{name}.{version}.json"


def example_of(kind: Any, field: str) -> Any:
    """Some value of the type of a field, the same each time."""
    if get_origin(kind) in (Union, UnionType):
        return example_of(next(each for each in get_args(kind) if each is not type(None)), field)
    if get_origin(kind) is Literal:
        return next(value for value in reversed(get_args(kind)) if value)
    if get_origin(kind) is tuple:
        return (example_of(get_args(kind)[0], field),)
    if isinstance(kind, type) and issubclass(kind, PartialDate):
        return parse("2012~")
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind(**fields_of(kind))
    text = WRITTEN.get(field, f"{field} ž")
    return {str: text, int: 1, bool: True, datetime: MOMENT, UUID: uuid5(NAMESPACE, field)}[kind]


def fields_of(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {field.name: example_of(field.type, field.name) for field in msgspec.structs.fields(kind)}


def entry_of(kind: type[Entry]) -> Entry:
    return msgspec.structs.replace(kind(**fields_of(kind)), recorded_at=MOMENT)


def stored(kind: type[Entry], vault: Vault) -> dict[str, Any]:
    """The state as it is stored, and the words that its seal hides."""
    mapper = EntryMapper(vault, (kind,))
    fresh = mapper.fresh(entry_of(kind), MOMENT)
    sealed, words = read_head(fresh.state).sealed, None
    if sealed:
        key = vault.find([sealed.key])[sealed.key]
        assert isinstance(key, Key)
        words = unsealed(key, sealed, fresh.name, fresh.originator_id, fresh.originator_version).decode()
    return {"name": fresh.name, "state": fresh.state.decode(), "words": words}


def write_missing() -> None:
    STORED.mkdir(exist_ok=True)
    missing = {path_of(kind.stored_name(), kind.version_of_form): kind for kind in KINDS}
    with (
        tempfile.TemporaryDirectory() as folder,
        Vault.create(f"sqlite:///{folder}/vault.db", Path(folder) / "key") as vault,
    ):
        for path, kind in missing.items():
            if not path.exists():
                path.write_text(json.dumps(stored(kind, vault), ensure_ascii=False, indent=1) + "\n", "utf-8")
    known = set(NAMES.read_text("utf-8").split()) if NAMES.exists() else set()
    NAMES.write_text("\n".join(sorted(known | {kind.stored_name() for kind in KINDS})) + "\n", "utf-8")


if __name__ == "__main__":
    write_missing()
