"""How do proofs stand in an answer, and does an answer keep its side constraints and stand as high as it says?

What is checked of an answer, none of it with the multipliers' maker:

- the plan keeps every side constraint, each checked from what it means;
- for each level in turn, no pair that is still in question loses less than nothing under the level's multipliers, over
  all pairs, so that their bound holds (`multipliers`); the plan reaches its value, and no bound told is below its own;
- where a level rests on a search, the pairs of its kernel are found anew and searched anew. That they hold nothing
  better is then the solver's word, in whole numbers; everything outside is proven by adding up.

A pair is in question on a level if no level before has ruled it out.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from matching.arrays import Ints
from matching.assignment import NOBODY
from matching.certificate import plan_refusals, refusals
from matching.instance import Instance
from matching.side.climbing import MULTIPLIERS, SEARCH, Climb, Height
from matching.side.constraints import SideConstraints
from matching.side.goals import CHOICES, goals_of
from matching.side.multipliers import Multipliers, Stage
from matching.side.program import Reached
from matching.side.question import question_of
from matching.solution import Answer, Objective, Proof
from matching.timing import Timing

LARGEST: Final = 1 << 58
"""Beyond it, a loss that adds up four of them might not fit into 64 bits, and could pass for what it is not."""


def proofs_of(instance: Instance, heights: tuple[Height, ...]) -> tuple[Proof, ...]:
    """Tell what was reached on each level that counts; goals that only choose among best plans need no proof."""
    return tuple(
        Proof(
            goal=each.goal,
            value=each.value,
            bound=each.bound,
            by=each.by,
            kernel=each.kernel,
            scale=each.multipliers.scale,
            members=dict(zip(instance.member_ids, each.multipliers.u.tolist(), strict=True)),
            mentors=dict(zip(instance.mentor_ids, each.multipliers.v.tolist(), strict=True)),
            side=tuple(each.multipliers.side.tolist()),
            before=tuple(each.multipliers.before.tolist()),
        )
        for each in heights
        if each.goal not in CHOICES
    )


def bound_of(proofs: tuple[Proof, ...], reached: Objective, relaxed: Objective) -> Objective:
    """Give what no plan betters, level by level, each for plans as good on those before; `relaxed` without constraints.

    Past the first level that is not proven, the bound is that of the problem without side constraints.
    """
    levels = {"order_of_serving": relaxed.order_of_serving, "fit": relaxed.fit, "evenness": -relaxed.evenness}
    for each in proofs:
        if each.goal in levels:
            levels[each.goal] = min(levels[each.goal], each.bound)
    return Objective(
        order_of_serving=levels["order_of_serving"],
        served=max(reached.served, relaxed.served),
        fit=levels["fit"],
        evenness=-levels["evenness"],
    )


def breaches(instance: Instance, side: SideConstraints, plan: Mapping[str, str]) -> Iterator[str]:
    """Name the side constraints that a plan, mentors by member, does not keep, by their places."""
    load, group = Counter(plan.values()), {each.name: each.members for each in side.groups}
    taken = dict(zip(instance.mentor_ids, instance.o.tolist(), strict=True))
    kept = {
        "spans": (sum(load[mentor] for mentor in each.mentors) <= each.most for each in side.spans),
        "together": (
            _are_together([plan.get(one) for one in each.members], each.same_mentor) for each in side.together
        ),
        "apart": (one not in plan or plan[one] != plan.get(other) for one, other in side.apart),
        "least_caseloads": (
            not load[each.mentor] or taken[each.mentor] + load[each.mentor] >= each.least
            for each in side.least_caseloads
        ),
        "novices": (
            sum(plan.get(member) == each.mentor for member in group[each.group]) <= each.most for each in side.novices
        ),
        "floors": (
            sum(member in plan for member in group[each.group]) >= each.least_of(len(group[each.group]))
            for each in side.floors
        ),
    }
    for kind, answers in kept.items():
        yield from (f"side.{kind}[{number}]" for number, is_kept in enumerate(answers) if not is_kept)


def _are_together(mentors: list[str | None], same_mentor: bool) -> bool:  # noqa: FBT001 - said by the constraint
    served = [mentor for mentor in mentors if mentor is not None]
    return not served or (len(served) == len(mentors) and (not same_mentor or len(set(served)) == 1))


def refusals_beside(instance: Instance, side: SideConstraints, answer: Answer) -> tuple[str, ...]:
    """Say why the answer is not proven best for the instance and its side constraints; () means that it is."""
    complaints = plan_refusals(instance, answer)
    complaints = complaints or tuple(
        f"{place} is not kept" for place in breaches(instance, side, dict(answer.assignment))
    )
    if complaints or not answer.side:
        return complaints or refusals(instance, answer)
    return tuple(_Checking(instance, side, answer).complaints())


class _Checking:
    """Goes through the levels of an answer; what is still in question shrinks from one to the next."""

    def __init__(self, instance: Instance, side: SideConstraints, answer: Answer) -> None:
        self._instance, self._answer = instance, answer
        self._question = question_of(instance, side)
        self._climb = Climb(self._question, _plan(instance, answer), self._question.listed, Timing())

    def complaints(self) -> Iterator[str]:
        goals = goals_of(self._question.left, demands=bool(self._question.rows.demands))
        counting = [goal for goal in goals if goal.name not in CHOICES]
        if [proof.goal for proof in self._answer.side] != [goal.name for goal in counting]:
            yield "a level is missing, or not one of the problem"
            return
        before: tuple[Reached, ...] = ()
        for goal, proof in zip(counting, self._answer.side, strict=True):
            stage = Stage(self._question, goal, before)
            multipliers = _multipliers(self._instance, stage, proof)
            if multipliers is None:
                yield f"{goal.name}: a multiplier is missing, out of range, or belongs to nobody"
                return
            if complaint := self._complaint(stage, proof, multipliers):
                yield f"{goal.name}: {complaint}"
                return
            before = (*before, Reached(goal, proof.value))

    def _complaint(self, stage: Stage, proof: Proof, multipliers: Multipliers) -> str | None:
        value, bound = self._question.value(stage.goal, self._climb.plan), stage.bound(multipliers)
        if value != proof.value:
            return "the plan does not reach what is told"
        if self._climb.loses_less_than_nothing(stage, multipliers):
            return "a feasible pair is worth more than its multipliers"
        slack = bound - multipliers.scale * value
        if slack >= multipliers.scale:
            if proof.by != SEARCH:
                return f"no plan is worth more than {bound // multipliers.scale}, but the plan is worth {value}"
            if not self._climb.is_searched(stage, multipliers, slack - multipliers.scale):
                return "a search of the kernel does not bear it out"
        elif proof.by not in {MULTIPLIERS, SEARCH}:
            return "it is not told what the proof rests on"
        self._climb.narrow(stage, multipliers, slack)
        return None


def _plan(instance: Instance, answer: Answer) -> Ints:
    i = {name: position for position, name in enumerate(instance.member_ids)}
    j = {name: position for position, name in enumerate(instance.mentor_ids)}
    plan = np.full(instance.n, NOBODY, dtype=np.int64)
    for member, mentor in answer.assignment:
        plan[i[member]] = j[mentor]
    plan[instance.pins // max(1, instance.m)] = NOBODY
    return plan


def _multipliers(instance: Instance, stage: Stage, proof: Proof) -> Multipliers | None:
    counts = (len(stage.question.rows.rows), len(stage.before))
    if set(proof.members) != set(instance.member_ids) or set(proof.mentors) != set(instance.mentor_ids):
        return None
    parts = (
        [proof.members[name] for name in instance.member_ids],
        [proof.mentors[name] for name in instance.mentor_ids],
        list(proof.side),
        list(proof.before),
    )
    heaviest = max(int(instance.r.max(initial=1)), instance.full_fit, instance.levels)
    largest = max(*parts[0], *parts[1], sum(parts[2]), heaviest * (proof.scale + sum(parts[3])), 0)
    if any(min(part, default=0) < 0 for part in parts) or proof.scale < 1 or largest > LARGEST:
        return None
    if (len(parts[2]), len(parts[3])) != counts:
        return None
    return Multipliers(proof.scale, *(np.array(part, dtype=np.int64) for part in parts))
