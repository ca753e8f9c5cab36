"""Who can be looked for after they were erased? People of whom every word that is said carries a mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from api.checks.marks import Marks
from api.checks.people import AT, BY, NOT_SOLVED, Applicant
from api.service import Service
from domain.explanation import Explanation
from domain.identity import member_id, mentor_id, person_id
from domain.profiles import MemberProfile, MentorProfile
from domain.recording import Outcome, Proposal
from domain.values import (
    Boundary,
    ContactMode,
    Facet,
    LivedExperience,
    Need,
    Preferences,
    Role,
    Training,
    Urgency,
    WeeklyWindow,
)

SLUG: Final = "marked"


@dataclass(frozen=True)
class Pair:
    """A member, a mentor and the match between them, each with the mark of what is said of them."""

    member: UUID
    mentor: UUID
    match: UUID
    member_mark: str
    mentor_mark: str
    match_mark: str

    def marks_about(self, persons: set[UUID]) -> set[str]:
        """Give the marks of what is said of any of these people; what is said of a match is said of both."""
        marks = {self.member: self.member_mark, self.mentor: self.mentor_mark}
        said = {mark for person, mark in marks.items() if person in persons}
        return said | {self.match_mark} if said else said


def settle(service: Service, marks: Marks, number: int) -> list[Pair]:
    """Enrol so many members and mentors, pair them, approve a third and decline a third, and change some of them."""
    alongside = service.alongside
    said = [(marks.new(), marks.new(), marks.new()) for _ in range(number)]
    members = [Applicant(_member(mark)) for mark, _, _ in said]
    mentors = [Applicant(_mentor(mark)) for _, mark, _ in said]
    alongside.enrol(SLUG, members, mentors, at=AT, by=BY)
    programme = alongside.programme(SLUG)
    pairs = []
    for one, other, between in said:
        member, mentor = person_id(programme.namespace, f"{one} ref"), person_id(programme.namespace, f"{other} ref")
        pairs.append(Pair(member, mentor, UUID(int=0), one, other, between))
    proposals = [
        Proposal(member_id(pair.member), mentor_id(pair.mentor), 1, _explanation(pair.match_mark)) for pair in pairs
    ]
    outcome = Outcome(alongside.pool(programme.id), AT.date(), NOT_SOLVED, proposals, {})
    _, matches = alongside.hold_round(outcome, at=AT, by=BY)
    found = {match.member_person_id: match.id for match in matches}
    pairs = [
        Pair(pair.member, pair.mentor, found[pair.member], pair.member_mark, pair.mentor_mark, pair.match_mark)
        for pair in pairs
    ]
    _decide(service, pairs)
    return pairs


def _decide(service: Service, pairs: Sequence[Pair]) -> None:
    alongside = service.alongside
    for number, pair in enumerate(pairs):
        if number % 3 == 0:
            alongside.approve(pair.match, at=AT, by=BY)
        elif number % 3 == 1:
            alongside.decline(pair.match, f"{pair.match_mark} reason", at=AT, by=BY)
        alongside.change_availability(mentor_id(pair.mentor), (WeeklyWindow(1, 540, 600),), at=AT, by=BY)


def _member(mark: str) -> MemberProfile:
    return MemberProfile(
        ref=f"{mark} ref",
        handle=f"{mark} handle",
        time_zone="Europe/Lisbon",
        languages=(f"{mark} language",),
        lived_experience=(LivedExperience(f"{mark} experience"),),
        contact_modes=(ContactMode.PHONE,),
        availability=(WeeklyWindow(0, 540, 600),),
        boundaries=(Boundary(f"{mark} boundary"),),
        gender=f"{mark} gender",
        needs=(Need(f"{mark} need", Facet.PRACTICAL, Urgency.SOON),),
        waiting_since=date(2026, 1, 1),
        preferences=Preferences(f"{mark} preference"),
    )


def _mentor(mark: str) -> MentorProfile:
    return MentorProfile(
        ref=f"{mark} ref",
        handle=f"{mark} handle",
        time_zone="Europe/Lisbon",
        languages=(f"{mark} language",),
        lived_experience=(LivedExperience(f"{mark} experience"),),
        contact_modes=(ContactMode.PHONE,),
        availability=(WeeklyWindow(0, 540, 600),),
        boundaries=(Boundary(f"{mark} boundary"),),
        gender=f"{mark} gender",
        role=Role.MENTOR,
        offers=(f"{mark} offer",),
        capacity=2,
        training=Training(date(2030, 1, 1)),
        supervisor=f"{mark} supervisor",
    )


def _explanation(mark: str) -> Explanation:
    return Explanation(
        stated_needs=(f"{mark} stated",),
        covered_needs=(f"{mark} covered",),
        shared_experience=(f"{mark} experience",),
        shared_languages=(f"{mark} language",),
        first_language_shared=True,
        shared_contact_modes=("phone",),
        shared_minutes=0,
        points={f"{mark} term": 1},
        keep_bonus=0,
        rank=1,
        place=1,
        capacity=2,
        evenness=0,
    )
