"""What does each part of the explanation of a match tell, and of whom?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from domain.purposes import Field


@dataclass(frozen=True)
class Tells:
    """What a part of an explanation tells of the member, and what of the mentor."""

    of_member: frozenset[Field]
    of_mentor: frozenset[Field]

    def is_told(self, of_member: frozenset[Field], of_mentor: frozenset[Field]) -> bool:
        """Say whether both let it be told."""
        return self.of_member <= of_member and self.of_mentor <= of_mentor

    @classmethod
    def together(cls, parts: Iterable["Tells"]) -> "Tells":
        """Give what several parts tell."""
        of_member, of_mentor = zip(*((part.of_member, part.of_mentor) for part in parts), strict=True)
        return cls(frozenset().union(*of_member), frozenset().union(*of_mentor))


def _both(*fields: Field) -> Tells:
    return Tells(frozenset(fields), frozenset(fields))


_NEEDS: Final = Tells(frozenset({Field.NEEDS}), frozenset({Field.OFFERS}))
_TIME: Final = _both(Field.AVAILABILITY, Field.TIME_ZONE)
_NOTHING: Final = _both()

PARTS: Final[Mapping[str, Tells]] = {
    "stated_needs": Tells(frozenset({Field.NEEDS}), frozenset()),
    "covered_needs": _NEEDS,
    "shared_experience": _both(Field.LIVED_EXPERIENCE),
    "shared_languages": _both(Field.LANGUAGES),
    "first_language_shared": _both(Field.LANGUAGES),
    "shared_contact_modes": _both(Field.CONTACT_MODES),
    "shared_minutes": _TIME,
    "standing_hour": _TIME,
    "rank": Tells(frozenset({Field.URGENCY, Field.WAITING_SINCE}), frozenset()),
    "keep_bonus": _NOTHING,
    "place": _NOTHING,
    "capacity": _NOTHING,
    "evenness": _NOTHING,
}
"""What each part of a match's `Explanation` tells, but for the points."""

POINTS: Final[Mapping[str, Tells]] = {
    "needs": _NEEDS,
    "lived-experience": _both(Field.LIVED_EXPERIENCE),
    "time": _TIME,
    "contact-modes": _both(Field.CONTACT_MODES),
    "first-language": _both(Field.LANGUAGES),
    "age": _both(Field.AGE),
}
"""What the points of each term of the fit tell."""

ALL: Final = Tells.together([*PARTS.values(), *POINTS.values()])
"""What a whole explanation tells."""
