"""What a check of a promise is, and what it comes to."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Result:
    """What a run came to: whether the promise was kept, and whether a variant broken on purpose was caught.

    A check whose control is not caught has shown nothing, whatever its figure says. Neither has one that was skipped
    because it cannot be run here: it counts as neither kept nor broken.
    """

    figure: str
    kept: bool
    control: str
    control_caught: bool
    skipped: bool = False

    @classmethod
    def skip(cls, why: str) -> Self:
        """Give what a run comes to that did not take place."""
        return cls(figure=why, kept=False, control="not tried", control_caught=False, skipped=True)

    @property
    def verdict(self) -> str:
        """One word for whether the promise was kept."""
        if self.skipped:
            return "skipped"
        return "kept" if self.kept else "BROKEN"


@dataclass(frozen=True)
class Check:
    """A promise and how to try it: `run` takes the address of a server and whether to run at full size.

    `run_with` also takes a folder of files by others, for a check that can use some.
    """

    name: str
    promise: str
    run: Callable[[str, bool], Result]
    run_with: Callable[[str, bool, Path], Result] | None = None
