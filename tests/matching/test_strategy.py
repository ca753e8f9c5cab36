import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from api.cli import app
from matching.files import written
from matching.instance import instance_of
from matching.problem import InvalidProblem, Window
from matching.strategy.misreports import MEMBER, MEMBER_MISREPORTS, MENTOR, MENTOR_MISREPORTS, UNAVAILING
from matching.strategy.search import _assignment as assignment
from matching.strategy.search import attempts, search
from tests.matching import reference
from tests.matching.given import EVENING, a_member, a_mentor, a_problem, a_random_problem


@pytest.fixture(scope="module")
def tried():
    """All misreports of everybody in problems of few people and many ties, by side and kind."""
    found = {(MEMBER, kind): [] for kind in MEMBER_MISREPORTS} | {(MENTOR, kind): [] for kind in MENTOR_MISREPORTS}
    for seed in range(6):
        problem = replace(a_random_problem(seed, most_members=5, both_sides=False), seed="any")
        true = instance_of(problem)
        for person in (*problem.members, *problem.mentors):
            for attempt in attempts(problem, true, assignment(true), person):
                found[attempt.side, attempt.kind].append((problem, attempt))
    return found


@pytest.mark.parametrize(("side", "kind"), sorted((side, kind) for side, kinds in UNAVAILING.items() for kind in kinds))
def test_who_lets_nothing_look_better_is_not_served_for_it_and_gets_no_more_members(tried, side, kind):
    unavailing = [attempt for _, attempt in tried[side, kind]]
    assert len(unavailing) > 3
    assert [attempt for attempt in unavailing if attempt.gain_in_count > 0] == []


@pytest.mark.parametrize("kind", ["overstate-urgency", "hide-contact-mode", "drop-need"])
def test_who_says_something_that_looks_better_may_be_served_instead_of_somebody_else(kind):
    ash = a_member(id="ash", availability=(Window(day=1, start=18 * 60, end=20 * 60),))
    elm = a_member(id="elm", availability=(Window(day=1, start=18 * 60, end=20 * 60 + 15),))
    problem = a_problem([ash, elm], [a_mentor(availability=(Window(day=1, start=18 * 60, end=21 * 60),))])

    gains = {each.kind: each.most_count for each in search(problem, people=2, seed="any") if each.side == MEMBER}

    assert (gains[kind].person, gains[kind].before.meets, gains[kind].after.meets) == ("ash", (), ("wren",))
    assert gains[kind].others_served == -1
    assert {kind for kind, gain in gains.items() if gain} == {"overstate-urgency", "hide-contact-mode", "drop-need"}


def test_who_withdraws_something_may_get_somebody_who_fits_better(tried):
    for side, kind in ((MEMBER, "keep-all-but-one-away"), (MENTOR, "decline-topic")):
        assert any(attempt.gain_in_fit > 0 for _, attempt in tried[side, kind])


def test_a_mentor_who_understates_capacity_keeps_the_better_fit_and_leaves_somebody_waiting():
    problem = a_problem([a_member(id="ash", needs=("housing",)), a_member(id="elm")], [a_mentor(capacity=2)])

    (finding,) = (each for each in search(problem, people=1, seed="any") if each.kind == "understate-capacity")

    assert finding.most_fit.after.meets == ("ash",)
    assert (finding.most_fit.gain_in_fit, finding.most_fit.others_served) == (100, -1)
    assert finding.most_count is None


def test_what_comes_of_a_misreport_is_judged_by_the_truth(tried):
    judged, deceived = 0, 0
    for (side, _), found in tried.items():
        for problem, attempt in found:
            members, mentors = ({each.id: each for each in people} for people in (problem.members, problem.mentors))
            pairs = [(attempt.person, met) if side == MEMBER else (met, attempt.person) for met in attempt.after.meets]
            people = [(members[member], mentors[mentor]) for member, mentor in pairs]
            assert not any(reference.failing(problem, *pair) for pair in people)
            assert attempt.after.fit == sum(reference.fit(problem, *pair) for pair in people)
            judged += len(people)
            deceived += attempt.gain_in_count < 0
    assert judged > 50
    assert deceived > 10


def two_who_want_the_same_place():
    """Ash comes first and is served by either; wren fits ash worse than lark, but elm has nobody else."""
    ash = a_member(id="ash", urgency="urgent", needs=("housing",), contact_modes=frozenset({"video"}))
    elm = a_member(id="elm", needs=("benefits",), contact_modes=frozenset({"video"}))
    wren = a_mentor(id="wren", offers=frozenset({"housing", "benefits"}))
    lark = a_mentor(id="lark", matchable=frozenset(), lived_experience=frozenset())
    return a_problem([ash, elm], [wren, lark])


def test_the_search_tells_the_largest_gain_and_what_it_costs_the_others():
    findings = {(each.side, each.kind): each for each in search(two_who_want_the_same_place(), people=9, seed="any")}

    best = findings[MEMBER, "keep-all-but-one-away"].most_fit

    assert (best.person, best.before.meets, best.after.meets) == ("ash", ("lark",), ("wren",))
    assert (best.gain_in_fit, best.others_served) == (150, -1)
    assert findings[MEMBER, "keep-all-but-one-away"].most_count is None
    assert findings[MEMBER, "hide-language"].attempts == 2


def test_a_need_that_is_made_up_serves_nobody_truly():
    lost = a_member(id="ash", needs=("legal",))
    problem = a_problem([lost], [a_mentor(offers=frozenset({"housing"}))])
    (finding,) = (each for each in search(problem, people=1, seed="any") if each.kind == "add-need")
    assert (finding.attempts, finding.gained_count) == (1, 0)


def test_the_people_are_drawn_by_the_seed_and_the_search_can_be_stopped():
    problem = a_random_problem(5, most_members=6)

    def drawn(seed):
        return [each.attempts for each in search(problem, people=1, seed=seed)]

    stopped = search(problem, people=3, seed="a", onward=lambda _what, done, _total: done < 1)
    assert drawn("a") == drawn("a")
    assert len({tuple(drawn(seed)) for seed in "abcdef"}) > 1
    assert (
        0 < sum(each.attempts for each in stopped) < sum(each.attempts for each in search(problem, people=3, seed="a"))
    )


def test_an_understated_capacity_leaves_room_for_one_at_least():
    mentor = a_mentor(capacity=5, open=2, availability=(EVENING,))
    problem = a_problem([], [mentor])
    capacities = [each.mentors[0].capacity for each in MENTOR_MISREPORTS["understate-capacity"](problem, mentor)]
    assert capacities == [3, 4]


def test_the_command_says_who_gains_in_words_or_as_data_and_never_more_than_ids(tmp_path):
    file = tmp_path / "problem.json"
    file.write_bytes(written(two_who_want_the_same_place()))

    said = CliRunner().invoke(app, ["strategy", str(file)])
    told = CliRunner().invoke(app, ["strategy", str(file), "--people", "1", "--seed", "any", "--json"])
    file.write_text('{"members": [], "mentors": [], "pairs": []}')
    refused = CliRunner().invoke(app, ["strategy", str(file)])

    assert "member ash meets wren (mean fit" in said.stdout
    assert {each["kind"] for each in json.loads(told.stdout)} == {*MEMBER_MISREPORTS, *MENTOR_MISREPORTS}
    assert isinstance(refused.exception, InvalidProblem)
