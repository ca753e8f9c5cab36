import pytest

from matching.problem import InvalidProblem, Policy, Window
from matching.solve import solve
from tests.matching.given import a_member, a_mentor, a_problem

SECRET = "what-nobody-may-read"


@pytest.mark.parametrize(
    ("members", "mentors", "place"),
    [
        ([a_member(), a_member()], [], r"members\[1\]\.id"),
        ([], [a_mentor(), a_mentor()], r"mentors\[1\]\.id"),
        ([a_member(urgency=SECRET)], [], r"members\[0\]\.urgency"),
        ([a_member(time_zone=SECRET)], [], r"members\[0\]\.time_zone"),
        ([a_member(time_zone="")], [], r"members\[0\]\.time_zone"),
        ([a_member(time_zone="America")], [], r"members\[0\]\.time_zone"),
        ([], [a_mentor(time_zone="../" + SECRET)], r"mentors\[0\]\.time_zone"),
        ([a_member(), a_member(id="b", age=-1)], [], r"members\[1\]\.age"),
        ([a_member(matchable=frozenset({SECRET}))], [], r"members\[0\]\.matchable"),
        ([], [a_mentor(matchable=frozenset({SECRET}))], r"mentors\[0\]\.matchable"),
        ([], [a_mentor(capacity=-1)], r"mentors\[0\]\.capacity"),
        ([], [a_mentor(capacity=2**63)], r"mentors\[0\]\.capacity"),
        ([], [a_mentor(open=-1)], r"mentors\[0\]\.open"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place_and_without_its_value(members, mentors, place):
    with pytest.raises(InvalidProblem, match=place) as refusal:
        a_problem(members, mentors)

    assert SECRET not in str(refusal.value)


@pytest.mark.parametrize(
    ("day", "start", "end", "place"),
    [
        (7, 0, 60, "day"),
        (-1, 0, 60, "day"),
        (0, -15, 60, "start"),
        (0, 1440, 1440, "start"),
        (0, 60, 60, "end"),
        (0, 60, 30, "end"),
        (0, 60, 1441, "end"),
    ],
)
def test_a_window_must_lie_within_its_day_and_end_after_it_starts(day, start, end, place):
    windows = (Window(day=0, start=0, end=1440), Window(day=day, start=start, end=end))

    with pytest.raises(InvalidProblem, match=rf"members\[0\]\.availability\[1\]\.{place}"):
        a_problem([a_member(availability=windows)], [])


@pytest.mark.parametrize(
    ("number", "value"),
    [
        ("min_shared_minutes", -1),
        ("keep_bonus", 1001),
        ("full_time_minutes", 0),
        ("evenness_levels", 0),
        ("evenness_levels", 1001),
        ("full_fit", None),
    ],
)
def test_a_policy_must_keep_to_its_ranges(number, value):
    policy = Policy(needs_points=401) if number == "full_fit" else Policy(**{number: value})

    with pytest.raises(InvalidProblem, match=rf"policy\.{number}"):
        a_problem([], [], policy=policy)


def test_more_open_matches_than_capacity_and_pairs_of_strangers_are_not_mistakes():
    strangers = frozenset({("nobody", "no one")})

    assert solve(a_problem([], [a_mentor(capacity=1, open=2)], barred=strangers, kept=strangers)).optimal
