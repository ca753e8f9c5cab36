"""How do problems and results of circles stand in files?"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import msgspec

from matching.circles.problem import CircleMember, CirclePolicy, CircleProblem, Composition
from matching.circles.solve import Circle, CircleSolution, LevelBound
from matching.files import MemberForm, MentorForm, decoded, person_told, strict
from matching.people import ANY_GENDER, Mentor

CircleMemberForm: Any = msgspec.defstruct(
    "CircleMember",
    [("topics", tuple[str, ...]), ("groups", frozenset[str], frozenset()), ("circle_gender", str, ANY_GENDER)],
    bases=(MemberForm,),
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
)
CompositionForm: Any = strict(Composition)
CirclePolicyForm: Any = strict(CirclePolicy, compositions=tuple[CompositionForm, ...])


class CircleProblemForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`forbidden` holds pairs of a member and a facilitator, `apart` pairs of members."""

    today: date
    members: tuple[CircleMemberForm, ...]  # pyright: ignore[reportInvalidTypeForm]
    facilitators: tuple[MentorForm, ...]  # pyright: ignore[reportInvalidTypeForm]
    policy: CirclePolicyForm = msgspec.field(default_factory=CirclePolicyForm)  # pyright: ignore[reportInvalidTypeForm]
    forbidden: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    seed: str = ""


class WaitingForm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a member is in no circle; `nearest` and `rules` say which rules would have to be otherwise."""

    reason: str
    nearest: tuple[tuple[tuple[str, ...], int], ...] = ()
    rules: tuple[str, ...] = ()


class CircleResult(msgspec.Struct, frozen=True, kw_only=True):
    """The circles, why the others wait, and the bounds level by level."""

    circles: tuple[Circle, ...]
    waiting: dict[str, WaitingForm]
    levels: tuple[LevelBound, ...]
    optimal: bool
    canonical: bool
    seconds: dict[str, float]


def read_circles(octets: bytes) -> CircleProblem:
    """Read a problem of circles. Raises `InvalidProblem` with the place in the file."""
    form = decoded(octets, CircleProblemForm)
    compositions = tuple(Composition(**msgspec.structs.asdict(rule)) for rule in form.policy.compositions)
    policy: dict[str, Any] = msgspec.structs.asdict(form.policy) | {"compositions": compositions}
    return CircleProblem(
        today=form.today,
        members=tuple(CircleMember(**person_told(member)) for member in form.members),
        facilitators=tuple(Mentor(**person_told(facilitator)) for facilitator in form.facilitators),
        policy=CirclePolicy(**policy),
        barred=frozenset(form.forbidden),
        apart=frozenset(form.apart),
        seed=form.seed,
    )


def written_circles(problem: CircleProblem) -> bytes:
    """Write a problem of circles; equal problems give equal bytes."""
    told = asdict(problem)
    told |= {"forbidden": sorted(told.pop("barred")), "apart": sorted(told["apart"])}
    return msgspec.json.encode(told, order="sorted")


def result_of(found: CircleSolution) -> CircleResult:
    """Put what was found into the form of a result."""
    return CircleResult(
        circles=found.circles,
        waiting={
            member: WaitingForm(reason=each.reason, nearest=tuple(each.nearest.items()), rules=each.rules)
            for member, each in found.waiting.items()
        },
        levels=found.levels,
        optimal=found.optimal,
        canonical=found.canonical,
        seconds={phase: round(seconds, 4) for phase, seconds in found.seconds.items()},
    )


def schemas() -> Mapping[str, dict[str, Any]]:
    """Describe the forms as JSON schemas, by the name of their file."""
    forms = {"problem-of-circles": CircleProblemForm, "result-of-circles": CircleResult}
    return {name: msgspec.json.schema(form) for name, form in forms.items()}
