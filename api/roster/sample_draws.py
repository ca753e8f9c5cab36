"""How is chance drawn so that one seed gives the same people on every machine?"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.random import PCG64, SeedSequence
from numpy.typing import NDArray

Weights = Mapping[str, int]
Numbers = NDArray[np.int64]  # one for each person
Flags = NDArray[np.bool_]  # a row for each person, a column for each of a list of words
_HALF_OF_THE_BITS: Final = np.uint64(32)


class Draws:
    """A stream of draws for `count` people; each seed and number of a stream gives another.

    Only whole numbers are computed with, and only the raw bits of the generator are used: numpy promises these to stay
    the same for ever (NEP 19), which it does not promise of its distributions.
    """

    def __init__(self, seed: int, stream: int, count: int) -> None:
        self._generator = PCG64(SeedSequence([seed, stream]))
        self.count = count

    def below(self, bounds: Numbers | int) -> Numbers:
        """Draw a number from 0 to just below each bound; bounds are from 1 to 2**31."""
        high = self._generator.random_raw(self.count) >> _HALF_OF_THE_BITS
        drawn: NDArray[np.uint64] = (high * np.asarray(bounds).astype(np.uint64)) >> _HALF_OF_THE_BITS
        return drawn.astype(np.int64)

    def between(self, lowest: Numbers | int, highest: Numbers | int) -> Numbers:
        """Draw a number between two bounds, both included."""
        return lowest + self.below(highest - lowest + 1)

    def percent(self, percent: Numbers | int) -> NDArray[np.bool_]:
        """Draw yes in that percentage of cases."""
        return self.below(100) < percent

    def pick(self, weights: Sequence[int]) -> Numbers:
        """Draw places in a list of weights."""
        steps = np.cumsum(weights)
        return np.searchsorted(steps, self.below(int(steps[-1])), side="right")

    def pick_in(self, tables: Sequence[Sequence[int]], rows: Numbers) -> Numbers:
        """Draw places in lists of weights, all equally long; `rows` says which list is whose."""
        steps = np.cumsum(tables, axis=1)
        drawn = self.below(steps[rows, -1])
        places: Numbers = np.count_nonzero(steps[rows] <= drawn[:, np.newaxis], axis=1)
        return places

    def word(self, weights: Weights) -> list[str]:
        """Draw words."""
        return taken(tuple(weights), self.pick(tuple(weights.values())))

    def word_in(self, tables: Sequence[Weights], rows: Numbers) -> list[str]:
        """Draw words, each from the weights that `rows` names."""
        words = tuple(dict.fromkeys(word for weights in tables for word in weights))
        return taken(words, self.pick_in([[weights.get(word, 0) for word in words] for weights in tables], rows))

    def flags(self, words: Sequence[str], percents: Sequence[Weights], rows: Numbers) -> Flags:
        """Draw for each word whether it holds, by the percentages that `rows` names."""
        chances = np.array([[weights.get(word, 0) for word in words] for weights in percents])
        return np.stack([self.percent(chances[rows, column]) for column in range(len(words))], axis=1)

    def order(self, length: int) -> Numbers:
        """Draw an order of that many places, each once."""
        return np.argsort(self._generator.random_raw(length), kind="stable")


def taken(words: Sequence[str], places: Numbers) -> list[str]:
    """Give the word at each place."""
    numbers: list[int] = places.tolist()
    return [words[place] for place in numbers]


def joined(words: Sequence[str], flags: Flags) -> list[str]:
    """Write for each person the words that hold, as a list in a cell."""
    masks, whose = np.unique(flags @ (1 << np.arange(len(words))), return_inverse=True)
    lists = [";".join(word for place, word in enumerate(words) if mask >> place & 1) for mask in masks.tolist()]
    return taken(lists, whose)


def fill_empty(flags: Flags, places: Numbers) -> None:
    """Set for people for whom no word holds the one at their place."""
    empty = np.flatnonzero(~flags.any(axis=1))
    flags[empty, places[empty]] = True
