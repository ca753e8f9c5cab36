"""Enrolling the people of a roster together: who is new, who is known, and who changed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Protocol, TypeVar
from uuid import UUID, uuid4

import msgspec

from domain.aggregate import Aggregate
from domain.coming_of_age import note_age
from domain.consent import ConsentLedger, Method, Scope, Word
from domain.ending import show_or_withhold
from domain.identity import ledger_id, member_id, mentor_id, person_id, programme_id
from domain.log import Log
from domain.member import Member
from domain.mentor import Mentor
from domain.pool import pool_at
from domain.profiles import MemberProfile, MentorProfile, Profile
from domain.programme import Policy, Programme
from domain.purposes import Purpose

P_co = TypeVar("P_co", bound=Profile, covariant=True)


class Applicant(Protocol[P_co]):
    """A person of a roster, the purposes they agreed to on paper and the day they signed (none: the day of import)."""

    @property
    def profile(self) -> P_co:
        """What they say of themselves."""
        ...

    @property
    def consents(self) -> tuple[Purpose, ...]:
        """The purposes that they agreed to."""
        ...

    @property
    def consented_on(self) -> date | None:
        """The day on which they signed."""
        ...


@dataclass
class Enrolled:
    """What became of a roster.

    `differing` are the refs of known people whose row says something else; `erased` counts the rows of people who were
    erased, and who stay so.
    """

    members: int = 0
    mentors: int = 0
    unchanged: int = 0
    revised: int = 0
    erased: int = 0
    differing: list[str] = field(default_factory=list)


class Enrolment:
    """One roster going into one programme; nothing is stored until the changed aggregates are saved."""

    def __init__(self, log: Log, slug: str, *, at: datetime, by: str, revise: bool) -> None:
        self.at, self.by, self.revise = at, by, revise
        self.enrolled = Enrolled()
        self._touched: dict[UUID, Aggregate] = {}
        if log.stream(programme_id(slug)):
            pool = pool_at(log, programme_id(slug), log.head())
            self.programme, self._members, self._mentors = pool.programme, pool.members, pool.mentors
            self._ledgers = pool.ledgers
        else:
            self.programme = Programme.start(slug, uuid4(), Policy(), at=at, by=by)
            self._members, self._mentors, self._ledgers = {}, {}, {}

    def add_member(self, applicant: Applicant[MemberProfile]) -> None:
        """Register a member who is new; see `Alongside.enrol` for one who is known."""
        person = person_id(self.programme.namespace, applicant.profile.ref)
        known = self._members.get(member_id(person))
        if self._is_erased(person):
            self.enrolled.erased += 1
        elif known is None:
            newcomer = Member.register(person, self.programme.id, applicant.profile, at=self.at, by=self.by)
            self.enrolled.members += 1
            self._welcome(newcomer, applicant)
        else:
            self._compare(known, applicant)

    def add_mentor(self, applicant: Applicant[MentorProfile]) -> None:
        """Register a mentor who is new; see `Alongside.enrol` for one who is known."""
        person = person_id(self.programme.namespace, applicant.profile.ref)
        known = self._mentors.get(mentor_id(person))
        if self._is_erased(person):
            self.enrolled.erased += 1
        elif known is None:
            newcomer = Mentor.register(person, self.programme.id, applicant.profile, at=self.at, by=self.by)
            self.enrolled.mentors += 1
            self._welcome(newcomer, applicant)
        else:
            self._compare(known, applicant)

    def changed(self) -> Iterator[Aggregate]:
        """Give everything to be saved together, the programme first: it guards against two imports at once."""
        if self._touched:
            self.programme.import_roster(self.enrolled.members, self.enrolled.mentors, at=self.at, by=self.by)
        yield self.programme
        yield from self._touched.values()

    def described(self) -> list[Member | Mentor]:
        """Give those who are new, or of whom something else is said now."""
        return [each for each in self._touched.values() if isinstance(each, Member | Mentor)]

    def _is_erased(self, person: UUID) -> bool:
        ledger = self._ledgers.get(ledger_id(person))
        return ledger is not None and ledger.is_erased

    def _compare(self, known: Member | Mentor, applicant: Applicant[Profile]) -> None:
        profile = applicant.profile.reached_by(applicant.profile.contact.or_else(known.profile.contact))
        if isinstance(known, Mentor) and not profile.calendar.dated:
            # Mentors enter dates themselves; a row that names none does not know of them.
            profile = msgspec.structs.replace(profile, calendar=known.profile.calendar)
        is_unchanged = known.profile == profile
        if is_unchanged:
            self.enrolled.unchanged += 1
        elif self.revise:
            known.revise(profile, at=self.at, by=self.by)  # type: ignore[arg-type] # same kind of person
            self._touch(known)
            self.enrolled.revised += 1
        else:
            self.enrolled.differing.append(applicant.profile.ref)
        self._compare_age(known, is_said_anew=self.revise and not is_unchanged)

    def _compare_age(self, known: Member | Mentor, *, is_said_anew: bool) -> None:
        """Note that somebody is a minor, if that was not known when they were enrolled or their row is a new one."""
        ledger = self._ledgers.setdefault(ledger_id(known.person_id), ConsentLedger.of(known.person_id))
        policy, age = self.programme.policy, known.profile.age
        if note_age(ledger, age, policy, is_said_anew=is_said_anew, at=self.at, by=self.by):
            show_or_withhold(known, ledger, at=self.at, by=self.by)
            self._touch(ledger)
            self._touch(known)

    def _welcome(self, newcomer: Member | Mentor, applicant: Applicant[Profile]) -> None:
        self._touch(newcomer)
        ledger = self._record_consents(newcomer.person_id, applicant)
        if note_age(ledger, applicant.profile.age, self.programme.policy, is_said_anew=True, at=self.at, by=self.by):
            self._touch(ledger)
        show_or_withhold(newcomer, ledger, at=self.at, by=self.by)

    def _record_consents(self, person: UUID, applicant: Applicant[Profile]) -> ConsentLedger:
        ledger = self._ledgers.setdefault(ledger_id(person), ConsentLedger.of(person))
        signed_on = applicant.consented_on
        signed_at = self.at if signed_on is None else min(self.at, datetime.combine(signed_on, time(), UTC))
        for purpose in applicant.consents:
            if not ledger.has_heard_of(purpose):
                scope, word = Scope(expires_at=_a_year_after(signed_at)), Word(witness=self.by)
                ledger.grant(purpose, method=Method.PAPER, scope=scope, word=word, at=signed_at, by=self.by)
                self._touch(ledger)
        return ledger

    def _touch(self, aggregate: Aggregate) -> None:
        self._touched[aggregate.id] = aggregate


def _a_year_after(at: datetime) -> datetime:
    """Give the same day of the next year; consent given on 29 February ends on the 28th."""
    try:
        return at.replace(year=at.year + 1)
    except ValueError:
        return at.replace(year=at.year + 1, day=28)
