"""Everything that can be done: the use cases, each a short method that loads, decides and saves once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from domain.access import AccessToken, Actor, stream_of
from domain.clocks import Reading, SecondClock, read
from domain.consent import ConsentLedger, Ground, Method, Reliance
from domain.enrolment import Applicant, Enrolled, Enrolment
from domain.erasing import erase
from domain.errors import AmbiguousReference, UnknownPerson, UnknownToken
from domain.events import Command, Entry, Event
from domain.identity import ledger_id, member_id, mentor_id, person_id, programme_id
from domain.insist import insist
from domain.log import Log
from domain.match import APPROVAL_NEEDS, Explanation, Match
from domain.member import Member
from domain.mentor import Mentor
from domain.pool import Pool, pool_at
from domain.profiles import MemberProfile, MentorProfile
from domain.programme import Programme
from domain.purposes import Purpose
from domain.round import Findings, Round
from domain.store import Store
from domain.values import WeeklyWindow

# Nobody's no may be lost to other people's haste. It has an end only so that a fault of the log cannot go on for ever.
_INSISTENCE: Final = 1_000


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


class Alongside(Store):
    """The use cases over a log. `at` is when a thing takes effect and `by` is the account that does it.

    Where consents are given or used, `at` is no more than a claim, which is held against a second clock: see
    `domain.clocks`.
    """

    def __init__(self, log: Log, *, second_clock: SecondClock | None = None) -> None:
        super().__init__(log)
        self.second_clock = second_clock

    def read_clocks(self, claimed: datetime) -> Reading:
        """Read both clocks, of which one claims this time."""
        return read(claimed, self.second_clock)

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

    # Consents

    def ledger(self, person: UUID) -> ConsentLedger:
        """Give a person's consent ledger, empty if they were never asked."""
        return self.ledger_of(person, self.ledger_entries(person))

    def ledger_entries(self, person: UUID, *, as_of: datetime | None = None) -> Sequence[Entry]:
        """Give what stands in a person's consent ledger; as of an instant, what had taken effect by then."""
        entries = self.log.stream(ledger_id(person))
        return [entry for entry in entries if as_of is None or entry.event.at <= as_of]

    def ledger_of(self, person: UUID, entries: Sequence[Entry]) -> ConsentLedger:
        """Give a person's consent ledger as some of its events made it."""
        ledger = ConsentLedger.of(person)
        for entry in entries:
            ledger.follow(entry)
        return ledger

    def grant(
        self,
        person: UUID,
        purpose: Purpose,
        *,
        method: Method,
        at: datetime,
        by: str,
        command: Command | None = None,
    ) -> ConsentLedger:
        """Record a consent."""
        at = self.read_clocks(at).takes_effect
        return self._say(person, lambda ledger: ledger.grant(purpose, method=method, at=at, by=by), command)

    def refuse(
        self,
        person: UUID,
        purpose: Purpose,
        *,
        method: Method,
        at: datetime,
        by: str,
        command: Command | None = None,
    ) -> ConsentLedger:
        """Record that a person was asked and said no."""
        at = self.read_clocks(at).takes_effect
        return self._say(person, lambda ledger: ledger.refuse(purpose, method=method, at=at, by=by), command)

    def withdraw(
        self,
        person: UUID,
        purpose: Purpose,
        *,
        method: Method,
        at: datetime,
        by: str,
        command: Command | None = None,
    ) -> ConsentLedger:
        """Record that a person takes a consent back."""
        at = self.read_clocks(at).takes_effect
        return self._say(person, lambda ledger: ledger.withdraw(purpose, method=method, at=at, by=by), command)

    def request_erasure(self, person: UUID, ground: Ground, *, at: datetime, by: str) -> None:
        """Ask that a person be erased; another has to confirm it."""
        at = self.read_clocks(at).takes_effect
        self._say(person, lambda ledger: ledger.request_erasure(ground, at=at, by=by))

    def erase(self, programme: UUID, person: UUID, *, at: datetime, by: str) -> None:
        """Confirm that a person be erased, and end all they take part in; what keeps the keys then destroys theirs."""
        at = self.read_clocks(at).takes_effect
        insist(lambda: self.save(*erase(self.pool(programme), person, at=at, by=by)), attempts=_INSISTENCE)

    def find_person(self, reference: str, programmes: Sequence[str]) -> UUID:
        """Find a person by id or by the organisation's reference within these programmes."""
        found = {
            person
            for slug in programmes
            for person in self._candidates(reference, slug)
            if self.log.stream(member_id(person)) or self.log.stream(mentor_id(person))
        }
        if not found:
            raise UnknownPerson("There is no person of this reference or id.")
        if len(found) > 1:
            raise AmbiguousReference("Several programmes know this reference: say which programme is meant.")
        return found.pop()

    def _candidates(self, reference: str, slug: str) -> list[UUID]:
        by_reference = person_id(self.programme(slug).namespace, reference)
        try:
            return [by_reference, UUID(reference)]
        except ValueError:
            return [by_reference]

    def _say(
        self, person: UUID, said: Callable[[ConsentLedger], None], command: Command | None = None
    ) -> ConsentLedger:
        """Record what a person says of their consents, whatever else happens to their ledger at the same time."""

        def attempt() -> ConsentLedger:
            ledger = self.ledger(person)
            said(ledger)
            self.save(ledger, command=command)
            return ledger

        return insist(attempt, attempts=_INSISTENCE)

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

    # Tokens

    def issue_token(
        self,
        role: Actor,
        name: str,
        programme: UUID,
        person: UUID | None = None,
        *,
        expires_at: datetime,
        at: datetime,
        by: str,
    ) -> str:
        """Give out a token and show its secret, once."""
        token, secret = AccessToken.issue(role, name, programme, person, expires_at=expires_at, at=at, by=by)
        self.save(token)
        return secret

    def token(self, secret: str, *, at: datetime) -> AccessToken:
        """Give the token of a secret, or raise `TokenRefused`."""
        stream = stream_of(secret)
        token = AccessToken.replay(stream, self.log.stream(stream))
        token.check(at)
        return token

    def revoke_tokens(self, programme: UUID, name: str, *, at: datetime, by: str) -> int:
        """Let the good tokens of an account in a programme open nothing any more; give how many they were.

        Their secrets are not needed. One pass over the log finds them, in time proportional to its length.
        Raises `UnknownToken` if there is none.
        """
        streams = [entry.stream for entry in self.log.read() if _is_token_of(entry.event, programme, name)]

        def attempt() -> int:
            tokens = [token for stream in streams if (token := self.load(AccessToken, stream)).is_good(at)]
            for token in tokens:
                token.revoke(at=at, by=by)
            self.save(*tokens)
            return len(tokens)

        revoked = insist(attempt, attempts=_INSISTENCE)
        if not revoked:
            raise UnknownToken("This programme has given out no token under this name, or none that is still good.")
        return revoked


def _is_token_of(event: Event, programme: UUID, name: str) -> bool:
    return isinstance(event, AccessToken.Issued) and event.programme_id == programme and event.name == name
