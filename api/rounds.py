"""Holding a round: the pool becomes a problem, the solution becomes proposals."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from importlib.metadata import version
from time import perf_counter
from typing import Any, Final
from uuid import UUID

import msgspec

from api.calendars import asked_calendar
from api.draws import by_handles, commit, commitment_of, draw, ids_by_handle
from api.moment import Moment
from domain.application import Alongside
from domain.draws import Drawn
from domain.explanation import Explanation
from domain.insist import insist
from domain.member import Member
from domain.mentor import Mentor
from domain.pool import Pool
from domain.profiles import Profile
from domain.programme import Policy
from domain.purposes import Field
from domain.recording import Outcome, Proposal
from domain.round import Findings
from domain.values import Urgency
from matching import problem as asked
from matching import solution as answered
from matching.solve import solve

ATTEMPTS: Final = 3


@dataclass(frozen=True)
class Held:
    """A round that was held: what it found, and how long each phase took in seconds."""

    round_id: UUID
    outcome: Outcome
    proposals: int
    seconds: dict[str, float]

    def report(self) -> dict[str, Any]:
        """Give the round as one JSON object."""
        findings = self.outcome.findings
        return {
            "round": str(self.round_id),
            "position": self.outcome.pool.position,
            "today": self.outcome.today.isoformat(),
            "members": findings.members,
            "mentors": findings.mentors,
            "places": findings.places,
            "excluded": findings.excluded,
            "feasible_pairs": findings.feasible_pairs,
            "proposals": self.proposals,
            "waiting": dict(Counter(self.outcome.waiting.values())),
            "objective": findings.objective,
            "optimal": findings.optimal,
            "seconds": {phase: round(seconds, 4) for phase, seconds in self.seconds.items()},
        }


@dataclass(frozen=True)
class Question:
    """What a round asks on a pool.

    `problem` names everybody by a handle, `ids` says whom each stands for, and `excluded` counts who did not enter it,
    by reason.
    """

    pool: Pool
    moment: Moment
    problem: asked.Problem
    ids: Mapping[str, UUID]
    excluded: Mapping[str, int]


def hold_round(alongside: Alongside, slug: str, moment: Moment, *, by: str) -> Held:
    """Read the pool, solve it, record what was found; once more if somebody changed the pool in between."""
    commit(alongside, slug, moment.at, by)
    return insist(partial(_attempt, alongside, slug, moment, by), attempts=ATTEMPTS)


def _attempt(alongside: Alongside, slug: str, moment: Moment, by: str) -> Held:
    start = perf_counter()
    pool = alongside.pool(alongside.programme(slug).id)
    moment = replace(moment, at=alongside.read_clocks(moment.at).judged)
    read = perf_counter()
    drawn = draw(alongside, pool)
    question = question_on(pool, moment, drawn.seed)
    solution = solve(question.problem)
    outcome = outcome_of(question, solution, drawn)
    solved = perf_counter()
    round_id, matches = alongside.hold_round(outcome, at=moment.at, by=by)
    seconds = {"read": read - start, **solution.seconds, "record": perf_counter() - solved}
    return Held(round_id, outcome, len(matches), seconds)


def question_on(pool: Pool, moment: Moment, seed: str = "") -> Question:
    """Put a pool as the question that a round asks, with everybody by the handles of the programme's next draw."""
    members, without = pool.waiting(moment.at)
    mentors, unable = pool.available(moment.at, moment.today)
    known, commitment = problem_of(pool, members, mentors, moment), commitment_of(pool).digest
    excluded = sorted((Counter(without) + Counter(unable)).items())
    return Question(pool, moment, by_handles(known, commitment, seed), ids_by_handle(known, commitment), dict(excluded))


def problem_of(pool: Pool, members: Sequence[Member], mentors: Sequence[Mentor], moment: Moment) -> asked.Problem:
    """Put a pool as a question to the optimiser."""
    return asked.Problem(
        today=moment.today,
        policy=policy_of(pool.programme.policy),
        members=tuple(_member(each, pool.criteria(each.person_id, moment.at), moment.today) for each in members),
        mentors=tuple(_mentor(each, pool, moment) for each in mentors),
        barred=frozenset((str(member), str(mentor)) for member, mentor in pool.barred_pairs()),
        kept=frozenset((str(member), str(mentor)) for member, mentor in pool.open_proposals()),
    )


def digest(problem: asked.Problem) -> str:
    """Give the SHA-256 of a problem, in hexadecimal; sets are sorted, so equal problems have equal digests."""
    return hashlib.sha256(msgspec.json.encode(problem, order="deterministic")).hexdigest()


