"""The Merkle tree of RFC 9162, section 2.1: hashes, proofs, and how to verify them.

A tree is known by its size and by the hashes of its complete subtrees: `node(level, index)` is the hash over the leaves
from index * 2**level up to (index + 1) * 2**level. Leaves are counted from 0, and all hashes are SHA-256, 32 bytes.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

Node = Callable[[int, int], bytes]
"""Give the hash of a complete subtree, by level and index."""


class ProofRefused(Exception):
    """A proof does not lead to the root that it is said to lead to."""


def hash_leaf(data: bytes) -> bytes:
    """Give the hash of a leaf. The first byte keeps leaves and inner nodes apart."""
    return hashlib.sha256(b"\x00" + data).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    """Give the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class CompactRange:
    """The root of a growing tree, in memory for its complete subtrees only: one hash for each bit of the size."""

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[bytes] = []

    def append(self, leaf_hash: bytes) -> None:
        """Add a leaf, joining the complete subtrees that it fills."""
        node, size = leaf_hash, self.size
        while size & 1:
            node = hash_children(self._subtrees.pop(), node)
            size >>= 1
        self._subtrees.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Give the root of the tree as it is now."""
        if not self._subtrees:
            return EMPTY_ROOT
        node = self._subtrees[-1]
        for left in reversed(self._subtrees[:-1]):
            node = hash_children(left, node)
        return node


def root(size: int, node: Node) -> bytes:
    """Give the root of the first `size` leaves."""
    return _hash(0, size, node) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Give the proof that a leaf is in the tree of the first `size` leaves (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} leaves has none of index {index}.")
    return _path(index, 0, size, node)


def consistency_proof(old_size: int, size: int, node: Node) -> list[bytes]:
    """Give the proof that a tree only grew between two sizes (RFC 9162, 2.1.4.1)."""
    if not 0 <= old_size <= size:
        raise ValueError(f"A tree of {size} leaves never was one of {old_size} before.")
    return _subproof(old_size, 0, size, node, is_known=True) if 0 < old_size < size else []


def verify_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], tree_root: bytes) -> None:
    """Verify that a leaf is at an index of the tree (RFC 9162, 2.1.3.2). Raises `ProofRefused`."""
    _refuse_other_lengths(leaf_hash, tree_root, *proof)
    if not 0 <= index < size:
        raise ProofRefused("The tree has no leaf of this index.")
    position, last, node = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            raise ProofRefused("The proof is too long.")
        if position & 1 or position == last:
            node = hash_children(sibling, node)
            position, last = _above_right_edge(position, last)
        else:
            node = hash_children(node, sibling)
        position, last = position >> 1, last >> 1
    _compare(last, node, tree_root)


def verify_consistency(old_size: int, old_root: bytes, size: int, tree_root: bytes, proof: Sequence[bytes]) -> None:
    """Verify that a tree is an older one with leaves appended (RFC 9162, 2.1.4.2). Raises `ProofRefused`."""
    _refuse_other_lengths(old_root, tree_root, *proof)
    if not 0 <= old_size <= size:
        raise ProofRefused("The older tree is larger than the newer one.")
    if old_size in {0, size}:
        _refuse_any_proof(proof, old_root, EMPTY_ROOT if old_size == 0 else tree_root)
        return
    known = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not known:
        raise ProofRefused("The proof is too short.")
    position, last = old_size - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old_node = node = known[0]
    for sibling in known[1:]:
        if last == 0:
            raise ProofRefused("The proof is too long.")
        if position & 1 or position == last:
            old_node, node = hash_children(sibling, old_node), hash_children(sibling, node)
            position, last = _above_right_edge(position, last)
        else:
            node = hash_children(node, sibling)
        position, last = position >> 1, last >> 1
    _compare(last, node, tree_root)
    _compare(0, old_node, old_root)


def _refuse_any_proof(proof: Sequence[bytes], old_root: bytes, expected: bytes) -> None:
    if proof:
        raise ProofRefused("Between these sizes there is nothing to prove.")
    _compare(0, old_root, expected)


def _above_right_edge(position: int, last: int) -> tuple[int, int]:
    """Climb past the levels at which a node of the right edge has no sibling."""
    while position and not position & 1:
        position, last = position >> 1, last >> 1
    return position, last


def _refuse_other_lengths(*hashes: bytes) -> None:
    if any(len(each) != HASH_BYTES for each in hashes):
        raise ProofRefused(f"Every hash has {HASH_BYTES} bytes.")


def _compare(levels_left: int, node: bytes, expected: bytes) -> None:
    if levels_left:
        raise ProofRefused("The proof is too short.")
    if node != expected:
        raise ProofRefused("The proof leads to another root.")


def _split(begin: int, end: int) -> int:
    """Give where a tree over leaves `begin` to `end` divides: after the largest power of two below its size."""
    return begin + (1 << (end - begin - 1).bit_length() - 1)


def _hash(begin: int, end: int, node: Node) -> bytes:
    size = end - begin
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, begin >> level)
    middle = _split(begin, end)
    return hash_children(_hash(begin, middle, node), _hash(middle, end, node))


def _path(index: int, begin: int, end: int, node: Node) -> list[bytes]:
    if end - begin == 1:
        return []
    middle = _split(begin, end)
    if index < middle:
        return [*_path(index, begin, middle, node), _hash(middle, end, node)]
    return [*_path(index, middle, end, node), _hash(begin, middle, node)]


def _subproof(old_end: int, begin: int, end: int, node: Node, *, is_known: bool) -> list[bytes]:
    if old_end == end:
        return [] if is_known else [_hash(begin, end, node)]
    middle = _split(begin, end)
    if old_end <= middle:
        return [*_subproof(old_end, begin, middle, node, is_known=is_known), _hash(middle, end, node)]
    return [*_subproof(old_end, middle, end, node, is_known=False), _hash(begin, middle, node)]
