"""Has every field of every kind of entry a name that people read?"""

from __future__ import annotations

from domain.chronicle.mapper import KINDS
from domain.entry import Entry
from webapp.field_names import FIELDS
from webapp.register import WORDS


def test_every_field_of_every_kind_has_a_name() -> None:
    own = {field for kind in KINDS for field in kind.__struct_fields__} - set(Entry.__struct_fields__)
    assert own | set(WORDS) == FIELDS.keys()
