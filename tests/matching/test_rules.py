import pytest

from matching.instance import instance_of
from matching.problem import Policy, Window
from matching.rules import RULES
from matching.why_not import failing_rules
from tests.matching import reference
from tests.matching.given import a_member, a_mentor, a_problem, a_random_problem


def test_two_people_who_fit_in_everything_break_no_rule():
    assert failing_rules(a_problem([a_member()], [a_mentor()]), "ash", "wren") == ()


@pytest.mark.parametrize(
    ("rule", "member", "mentor"),
    [
        ("language", {"languages": ("es",)}, {}),
        ("contact-mode", {"contact_modes": frozenset({"text"})}, {}),
        ("time", {"availability": (Window(day=1, start=19 * 60 + 15, end=21 * 60),)}, {}),
        ("need", {"needs": ("bereavement",)}, {}),
        ("member-boundary", {"avoid_topics": frozenset({"recovery"})}, {}),
        ("member-boundary", {"avoid_topics": frozenset({"housing"})}, {}),
        ("mentor-boundary", {}, {"declined_topics": frozenset({"recovery"})}),
        ("mentor-boundary", {}, {"declined_topics": frozenset({"benefits"})}),
        ("preference", {"mentor_gender": "woman"}, {"gender": "man"}),
        ("preference", {"mentor_gender": "woman"}, {"gender": None}),
        ("preference", {"mentor_gender": "same", "gender": "man"}, {"gender": "woman"}),
        ("preference", {"mentor_gender": "same", "gender": None}, {"gender": None}),
        ("relation", {"person": "one and the same"}, {"person": "one and the same"}),
    ],
)
def test_each_rule_fails_alone_under_its_own_name(rule, member, mentor):
    problem = a_problem([a_member(**member)], [a_mentor(**mentor)])

    assert failing_rules(problem, "ash", "wren") == (rule,)
    assert len(instance_of(problem).candidates.pairs) == 0


@pytest.mark.parametrize(
    ("member", "mentor"),
    [
        ({"mentor_gender": "woman"}, {"gender": "woman"}),
        ({"mentor_gender": "same", "gender": "man"}, {"gender": "man"}),
        ({"availability": (Window(day=1, start=19 * 60, end=21 * 60),)}, {}),
        ({"avoid_topics": frozenset({"bereavement"})}, {"declined_topics": frozenset({"gambling"})}),
    ],
)
def test_a_rule_that_is_just_met_does_not_fail(member, mentor):
    assert failing_rules(a_problem([a_member(**member)], [a_mentor(**mentor)]), "ash", "wren") == ()


def test_a_barred_pair_fails_the_relation_and_bars_nobody_else():
    members, mentors = [a_member(id="ash"), a_member(id="elm")], [a_mentor(id="wren"), a_mentor(id="lark")]
    barred = frozenset({("ash", "wren"), ("gone", "wren"), ("ash", "gone"), ("wren", "ash")})
    problem = a_problem(members, mentors, barred=barred)

    assert failing_rules(problem, "ash", "wren") == ("relation",)
    assert failing_rules(problem, "elm", "wren") == failing_rules(problem, "ash", "lark") == ()


def test_every_failing_rule_is_named_in_the_order_of_the_table():
    member = a_member(
        person="one and the same",
        languages=("es",),
        contact_modes=frozenset({"text"}),
        availability=(),
        needs=("bereavement",),
        avoid_topics=frozenset({"recovery"}),
        mentor_gender="woman",
    )
    mentor = a_mentor(person="one and the same", declined_topics=frozenset({"bereavement"}))

    policy = Policy(standing_hour=True)

    assert failing_rules(a_problem([member], [mentor], policy=policy), "ash", "wren") == tuple(RULES)


def test_sets_wider_than_a_word_are_compared_whole():
    many = [f"need {number:03}" for number in range(200)]
    members = [a_member(id=f"m {need}", needs=(need,)) for need in many]
    mentors = [a_mentor(id=f"t {need}", offers=frozenset({need})) for need in many]

    instance = instance_of(a_problem(members, mentors))

    pairs = instance.candidates.pairs
    assert pairs.i.tolist() == pairs.j.tolist() == list(range(200))


def test_the_feasible_pairs_are_those_without_a_failing_rule():
    feasible = every = mutual = 0
    for seed in range(80):
        problem = a_random_problem(seed)
        instance = instance_of(problem)
        named = {
            (instance.member_ids[i], instance.mentor_ids[j])
            for i, j in zip(*instance.candidates.pairs.columns[:2], strict=True)
        }
        for member in problem.members:
            for mentor in problem.mentors:
                expected = reference.failing(problem, member, mentor)
                mutual += expected == ["relation"] and not reference.failing_alone(problem, member, mentor)
                assert failing_rules(problem, member.id, mentor.id) == tuple(expected)
                assert ((member.id, mentor.id) in named) == (not expected)
                every += 1
        feasible += len(named)
    assert 0.1 * every < feasible < 0.9 * every
    assert mutual


@pytest.mark.parametrize(("urgency_of_b", "kept"), [("routine", "a"), ("urgent", "b"), ("soon", "a")])
def test_of_two_people_who_could_support_each_other_only_the_one_before_in_order_is_served(urgency_of_b, kept):
    a, b = a_member(id="a", person="A"), a_member(id="b", person="B", urgency=urgency_of_b)
    of_a, of_b = a_mentor(id="mentor A", person="A"), a_mentor(id="mentor B", person="B")
    problem = a_problem([a, b], [of_a, of_b])
    served, left = (("a", "mentor B"), ("b", "mentor A")) if kept == "a" else (("b", "mentor A"), ("a", "mentor B"))

    assert failing_rules(problem, *served) == ()
    assert failing_rules(problem, *left) == ("relation",)


def test_nobody_is_held_back_for_a_return_that_is_not_feasible_anyway():
    a, b = a_member(id="a", person="A"), a_member(id="b", person="B", urgency="routine")
    of_a, of_b = a_mentor(id="mentor A", person="A"), a_mentor(id="mentor B", person="B")
    problem = a_problem([a, b], [of_a, of_b], barred=frozenset({("a", "mentor B")}))

    assert failing_rules(problem, "b", "mentor A") == ()


@pytest.mark.parametrize("pair", [("nobody", "wren"), ("ash", "nobody")])
def test_asking_about_somebody_who_is_not_there_is_refused_without_repeating_the_id(pair):
    with pytest.raises(KeyError) as refusal:
        failing_rules(a_problem([a_member()], [a_mentor()]), *pair)

    assert "'nobody'" not in str(refusal.value)
