"""Check that an assignment is best, with nothing but Python.  python verify.py PROBLEM.json RESULT.json.

The problem is told pair by pair. Its levels fold into one number: a rank weighs W_R, a point of fit W_F, and place k
(from 0; open matches stand on the first) of a mentor with c places costs floor(levels k / c). Each member i has a value
u_i and each mentor j a price v_j. If u_i + v_j >= W_R rank + W_F fit for every pair, no assignment is worth more than
the sum of all u_i and of what each free place leaves of its price after its cost. So whatever is worth that much is
best. Pins are settled: they take the first free places, and their members are out of the question. Exit: 0 proven.

If pairs need an hour of their own, each mentor's hour h has a price p_jh, all of which are added to that sum, and each
pair must satisfy u_i + v_j + p_jh >= W_R rank + W_F fit at the cheapest hour it shares. Pins are not settled then, as
their hours are not: each is its member's only pair, and its rank is raised by the greatest rank there is.
"""

import json
import sys
from collections import Counter
from types import SimpleNamespace
from typing import Any


def verify(problem: dict[str, Any], result: dict[str, Any]) -> str:
    """Say what is wrong with a result; nothing, if it is proven best."""
    if any(kind for name, kind in problem.get("side", {}).items() if name != "groups"):
        return "The problem has side constraints, which are not checked here."
    asked = read(problem)
    return fault_of_plan(asked, result) or fault_of_prices(asked, result)


def read(problem: dict[str, Any]) -> SimpleNamespace:
    """Read what is asked: ranks, places, the fit of each feasible pair, and the hours it shares if it needs one."""
    forbidden, pins = ({tuple(pair) for pair in problem.get(name, [])} for name in ("forbidden", "pins"))
    hours = problem.get("hours")
    shared = None if hours is None else {(i, j): set(free) for i, j, free in hours if free}
    feasible = {(i, j): f for i, j, f in problem["pairs"] if (i, j) not in forbidden}
    return SimpleNamespace(
        rank={member["id"]: member.get("rank", 1) for member in problem["members"]},
        mentors={mentor["id"]: (mentor["capacity"], mentor.get("open", 0)) for mentor in problem["mentors"]},
        fit={pair: f for pair, f in feasible.items() if shared is None or pair in shared},
        shared=shared,
        pins=pins,
        levels=problem.get("evenness_levels", 8),
        full_fit=problem.get("full_fit", 1000),
    )


def fault_of_plan(asked: SimpleNamespace, result: dict[str, Any]) -> str:
    """Say why the assignment is not possible, or not worth what it says."""
    chosen, at = [tuple(pair) for pair in result["assignment"]], result.get("hours", {})
    load = Counter(j for _, j in chosen)
    if len({i for i, _ in chosen}) < len(chosen) or not asked.pins <= set(chosen) <= set(asked.fit):
        return "The assignment gives somebody two mentors, or a pair that is not feasible, or leaves out a pin."
    if any(o + load[j] > max(c, o) for j, (c, o) in asked.mentors.items()):
        return "A mentor is given more members than places."
    if asked.shared is not None:
        if any(at.get(i) not in asked.shared[i, j] for i, j in chosen):
            return "A pair has no hour, or one that they do not share."
        if len({(j, at[i]) for i, j in chosen}) < len(chosen):
            return "A mentor has two pairs at one hour."
    places = ((k, c) for j, (c, o) in asked.mentors.items() for k in range(o, o + load[j]))
    objective = {
        "order_of_serving": sum(asked.rank[i] for i, _ in chosen),
        "served": len(chosen),
        "fit": sum(asked.fit[pair] for pair in chosen),
        "evenness": sum(asked.levels * k // c for k, c in places),
    }
    return "" if objective == result["objective"] else "The objective is not that of the assignment."


def fault_of_prices(asked: SimpleNamespace, result: dict[str, Any]) -> str:
    """Say why the values and prices do not prove that nothing is worth more."""
    duals, rank, shared = result["duals"], dict(asked.rank), asked.shared
    u, v = ({name: max(0, dual) for name, dual in duals[side].items()} for side in ("members", "mentors"))
    p = {(j, int(h)): max(0, dual) for j, prices in duals.get("hours", {}).items() for h, dual in prices.items()}
    w_f = 2 * asked.levels
    most_pairs = len(asked.mentors) if shared is None else sum(max(0, c - o) for c, o in asked.mentors.values())
    w_r = (min(len(rank), most_pairs) + 2) * max(1, asked.full_fit) * w_f

    pinned = {i for i, _ in asked.pins}
    settled = asked.pins if shared is None else set()
    open_pairs = {pair: f for pair, f in asked.fit.items() if pair[0] not in pinned or pair in asked.pins - settled}
    if shared is not None:
        rank |= {i: rank[i] + max(rank.values()) for i in pinned}
    for (i, j), f in open_pairs.items():
        hour = 0 if shared is None else min(p.get((j, h), 0) for h in shared[i, j])
        if u.get(i, 0) + v.get(j, 0) + hour < w_r * rank[i] + w_f * f:
            return "A pair is worth more than its duals."
    chosen = [tuple(pair) for pair in result["assignment"]]
    load, before = Counter(j for _, j in chosen), Counter(j for _, j in settled)
    worth = sum(w_r * rank[i] + w_f * asked.fit[i, j] for i, j in chosen if (i, j) not in settled)
    bound = sum(u.get(i, 0) for i in rank if i not in {i for i, _ in settled}) + sum(p.values())
    for j, (c, o) in asked.mentors.items():
        worth -= sum(asked.levels * k // c for k in range(o + before[j], o + load[j]))
        bound += sum(max(0, v.get(j, 0) - asked.levels * k // c) for k in range(o + before[j], c))
    return "" if worth == bound else f"The assignment is worth {worth}, and {bound} is not ruled out."


if __name__ == "__main__":
    documents = []
    for name in sys.argv[1:3]:
        with open(name, encoding="utf-8") as file:  # noqa: PTH123
            documents.append(json.load(file))
    refusal = verify(*documents)
    print(f"REFUSED. {refusal}" if refusal else "Proven best.")  # noqa: T201
    sys.exit(bool(refusal))
