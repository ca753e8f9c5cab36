"""How do problems and results of teams stand in files?"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import msgspec

from matching.files import MemberForm, MentorForm, PolicyForm, decoded, person_told
from matching.people import Mentor
from matching.policy import Policy
from matching.solution import Explanation, Proposal
from matching.teams.prices import SCALE
from matching.teams.problem import TEAM, TeamMember, TeamProblem
from matching.teams.solve import LevelProof, TeamSolution

TeamMemberForm: Any = msgspec.defstruct(
    "TeamMember", [("wants", str, TEAM)], bases=(MemberForm,), frozen=True, kw_only=True, forbid_unknown_fields=True
)


class TeamProblemForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`forbidden` and `kept` hold pairs of a member and a mentor or navigator, `apart` of a mentor and a navigator."""

    today: date
    members: tuple[TeamMemberForm, ...]  # pyright: ignore[reportInvalidTypeForm]
    mentors: tuple[MentorForm, ...]  # pyright: ignore[reportInvalidTypeForm]
    navigators: tuple[MentorForm, ...]  # pyright: ignore[reportInvalidTypeForm]
    policy: PolicyForm = msgspec.field(default_factory=PolicyForm)  # pyright: ignore[reportInvalidTypeForm]
    same_language: bool = True
    forbidden: tuple[tuple[str, str], ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    seed: str = ""


class Half(msgspec.Struct, frozen=True, kw_only=True):
    """A mentor or a navigator of a team, with all that entered the objective."""

    id: str
    fit: int
    explanation: Explanation


class TeamForm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who supports a member."""

    member: str
    fit: int
    mentor: Half | None = None
    navigator: Half | None = None


class WaitingForm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a member waits; `nearest` says which rules would have to give way, and how many helpers that would open."""

    reason: str
    nearest: tuple[tuple[tuple[str, ...], int], ...] = ()


class LevelForm(msgspec.Struct, frozen=True, kw_only=True):
    """A level of the objective with its proof; weights and prices are in parts, `scale` of which make a unit."""

    level: str
    reached: int
    bound: int
    by: str
    scale: int
    weights: tuple[int, int, int]
    prices: dict[str, int]


class TeamResult(msgspec.Struct, frozen=True, kw_only=True):
    """The teams, why the others wait, and the proof level by level."""

    teams: tuple[TeamForm, ...]
    waiting: dict[str, WaitingForm]
    levels: tuple[LevelForm, ...]
    optimal: bool
    canonical: bool
    seconds: dict[str, float]


def read_teams(octets: bytes) -> TeamProblem:
    """Read a problem of teams. Raises `InvalidProblem` with the place in the file."""
    form = decoded(octets, TeamProblemForm)
    return TeamProblem(
        today=form.today,
        members=tuple(TeamMember(**person_told(member)) for member in form.members),
        mentors=tuple(Mentor(**person_told(mentor)) for mentor in form.mentors),
        navigators=tuple(Mentor(**person_told(navigator)) for navigator in form.navigators),
        policy=Policy(**msgspec.structs.asdict(form.policy)),
        same_language=form.same_language,
        barred=frozenset(form.forbidden),
        kept=frozenset(form.kept),
        apart=frozenset(form.apart),
        seed=form.seed,
    )


def read_result(octets: bytes) -> TeamResult:
    """Read a result of teams. Raises `InvalidProblem` with the place in the file."""
    return decoded(octets, TeamResult)


def written_teams(problem: TeamProblem) -> bytes:
    """Write a problem of teams; equal problems give equal bytes."""
    told = asdict(problem)
    told |= {name: sorted(told.pop(source)) for name, source in (("forbidden", "barred"), ("kept", "kept"))}
    return msgspec.json.encode(told | {"apart": sorted(told["apart"])}, order="sorted")


def result_of(found: TeamSolution) -> TeamResult:
    """Put what was found into the form of a result."""
    return TeamResult(
        teams=tuple(
            TeamForm(member=team.member, fit=team.fit, mentor=_half(team.mentor), navigator=_half(team.navigator))
            for team in found.teams
        ),
        waiting={
            member: WaitingForm(reason=each.reason, nearest=tuple(each.nearest.items()))
            for member, each in found.waiting.items()
        },
        levels=tuple(map(_level, found.levels)),
        optimal=found.optimal,
        canonical=found.canonical,
        seconds={phase: round(seconds, 4) for phase, seconds in found.seconds.items()},
    )


def schemas() -> Mapping[str, dict[str, Any]]:
    """Describe the forms as JSON schemas, by the name of their file."""
    forms = {"problem-of-teams": TeamProblemForm, "result-of-teams": TeamResult}
    return {name: msgspec.json.schema(form) for name, form in forms.items()}


def _half(proposal: Proposal | None) -> Half | None:
    if proposal is None:
        return None
    return Half(id=proposal.mentor, fit=proposal.fit, explanation=proposal.explanation)


def _level(proof: LevelProof) -> LevelForm:
    return LevelForm(
        level=proof.level,
        reached=proof.reached,
        bound=proof.bound,
        by=proof.by,
        scale=SCALE,
        weights=proof.weights,
        prices=dict(proof.prices),
    )
