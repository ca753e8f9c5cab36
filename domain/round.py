"""A round: what was read, what was proposed and under which policy, enough to replay it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.aggregate import Aggregate
from domain.draws import Drawn
from domain.events import Event


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What the optimiser was given and what it answered.

    `excluded` counts the people who did not enter, by reason. `objective` has one figure a level. `weights`,
    `member_values`, `place_prices` and `hour_prices` are the dual solution that certifies it (docs/matching.md).
    """

    problem_sha256: str
    solver: str
    members: int
    mentors: int
    places: int
    excluded: dict[str, int]
    feasible_pairs: int
    objective: dict[str, int]
    optimal: bool
    weights: dict[str, int]
    member_values: dict[UUID, int]
    place_prices: dict[UUID, int]
    hour_prices: dict[UUID, dict[int, int]] = msgspec.field(default_factory=dict)


class Round(Aggregate):
    """Knows what one run of the optimiser saw and gave."""

    programme_id: UUID
    number: int

    class Held(Event, frozen=True, kw_only=True):
        """The optimiser read the pool at a log position and proposed matches.

        `waiting` says of each member who entered and was not proposed why. `drawn` is how equals were decided between,
        and `judged_at` when consents were looked at; rounds of the first versions have neither. `draft_id` names the
        draft that was adopted, if any: who changed what, and why, stands there.
        """

        TOPIC = "round.held"
        programme_id: UUID
        number: int
        today: date
        position: int
        policy_version: int
        findings: Findings
        matches: tuple[UUID, ...]
        waiting: dict[UUID, str]
        drawn: Drawn | None = None
        judged_at: datetime | None = None
        draft_id: UUID | None = None

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.programme_id = self.programme_id
            aggregate.number = self.number
