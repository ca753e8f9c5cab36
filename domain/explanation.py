"""What is known of why a round proposed a pair."""

import msgspec

from domain.standing_hour import StandingHour


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a round proposed a pair: only what entered the objective.

    `points` has each term of the fit by name, `rank` is that of the member's urgency and wait, `place` counts the
    mentor's places from 1, open matches included, and `evenness` is what that place cost. `standing_hour` is when the
    two would meet, where the programme's policy asks for one.
    """

    stated_needs: tuple[str, ...]
    covered_needs: tuple[str, ...]
    shared_experience: tuple[str, ...]
    shared_languages: tuple[str, ...]
    first_language_shared: bool
    shared_contact_modes: tuple[str, ...]
    shared_minutes: int
    points: dict[str, int]
    keep_bonus: int
    rank: int
    place: int
    capacity: int
    evenness: int
    standing_hour: StandingHour | None = None
