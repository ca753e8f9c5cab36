"""Is the tree that of RFC 9162, and does nothing but a true proof verify?"""

import base64
import hashlib
import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

import api.checks
from eventlog.transparency.merkle import (
    EMPTY_ROOT,
    CompactRange,
    ProofRefused,
    consistency_proof,
    hash_leaf,
    inclusion_proof,
    root,
    verify_consistency,
    verify_inclusion,
)

DATA = Path(api.checks.__file__).parent / "data" / "merkle"
VECTORS = json.loads((DATA / "inclusion.json").read_text())
ROOTS = json.loads((DATA / "roots.json").read_text())
LARGEST = 40


def leaf(number):
    return hash_leaf(b"event %d" % number)


def by_definition(leaves):
    """MTH of RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + by_definition(leaves[:k]) + by_definition(leaves[k:])).digest()


def node(level, index):
    return by_definition([leaf(number + 1) for number in range(index << level, (index + 1) << level)])


TREES = [by_definition([leaf(number + 1) for number in range(size)]) for size in range(LARGEST + 1)]


def test_the_roots_are_those_of_pymerkle_for_every_size_up_to_300():
    theirs = InmemoryTree(algorithm="sha256")
    ours = CompactRange()
    for size, stored in enumerate(ROOTS):
        if size:
            theirs.append_entry(b"event %d" % size)
            ours.append(leaf(size))
        assert ours.root() == theirs.get_root(size or None) == bytes.fromhex(stored)
        assert ours.size == size
    assert len(ROOTS) == 301


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_inclusion_vectors_of_transparency_dev(vector):
    decode = base64.b64decode
    proof = [decode(each) for each in vector["proof"] or []]
    found = (decode(vector["leafHash"]), vector["leafIdx"], vector["treeSize"], proof, decode(vector["root"]))
    if vector["wantErr"]:
        with pytest.raises(ProofRefused):
            verify_inclusion(*found)
    else:
        verify_inclusion(*found)


def test_every_leaf_of_every_tree_has_a_proof_and_nothing_else_verifies_with_it():
    for size in range(1, LARGEST + 1):
        for index in range(size):
            proof = inclusion_proof(index, size, node) if size < 20 or index % 5 == 0 else None
            if proof is None:
                continue
            verify_inclusion(leaf(index + 1), index, size, proof, TREES[size])
            for wrong in [
                (leaf(index + 2), index, size, proof, TREES[size]),
                (leaf(index + 1), index, size, proof, TREES[size - 1]),
                (leaf(index + 1), index, size, [*proof, leaf(1)], TREES[size]),
                (leaf(index + 1), index + size, size, proof, TREES[size]),
            ]:
                with pytest.raises(ProofRefused):
                    verify_inclusion(*wrong)


def test_every_tree_continues_every_smaller_one_and_changed_proofs_are_refused():
    for size in range(LARGEST + 1):
        for old_size in range(size + 1):
            proof = consistency_proof(old_size, size, node)
            verify_consistency(old_size, TREES[old_size], size, TREES[size], proof)
            for place in range(len(proof)):
                changed = proof.copy()
                changed[place] = leaf(99)
                with pytest.raises(ProofRefused):
                    verify_consistency(old_size, TREES[old_size], size, TREES[size], changed)
            for wrong in [
                (old_size, leaf(99), size, TREES[size], proof),
                (old_size, TREES[old_size], size, leaf(99), proof),
                (old_size, TREES[old_size], size, TREES[size], [*proof, leaf(99)]),
            ]:
                if wrong[0] == 0 and wrong[1] == EMPTY_ROOT and not wrong[4]:
                    continue  # whatever comes after nothing is consistent with it
                with pytest.raises(ProofRefused):
                    verify_consistency(*wrong)


@pytest.mark.parametrize(("old_size", "size"), [(3, 7), (4, 7), (4, 8), (6, 8), (1, 33)])
def test_a_consistency_proof_cut_at_either_end_is_refused(old_size, size):
    proof = consistency_proof(old_size, size, node)
    for cut in (proof[1:], proof[:-1], []):
        with pytest.raises(ProofRefused):
            verify_consistency(old_size, TREES[old_size], size, TREES[size], cut)


def test_a_tree_cannot_shrink_and_has_no_leaf_beyond_its_size():
    with pytest.raises(ProofRefused):
        verify_consistency(5, TREES[5], 4, TREES[4], [])
    with pytest.raises(ValueError, match="never was"):
        consistency_proof(5, 4, node)
    with pytest.raises(ValueError, match="none of index 4"):
        inclusion_proof(4, 4, node)


def test_a_rewritten_past_is_not_consistent_with_any_proof_for_the_true_one():
    rewritten = [leaf(number + 1) for number in range(20)]
    rewritten[3] = leaf(99)
    for old_size in range(4, 20):
        proof = consistency_proof(old_size, 20, node)
        with pytest.raises(ProofRefused):
            verify_consistency(old_size, TREES[old_size], 20, by_definition(rewritten), proof)


@settings(deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=70))
def test_the_streaming_root_is_the_one_of_the_definition(leaves):
    hashes = [hash_leaf(each) for each in leaves]
    tree = CompactRange()
    for each in hashes:
        tree.append(each)

    def found(level, index):
        return by_definition(hashes[index << level : (index + 1) << level])

    assert tree.root() == by_definition(hashes) == root(len(hashes), found)


def test_no_two_sizes_have_the_same_root():
    assert len(set(ROOTS)) == len(ROOTS)
    assert all(one != other for one, other in pairwise(TREES))
