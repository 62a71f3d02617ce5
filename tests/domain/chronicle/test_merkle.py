"""Are proofs those of RFC 9162, and is every false one refused?"""

from __future__ import annotations

import json
from base64 import b64decode
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from domain.chronicle.merkle import (
    EMPTY,
    ProofRefused,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

LARGEST = 130
OTHER = sha256(b"other").digest()
LEAVES = [sha256(b"\x00" + bytes([n])).digest() for n in range(LARGEST)]
# published vectors of github.com/transparency-dev/merkle (Apache-2.0), one a line
VECTORS = [json.loads(line) for line in (Path(__file__).parent / "rfc6962-vectors.jsonl").read_text().splitlines()]


class Entry(NamedTuple):
    originator_id: UUID
    originator_version: int
    name: str
    state: bytes


def naive_root(leaves: list[bytes]) -> bytes:
    """As the RFC defines it: recursively, split at the largest power of two below the size."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    k = max(2**e for e in range(8) if 2**e < len(leaves))
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = max(2**e for e in range(8) if 2**e < len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_consistency(m: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = max(2**e for e in range(8) if 2**e < len(leaves))
    if m <= k:
        return [*naive_consistency(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_consistency(m - k, leaves[k:], False), naive_root(leaves[:k])]


def is_refused(vector: dict[str, Any]) -> bool:
    """Also where a vector's hashes are not of 32 bytes, as one published root is."""
    return vector["wantErr"] or len(b64decode(vector.get("root1") or vector["root"])) != 32


def hashes(vector: dict[str, Any], key: str) -> list[bytes]:
    return [b64decode(each) for each in vector[key] or []]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['kind']}/{vector['name']}")
def test_published_vectors_are_judged_as_published(vector: dict[str, Any]) -> None:
    def judge() -> None:
        if vector["kind"] == "inclusion":
            leaf, top = b64decode(vector["leafHash"]), b64decode(vector["root"])
            verify_inclusion(vector["leafIdx"], vector["treeSize"], leaf, hashes(vector, "proof"), top)
        else:
            old, new = b64decode(vector["root1"]), b64decode(vector["root2"])
            verify_consistency(vector["size1"], vector["size2"], old, new, hashes(vector, "proof"))

    if is_refused(vector):
        with pytest.raises(ProofRefused):
            judge()
    else:
        judge()


def test_the_vectors_hold_both_kinds_of_both_verdicts() -> None:
    assert {(vector["kind"], vector["wantErr"]) for vector in VECTORS} == {
        ("inclusion", True),
        ("inclusion", False),
        ("consistency", True),
        ("consistency", False),
    }


def test_every_root_equals_the_definition() -> None:
    assert root([]) == EMPTY
    for size in range(LARGEST + 1):
        assert root(LEAVES[:size]) == naive_root(LEAVES[:size])


def test_every_inclusion_proof_equals_the_definition_and_verifies() -> None:
    for size in range(1, LARGEST + 1):
        top = naive_root(LEAVES[:size])
        for index in range(size):
            proof = inclusion_proof(index, LEAVES[:size])
            assert proof == naive_path(index, LEAVES[:size])
            verify_inclusion(index, size, LEAVES[index], proof, top)


def test_every_consistency_proof_equals_the_definition_and_verifies() -> None:
    roots = [naive_root(LEAVES[:size]) for size in range(LARGEST + 1)]
    for size2 in range(1, LARGEST + 1):
        for size1 in range(1, size2 + 1):
            proof = consistency_proof(size1, LEAVES[:size2])
            assert proof == naive_consistency(size1, LEAVES[:size2])
            verify_consistency(size1, size2, roots[size1], roots[size2], proof)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 64, 65])
