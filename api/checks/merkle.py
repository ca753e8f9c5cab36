"""Are the proofs about the log those of the standards, and is every false one refused?"""

import json
from base64 import b64decode
from collections.abc import Callable, Sequence
from functools import partial
from importlib.resources import files
from typing import Any, Final

from api.checks.check import Check, Result
from eventlog.transparency.merkle import (
    EMPTY_ROOT,
    CompactRange,
    Node,
    ProofRefused,
    consistency_proof,
    hash_children,
    hash_leaf,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)
from eventlog.transparency.note import NoteRefused, Verifier, open_note

FULL_SIZE: Final = 300
SMALL_SIZE: Final = 33

VerifyInclusion = Callable[[bytes, int, int, Sequence[bytes], bytes], None]

_DATA: Final = files("api.checks") / "data" / "merkle"

# The example of golang.org/x/mod/sumdb/note, whose form C2SP signed-note states.
_NOTE_KEY: Final = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
_NOTE: Final = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "\N{EM DASH} PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def run(_: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Try the vectors of transparency-dev, the roots of pymerkle, and every proof between small trees."""
    vectors = json.loads((_DATA / "inclusion.json").read_text("utf-8"))
    right = sum(_is_right(verify_inclusion, vector) for vector in vectors)
    lenient = sum(vector["wantErr"] and not _is_right(_without_the_size, vector) for vector in vectors)
    roots = [bytes.fromhex(each) for each in json.loads((_DATA / "roots.json").read_text("utf-8"))]
    equal = sum(one == other for one, other in zip(_roots(len(roots) - 1), roots, strict=True))
    tried, wrong = _prove_everything(FULL_SIZE if full else SMALL_SIZE, roots)
    return Result(
        figure=f"{right} of {len(vectors)} inclusion vectors as they should be, {equal} of {len(roots)} roots, "
        f"{tried:,} proofs tried of which {wrong} went wrong, the example note {'' if _note_opens() else 'not '}read",
        kept=right == len(vectors) and equal == len(roots) and wrong == 0 and _note_opens(),
        control=f"a verifier that does not look at the tree's size took {lenient} of the proofs to be refused",
        control_caught=lenient > 0,
    )


def _is_right(verify: VerifyInclusion, vector: dict[str, Any]) -> bool:
    proof = [b64decode(each) for each in vector["proof"] or ()]
    leaf, tree_root = b64decode(vector["leafHash"]), b64decode(vector["root"])
    try:
        verify(leaf, vector["leafIdx"], vector["treeSize"], proof, tree_root)
    except ProofRefused:
        return bool(vector["wantErr"])
    return not vector["wantErr"]


def _without_the_size(leaf: bytes, index: int, _: int, proof: Sequence[bytes], tree_root: bytes) -> None:
    """Fold a proof by the bits of the index alone: the control."""
    node = leaf
    for sibling in proof:
        node = hash_children(sibling, node) if index & 1 else hash_children(node, sibling)
        index >>= 1
    if node != tree_root:
        raise ProofRefused


def _roots(largest: int) -> list[bytes]:
    tree = CompactRange()
    found = [EMPTY_ROOT]
    for number in range(1, largest + 1):
        tree.append(_leaf(number))
        found.append(tree.root())
    return found


def _leaf(number: int) -> bytes:
    return hash_leaf(b"event %d" % number)


def _prove_everything(size: int, roots: Sequence[bytes]) -> tuple[int, int]:
    """Make and verify each inclusion and consistency proof of one tree; give how many, and how many went wrong.

    A proof is wrong too if it verifies for a root that is not the tree's.
    """
    node, tree_root, other = _node_of(size), roots[size], roots[size - 1]
    wrong = 0
    for index in range(size):
        leaf, proof = _leaf(index + 1), inclusion_proof(index, size, node)
        wrong += not _holds(partial(verify_inclusion, leaf, index, size, proof, tree_root))
        wrong += _holds(partial(verify_inclusion, leaf, index, size, proof, other))
        proof = consistency_proof(index + 1, size, node)
        wrong += not _holds(partial(verify_consistency, index + 1, roots[index + 1], size, tree_root, proof))
        wrong += _holds(partial(verify_consistency, index + 1, roots[index + 1], size, other, proof))
    return 4 * size, wrong


def _holds(verify: Callable[[], None]) -> bool:
    try:
        verify()
    except ProofRefused:
        return False
    return True


def _node_of(size: int) -> Node:
    levels = [[_leaf(number) for number in range(1, size + 1)]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([hash_children(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])
    return lambda level, index: levels[level][index]


def _note_opens() -> bool:
    try:
        open_note(_NOTE, [Verifier.parse(_NOTE_KEY)])
    except NoteRefused:
        return False
    return True


CHECK: Final = Check("merkle", "A proof about the log holds if and only if what it says of the log is true.", run)
