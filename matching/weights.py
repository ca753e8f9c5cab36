"""How do three levels become one whole number without any level ever giving way to a lower one?

A unit of evenness weighs 1, a point of fit `W_F`, a rank `W_R`:

    W_F = 2 levels                              (16 with the default 8 levels)
    W_R = (min(n, m) + 2) F_max W_F             (F_max: the most that f_ij can be, at least 1)

Why these suffice: two plans differ by cycles in the residual network of `flow`, each of which visits a member, a
mentor and the sink at most once. If no single cycle betters a plan, nothing does. Through the sink, a cycle takes a
place at one mentor and frees one at another, so it changes the evenness by at most levels - 1 < W_F: no gain in
evenness pays for one point of fit. It drops at most min(n, m) pairs, so on the two lower levels it loses or gains less
than (min(n, m) + 1) F_max W_F < W_R: nothing there pays for one rank.

Where each pair has an hour of its own, a cycle may visit a mentor once an hour. It still drops no more pairs than there
are members or free places, and the lesser of these stands for min(n, m). Pins then count as of a rank that is higher by
the greatest (`hours.pins`).
"""

from dataclasses import dataclass
from typing import Final

from matching.instance import Instance

LARGEST_DUAL: Final = 2**62 - 1
WORTH_LIMIT: Final = 2**60
"""A search adds a value and a price and takes off a worth, each of them less than this, in 64 bits."""


class ProblemTooLarge(ValueError):
    """The levels of the objective do not fit into 64 bits together, and scaling them would lose the guarantee."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What a rank and a point of fit weigh, in units of evenness."""

    rank: int
    fit: int


def weights_for(instance: Instance) -> Weights:
    """Weigh the levels. Raises `ProblemTooLarge` where 64 bits could not hold what follows."""
    most_pairs, highest = min(instance.n, instance.m), int(instance.r.max(initial=0))
    if instance.hourly is not None:
        most_pairs = min(instance.n, int(instance.free_places().sum()))
        highest *= 1 + (len(instance.pins) > 0)
    return weights_of(most_pairs, instance.full_fit, instance.levels, highest)


def weights_of(most_pairs: int, full_fit: int, levels: int, highest_rank: int) -> Weights:
    """Weigh the levels of so many pairs that a cycle can drop. Raises as `weights_for` does."""
    fit = 2 * levels
    rank = (most_pairs + 2) * max(1, full_fit) * fit
    heaviest_pair = rank * highest_rank + fit * full_fit
    if heaviest_pair >= WORTH_LIMIT:
        bits = heaviest_pair.bit_length()
        raise ProblemTooLarge(f"a problem of up to {most_pairs} pairs at once needs {bits} bits, and 60 are there")
    return Weights(rank=rank, fit=fit)
