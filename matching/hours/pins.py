"""How are pins kept where hours are short? As members who may meet nobody else, and who come before all others.

A pin takes an hour as well as a place, and which hour depends on everybody else's. So it is not settled beforehand as
`matching.pins` does it: its member keeps only this pair, and counts as of a rank by R higher, R being the greatest rank
of the problem. Whoever is of a higher rank is served if anybody can make room, so all pins are kept if they can be kept
together, and prices and the proof treat them as pairs among others.
"""

from dataclasses import dataclass, replace

import numpy as np

from matching.arrays import Flags, Indices, Ints, Words
from matching.hours.pricing import Hourly, HourPrices
from matching.instance import Instance
from matching.pairs import Pairs
from matching.scanning import FAR_BELOW


@dataclass(frozen=True, slots=True)
class Pinned:
    """The pairs of all members, but of the pinned ones (n,) only their `pins`, in the order of members."""

    hourly: Hourly
    pinned: Flags
    pins: Pairs
    m: int

    def hours(self, i: Indices, j: Indices) -> Words:
        """Give the hours that pairs share."""
        return self.hourly.hours(i, j)

    def open_to(self) -> Flags:
        """Mark the hours at which mentors can take somebody."""
        return self.hourly.open_to()

    def first(self) -> Pairs:
        """Give some pairs to begin with, all pins among them."""
        return self._others(self.hourly.first()).joined(self.pins, self.m)

    def exceeding(self, prices: HourPrices, most: int) -> Pairs:
        """Give pairs that are worth more than their prices. Pins are there from the beginning and never are."""
        return self._others(self.hourly.exceeding(self._but_for_pins(prices), most))

    def level(self, prices: HourPrices) -> Pairs:
        """Give all pairs that are worth exactly their prices; pins are."""
        return self._others(self.hourly.level(self._but_for_pins(prices))).joined(self.pins, self.m)

    def among(self, i: Ints, j: Ints) -> Pairs | None:
        """Give these pairs with their fit, or None if one of them is not feasible."""
        return self.hourly.among(i, j)

    def _others(self, pairs: Pairs) -> Pairs:
        return pairs.where(~self.pinned[pairs.i])

    def _but_for_pins(self, prices: HourPrices) -> HourPrices:
        return prices._replace(base=np.where(self.pinned, FAR_BELOW, prices.base))


def with_pins_first(instance: Instance) -> Instance:
    """Give the instance in which pins are pairs among others; the pins themselves must be feasible."""
    if not len(instance.pins) or instance.hourly is None:
        return instance
    i, j = np.divmod(instance.pins, instance.m)
    pins = instance.hourly.among(i, j)
    assert pins is not None
    pinned = np.zeros(instance.n, dtype=np.bool_)
    pinned[i] = True
    return replace(
        instance,
        r=instance.r + np.where(pinned, instance.r.max(), 0),
        hourly=Pinned(instance.hourly, pinned, pins, instance.m),
    )