def outcome_of(question: Question, solution: answered.Solution, drawn: Drawn) -> Outcome:
    """Give what the optimiser made of a question, by ids."""
    pool, problem, ids = question.pool, question.problem, question.ids
    findings = Findings(
        problem_sha256=digest(problem),
        solver=f"alongside {version('alongside')}",
        members=len(problem.members),
        mentors=len(problem.mentors),
        places=sum(max(0, mentor.capacity - mentor.open) for mentor in problem.mentors),
        excluded=dict(question.excluded),
        feasible_pairs=solution.feasible_pairs,
        objective=msgspec.to_builtins(solution.objective),
        optimal=solution.optimal,
        weights=msgspec.to_builtins(solution.duals.weights),
        member_values={ids[member]: value for member, value in solution.duals.members.items()},
        place_prices={ids[mentor]: price for mentor, price in solution.duals.mentors.items()},
        hour_prices={ids[mentor]: dict(prices) for mentor, prices in solution.duals.hours.items()},
    )
    proposals = [
        Proposal(ids[each.member], ids[each.mentor], each.fit, explanation_of(pool, ids, each))
        for each in solution.proposals
    ]
    waiting = {ids[member]: reason for member, reason in solution.unserved.items()}
    return Outcome(pool, question.moment.today, findings, proposals, waiting, drawn, question.moment.at)


def explanation_of(pool: Pool, ids: Mapping[str, UUID], proposal: answered.Proposal) -> Explanation:
    """Give the reasons for a proposal, with all that the member stated, and the hour by the mentor's clock."""
    stated = tuple(need.code for need in pool.members[ids[proposal.member]].profile.needs)
    told = {**msgspec.to_builtins(proposal.explanation), "stated_needs": stated}
    hour = told.pop("hour")
    if hour is not None:
        told["standing_hour"] = {"hour": hour, "zone": pool.mentors[ids[proposal.mentor]].profile.time_zone}
    return msgspec.convert(told, Explanation)


def policy_of(policy: Policy) -> asked.Policy:
    """Give those numbers of a programme's policy that rounds go by."""
    numbers = msgspec.structs.asdict(policy)
    del numbers["consents_alone_from"]
    return asked.Policy(**numbers)


def _member(member: Member, told: frozenset[Field], today: date) -> asked.Member:
    """Give a member by what may be told; the rest is as if they had not said it, so that nobody goes ahead by it."""
    profile = member.profile
    return asked.Member(
        id=str(member.id),
        urgency=profile.urgency if Field.URGENCY in told else Urgency.ROUTINE,
        waiting_since=profile.waiting_since if Field.WAITING_SINCE in told else today,
        needs=tuple(need.code for need in profile.needs),
        avoid_topics=_topics(profile),
        mentor_gender=profile.preferences.mentor_gender,
        **_person(member, told),
    )


def _mentor(mentor: Mentor, pool: Pool, moment: Moment) -> asked.Mentor:
    profile = mentor.profile
    return asked.Mentor(
        id=str(mentor.id),
        offers=frozenset(profile.offers),
        declined_topics=_topics(profile),
        capacity=profile.capacity,
        open=len(mentor.caseload),
        open_hours=_open_hours(mentor, pool, moment.today),
        **_person(mentor, pool.criteria(mentor.person_id, moment.at)),
    )


def _open_hours(mentor: Mentor, pool: Pool, today: date) -> frozenset[int]:
    """Give the hours that the mentor's matches have, on the clock of where the mentor lives now."""
    hours = (pool.matches[match].standing_hour for match in mentor.caseload)
    return frozenset().union(*(hour.hours_in(mentor.profile.time_zone, today) for hour in hours if hour is not None))


def _topics(profile: Profile) -> frozenset[str]:
    return frozenset(boundary.topic for boundary in profile.boundaries)


def _person(someone: Member | Mentor, told: frozenset[Field]) -> dict[str, Any]:
    """Give what members and mentors say in the same words. What `domain.considering` needs of everybody is told."""
    profile: Profile = someone.profile
    lived_through = profile.lived_experience if Field.LIVED_EXPERIENCE in told else ()
    return {
        "person": str(someone.person_id),
        "lived_experience": frozenset(lived.tag for lived in lived_through),
        "matchable": frozenset(lived.tag for lived in lived_through if lived.matchable),
        "languages": profile.languages,
        "contact_modes": frozenset(str(mode) for mode in profile.contact_modes),
        "availability": tuple(
            asked.Window(day=window.day, start=window.start_minute, end=window.end_minute)
            for window in profile.availability
        ),
        "calendar": asked_calendar(profile.calendar),
        "time_zone": profile.time_zone,
        "gender": profile.gender if Field.GENDER in told else None,
        "age": profile.age if Field.AGE in told else None,
    }
