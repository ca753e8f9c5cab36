"""Check that an assignment is best, with nothing but Python.  python verify.py PROBLEM.json RESULT.json.

The problem is told pair by pair. Its levels fold into one number: a rank weighs W_R, a point of fit W_F, and place k
(from 0; open matches stand on the first) of a mentor with c places costs floor(levels k / c). Each member i has a value
u_i and each mentor j a price v_j. If u_i + v_j >= W_R rank + W_F fit for every pair, no assignment is worth more than
the sum of all u_i and of what each free place leaves of its price after its cost. So whatever is worth that much is
best. Pins are settled: they take the first free places, and their members are out of the question. Exit: 0 proven.
"""

import json
import sys
from collections import Counter
from typing import Any


def verify(problem: dict[str, Any], result: dict[str, Any]) -> str:
    """Say what is wrong with a result; nothing, if it is proven best."""
    if any(kind for name, kind in problem.get("side", {}).items() if name != "groups"):
        return "The problem has side constraints, which are not checked here."
    forbidden, pins = ({tuple(pair) for pair in problem.get(name, [])} for name in ("forbidden", "pins"))
    fit = {(i, j): f for i, j, f in problem["pairs"] if (i, j) not in forbidden}
    rank = {member["id"]: member.get("rank", 1) for member in problem["members"]}
    mentors = {mentor["id"]: (mentor["capacity"], mentor.get("open", 0)) for mentor in problem["mentors"]}
    levels, full_fit = problem.get("evenness_levels", 8), problem.get("full_fit", 1000)
    w_f = 2 * levels
    w_r = (min(len(rank), len(mentors)) + 2) * max(1, full_fit) * w_f

    chosen = [tuple(pair) for pair in result["assignment"]]
    load, settled = Counter(j for _, j in chosen), Counter(j for _, j in pins)
    if len({i for i, _ in chosen}) < len(chosen) or not pins <= set(chosen) <= set(fit):
        return "The assignment gives somebody two mentors, or a pair that is not feasible, or leaves out a pin."
    if any(o + load[j] > max(c, o) for j, (c, o) in mentors.items()):
        return "A mentor is given more members than places."
    cost = {j: [levels * k // c for k in range(o, o + load[j])] for j, (c, o) in mentors.items() if load[j]}
    objective = {
        "order_of_serving": sum(rank[i] for i, _ in chosen),
        "served": len(chosen),
        "fit": sum(fit[pair] for pair in chosen),
        "evenness": sum(map(sum, cost.values())),
    }
    if objective != result["objective"]:
        return "The objective is not that of the assignment."

    out = {i for i, _ in pins}
    u, v = ({name: max(0, dual) for name, dual in result["duals"][side].items()} for side in ("members", "mentors"))
    if any(u.get(i, 0) + v.get(j, 0) < w_r * rank[i] + w_f * f for (i, j), f in fit.items() if i not in out):
        return "A pair is worth more than its duals."
    worth = sum(w_r * rank[i] + w_f * fit[i, j] for i, j in chosen if i not in out)
    worth -= sum(sum(costs[settled[j] :]) for j, costs in cost.items())
    bound = sum(u.get(i, 0) for i in rank if i not in out)
    for j, (c, o) in mentors.items():
        bound += sum(max(0, v.get(j, 0) - levels * k // c) for k in range(o + settled[j], c))
    return "" if worth == bound else f"The assignment is worth {worth}, and {bound} is not ruled out."


if __name__ == "__main__":
    documents = []
    for name in sys.argv[1:3]:
        with open(name, encoding="utf-8") as file:  # noqa: PTH123
            documents.append(json.load(file))
    refusal = verify(*documents)
    print(f"REFUSED. {refusal}" if refusal else "Proven best.")  # noqa: T201
    sys.exit(bool(refusal))
