"""What proves that an entry is in the chronicle, and that the chronicle only grew (RFC 9162, SHA-256)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Protocol
from uuid import UUID

EMPTY = sha256(b"").digest()


class ProofRefused(ValueError):
    """A proof, a size or a root is not what it claims to be."""


class Stored(Protocol):
    """What was stored of one entry."""

    @property
    def originator_id(self) -> UUID: ...
    @property
    def originator_version(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def state(self) -> bytes: ...


def leaf_hash(entry: Stored) -> bytes:
    """The state enters by its hash, so that who may not read it can verify all the same."""
    content = sha256(entry.state).hexdigest()
    text = f"kronika/v1\n{entry.originator_id}\n{entry.originator_version}\n{entry.name}\n{content}\n"
    return sha256(b"\x00" + text.encode()).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in order of position; memory grows with the logarithm of their number."""
    peaks: list[bytes] = []
    for size, leaf in enumerate(leaves, 1):
        peak = leaf
        for _ in range((size & -size).bit_length() - 1):
            peak = node_hash(peaks.pop(), peak)
        peaks.append(peak)
    if not peaks:
        return EMPTY
    top = peaks.pop()
    while peaks:
        top = node_hash(peaks.pop(), top)
    return top


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that lead from the leaf at `index`, counted from 0, to the root."""
    if not 0 <= index < len(leaves):
        raise ProofRefused("there is no such leaf")
    proof: list[bytes] = []
    low, high = 0, len(leaves)
    while high - low > 1:
        middle = low + split(high - low)
        if index < middle:
            proof.append(root(leaves[middle:high]))
            high = middle
        else:
            proof.append(root(leaves[low:middle]))
            low = middle
    return proof[::-1]


def consistency_proof(size1: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that show that the tree over `leaves` begins with the tree over the first `size1` of them."""
    if not 0 < size1 <= len(leaves):
        raise ProofRefused("the older tree must have a leaf and may not be larger")
    proof: list[bytes] = []
    low, high, whole = 0, len(leaves), True
    while size1 != high:
        middle = low + split(high - low)
        if size1 <= middle:
            proof.append(root(leaves[middle:high]))
            high = middle
        else:
            proof.append(root(leaves[low:middle]))
            low, whole = middle, False
    if not whole:
        proof.append(root(leaves[low:high]))
    return proof[::-1]


def split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def verify_inclusion(index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raises ProofRefused unless the leaf is at `index` of the tree of `size` leaves with that root."""
    if not 0 <= index < size:
        raise ProofRefused("the leaf lies outside the tree")
    well_formed(leaf_hash, root, *proof)
    at, last, known = index, size - 1, leaf_hash
    for step in proof:
        if last == 0:
            raise ProofRefused("the proof is too long")
        known, at, last = climbed(known, step, at, last)
    agrees(last, known, root)


def verify_consistency(size1: int, size2: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> None:
    """Raises ProofRefused unless the tree of `size2` leaves begins with the tree of `size1` leaves."""
    if not 0 < size1 <= size2:
        raise ProofRefused("the sizes are not those of an older and a newer tree")
    well_formed(root1, root2, *proof)
    if size1 == size2:
        same_tree(root1, root2, proof)
        return
    path = [root1, *proof] if size1 & (size1 - 1) == 0 else list(proof)
    if not path:
        raise ProofRefused("the proof is too short")
    grown(size1, size2, root1, root2, path)


def same_tree(root1: bytes, root2: bytes, proof: Sequence[bytes]) -> None:
    if proof:
        raise ProofRefused("the proof is too long")
    if root1 != root2:
        raise ProofRefused("two trees of the same size differ")


def grown(size1: int, size2: int, root1: bytes, root2: bytes, path: Sequence[bytes]) -> None:
    at, last = size1 - 1, size2 - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            raise ProofRefused("the proof is too long")
        if at & 1 or at == last:
            old = node_hash(step, old)
        new, at, last = climbed(new, step, at, last)
    if old != root1:
        raise ProofRefused("the proof does not lead to the older root")
    agrees(last, new, root2)


def climbed(known: bytes, step: bytes, at: int, last: int) -> tuple[bytes, int, int]:
    """One level towards the root: the hash there, its place, and the last place of that level."""
    if not (at & 1 or at == last):
        return node_hash(known, step), at >> 1, last >> 1
    while not at & 1 and at:
        at, last = at >> 1, last >> 1
    return node_hash(step, known), at >> 1, last >> 1


def agrees(last: int, known: bytes, root: bytes) -> None:
    if last != 0:
        raise ProofRefused("the proof is too short")
    if known != root:
        raise ProofRefused("the proof does not lead to the root")


def well_formed(*hashes: bytes) -> None:
    if any(len(each) != len(EMPTY) for each in hashes):
        raise ProofRefused("a hash of 32 bytes was expected")
