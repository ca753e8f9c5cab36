"""Everything that can be done: the use cases, each a short method that loads, decides and saves once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.consent import Reliance
from domain.enrolment import Applicant, Enrolled, Enrolment
from domain.erasing import erase
from domain.events import Command
from domain.identity import programme_id
from domain.insist import insist
from domain.ledgers import INSISTENCE, Ledgers
from domain.match import APPROVAL_NEEDS, Explanation, Match
from domain.member import Member
from domain.mentor import Mentor
from domain.pool import Pool, pool_at
from domain.profiles import MemberProfile, MentorProfile
from domain.programme import Programme
from domain.round import Findings, Round
from domain.tokens import Tokens
from domain.values import WeeklyWindow


@dataclass(frozen=True)
class Proposal:
    """A pair that the optimiser came to, and why."""

    member: UUID
    mentor: UUID
    fit: int
    explanation: Explanation


@dataclass(frozen=True)
class Outcome:
    """What the optimiser made of a pool; `waiting` says of each member who was not proposed why."""

    pool: Pool
    today: date
    findings: Findings
    proposals: Sequence[Proposal]
    waiting: Mapping[UUID, str]


class Alongside(Ledgers, Tokens):
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
        self.save(*enrolment.changed())
        return enrolment.enrolled

    def programme(self, slug: str) -> Programme:
        """Give a programme by its short name."""
        return self.load(Programme, programme_id(slug))

    def pool(self, programme: UUID) -> Pool:
        """Read everyone in a programme as of now."""
        return pool_at(self.log, programme, self.log.head())

    def hold_round(self, outcome: Outcome, *, at: datetime, by: str) -> tuple[UUID, list[Match]]:
        """Record a round and its proposals; open proposals that it did not come to again are replaced.

        Raises `ChangedMeanwhile` if another round or a decision came in between.
        """
        programme = outcome.pool.programme
        number, round_id = programme.hold_round(at=at, by=by)
        open_proposals = outcome.pool.open_proposals()
        matches = []
        for proposal in outcome.proposals:
            match = open_proposals.pop((proposal.member, proposal.mentor), None)
            if match is None:
                member, mentor = outcome.pool.members[proposal.member], outcome.pool.mentors[proposal.mentor]
                match = Match.propose(
                    round_id, member, mentor, fit=proposal.fit, explanation=proposal.explanation, at=at, by=by
                )
            else:
                match.propose_again(round_id, proposal.fit, proposal.explanation, at=at, by=by)
            matches.append(match)
        for match in open_proposals.values():
            match.replace(round_id, at=at, by=by)
        held = Round(round_id)
        held.record(
            Round.Held(
                programme_id=programme.id,
                number=number,
                today=outcome.today,
                position=outcome.pool.position,
                policy_version=programme.policy_version,
                findings=outcome.findings,
                matches=tuple(match.id for match in matches),
                waiting=dict(outcome.waiting),
                at=at,
                by=by,
            ),
        )
        self.save(programme, held, *matches, *open_proposals.values())
        return round_id, matches

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
        """Approve a proposal: the match, the member, the mentor's place and both ledgers in one append."""
        match = self.expect(Match, match_id, expected_version)
        match.must_be_open()
        member, mentor = self.load(Member, match.member_id), self.load(Mentor, match.mentor_id)
        ledgers = self.ledger(match.member_person_id), self.ledger(match.mentor_person_id)
        clocks = self.read_clocks(at)
        relied_on: tuple[Reliance, ...] = ()
        for ledger in ledgers:
            relied_on += ledger.rely_on(
                APPROVAL_NEEDS,
                act="match.approved",
                reference=match.id,
                at=clocks.takes_effect,
                judged_at=clocks.judged,
                by=by,
            )
        mentor.reserve_place(match.id, member.id, at=at, by=by)
        member.match(match.id, at=at, by=by)
        match.approve(relied_on, at=at, by=by)
        self.save(match, member, mentor, *ledgers, command=command)
        return match

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
        with self.changing(Match, match_id, expected_version, command) as match:
            match.decline(reason, at=at, by=by)
        return match

    # People

    def erase(self, programme: UUID, person: UUID, *, at: datetime, by: str) -> None:
        """Confirm that a person be erased, and end all that they take part in and every way in that they had.

        What keeps the keys then destroys theirs. Raises `ErasureNotAsked`, `SecondPersonNeeded` or `PersonErased`.
        """
        at = self.read_clocks(at).takes_effect

        def attempt() -> None:
            changed = erase(self.pool(programme), person, at=at, by=by)
            tokens = list(self.good_tokens(lambda token: token.person_id == person, at))
            for token in tokens:
                token.revoke(at=at, by=by)
            self.save(*changed, *tokens)

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
