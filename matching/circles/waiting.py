"""Why is somebody in no circle, and which rule would have to be otherwise?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from ortools.sat.python import cp_model

from matching.circles.candidates import NOT_POSSIBLE, Candidate, Setting
from matching.circles.model import add_circle
from matching.circles.others import Rift

NO_FACILITATOR: Final = "no-feasible-facilitator"
TOO_FEW: Final = "too-few"
COMPOSITION: Final = "composition"
PLACES_SHORT: Final = "places-short"
OTHERS: Final = "others"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Why a member is in no circle.

    - `no-feasible-facilitator`: `nearest` holds the fewest rules that would have to give way together, each such set
      with the number of facilitators that it would open;
    - `too-few`: not enough others could ever meet with them;
    - `composition`: there are enough, but the rules of composition or of who may meet whom leave no circle; `rules`
      names each of them without which there would be one, and none if several would have to give way;
    - `places-short`: a circle is possible, and the best plan serves others.
    """

    reason: str
    nearest: Mapping[tuple[str, ...], int]
    rules: tuple[str, ...] = ()


def why_waiting(setting: Setting, every: Sequence[Candidate], rifts: Sequence[Rift], i: int) -> Waiting:
    """Say why a member is not served; `every` are all candidates and `rifts` part those who may not meet."""
    fails = np.array([list(_fails(setting, i, j).values()) for j in range(len(setting.facilitators))], dtype=np.bool_)
    if fails.any(axis=-1).all():
        return Waiting(reason=NO_FACILITATOR, nearest=_nearest(setting, fails))
    theirs = _distinct([each for each in every if each.fit[i] != NOT_POSSIBLE])
    if not theirs:
        return Waiting(reason=TOO_FEW, nearest={})
    if any(_can_join(setting, each, rifts, i) for each in theirs):
        return Waiting(reason=PLACES_SHORT, nearest={})
    return Waiting(reason=COMPOSITION, nearest={}, rules=tuple(_to_blame(setting, theirs, rifts, i)))


def _to_blame(setting: Setting, theirs: Sequence[Candidate], rifts: Sequence[Rift], i: int) -> list[str]:
    compositions = setting.policy.compositions
    without = {
        f"compositions[{number}]": replace(
            setting, policy=replace(setting.policy, compositions=(*compositions[:number], *compositions[number + 1 :]))
        )
        for number in range(len(compositions))
    }
    found = [name for name, other in without.items() if any(_can_join(other, each, rifts, i) for each in theirs)]
    return [*found, *([OTHERS] if any(_can_join(setting, each, (), i) for each in theirs) else [])]


def _can_join(setting: Setting, candidate: Candidate, rifts: Sequence[Rift], i: int) -> bool:
    """Tell whether a candidate can become a circle with a member in it, if nothing else mattered."""
    model = cp_model.CpModel()
    opened = model.new_bool_var("")
    joined = {other: model.new_bool_var("") for other in candidate.possible().tolist()}
    add_circle(model, setting, candidate, opened, joined, rifts)
    model.add_bool_and(joined[i])
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return solver.solve(model) == cp_model.OPTIMAL


def _distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Look at no two candidates on one topic in which the same members can be, those of most first."""
    found = {(each.topic, (each.fit != NOT_POSSIBLE).tobytes()): each for each in candidates}
    return sorted(found.values(), key=lambda each: (-len(each.possible()), each.facilitator, each.order))


def _fails(setting: Setting, i: int, j: int) -> dict[str, bool]:
    """Tell of each rule between a member and a facilitator whether it fails."""
    member, facilitator = setting.members[i], setting.facilitators[j]
    hours = setting.hours.members[facilitator.time_zone][i] & setting.hours.facilitators[j]
    return {
        "topic": not (set(member.topics) - member.avoid_topics) & facilitator.offers,
        "language": not set(member.languages) & set(facilitator.languages),
        "contact-mode": not member.contact_modes & facilitator.contact_modes,
        "hour": not hours.any(),
        **{name: not allowed[i, j] for name, allowed in setting.allowed.items()},
        "place": not setting.free_places(j),
    }


def _nearest(setting: Setting, fails: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> dict[tuple[str, ...], int]:
    if not len(fails):
        return {}
    names = np.array(list(_fails(setting, 0, 0)))
    fewest = fails[fails.sum(axis=1) == fails.sum(axis=1).min()]
    return dict(sorted(Counter(tuple(names[each].tolist()) for each in fewest).items()))
