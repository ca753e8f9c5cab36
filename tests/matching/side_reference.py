"""Side constraints checked the slow way: plan by plan, from what each of them means, without rows or multipliers."""

from collections import Counter
from random import Random

from matching.instance import Instance
from matching.side.constraints import (
    Floor,
    Group,
    LeastCaseload,
    Novice,
    SideConstraints,
    Span,
    Together,
)
from matching.solution import Objective
from tests.matching import reference


def keeps(side: SideConstraints, instance: Instance, mentor_of: dict[str, str]) -> bool:
    """Tell whether a plan, pins included, keeps every side constraint."""
    load = Counter(mentor_of.values())
    group = {each.name: set(each.members) for each in side.groups}
    taken = dict(zip(instance.mentor_ids, instance.o.tolist(), strict=True))
    return (
        all(sum(load[mentor] for mentor in span.mentors) <= span.most for span in side.spans)
        and all(_together(each, mentor_of) for each in side.together)
        and all(a not in mentor_of or mentor_of.get(b) != mentor_of[a] for a, b in side.apart)
        and all(
            not load[each.mentor] or taken[each.mentor] + load[each.mentor] >= each.least
            for each in side.least_caseloads
        )
        and all(
            sum(mentor_of.get(member) == each.mentor for member in group[each.group]) <= each.most
            for each in side.novices
        )
        and all(_floor(each, group[each.group], mentor_of) for each in side.floors)
    )


def _together(each: Together, mentor_of: dict[str, str]) -> bool:
    mentors = [mentor_of.get(member) for member in each.members]
    served = [mentor for mentor in mentors if mentor is not None]
    return not served or (len(served) == len(mentors) and (not each.same_mentor or len(set(served)) == 1))


def _floor(floor: Floor, group: set[str], mentor_of: dict[str, str]) -> bool:
    served = len(group & mentor_of.keys())
    return served >= floor.least and 100 * served >= floor.least_percent * len(group)


def best(instance: Instance, side: SideConstraints) -> Objective | None:
    """Try every plan; None if not one keeps the side constraints."""
    pairs = instance.candidates.pairs
    found: Objective | None = None
    pins = {(int(key) // instance.m, int(key) % instance.m) for key in instance.pins}
    for plan, reached in reference.plans(instance):
        chosen = [(int(pairs.i[p]), int(pairs.j[p])) for p in plan]
        named = {instance.member_ids[i]: instance.mentor_ids[j] for i, j in chosen}
        if (
            pins <= set(chosen)
            and (found is None or reference.level_by_level(reached) > reference.level_by_level(found))
            and keeps(side, instance, named)
        ):
            found = reached
    return found


def some_constraints(instance: Instance, seed: int) -> SideConstraints:
    """Draw a few constraints of every kind, tight enough that they often bind and sometimes cannot be kept."""
    rng = Random(seed)
    members, mentors = instance.member_ids, instance.mentor_ids

    def some(names: tuple[str, ...], least: int) -> tuple[str, ...]:
        return tuple(rng.sample(names, rng.randint(min(least, len(names)), len(names))))

    def drawn() -> bool:
        return rng.random() < 1 / 3

    couples = len(members) > 1
    return SideConstraints(
        groups=(Group(name="g", members=some(members, 0)), Group(name="h", members=some(members, 1))),
        spans=tuple(
            Span(supervisor="s", mentors=some(mentors, 1), most=rng.randint(0, 3)) for _ in range(2) if drawn()
        ),
        together=tuple(
            Together(members=some(members, 2), same_mentor=rng.random() < 1 / 2)
            for _ in range(2)
            if couples and drawn()
        ),
        apart=tuple((a, b) for _ in range(3) if couples and drawn() for a, b in [rng.sample(members, 2)]),
        least_caseloads=tuple(
            LeastCaseload(mentor=rng.choice(mentors), least=rng.randint(0, 5)) for _ in range(2) if drawn()
        ),
        novices=tuple(
            Novice(mentor=rng.choice(mentors), group=rng.choice("gh"), most=rng.randint(0, 1))
            for _ in range(2)
            if drawn()
        ),
        floors=(Floor(group=rng.choice("gh"), least_percent=rng.choice([20, 50, 100])),) if drawn() else (),
    )
