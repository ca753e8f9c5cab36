"""Verify an audit bundle, offline:  python verify.py BUNDLE --key VKEY [--checkpoint FILE]...

Lines are canonical JSON (RFC 8785: keys sorted, no spaces): a signed checkpoint (C2SP tlog-checkpoint: origin, number
of events, root), then the events. A leaf is SHA-256(0x00 || line of an event without `state`), the root that of the
Merkle tree of RFC 9162, 2.1. VKEY: public key. FILE: checkpoint kept before. Exit: 0 verified, 1 refused, 2 unread.
"""

import argparse
import json
from base64 import b64decode, b64encode
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FIELDS = {"event_id", "position", "recorded_at", "state", "state_sha256", "stream", "topic", "version"}
CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Refused(Exception):
    """The bundle does not hold what was signed."""


def _checkpoint(note: str, vkeys: list[str], what: str) -> tuple[str, int, bytes]:
    keys = {(f"\u2014 {name}", kid): b64decode(key)[1:] for name, kid, key in (vkey.split("+", 2) for vkey in vkeys)}
    text, _, below = note.rpartition("\n\n")  # C2SP signed-note
    try:
        signatures = [(who, b64decode(raw)) for who, raw in (line.rsplit(" ", 1) for line in below.splitlines())]
        known = [(keys[who, raw[:4].hex()], raw[4:]) for who, raw in signatures if (who, raw[:4].hex()) in keys]
        for key, signature in known:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, f"{text}\n".encode())
        origin, size, root = text.split("\n")[: 3 if known else 0]
        return origin, int(size), b64decode(root)
    except (InvalidSignature, ValueError):
        raise Refused(f"{what} is not a checkpoint that this key has signed.") from None


def _line(bundle: BinaryIO, number: int, fields: set[str]) -> dict[str, Any]:
    line, value, is_right, is_recorded = bundle.readline(2**24), dict[str, Any](), False, False
    with suppress(AttributeError, TypeError, ValueError, RecursionError):
        value = json.loads(line)
        is_right = value.keys() == fields and CANONICAL.encode(value).encode() + b"\n" == line
        is_right &= value.get("position", 0) == number - 1
        state, digest = value.pop("state", None), value.get("state_sha256")
        stored = b64decode(state or "")
        is_recorded = state is None or (b64encode(stored).decode() == state and sha256(stored).hexdigest() == digest)
    if not is_right:
        raise Refused(f"Line {number} is {'not' if line else 'missing:'} position {number - 1} in canonical JSON.")
    if not is_recorded:
        raise Refused(f"Line {number} holds another state than was recorded.")
    return value


def verify(bundle: BinaryIO, vkeys: list[str], kept: list[str]) -> str:  # noqa: C901 - read in one go
    """Say what these public keys and kept checkpoints verify. Raises Refused, and ValueError for what is no key."""
    notes = {"Line 1": str(_line(bundle, 1, {"checkpoint"})["checkpoint"])}
    notes |= {f"Kept checkpoint {number}": note for number, note in enumerate(kept, start=1)}
    claims = [(*_checkpoint(note, vkeys, what), what) for what, note in notes.items()]
    origin, size, *_ = claims[0]
    for its_origin, its_size, _, what in claims:
        if its_origin != origin or its_size > size:
            raise Refused(f"{what} is of {its_size} events of {its_origin}, but line 1 of {size} of {origin}.")
    agreed, subtrees = 0, list[bytes]()  # the roots of complete subtrees, one for each bit of the number of leaves
    for _, claimed, root, what in sorted(claims):
        for leaves in range(agreed, claimed):
            line, bits = _line(bundle, leaves + 2, FIELDS), leaves
            node = sha256(b"\x00" + CANONICAL.encode(line).encode()).digest()
            while bits & 1:
                node, bits = sha256(b"\x01" + subtrees.pop() + node).digest(), bits >> 1
            subtrees.append(node)
        top = subtrees[-1] if subtrees else sha256().digest()
        for left in subtrees[-2::-1]:
            top = sha256(b"\x01" + left + top).digest()
        if top != root:
            raise Refused(f"{what} was signed for other events than those of lines {agreed + 2} to {claimed + 1}.")
        agreed = claimed
    if bundle.read(1):
        raise Refused(f"Line {size + 2} is beyond the {size} events of the checkpoint.")
    newest = max((claim[1] for claim in claims[1:]), default=0)
    unseen = f" Whether it was cut after position {newest}, or rewritten from there and signed again, cannot be seen."
    return f"Verified: {size} events of {origin}, {len(kept)} kept checkpoints.{unseen if newest < size else ''}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Verify an audit bundle, offline.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--key", action="append", required=True, metavar="VKEY", help="the log's public key")
    parser.add_argument("--checkpoint", action="append", default=[], type=Path, help="one that you have kept")
    named = parser.parse_args()
    try:
        with named.bundle.open("rb") as opened:
            print(verify(opened, named.key, [path.read_text("utf-8") for path in named.checkpoint]))  # noqa: T201
    except Refused as refusal:
        raise SystemExit(f"REFUSED. {refusal}") from None
    except (OSError, ValueError) as error:
        parser.error(f"not read: {error}")
