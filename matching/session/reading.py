"""What does the plan reach, and which whole numbers prove it? Read off an engine, in the terms of `solution`.

A price is what one more place would bring: nothing or the rank of one member who waits, and something on the two lower
levels that is less than a rank. So what it weighs in the session tells both, and they are weighed again as the problem
weighs them (`weights`). The same holds for values.
"""

from collections.abc import Mapping

import numpy as np

from matching.arrays import Ints
from matching.assignment import NOBODY
from matching.session.auditing import EVENNESS, SERVED
from matching.session.engine import Broken, Engine
from matching.session.live import FIT
from matching.solution import Answer, Duals, Objective
from matching.weights import Weights, weights_of


def placed(engine: Engine) -> Ints:
    """Give the row of the mentor of everybody who is served, by rows, -1 for others."""
    rows = np.maximum(engine.plan.mentor_of, NOBODY)
    rows[list(engine.pinned)] = list(engine.pinned.values())
    return rows


def objective(engine: Engine) -> Objective:
    """Count the levels of the plan."""
    plan, market = engine.plan, engine.market
    served, pins = np.flatnonzero(plan.mentor_of >= 0), np.array(list(engine.pinned), dtype=np.int64)
    everybody = np.concatenate([served, pins])
    fit = (plan.worth[served, 0] - market.rank[served]) // market.numbers[FIT]
    return Objective(
        order_of_serving=int(_ranks(engine, market.rank[everybody] // engine.rank).sum()),
        served=int(engine.found[SERVED]) + len(pins),
        fit=int(fit.sum()) + sum(engine.fit(i, j) or 0 for i, j in engine.pinned.items()),
        evenness=int(engine.found[EVENNESS]) + _evenness_of_pins(engine),
    )


def answer(engine: Engine, assignment: Mapping[str, str], reached: Objective) -> Answer:
    """Give a plan, which reaches this, and its proof, as a cold solve would."""
    most_pairs = min(len(engine.members.at), len(engine.mentors.at))
    weights = weights_of(most_pairs, engine.full_fit, engine.levels, len(engine.classes.labels()))
    u, v = _duals(engine, weights)
    return Answer(
        assignment=tuple(assignment.items()),
        objective=reached,
        duals=Duals(
            weights=weights,
            members={name: u[i] for name, i in sorted(engine.members.at.items())},
            mentors={name: v[j] for name, j in sorted(engine.mentors.at.items())},
        ),
    )


def _duals(engine: Engine, weights: Weights) -> tuple[list[int], list[int]]:
    plan, market = engine.plan, engine.market
    label = (plan.v[:, 0] + engine.rank // 2) // engine.rank
    v = weights.rank * _ranks(engine, label) + plan.v[:, 0] - engine.rank * label
    served = np.flatnonzero(plan.mentor_of >= 0)
    r = _ranks(engine, market.rank[served] // engine.rank)
    u = np.zeros(len(plan.u), dtype=np.int64)
    u[served] = weights.rank * r + plan.worth[served, 0] - market.rank[served] - v[plan.mentor_of[served]]
    return u.tolist(), v.tolist()


def _ranks(engine: Engine, labels: Ints) -> Ints:
    """Give the ranks of labels, 0 for no label. Raises `Broken` for one that no class has."""
    known = np.concatenate([[0], engine.classes.labels()])
    ranks: Ints = np.minimum(np.searchsorted(known, labels), len(known) - 1)
    if (known[ranks] != labels).any():
        raise Broken
    return ranks


def _evenness_of_pins(engine: Engine) -> int:
    """Add up what the places of pinned pairs cost: they stand on the first free ones."""
    c, o = engine.market.c, engine.market.o
    pinned = list(engine.pinned.values())
    return sum(
        engine.levels * k // int(c[j]) for j in set(pinned) for k in range(int(o[j]) - pinned.count(j), int(o[j]))
    )
