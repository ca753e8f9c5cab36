"""Which part of a list is shown at once?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

LONGEST_PAGE: Final = 100


@dataclass(frozen=True)
class Paging:
    """Page `number` (from 1) of so many rows a page."""

    number: int = 1
    size: int = LONGEST_PAGE

    def pages_of(self, found: int) -> int:
        """Give how many pages so many rows come to; no rows are one empty page."""
        return max(1, -(-found // self.size))

    @property
    def rows(self) -> dict[str, Any]:
        """Give the rows of the page, as a read model is asked for them."""
        return {"limit": self.size, "offset": (self.number - 1) * self.size}


@dataclass(frozen=True)
class Page(Generic[T]):
    """A part of a list, and which: `number` counts from 1 and `pages` is how many there are."""

    rows: list[T]
    number: int
    pages: int

    @property
    def next(self) -> int | None:
        """Give the number of the page that follows."""
        return self.number + 1 if self.number < self.pages else None


Shown = Callable[[Paging], Page[T]]


def page_or_last(show: Shown[T], number: int, size: int) -> Page[T]:
    """Give a page, or the last one if there are not so many."""
    page = show(Paging(number, size))
    return page if number <= page.pages else show(Paging(page.pages, size))


def every_row(show: Shown[T]) -> Iterator[T]:
    """Give all rows, a page at a time: nobody is told of more people at once than fit on one."""
    following: int | None = 1
    while following is not None:
        page = show(Paging(following))
        yield from page.rows
        following = page.next
