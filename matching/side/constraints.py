"""Which side constraints may a programme set, and what does each of them mean?

A plan with side constraints is held to all of them; what is best is as before (`problem`), level by level. Only new
matches count, those of the plan, unless it is said otherwise; pins are among them.

- `spans`: the mentors of one supervisor take at most `most` new matches together.
- `together`: of these members all are served or none is, as two people who come as a couple; with `same_mentor` all by
  one mentor.
- `apart`: these two members may not have the same mentor, as two people who know each other.
- `least_caseloads`: whoever is used is used enough. The mentor takes nobody new, or so many that the caseload, open
  matches counted, is `least` or more. Nobody is given members for the sake of a number only.
- `novices`: the mentor takes at most `most` new matches with members of the group.
- `floors`: of the members of the group, `least` or more are served, and `least_percent` of them or more, rounded up.

A group is a label and the members who bear it; `novices` and `floors` refer to it by name.
"""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from matching.validity import MOST_PLACES

Count = Annotated[int, Meta(ge=0, le=MOST_PLACES)]
Percent = Annotated[int, Meta(ge=0, le=100)]

KINDS: Final = ("spans", "together", "apart", "least_caseloads", "novices", "floors")


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Members who bear a label."""

    name: str
    members: tuple[str, ...]


class Span(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many new matches a supervisor can look after, over all mentors who report to them."""

    supervisor: str
    mentors: tuple[str, ...]
    most: Count


class Together(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Members who are all served or all wait."""

    members: tuple[str, ...]
    same_mentor: bool = False


class LeastCaseload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many matches, open ones counted, make it worth while that a mentor takes anybody new."""

    mentor: str
    least: Count


class Novice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many members of a group a mentor who is new to this may take."""

    mentor: str
    group: str
    most: Count


class Floor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many of a group are served at least."""

    group: str
    least: Count = 0
    least_percent: Percent = 0

    def least_of(self, size: int) -> int:
        """Give the number for a group of this size."""
        return max(self.least, -(-self.least_percent * size // 100))


class SideConstraints(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All side constraints of a problem; people are named by their ids."""

    groups: tuple[Group, ...] = ()
    spans: tuple[Span, ...] = ()
    together: tuple[Together, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    least_caseloads: tuple[LeastCaseload, ...] = ()
    novices: tuple[Novice, ...] = ()
    floors: tuple[Floor, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is asked for."""
        return any(getattr(self, kind) for kind in KINDS)

    def members_of(self, group: str) -> tuple[str, ...]:
        """Give the members of a group that is there."""
        return next(each.members for each in self.groups if each.name == group)

    def places(self) -> tuple[str, ...]:
        """Name every constraint by its place in a file, as in `side.spans[0]`."""
        return tuple(f"side.{kind}[{number}]" for kind in KINDS for number in range(len(getattr(self, kind))))

    def without(self, place: str) -> "SideConstraints":
        """Leave out the constraint at a place."""
        kind, _, number = place.removeprefix("side.").removesuffix("]").partition("[")
        stands = getattr(self, kind)
        return msgspec.structs.replace(self, **{kind: stands[: int(number)] + stands[int(number) + 1 :]})
