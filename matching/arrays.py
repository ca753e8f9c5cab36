"""Which arrays does the arithmetic use?"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
"""Numbers that are calculated with."""

Indices = NDArray[np.signedinteger]
"""Positions of members or mentors, and other numbers small enough to be stored in 32 bits."""

Flags = NDArray[np.bool_]

Words = NDArray[np.uint64]
"""Sets of codes, 64 to a word; the first axis counts the words of a set, the second the sets."""

WORD_BITS: Final = 64
