"""What a check of a promise is, and what it comes to."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """What a run came to: whether the promise was kept, and whether a variant broken on purpose was caught.

    A check whose control is not caught has shown nothing, whatever its figure says.
    """

    figure: str
    kept: bool
    control: str
    control_caught: bool


@dataclass(frozen=True)
class Check:
    """A promise and how to try it: `run` takes the address of a server and whether to run at full size."""

    name: str
    promise: str
    run: Callable[[str, bool], Result]
