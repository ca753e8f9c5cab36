"""What the two people of an approved match do: accept it, leave it, and keep true how they can be reached."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.blocks import Blocks
from domain.consent import ConsentLedger, Reason, Stage, consent_at
from domain.contact import ContactDetails
from domain.ending import end_match, leave_match
from domain.errors import MatchAlreadyDecided, NoLongerAvailable, UnknownPerson
from domain.events import Command
from domain.identity import member_id, mentor_id
from domain.insist import insist
from domain.ledgers import INSISTENCE
from domain.match import NO_LONGER_AVAILABLE, Match, Side
from domain.member import Member
from domain.mentor import Mentor
from domain.programme import Programme
from domain.purposes import Purpose
from domain.together import Together

TOLD_OF_AN_END: Final = timedelta(days=30)

_SHOWS_NOBODY: Final = {Reason.BLOCKED, Reason.ERASED, Reason.FROZEN}


def is_there_for(match: Match, other: ConsentLedger, viewer: UUID, at: datetime) -> bool:
    """Say whether one person of a match may see that the other, whose ledger this is, is there.

    Until both accepted it takes the other's consent to be shown. After that they know each other, and only the match's
    end, or what always wins, parts them.
    """
    decision = consent_at(other, Purpose.MATCH_PROPOSE, at=at, counterpart=viewer)
    if match.is_accepted:
        return decision.reason not in _SHOWS_NOBODY
    return match.is_approved and decision.permit


class Meeting(Blocks):
    """The use cases of the two people of a match. Saying the same thing twice changes nothing."""

    def met(self, person: UUID, side: Side, *, at: datetime) -> list[Match]:
        """Give the matches that were approved for a person on one side, the latest first.

        Those that ended are among them for thirty days. What was only proposed is not.
        """
        steps = self.ledger(person).history.matches
        approved = {
            match: next(step.place.version for step in known if step.stage == Stage.APPROVED)
            for match, known in steps.items()
            if any(step.stage == Stage.APPROVED for step in known)
            and not (known[-1].stage == Stage.ENDED and known[-1].said < at - TOLD_OF_AN_END)
        }
        matches = self.load_all(Match, approved)
        latest_first = sorted(approved, key=approved.__getitem__, reverse=True)
        return [matches[match] for match in latest_first if matches[match].persons(side)[0] == person]

    def accept_match(self, match_id: UUID, side: Side, *, at: datetime, by: str) -> Match:
        """Accept a match on one side; both ledgers know it.

        Raises `UnknownMatch` if it was never approved, `NoLongerAvailable` if it has ended or the other may not be
        seen any more.
        """
        clocks = self.read_clocks(at)

        def attempt() -> Match:
            together = Together(self)
            match = together.load(Match, match_id)
            match.must_be_met()
            if side not in match.accepted_by:
                person, other = match.persons(side)
                if not is_there_for(match, together.ledger(other), person, clocks.judged):
                    raise NoLongerAvailable(NO_LONGER_AVAILABLE)
                match.accept(side, at=clocks.takes_effect, by=by)
                for each in (person, other):
                    together.ledger(each).accept(match.id, side, at=clocks.takes_effect, by=by)
                self.save(*together)
            return match

        return insist(attempt, attempts=INSISTENCE)

    def leave_match(self, match_id: UUID, side: Side, *, at: datetime, by: str) -> Match:
        """End a match on the word of one side, who gives no reason; the pair is not proposed again.

        Raises `UnknownMatch` if it was never approved. If it has ended, it stays so.
        """
        at = self.read_clocks(at).takes_effect

        def attempt() -> Match:
            together = Together(self)
            match = together.load(Match, match_id)
            match.must_have_been_met()
            if match.is_approved:
                leave_match(together, match_id, side, at=at, by=by)
                self.save(*together)
            return match

        return insist(attempt, attempts=INSISTENCE)

    def close_match(
        self,
        match_id: UUID,
        *,
        at: datetime,
        by: str,
        expected_version: int | None = None,
        command: Command | None = None,
    ) -> Match:
        """End an approved match as a coordinator; both see that it is no longer available, and no more."""
        at = self.read_clocks(at).takes_effect
        together = Together(self)
        match = together.put(self.expect(Match, match_id, expected_version))
        if not match.is_approved:
            raise MatchAlreadyDecided(f"There is no match to end: it is {match.status}.")
        end_match(together, match_id, at=at, by=by)
        self.save(*together, command=command)
        return match

    def contact_of(self, person: UUID) -> ContactDetails:
        """Give how a person can be reached, to themselves."""
        return self._roles(Together(self), person)[0].profile.contact

    def change_contact_details(self, person: UUID, contact: ContactDetails, *, at: datetime, by: str) -> None:
        """Replace how a person can be reached, in every role that they have, and with it what they are known by."""
        at = self.read_clocks(at).takes_effect

        def attempt() -> None:
            together = Together(self)
            roles = self._roles(together, person)
            if any(role.profile.contact != contact for role in roles):
                for role in roles:
                    role.change_contact(contact, at=at, by=by)
                programme = together.load(Programme, roles[0].programme_id)
                programme.note_details(at=at, by=by)
                self.hold_against_blocks(together, programme, roles, at=at, by=by)
                self.save(*together)

        insist(attempt, attempts=INSISTENCE)

    def _roles(self, together: Together, person: UUID) -> list[Member | Mentor]:
        found = (together.find(Member, member_id(person)), together.find(Mentor, mentor_id(person)))
        roles = [role for role in found if role is not None]
        if not roles:
            raise UnknownPerson("There is no such person.")
        return roles
