"""In which order do members come?"""

from collections.abc import Sequence

import numpy as np

from matching.arrays import Ints
from matching.people import URGENCIES, Member


def ranks(members: Sequence[Member]) -> Ints:
    """Give each member the rank r_i of their class: urgency first, then the longest wait; 1 is the least pressing."""
    classes = [(URGENCIES.index(member.urgency), member.waiting_since) for member in members]
    rank_of = {each: rank for rank, each in enumerate(sorted(set(classes), reverse=True), start=1)}
    return np.array([rank_of[each] for each in classes], dtype=np.int64)


def turns(r: Ints) -> Ints:
    """Number the members in the order of serving, 0 first; equal ranks keep the order in which they stand."""
    turn = np.empty_like(r)
    turn[np.argsort(-r, kind="stable")] = np.arange(len(r))
    return turn
