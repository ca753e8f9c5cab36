"""How do problems and results stand in files? As JSON, in the forms that `docs/schemas/` describes."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, asdict, fields
from datetime import date
from typing import Annotated, Any, Final, TypeVar, get_type_hints

import msgspec
from msgspec import Meta

from matching.arrivals.outlook import Past
from matching.people import Absence, Calendar, ExtraHours, Member, Mentor, Recurrence, Window
from matching.policy import Policy
from matching.problem import Problem
from matching.side.constraints import SideConstraints
from matching.solution import Answer, Duals, Explanation, Objective, Proof, Solution, Verdict
from matching.told import NO_SIDE, Hour, ToldProblem
from matching.validity import InvalidProblem
from matching.weights import LARGEST_DUAL, Weights

T = TypeVar("T")
MOST_COUNT: Final = 2**63 - 1


def strict(told: type, **others: Any) -> Any:
    """Make a form of a dataclass that refuses fields it does not know; what is left out of it is as in the class.

    `others` are the forms of those fields that are dataclasses themselves.
    """
    hints = get_type_hints(told) | others
    rows: list[tuple[Any, ...]] = []
    for each in fields(told):
        default = each.default
        if each.default_factory is not MISSING:
            default = msgspec.field(default_factory=others.get(each.name, each.default_factory))
        rows.append((each.name, hints[each.name], *(() if default is MISSING else (default,))))
    return msgspec.defstruct(told.__name__, rows, frozen=True, kw_only=True, forbid_unknown_fields=True)


WindowForm: Final = strict(Window)
RecurrenceForm: Final = strict(Recurrence)
AbsenceForm: Final = strict(Absence)
ExtraHoursForm: Final = strict(ExtraHours)
CalendarForm: Final = strict(
    Calendar,
    recurring=tuple[RecurrenceForm, ...],  # type: ignore[valid-type]
    absences=tuple[AbsenceForm, ...],  # type: ignore[valid-type]
    extra=tuple[ExtraHoursForm, ...],  # type: ignore[valid-type]
)
_HOURS: Final[dict[str, Any]] = {"availability": tuple[WindowForm, ...], "calendar": CalendarForm}  # type: ignore[valid-type]
MemberForm: Final = strict(Member, **_HOURS)
MentorForm: Final = strict(Mentor, **_HOURS)
PolicyForm: Final = strict(Policy)


class PeopleProblem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A problem told person by person; `forbidden` pairs may not meet, `kept` ones the preceding round proposed."""

    today: date
    members: tuple[MemberForm, ...]  # type: ignore[valid-type]
    mentors: tuple[MentorForm, ...]  # type: ignore[valid-type]
    policy: PolicyForm = msgspec.field(default_factory=PolicyForm)  # type: ignore[valid-type]
    forbidden: tuple[tuple[str, str], ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    pins: tuple[tuple[str, str], ...] = ()
    seed: str = ""
    side: SideConstraints = NO_SIDE


class PastForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everybody who came from the day `first` to the day `last`, each on the day of `waiting_since`."""

    first: date
    last: date
    members: tuple[MemberForm, ...]  # type: ignore[valid-type]


Dual = Annotated[int, Meta(ge=0, le=LARGEST_DUAL)]
Reached = Annotated[int, Meta(ge=0, le=MOST_COUNT)]


class Levels(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan reaches on each level; `evenness` counts against it."""

    order_of_serving: Reached
    served: Reached
    fit: Reached
    evenness: Reached


class DualsForm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The certificate: a value of serving each member, a price of a place of each mentor, and of hours if any."""

    members: dict[str, Dual]
    mentors: dict[str, Dual]
    hours: dict[str, dict[Hour, Dual]] = msgspec.field(default_factory=dict)


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal of a problem told person by person, with all that entered the objective."""

    member: str
    mentor: str
    fit: int
    explanation: Explanation


class ProofForm(msgspec.Struct, frozen=True, kw_only=True):
    """How well a level of a plan with side constraints is proven: by `multipliers`, by `search`, or by `nothing`."""

    goal: str
    value: int
    bound: int
    by: str
    kernel: Reached
    scale: Annotated[int, Meta(ge=1, le=LARGEST_DUAL)]
    members: dict[str, Dual]
    mentors: dict[str, Dual]
    side: tuple[Dual, ...]
    before: tuple[Dual, ...]


class Result(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An answer with its proof.

    `hours` holds each pair's hour by its member, where each has one of its own. `side` stands there only if side
    constraints stood in the way, `proposals` and `waiting` only for people.
    """

    assignment: tuple[tuple[str, str], ...]
    objective: Levels
    bound: Levels
    optimal: bool
    duals: DualsForm
    hours: dict[str, Hour] = msgspec.field(default_factory=dict)
    side: tuple[ProofForm, ...] = ()
    proposals: tuple[Reason, ...] = ()
    waiting: dict[str, str] = msgspec.field(default_factory=dict)
    seconds: dict[str, float] = msgspec.field(default_factory=dict)


def read_problem(octets: bytes) -> Problem | ToldProblem:
    """Read a problem in either form. Raises `InvalidProblem` with the place in the file."""
    if "pairs" in decoded(octets, dict[str, msgspec.Raw]):
        return decoded(octets, ToldProblem)
    form = decoded(octets, PeopleProblem)
    return Problem(
        today=form.today,
        members=tuple(Member(**person_told(member)) for member in form.members),
        mentors=tuple(Mentor(**person_told(mentor)) for mentor in form.mentors),
        policy=Policy(**msgspec.structs.asdict(form.policy)),
        barred=frozenset(form.forbidden),
        kept=frozenset(form.kept),
        pins=form.pins,
        seed=form.seed,
        side=form.side,
    )


def read_past(octets: bytes) -> Past:
    """Read who came before. Raises `InvalidProblem` with the place in the file."""
    form = decoded(octets, PastForm)
    members = tuple(Member(**person_told(member)) for member in form.members)
    return Past(members=members, first=form.first, last=form.last)


def read_mentors(octets: bytes) -> tuple[Mentor, ...]:
    """Read a list of mentors as they stand in a problem. Raises `InvalidProblem` with the place in the file."""
    return tuple(Mentor(**person_told(mentor)) for mentor in decoded(octets, tuple[MentorForm, ...]))  # type: ignore[valid-type]


def written(problem: Problem | ToldProblem) -> bytes:
    """Write a problem; equal problems give equal bytes."""
    form: Any = problem
    if isinstance(problem, Problem):
        told = {each.name: getattr(problem, each.name) for each in fields(Problem)}
        form = told | {"forbidden": sorted(told.pop("barred")), "kept": sorted(told["kept"])}
    return msgspec.json.encode(form, order="sorted")


def read_answer(octets: bytes, weights: Weights) -> Answer:
    """Read a result as an answer to a problem of these weights. Raises `InvalidProblem` with the place in the file."""
    form = decoded(octets, Result)
    return Answer(
        assignment=form.assignment,
        objective=Objective(**msgspec.structs.asdict(form.objective)),
        duals=Duals(weights=weights, members=form.duals.members, mentors=form.duals.mentors, hours=form.duals.hours),
        hours=form.hours,
        side=tuple(Proof(**msgspec.structs.asdict(each)) for each in form.side),
    )


def result_of(found: Solution | Verdict) -> Result:
    """Put what was found into the form of a result."""
    answer = found.answer
    told = found.proposals if isinstance(found, Solution) else ()
    return Result(
        assignment=answer.assignment,
        objective=Levels(**asdict(answer.objective)),
        bound=Levels(**asdict(found.bound)),
        optimal=found.optimal,
        duals=DualsForm(
            members=dict(answer.duals.members),
            mentors=dict(answer.duals.mentors),
            hours={mentor: dict(prices) for mentor, prices in answer.duals.hours.items()},
        ),
        hours=dict(answer.hours),
        side=tuple(ProofForm(**asdict(each)) for each in answer.side),
        proposals=tuple(
            Reason(member=each.member, mentor=each.mentor, fit=each.fit, explanation=each.explanation) for each in told
        ),
        waiting=dict(found.unserved) if isinstance(found, Solution) else {},
        seconds={phase: round(seconds, 4) for phase, seconds in found.seconds.items()},
    )


def schemas() -> Mapping[str, dict[str, Any]]:
    """Describe the forms as JSON schemas, by the name of their file."""
    forms = {"problem-of-people": PeopleProblem, "problem-of-pairs": ToldProblem, "past": PastForm, "result": Result}
    return {name: msgspec.json.schema(form) for name, form in forms.items()}


def person_told(form: Any) -> dict[str, Any]:
    """Give the fields of somebody told in a form."""
    calendar = Calendar(
        recurring=_told(Recurrence, form.calendar.recurring),
        absences=_told(Absence, form.calendar.absences),
        extra=_told(ExtraHours, form.calendar.extra),
    )
    return msgspec.structs.asdict(form) | {"availability": _told(Window, form.availability), "calendar": calendar}


def _told(kind: type[T], forms: Iterable[Any]) -> tuple[T, ...]:
    return tuple(kind(**msgspec.structs.asdict(form)) for form in forms)


def decoded(octets: bytes, form: type[T]) -> T:
    """Read a document in a form. Raises `InvalidProblem` with the place in the file."""
    try:
        return msgspec.json.decode(octets, type=form)
    except msgspec.ValidationError as error:
        complaint, _, place = str(error).partition(" - at `$")
        raise InvalidProblem(f"{place.strip('`').lstrip('.') or 'the document'}: {complaint}") from None
    except msgspec.DecodeError as error:
        raise InvalidProblem(f"the document is not JSON: {error}") from None
    except UnicodeDecodeError:
        raise InvalidProblem("the document is not JSON: it is not in UTF-8") from None
