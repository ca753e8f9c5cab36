"""Everything that can be done: the use cases, each a short method that loads, decides and saves once."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from domain.availability import Calendar
from domain.clocks import Reading
from domain.consent import MATCH_APPROVED, Reliance
from domain.disclosing import Disclosing
from domain.drafting import Drafting
from domain.emergencies import Emergencies
from domain.ending import leave_ledgers
from domain.enrolment import Applicant, Enrolled, Enrolment
from domain.erasing import erase
from domain.errors import ChangedMeanwhile
from domain.events import Command
from domain.identity import programme_id
from domain.insist import insist
from domain.ledgers import INSISTENCE
from domain.match import APPROVAL_NEEDS, Match
from domain.meeting import Meeting
from domain.member import Member
from domain.mentor import Mentor
from domain.noticing import Noticing
from domain.pool import Pool, pool_at
from domain.profiles import MemberProfile, MentorProfile
from domain.programme import Policy, Programme
from domain.queries import Queries
from domain.recording import Outcome, Recording
from domain.standings import Standings
from domain.store import must_be_at
from domain.together import Together
from domain.tokens import Tokens
from domain.values import WeeklyWindow


class Alongside(Disclosing, Meeting, Noticing, Standings, Emergencies, Tokens, Queries, Drafting):
    """The use cases over a log. `at` is when a thing takes effect and `by` is the account that does it.

    Where consents are given or used, `at` is no more than a claim, which is held against a second clock: see
    `domain.clocks`.
    """

    # Programmes and rounds

    def enrol(
        self,
        slug: str,
        members: Sequence[Applicant[MemberProfile]],
        mentors: Sequence[Applicant[MentorProfile]],
        *,
        at: datetime,
        by: str,
        revise: bool = False,
    ) -> Enrolled:
        """Enrol everyone, with the consents they gave on paper, or nobody; begin the programme if need be.

        People already enrolled are left as they are, unless `revise` says that the rows are right.
        Consents are recorded for newcomers only: what somebody withdrew, a spreadsheet does not bring back.
        """
        enrolment = Enrolment(self.log, slug, at=self.read_clocks(at).takes_effect, by=by, revise=revise)
        for member in members:
            enrolment.add_member(member)
        for mentor in mentors:
            enrolment.add_mentor(mentor)
        together = Together(self)
        for aggregate in enrolment.changed():
            together.put(aggregate)
        self.hold_against_blocks(together, enrolment.programme, enrolment.described(), at=enrolment.at, by=by)
        if enrolment.programme.commitment is None:
            enrolment.programme.commit_seed(self.new_secret(), at=enrolment.at, by=by)
        self.save(*together)
        return enrolment.enrolled

    def programme(self, slug: str) -> Programme:
        """Give a programme by its short name."""
        return self.load(Programme, programme_id(slug))

    def pool(self, programme: UUID) -> Pool:
        """Read everyone in a programme as of now."""
        return pool_at(self.log, programme, self.log.head())

    def adopt_policy(self, programme: UUID, policy: Policy, *, at: datetime, by: str) -> None:
        """Let a policy hold for a programme's rounds from now on; if it does already, nothing changes."""
        with self.changing(Programme, programme) as found:
            if found.policy != policy:
                found.adopt(policy, at=at, by=by)

    def commit_seed(self, programme: UUID, *, at: datetime, by: str) -> None:
        """Commit a programme to a secret for its next draw, unless it is: those that began in the first versions."""
        with self.changing(Programme, programme) as found:
            if found.commitment is None:
                found.commit_seed(self.new_secret(), at=at, by=by)

    def hold_round(self, outcome: Outcome, *, at: datetime, by: str) -> tuple[UUID, list[Match]]:
        """Record a round and its proposals; open proposals that it did not come to again are replaced.

        Whoever ended their consent since the pool was read is left out. Raises `ChangedMeanwhile` if another round or a
        decision came in between.
        """
        clocks = self.read_clocks(at)

        def read() -> Recording:
            recording = Recording(self, outcome, clocks, by, self.new_secret)
            recording.read()
            return recording

        for _ in range(INSISTENCE - 1):
            recording = read()
            with suppress(ChangedMeanwhile):
                return recording.save()
        return read().save()

    # Matches

    def approve(
        self,
        match_id: UUID,
        *,
        at: datetime,
        by: str,
        expected_version: int | None = None,
        command: Command | None = None,
    ) -> Match:
        """Approve a proposal: the match, the member, the mentor's place and both ledgers in one append.

        It is decided anew when a ledger has moved, as it does each time that somebody looks at the two.
        """
        clocks = self.read_clocks(at)

        def attempt() -> Match:
            together = Together(self)
            match = together.load(Match, match_id)
            match.must_be_available()
            must_be_at(match, expected_version).must_be_open()
            relied_on = _rely_on_both(together, match, clocks, by)
            together.load(Mentor, match.mentor_id).reserve_place(match.id, match.member_id, at=at, by=by)
            together.load(Member, match.member_id).match(match.id, at=at, by=by)
            match.approve(relied_on, at=at, by=by)
            self.save(*together, command=command)
            return match

        return insist(attempt, attempts=INSISTENCE)

    def decline(
        self,
        match_id: UUID,
        reason: str,
        *,
        at: datetime,
        by: str,
        expected_version: int | None = None,
        command: Command | None = None,
    ) -> Match:
        """Decline a proposal; the pair is not proposed again."""
        together = Together(self)
        match = together.load(Match, match_id)
        match.must_be_available()
        must_be_at(match, expected_version)
        match.decline(reason, at=at, by=by)
        leave_ledgers(together, match, at=at, by=by)
        self.save(*together, command=command)
        return match

    # People

    def erase(self, programme: UUID, person: UUID, *, at: datetime, by: str) -> None:
        """Confirm that a person be erased, and end all that they take part in and every way in that they had.

        What keeps the keys then destroys theirs. Raises `ErasureNotAsked`, `SecondPersonNeeded` or `PersonErased`.
        """
        at = self.read_clocks(at).takes_effect

        def attempt() -> None:
            together = Together(self)
            erase(together, programme, person, at=at, by=by)
            tokens = list(self.good_tokens(lambda token: token.person_id == person, at))
            for token in tokens:
                token.revoke(at=at, by=by)
            self.save(*together, *tokens)

        insist(attempt, attempts=INSISTENCE)

    # Mentors

    def change_availability(
        self,
        mentor_id: UUID,
        availability: tuple[WeeklyWindow, ...],
        *,
        at: datetime,
        by: str,
        expected_version: int | None = None,
        command: Command | None = None,
    ) -> Mentor:
        """Replace a mentor's hours of the week."""
        with self.changing(Mentor, mentor_id, expected_version, command) as mentor:
            mentor.change_availability(availability, at=at, by=by)
        return mentor

    def change_calendar(
        self,
        mentor_id: UUID,
        calendar: Calendar,
        *,
        at: datetime,
        by: str,
        expected_version: int | None = None,
        command: Command | None = None,
    ) -> Mentor:
        """Replace what differs from a mentor's usual week."""
        with self.changing(Mentor, mentor_id, expected_version, command) as mentor:
            mentor.change_calendar(calendar, at=at, by=by)
        return mentor

    def change_capacity(
        self,
        mentor_id: UUID,
        capacity: int,
        *,
        at: datetime,
        by: str,
        expected_version: int | None = None,
        command: Command | None = None,
    ) -> Mentor:
        """Replace the number of members that a mentor can take on."""
        with self.changing(Mentor, mentor_id, expected_version, command) as mentor:
            mentor.change_capacity(capacity, at=at, by=by)
        return mentor

    def pause(
        self,
        mentor_id: UUID,
        until: date | None,
        *,
        at: datetime,
        by: str,
        expected_version: int | None = None,
        command: Command | None = None,
    ) -> Mentor:
        """Stop offering a mentor to new members; present matches stay."""
        with self.changing(Mentor, mentor_id, expected_version, command) as mentor:
            mentor.pause(until, at=at, by=by)
        return mentor

    def resume(
        self,
        mentor_id: UUID,
        *,
        at: datetime,
        by: str,
        expected_version: int | None = None,
        command: Command | None = None,
    ) -> Mentor:
        """Offer a mentor to new members again."""
        with self.changing(Mentor, mentor_id, expected_version, command) as mentor:
            mentor.resume(at=at, by=by)
        return mentor


def _rely_on_both(together: Together, match: Match, clocks: Reading, by: str) -> tuple[Reliance, ...]:
    """Record in both people's ledgers that an approval uses their consents, which have to be live."""
    relied_on: tuple[Reliance, ...] = ()
    people = match.member_person_id, match.mentor_person_id
    for person, other in (people, people[::-1]):
        relied_on += together.ledger(person).rely_on(
            APPROVAL_NEEDS,
            act=MATCH_APPROVED,
            reference=match.id,
            counterpart=other,
            at=clocks.takes_effect,
            judged_at=clocks.judged,
            by=by,
        )
    return relied_on
