"""Which lot does a pair draw? The formula of `canonical`, one pair at a time, for whoever checks it by hand."""

from hashlib import sha256
from typing import Final

_WORD: Final = 2**64


def lot(seed: str, member: str, mentor: str) -> int:
    """Give all 64 bits of the first lot of a pair, by the ids of the problem."""
    return _mix(_digest(seed, "member", member) + _mix(_digest(seed, "mentor", mentor)))


def _digest(seed: str, side: str, name: str) -> int:
    return int.from_bytes(sha256(f"{seed} {side} {name}".encode()).digest()[:8], "big")


def _mix(word: int) -> int:
    """Scramble a word by the finaliser of SplitMix64; sums and products are modulo 2^64."""
    word %= _WORD
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9 % _WORD
    word = (word ^ word >> 27) * 0x94D049BB133111EB % _WORD
    return word ^ word >> 31
