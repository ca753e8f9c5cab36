"""Which numbers may a programme choose?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Every number of the problem. Points are whole and add up to at most 1,000; units stand last in the names.

    With `standing_hour`, every proposal names an hour of the week of its own (`matching.hours`).
    """

    min_shared_minutes: int = 60
    needs_points: int = 400
    one_experience_points: int = 150
    more_experiences_points: int = 300
    time_points: int = 150
    full_time_minutes: int = 240
    contact_modes_points: int = 50
    first_language_points: int = 50
    near_age_points: int = 50
    near_age_years: int = 10
    far_age_points: int = 25
    far_age_years: int = 20
    keep_bonus: int = 25
    evenness_levels: int = 8
    standing_hour: bool = False

    @property
    def full_fit(self) -> int:
        """The fit of a pair that lacks nothing, without the bonus."""
        return (
            self.needs_points
            + max(self.one_experience_points, self.more_experiences_points)
            + self.time_points
            + self.contact_modes_points
            + self.first_language_points
            + max(self.near_age_points, self.far_age_points)
        )
