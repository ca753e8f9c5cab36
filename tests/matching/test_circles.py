"""Are circles the best there are, do they keep every rule, and is everybody told why?"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from random import Random

import pytest

from matching.circles import model
from matching.circles.problem import CircleMember, CirclePolicy, CircleProblem, Composition
from matching.circles.solve import solve_circles
from matching.people import Window
from matching.problem import InvalidProblem
from tests.matching.given import EVENING, TODAY, a_mentor
from tests.matching.reference import URGENCY, free_slots

RANDOM = range(80)
PAIR = CirclePolicy(least_size=2, most_size=3)
BETWEEN = ("member-boundary", "mentor-boundary", "preference", "relation")


def a_circle_member(name="ash", **said):
    usual = {
        "id": name,
        "person": f"person of {name}",
        "urgency": "soon",
        "waiting_since": TODAY,
        "needs": (),
        "lived_experience": frozenset({"recovery"}),
        "matchable": frozenset({"recovery"}),
        "languages": ("en",),
        "contact_modes": frozenset({"video"}),
        "availability": (EVENING,),
        "time_zone": "UTC",
        "topics": ("work",),
    }
    return CircleMember(**{**usual, **said})


def a_facilitator(name="wren", **said):
    return a_mentor(**{"id": name, "offers": frozenset({"work"}), **said})


def a_circle_problem(members, facilitators, **said):
    return CircleProblem(
        **{"today": TODAY, "members": tuple(members), "facilitators": tuple(facilitators), "policy": PAIR, **said}
    )


def a_random_circle_problem(seed):
    """Few codes and one or two hours, so that rules bite and ties are many."""
    rng = Random(seed)

    def person():
        lived = frozenset(rng.sample("xyz", rng.randint(0, 1)))
        return {
            "languages": tuple(rng.sample(["en", "es"], rng.choice([1, 2, 2]))),
            "contact_modes": frozenset(rng.sample(["video", "phone"], rng.choice([1, 2, 2]))),
            "availability": tuple(
                Window(day=rng.randint(0, 1), start=540, end=rng.choice([600, 660])) for _ in range(rng.randint(1, 2))
            ),
            "lived_experience": lived,
            "matchable": lived,
            "gender": rng.choice(["woman", "man", None]),
        }

    members = [
        a_circle_member(
            f"m{k}",
            urgency=rng.choice(["urgent", "soon"]),
            waiting_since=TODAY - timedelta(days=rng.randint(0, 1)),
            topics=tuple(rng.sample(["work", "grief"], rng.choice([1, 2, 2]))),
            groups=frozenset(rng.sample("pq", rng.choice([0, 1, 1]))),
            avoid_topics=frozenset(rng.sample("xyz", rng.choice([0, 0, 0, 1]))),
            circle_gender=rng.choice(["any"] * 5 + ["same", "woman"]),
            **person(),
        )
        for k in range(rng.randint(4, 7))
    ]
    facilitators = [
        a_facilitator(
            f"f{k}",
            offers=frozenset(rng.sample(["work", "grief"], rng.choice([1, 2]))),
            capacity=rng.choice([1, 1, 2]),
            declined_topics=frozenset(rng.sample("xyz", rng.choice([0, 0, 0, 1]))),
            **person(),
        )
        for k in range(rng.randint(2, 3))
    ]
    if rng.random() < 0.5:
        facilitators[0] = replace(facilitators[0], person=members[0].person)
    if len(facilitators) > 1 and rng.random() < 0.5:
        facilitators[1] = replace(facilitators[1], person=members[1].person)
    rules = (
        Composition(trait="group", value="p", least=2, or_none=True),
        Composition(trait="urgency", value="urgent", most=1),
        Composition(trait="lived-experience", value="x", least=1, topic="grief"),
    )
    ids = [member.id for member in members]
    return a_circle_problem(
        members,
        facilitators,
        policy=replace(PAIR, compositions=tuple(rule for rule in rules if rng.random() < 0.4)),
        apart=frozenset(pair for pair in combinations(ids, 2) if rng.random() < 0.08),
        barred=frozenset((name, each.id) for name in ids for each in facilitators if rng.random() < 0.05),
        seed=str(seed),
    )


def free_hours(problem, person):
    """The hours of this week in UTC at which somebody is free; where all live by UTC, they are those of all year."""
    slots = free_slots(person.availability, person.time_zone, problem.today)
    return {hour for hour in range(168) if {4 * hour + quarter for quarter in range(4)} <= slots}


def may_be_in(problem, member, facilitator):
    wanted = member.gender if member.circle_gender == "same" else member.circle_gender
    return (
        not member.avoid_topics & (facilitator.lived_experience | facilitator.offers)
        and not facilitator.declined_topics & (member.lived_experience | set(member.needs))
        and (member.circle_gender == "any" or (wanted is not None and wanted == facilitator.gender))
        and member.person != facilitator.person
        and (member.id, facilitator.id) not in problem.barred
    )


def may_share(problem, one, other):
    wishes = (
        (a.circle_gender, a.gender if a.circle_gender == "same" else a.circle_gender, b.gender)
        for a, b in ((one, other), (other, one))
    )
    return (
        not one.avoid_topics & other.lived_experience
        and not other.avoid_topics & one.lived_experience
        and all(wish == "any" or (wanted is not None and wanted == gender) for wish, wanted, gender in wishes)
        and not {(one.id, other.id), (other.id, one.id)} & problem.apart
    )


def counted(rule, member):
    told = {"urgency": {member.urgency}, "group": member.groups, "lived-experience": member.matchable}
    return rule.value in told[rule.trait]


def circles_of(problem):
    """Every circle that the rules allow, from the definition: facilitator, hour, members, fit."""
    policy = problem.policy
    for facilitator in problem.facilitators:
        possible = [member for member in problem.members if may_be_in(problem, member, facilitator)]
        groups = [
            group for size in range(policy.least_size, policy.most_size + 1) for group in combinations(possible, size)
        ]
        for group in groups:
            if not all(may_share(problem, *pair) for pair in combinations(group, 2)):
                continue
            hours = free_hours(problem, facilitator).intersection(*(free_hours(problem, member) for member in group))
            modes = facilitator.contact_modes.intersection(*(member.contact_modes for member in group))
            if not hours or not modes:
                continue
            for topic in facilitator.offers.intersection(*(set(m.topics) - m.avoid_topics for m in group)):
                counts = [(rule, sum(counted(rule, member) for member in group)) for rule in policy.compositions]
                if not all(
                    rule.topic not in (None, topic)
                    or (rule.or_none and not count)
                    or (count >= rule.least and (rule.most is None or count <= rule.most))
                    for rule, count in counts
                ):
                    continue
                for language in set(facilitator.languages).intersection(*(member.languages for member in group)):
                    fit = sum(_fit(member, facilitator, topic, language) for member in group)
                    yield from ((facilitator, hour, group, fit) for hour in hours)


def _fit(member, facilitator, topic, language):
    return (
        (500 if member.topics[0] == topic else 250)
        + (0, 200, 300)[min(2, len(member.matchable & facilitator.matchable))]
        + (200 if member.languages[0] == language else 0)
    )


def best_by_trying(problem):
    classes = sorted({(URGENCY[each.urgency], TODAY - each.waiting_since) for each in problem.members})
    rank = {each.id: classes.index((URGENCY[each.urgency], TODAY - each.waiting_since)) + 1 for each in problem.members}
    distinct = {}
    for facilitator, hour, group, fit in circles_of(problem):
        key = (facilitator.id, hour, tuple(member.id for member in group))
        distinct[key] = max(distinct.get(key, (0,))[0], fit), facilitator, hour, group
    best = (0, 0, 0)
    stack = [((), list(distinct.values()))]
    while stack:
        plan, rest = stack.pop()
        sizes = [len(group) for _, _, _, group in plan] or [0]
        reached = (
            sum(rank[member.id] for *_, group in plan for member in group),
            sum(fit for fit, *_ in plan),
            min(sizes) - max(sizes),
        )
        best = max(best, reached)
        for number, each in enumerate(rest):
            if _goes_with(plan, each):
                stack.append(((*plan, each), rest[number + 1 :]))
    return best


def _goes_with(plan, new):
    _, facilitator, hour, group = new
    if sum(other.id == facilitator.id for _, other, _, _ in plan) >= facilitator.capacity - facilitator.open:
        return False
    for _, other, meanwhile, others in plan:
        persons, guests = {member.person for member in group}, {member.person for member in others}
        if persons & guests:
            return False
        twice = other.person == facilitator.person or other.person in persons or facilitator.person in guests
        if (twice and hour == meanwhile) or (other.person in persons and facilitator.person in guests):
            return False
    return True


def members_of(solution):
    return sorted(tuple(place.member for place in circle.places) for circle in solution.circles)


def test_circles_are_best_level_by_level_as_trying_all_plans_shows():
    several = 0
    for seed in RANDOM:
        problem = a_random_circle_problem(seed)
        solution = solve_circles(problem)

        assert solution.objective.signed() == best_by_trying(problem), seed
        assert [level.reached for level in solution.levels] == [level.bound for level in solution.levels]
        assert solution.optimal
        assert solution.canonical
        several += len(solution.circles) > 1
    assert several > 8


def compare_with_trying(seeds):
    for seed in seeds:
        problem = a_random_circle_problem(seed)
        assert solve_circles(problem).objective.signed() == best_by_trying(problem)


def test_a_model_without_its_rifts_is_caught_by_the_check(monkeypatch):
    monkeypatch.setattr(model, "_part", lambda *_: None)

    with pytest.raises(AssertionError, match="others"):
        compare_with_trying(RANDOM)


def test_leaving_out_the_roomiest_candidates_is_caught_by_trying_all_plans(monkeypatch):
    monkeypatch.setattr("matching.circles.solve.roomiest", lambda every: [each for each in every if each.hour % 24 > 9])

    with pytest.raises(AssertionError):
        compare_with_trying(RANDOM)


def test_everybody_is_in_a_circle_or_told_why_not():
    reasons = Counter()
    for seed in RANDOM:
        problem = a_random_circle_problem(seed)
        solution = solve_circles(problem)
        placed = {name for circle in members_of(solution) for name in circle}
        assert placed | set(solution.waiting) == {member.id for member in problem.members}
        assert not placed & set(solution.waiting)
        possible = {member.id for _, _, group, _ in circles_of(problem) for member in group}
        for name, waiting in solution.waiting.items():
            assert (waiting.reason == "places-short") == (name in possible)
            reasons[waiting.reason] += 1
    assert set(reasons) == {"no-feasible-facilitator", "too-few", "composition", "places-short"}


def circle_of(count, **said):
    return [a_circle_member(f"m{number}", **said) for number in range(count)]


def test_the_same_problem_gives_the_same_circles_whatever_the_order_of_people():
    for seed in range(20):
        problem = a_random_circle_problem(seed)
        turned = replace(problem, members=problem.members[::-1], facilitators=problem.facilitators[::-1])
        first, second = (replace(solve_circles(each), seconds={}) for each in (problem, turned))
        assert first == second


def test_who_is_in_between_equals_is_drawn_by_the_seed():
    problem = a_circle_problem(circle_of(6), [a_facilitator()])

    drawn = {members_of(solve_circles(replace(problem, seed=str(seed))))[0] for seed in range(12)}

    assert len(drawn) > 3


def test_a_circle_has_neither_too_few_nor_too_many():
    policy = CirclePolicy(least_size=4, most_size=5)
    for count, sizes in ((3, []), (4, [4]), (7, [5]), (8, [4, 4])):
        facilitators = [a_facilitator("wren"), a_facilitator("lark")]
        solution = solve_circles(a_circle_problem(circle_of(count), facilitators, policy=policy))
        assert sorted(map(len, members_of(solution))) == sizes


@pytest.mark.parametrize(
    ("rule", "served"),
    [
        (Composition(trait="group", value="carer", least=2, or_none=True), {"elm", "fir"}),
        (Composition(trait="urgency", value="urgent", most=0), {"elm", "fir"}),
        (Composition(trait="gender", value="woman", least=1), {"ash", "elm", "fir"}),
    ],
)
def test_a_rule_of_composition_decides_who_is_together(rule, served):
    people = [
        a_circle_member("ash", groups=frozenset({"carer"}), urgency="urgent", gender="woman"),
        a_circle_member("elm", gender="woman"),
        a_circle_member("fir"),
    ]
    policy = replace(PAIR, compositions=(rule,))

    solution = solve_circles(a_circle_problem(people, [a_facilitator()], policy=policy))

    assert {name for circle in members_of(solution) for name in circle} == served
    assert all(each.rules == ("compositions[0]",) for each in solution.waiting.values())


def test_without_the_rule_of_composition_the_one_it_kept_out_is_in():
    people = [a_circle_member("ash", groups=frozenset({"carer"})), a_circle_member("elm"), a_circle_member("fir")]

    assert members_of(solve_circles(a_circle_problem(people, [a_facilitator()]))) == [("ash", "elm", "fir")]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"avoid_topics": frozenset({"recovery"}), "lived_experience": frozenset(), "matchable": frozenset()}, {}),
        ({"circle_gender": "woman", "gender": "woman"}, {}),
        ({}, {"apart": frozenset({("ash", "elm")})}),
    ],
)
def test_those_who_may_not_meet_are_not_together(said, problem):
    people = [a_circle_member("ash", **said), a_circle_member("elm", gender="man")]
    facilitator = a_facilitator(lived_experience=frozenset(), matchable=frozenset(), gender="woman")

    solution = solve_circles(a_circle_problem(people, [facilitator], **problem))

    assert solution.circles == ()
    assert {each.reason for each in solution.waiting.values()} == {"composition"}
    assert {each.rules for each in solution.waiting.values()} == {("others",)}


def test_nobody_is_in_two_places_at_one_time():
    ash = a_circle_member("ash", urgency="urgent")
    others = circle_of(4)
    facilitators = [a_facilitator("wren", person=ash.person), a_facilitator("lark")]
    long = Window(day=1, start=18 * 60, end=19 * 60)
    at_once = [replace(each, availability=(long,)) for each in (ash, *others)]
    in_turn = [replace(each, availability=(EVENING,)) for each in (ash, *others)]

    def taking_part(people, facilitators):
        circles = solve_circles(a_circle_problem(people, facilitators)).circles
        guests = {place.member for circle in circles for place in circle.places}
        return {circle.facilitator for circle in circles}, guests

    hosts, guests = taking_part(at_once, [replace(each, availability=(long,)) for each in facilitators])
    assert not ("wren" in hosts and "ash" in guests)
    assert taking_part(in_turn, facilitators) == ({"wren", "lark"}, {"ash", "m0", "m1", "m2", "m3"})


def test_an_hour_is_free_all_year_though_clocks_change_on_different_days():
    evening = (Window(day=1, start=18 * 60, end=19 * 60),)
    facilitator = a_facilitator(time_zone="Europe/London", availability=evening)
    same_hour_now = (Window(day=1, start=14 * 60, end=15 * 60),)
    both_hours = (Window(day=1, start=13 * 60, end=15 * 60),)
    there = {"time_zone": "America/New_York"}

    def found(availability):
        people = circle_of(2, availability=availability, **there)
        return solve_circles(a_circle_problem(people, [facilitator]))

    assert found(same_hour_now).circles == ()
    (circle,) = found(both_hours).circles
    assert (circle.hour, circle.time_zone) == (24 + 18, "Europe/London")
    this_week = replace(PAIR, weeks=1)
    people = circle_of(2, availability=same_hour_now, **there)
    assert solve_circles(a_circle_problem(people, [facilitator], policy=this_week)).circles


def test_whoever_is_in_no_circle_is_told_the_nearest_rules():
    people = [*circle_of(2), a_circle_member("ash", languages=("fi",))]

    waiting = solve_circles(a_circle_problem(people, [a_facilitator()])).waiting["ash"]

    assert (waiting.reason, waiting.nearest) == ("no-feasible-facilitator", {("language",): 1})


def test_without_effort_or_time_the_bound_still_holds():
    for seed in range(20):
        problem = a_random_circle_problem(seed)
        best = best_by_trying(problem)
        for stopped in (solve_circles(problem, effort=0), solve_circles(problem, onward=lambda *_: False)):
            assert stopped.levels[0].reached <= best[0] <= stopped.levels[0].bound


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"policy": CirclePolicy(least_size=5, most_size=4)}, r"policy\.least_size"),
        ({"policy": CirclePolicy(meeting_minutes=50)}, r"policy\.meeting_minutes"),
        ({"policy": CirclePolicy(first_topic_points=900)}, r"policy\.full_fit"),
        ({"policy": CirclePolicy(compositions=(Composition(trait="mood", value="x"),))}, r"compositions\[0\]\.trait"),
        ({"facilitators": (a_facilitator(capacity=-1),)}, r"facilitators\[0\]\.capacity"),
        ({"members": (a_circle_member("a", person="x"), a_circle_member("b", person="x"))}, r"members\[1\]\.person"),
    ],
)
def test_a_bad_problem_is_refused_with_the_place(change, complaint):
    with pytest.raises(InvalidProblem, match=complaint):
        replace(a_circle_problem([], []), **change)
