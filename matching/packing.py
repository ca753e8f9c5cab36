"""What do two people share? Sets become words of bits, so that one AND compares 64 codes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from matching.arrays import WORD_BITS, Flags, Indices, Ints, Words


@dataclass(frozen=True, slots=True)
class Facing:
    """One set of each member, shape (words, n), facing one set of each mentor, shape (words, m).

    The methods take indices of members and of mentors in shapes that broadcast: (b, 1) and (m,) compare everybody with
    everybody, (p,) and (p,) compare listed pairs.
    """

    members: Words
    mentors: Words

    def meet(self, i: Indices, j: Indices) -> Flags:
        """Tell whether the two sets have something in common."""
        meet: Flags = (self.members[0, i] & self.mentors[0, j]) != 0
        for left, right in zip(self.members[1:], self.mentors[1:], strict=True):
            meet |= (left[i] & right[j]) != 0
        return meet

    def shared(self, i: Indices, j: Indices) -> Ints:
        """Count what the two sets have in common."""
        count: Ints = np.bitwise_count(self.members[0, i] & self.mentors[0, j]).astype(np.int64)
        for left, right in zip(self.members[1:], self.mentors[1:], strict=True):
            count += np.bitwise_count(left[i] & right[j])
        return count


def facing(members: Sequence[Collection[str]], mentors: Sequence[Collection[str]]) -> Facing:
    """Pack both sides over the codes that occur on both; no other code can ever be shared."""
    codes = set().union(*members) & set().union(*mentors)
    bits = {code: 1 << position for position, code in enumerate(sorted(codes))}
    return Facing(_packed(bits, members), _packed(bits, mentors))


def _packed(bits: dict[str, int], sets: Sequence[Collection[str]]) -> Words:
    words = max(1, -(-len(bits) // WORD_BITS))
    masks = (sum(bits.get(code, 0) for code in set(codes)) for codes in sets)
    raw = b"".join(mask.to_bytes(words * WORD_BITS // 8, "little") for mask in masks)
    return words_of(np.frombuffer(raw, dtype=np.uint8).reshape(len(sets), -1 if sets else words * WORD_BITS // 8))


def words_of(octets: np.ndarray[tuple[int, int], np.dtype[np.uint8]]) -> Words:
    """Turn bits packed little-endian, shape (people, octets), into words of shape (words, people)."""
    return np.ascontiguousarray(octets.view("<u8").astype(np.uint64).T)
