"""Who should meet in which circle, with whom to facilitate it, on what and when?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from matching.circles.candidates import NOT_POSSIBLE, Candidate, Setting, everything, points, roomiest, setting_of
from matching.circles.checking import Levels, Plan, complaints, levels_of
from matching.circles.model import modelled
from matching.circles.others import rifts
from matching.circles.problem import CircleProblem
from matching.circles.waiting import Waiting, why_waiting
from matching.searching import EFFORT, Reached, Search
from matching.timing import Onward, Timing, at_leisure

LEVELS: Final = ("order of serving", "fit", "evenness")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A member's place in a circle, with all that entered the objective. `points` by term add up to `fit`."""

    member: str
    rank: int
    fit: int
    points: Mapping[str, int]
    shared_experience: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """A circle: `hour` counts from Monday's midnight, 0 to 167, on the facilitator's clock in `time_zone`."""

    facilitator: str
    topic: str
    language: str
    contact_mode: str
    hour: int
    time_zone: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelBound:
    """What the plan reaches on a level, and what no plan betters that is as good on those before.

    The bound is that of the solver's search. Evenness counts against a plan, so its bound is the least not ruled out.
    """

    level: str
    reached: int
    bound: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleSolution:
    """The circles by facilitator and hour, why the others wait, and the bounds level by level.

    `optimal` says that no level has a gap, `canonical` that no other plan draws more lots.
    """

    circles: tuple[Circle, ...]
    waiting: Mapping[str, Waiting]
    levels: tuple[LevelBound, ...]
    optimal: bool
    canonical: bool
    seconds: Mapping[str, float] = field(compare=False)

    @property
    def objective(self) -> Levels:
        """Give what the plan reaches."""
        return Levels(*(level.reached for level in self.levels))


def solve_circles(problem: CircleProblem, *, effort: float = EFFORT, onward: Onward = at_leisure) -> CircleSolution:
    """Find the best plan of circles, and prove it or say what gap is left.

    The same problem gives the same solution, whatever the order in which people are listed. `effort` limits the search
    of each level in the solver's own count of work. If `onward` says that time is over, the best plan so far.
    """
    timing = Timing(onward)
    with timing.of("candidates"):
        setting = setting_of(problem)
        every = sorted(everything(setting), key=lambda each: (each.kin, each.order))
    plan, reached, canonical = _best(problem, setting, every, effort, timing)
    with timing.of("explanations"):
        circles = tuple(
            sorted((_circle(setting, *each) for each in plan), key=lambda each: (each.facilitator, each.hour))
        )
        served = {place.member for circle in circles for place in circle.places}
        apart = rifts(setting.members, problem.apart)
        waiting = {
            member.id: why_waiting(setting, every, apart, i)
            for i, member in enumerate(setting.members)
            if member.id not in served
        }
    return CircleSolution(
        circles=circles,
        waiting=waiting,
        levels=tuple(
            LevelBound(level=name, reached=abs(each.value), bound=abs(each.bound))
            for name, each in zip(LEVELS, reached, strict=True)
        ),
        optimal=all(each.is_proven for each in reached),
        canonical=canonical,
        seconds=timing.seconds,
    )


def _best(
    problem: CircleProblem, setting: Setting, every: Sequence[Candidate], effort: float, timing: Timing
) -> tuple[Plan, list[Reached], bool]:
    with timing.of("model"):
        model = modelled(setting, roomiest(every), rifts(setting.members, problem.apart))
        levels = model.order_of_serving(), model.fit(), model.evenness()
        lots = model.lots()
        search = Search(model.model, timing)
    with timing.of("search"):
        reached = [search.best(level, effort) for level in levels]
    canonical = all(each.is_proven for each in reached)
    if canonical:
        with timing.of("choice"):
            canonical = search.best(lots, effort).is_proven
    plan = _earliest(every, model.plan(search.chosen))
    counted = levels_of(setting, plan).signed()
    broken = [*complaints(setting, plan, problem.apart)]
    if broken or any(level < each.value for level, each in zip(counted, reached, strict=True)):
        raise AssertionError(f"the solver says {reached} and the plan reaches {counted}, {broken}")
    # A level that was not proven may have grown since.
    final = [Reached(level, each.bound) for level, each in zip(counted, reached, strict=True)]
    return plan, final, canonical


def _earliest(every: Sequence[Candidate], plan: Plan) -> Plan:
    """Hold each circle at the first hour, in the first language and so on, that suits all who are in it as well."""
    in_order = sorted(every, key=lambda each: each.order)
    held = []
    for chosen, members in plan:
        fit = int(chosen.fit[members].sum())
        suits = (
            each
            for each in in_order
            if each.kin == chosen.kin
            and (each.fit[members] != NOT_POSSIBLE).all()
            and int(each.fit[members].sum()) == fit
        )
        held.append((next(suits), members))
    return held


def _circle(setting: Setting, candidate: Candidate, members: Sequence[int]) -> Circle:
    facilitator = setting.facilitators[candidate.facilitator]
    return Circle(
        facilitator=facilitator.id,
        topic=candidate.topic,
        language=candidate.language,
        contact_mode=candidate.contact_mode,
        hour=candidate.hour,
        time_zone=facilitator.time_zone,
        places=tuple(_place(setting, candidate, i) for i in sorted(members)),
    )


def _place(setting: Setting, candidate: Candidate, i: int) -> Place:
    member, facilitator = setting.members[i], setting.facilitators[candidate.facilitator]
    return Place(
        member=member.id,
        rank=int(setting.pool.r[i]),
        fit=int(candidate.fit[i]),
        points=points(setting.policy, member, facilitator, candidate.topic, candidate.language),
        shared_experience=tuple(sorted(member.matchable & facilitator.matchable)),
    )
