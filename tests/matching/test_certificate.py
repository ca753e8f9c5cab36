from dataclasses import replace

import numpy as np
import pytest

import matching.solve
from matching import certificate
from matching.instance import instance_of
from matching.optimum import optimum
from matching.solution import Proposal
from matching.solve import solve
from matching.weights import Weights
from tests.matching import reference
from tests.matching.given import a_member, a_mentor, a_problem, a_random_problem


def a_solved_problem():
    """Three wait for two places, each fits each, and no two pairs are worth the same."""
    members = [a_member(id=f"m{age}", age=age, languages=("en", "pt")) for age in (20, 40)]
    members.append(a_member(id="m60", age=60, urgency="routine"))
    mentors = [a_mentor(id="t25", age=25), a_mentor(id="t45", age=45)]
    problem = a_problem(members, mentors, kept=frozenset({("m20", "t25")}))
    return instance_of(problem), solve(problem)


def refusals(instance, solution):
    return certificate.refusals(instance, solution.answer)


def with_plan(instance, solution, plan):
    """The same certificate with another plan, whose fit and objective are truthfully stated."""
    explanation = replace(solution.proposals[0].explanation, keep_bonus=0)
    proposals = tuple(
        Proposal(
            member=instance.member_ids[instance.candidates.pairs.i[p]],
            mentor=instance.mentor_ids[instance.candidates.pairs.j[p]],
            fit=int(instance.candidates.pairs.f[p]),
            explanation=explanation,
        )
        for p in plan
    )
    return replace(solution, proposals=proposals, objective=reference.objective(instance, plan))


def test_the_certificate_of_a_solution_holds():
    instance, solution = a_solved_problem()

    assert solution.optimal
    assert refusals(instance, solution) == ()


def test_of_all_plans_there_are_it_accepts_the_best_and_refuses_every_other():
    accepted = refused = 0
    for seed in range(240):
        problem = a_random_problem(seed, most_members=5, most_mentors=3)
        instance, solution = instance_of(problem), solve(problem)
        if not solution.proposals:
            continue
        best = reference.best(instance)
        for plan, reached in reference.plans(instance):
            complaints = refusals(instance, with_plan(instance, solution, plan))
            assert (complaints == ()) == (reached == best)
            accepted += complaints == ()
            refused += complaints == ("the primal and the dual sum differ",)
    assert accepted > 120
    assert refused > 600


def swapped(solution):
    first, second = solution.proposals
    return replace(solution, proposals=(replace(first, mentor=second.mentor), replace(second, mentor=first.mentor)))


def with_member_dual(solution, member, change):
    duals = solution.duals
    return replace(solution, duals=replace(duals, members={**duals.members, member: duals.members[member] + change}))


@pytest.mark.parametrize(
    ("worsen", "complaint"),
    [
        (lambda s: replace(s, proposals=s.proposals[:1]), "the objective is not that of the proposals"),
        (swapped, "the objective is not that of the proposals"),
        (lambda s: replace(s, proposals=s.proposals * 2), "a member is proposed twice"),
        (
            lambda s: replace(s, proposals=(replace(s.proposals[0], mentor="nobody"),)),
            "a proposal is not a feasible pair",
        ),
        (lambda s: replace(s, objective=replace(s.objective, fit=0)), "the objective is not that of the proposals"),
        (lambda s: replace(s, objective=replace(s.objective, served=3)), "the objective is not that of the proposals"),
        (lambda s: with_member_dual(s, "m20", -1), "a feasible pair is worth more than its duals"),
        (lambda s: with_member_dual(s, "m20", 1), "the primal and the dual sum differ"),
        (lambda s: with_member_dual(s, "m60", -1), "a dual is negative or out of range"),
        (lambda s: with_member_dual(s, "m20", 2**62), "a dual is negative or out of range"),
        (lambda s: replace(s, duals=replace(s.duals, mentors={})), "a dual is missing, or belongs to nobody"),
        (
            lambda s: replace(s, duals=replace(s.duals, weights=Weights(rank=1, fit=1))),
            "the weights are not those of the problem",
        ),
    ],
)
def test_a_solution_that_was_tampered_with_is_refused(worsen, complaint):
    instance, solution = a_solved_problem()

    assert complaint in refusals(instance, worsen(solution))


def test_more_proposals_than_places_are_refused():
    members = [a_member(id="a"), a_member(id="b")]
    problem = a_problem(members, [a_mentor()])
    solution = solve(problem)
    both = (replace(solution.proposals[0], member="a"), replace(solution.proposals[0], member="b"))

    complaints = refusals(instance_of(problem), replace(solution, proposals=both))

    assert complaints == ("a mentor has more proposals than places",)


def test_a_pair_that_is_no_longer_feasible_is_refused():
    problem = a_problem([a_member()], [a_mentor()])

    complaints = refusals(instance_of(replace(problem, barred=frozenset({("ash", "wren")}))), solve(problem))

    assert complaints == ("a proposal is not a feasible pair",)


def test_a_worse_plan_is_never_called_optimal(monkeypatch, caplog):
    problem = a_problem([a_member(id="a", age=30), a_member(id="b", age=60)], [a_mentor(age=31)])
    assert solve(problem).optimal

    def swap(*asked):
        return replace(optimum(*asked), mentor_of=np.array([-1, 0]))

    monkeypatch.setattr(matching.solve, "optimum", swap)
    worse = solve(problem)

    assert [proposal.member for proposal in worse.proposals] == ["b"]
    assert not worse.optimal
    assert "not proven best" in caplog.text
