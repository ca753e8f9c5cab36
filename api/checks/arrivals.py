"""Do places kept for those to come serve nearly as many, and as well, as if everybody had been known beforehand?

Years of an invented city are played round by round: first come, first served; with places charged by an outlook that
knows three years before and nothing of this one; and in hindsight. The control charges nothing, and so forgets those to
come. A city with twice the navigators shows that where places are plenty nothing needs to be kept.
"""

from collections import Counter
from typing import Final

from api.checks.arrival_streams import Size, past, stream
from api.checks.check import Check, Result
from matching.arrivals.reserving import Reserving
from matching.arrivals.stream import Outcome, first_come, hindsight, played, reserving_places

PROMISE: Final = 0.98
FIRST_COME_BELOW: Final = 0.90
PLENTY: Final = 0.97
YEARS_KNOWN: Final = 3
SMALL: Final = Size(members=500, navigators=21, every_days=14)
FULL: Final = Size(members=800, navigators=34, every_days=1)
SMALL_YEARS: Final = 2
FULL_YEARS: Final = 10
RESERVING: Final = Reserving(horizon_days=366, futures=4)


def run(_server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Play the same years by every practice."""
    size, years = (FULL, FULL_YEARS) if full else (SMALL, SMALL_YEARS)
    total = Counter[str]()
    for year in range(1, years + 1):
        total.update(_year(size, year))
    plenty = _plenty(size)
    value = {name: total[f"{name} value"] / total["hindsight value"] for name in ("first", "ours", "uncharged")}
    served = {name: total[f"{name} served"] / total["hindsight served"] for name in ("first", "ours")}
    fit = {name: total[f"{name} fit"] / total["hindsight fit"] for name in ("first", "ours")}
    return Result(
        figure=f"of hindsight over {years} years of {size.members} people, first come, first served reaches "
        f"{value['first']:.1%} ({served['first']:.1%} of the people, {fit['first']:.1%} of the fit), ours "
        f"{value['ours']:.1%} ({served['ours']:.1%}, {fit['ours']:.1%}); where places are plenty, first come, first "
        f"served reaches {plenty:.1%}",
        kept=value["ours"] >= PROMISE and value["first"] < FIRST_COME_BELOW and plenty >= PLENTY,
        control=f"without charges it reaches {value['uncharged']:.1%}",
        control_caught=value["uncharged"] < PROMISE,
    )


def _year(size: Size, seed: int) -> dict[str, int]:
    year, before = stream(size, seed), past(size, seed, YEARS_KNOWN)
    outcomes = {
        "hindsight": hindsight(year, RESERVING.served_points),
        "first": played(year, first_come),
        "ours": played(year, reserving_places(year, before, RESERVING)),
        "uncharged": played(year, reserving_places(year, before, Reserving())),
    }
    return {
        f"{name} {what}": number
        for name, outcome in outcomes.items()
        for what, number in _figures(outcome, RESERVING.served_points).items()
    }


def _figures(outcome: Outcome, served_points: int) -> dict[str, int]:
    return {"value": outcome.value(served_points), "served": outcome.served, "fit": outcome.fit}


def _plenty(size: Size) -> float:
    roomy = stream(Size(members=size.members, navigators=2 * size.navigators, every_days=size.every_days), 1)
    points = RESERVING.served_points
    return played(roomy, first_come).value(points) / hindsight(roomy, points).value(points)


CHECK: Final = Check(
    name="arrivals",
    promise="Places kept for those to come reach 98 % of what could be done in hindsight, where first come reaches 90",
    run=run,
)