def test_an_inclusion_proof_proves_nothing_else(size: int) -> None:
    top = root(LEAVES[:size])
    for index in range(size):
        proof = inclusion_proof(index, LEAVES[:size])
        refuses_inclusion(index, size, OTHER, proof, top)
        refuses_inclusion(index, size, LEAVES[index], [*proof, OTHER], top)
        refuses_inclusion(index, size, LEAVES[index], proof, OTHER)
        for wrong in {index + 1, index - 1} - {index}:
            refuses_inclusion(wrong, size, LEAVES[index], proof, top)
        for place in range(len(proof)):
            refuses_inclusion(index, size, LEAVES[index], proof[:place] + proof[place + 1 :], top)
            refuses_inclusion(index, size, LEAVES[index], [*proof[:place], OTHER, *proof[place + 1 :]], top)


def refuses_inclusion(index: int, size: int, leaf: bytes, proof: list[bytes], top: bytes) -> None:
    with pytest.raises(ProofRefused):
        verify_inclusion(index, size, leaf, proof, top)


@pytest.mark.parametrize("size2", [2, 3, 5, 8, 13, 64, 65])
def test_a_consistency_proof_proves_nothing_else(size2: int) -> None:
    new = root(LEAVES[:size2])
    for size1 in range(1, size2):
        old, proof = root(LEAVES[:size1]), consistency_proof(size1, LEAVES[:size2])
        refuses_consistency(size1, size2, OTHER, new, proof)
        refuses_consistency(size1, size2, old, OTHER, proof)
        refuses_consistency(size1, size2, old, new, [])
        refuses_consistency(size1, size2, old, new, [*proof, OTHER])
        for place in range(len(proof)):
            refuses_consistency(size1, size2, old, new, proof[:place] + proof[place + 1 :])
            refuses_consistency(size1, size2, old, new, [*proof[:place], OTHER, *proof[place + 1 :]])


def test_a_tree_is_consistent_with_itself_alone() -> None:
    verify_consistency(3, 3, LEAVES[0], LEAVES[0], [])
    refuses_consistency(3, 3, LEAVES[0], LEAVES[1], [])
    refuses_consistency(3, 3, LEAVES[0], LEAVES[0], [LEAVES[0]])


@pytest.mark.parametrize(("size1", "size2"), [(0, 3), (4, 3), (-1, 3), (0, 0)])
def test_sizes_that_cannot_be_are_refused(size1: int, size2: int) -> None:
    refuses_consistency(size1, size2, LEAVES[0], LEAVES[1], [LEAVES[2]])
    with pytest.raises(ProofRefused):
        consistency_proof(size1, LEAVES[: max(size2, 0)])


def refuses_consistency(size1: int, size2: int, old: bytes, new: bytes, proof: list[bytes]) -> None:
    with pytest.raises(ProofRefused):
        verify_consistency(size1, size2, old, new, proof)


@pytest.mark.parametrize("index", [-1, 3])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(ProofRefused):
        inclusion_proof(index, LEAVES[:3])


def test_a_hash_of_another_length_is_refused() -> None:
    refuses_inclusion(0, 1, b"short", [], b"short")
    refuses_inclusion(0, 2, LEAVES[0], [LEAVES[1][:31]], root(LEAVES[:2]))
    refuses_consistency(1, 2, LEAVES[0], root(LEAVES[:2]), [LEAVES[1] + b"\x00"])


def test_a_leaf_is_the_hash_of_what_trust_promises() -> None:
    entry = Entry(UUID("0A0B0C0D-0000-4000-8000-000000000001"), 7, "membership.joined", b'{"v":1}')
    content = sha256(b'{"v":1}').hexdigest()
    text = f"kronika/v1\n0a0b0c0d-0000-4000-8000-000000000001\n7\nmembership.joined\n{content}\n"
    assert leaf_hash(entry) == sha256(b"\x00" + text.encode()).digest()


def test_every_part_of_an_entry_is_in_its_leaf() -> None:
    entry = Entry(UUID(int=1), 7, "membership.joined", b'{"v":1}')
    changed = [
        entry._replace(originator_id=UUID(int=2)),
        entry._replace(originator_version=8),
        entry._replace(name="membership.renewed"),
        entry._replace(state=b'{"v":2}'),
    ]
    assert len({leaf_hash(each) for each in (entry, *changed)}) == 5
    assert all(a != b for a, b in pairwise(changed))
