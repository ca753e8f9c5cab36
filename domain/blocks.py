"""The use cases about whom people do not want to meet, and knowing those people again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from domain.consent import ConsentLedger, Method
from domain.ending import settle
from domain.errors import InvalidValue, UnknownPerson
from domain.events import Command
from domain.fingerprints import Mark, fingerprint, marks_of, normal
from domain.insist import insist
from domain.ledgers import INSISTENCE, Ledgers
from domain.member import Member
from domain.mentor import Mentor
from domain.pool import pool_at
from domain.profiles import Profile
from domain.programme import Programme
from domain.together import Together

LONGEST_VALUE: Final = 200


class Blocks(Ledgers):
    """Blocks are made against a value that somebody is known by, and hold for whoever it fits, now or later.

    A block and whatever makes somebody known by that value write to the programme both, so they cannot pass each other.
    """

    def block(
        self,
        person: UUID,
        value: str,
        mark: Mark | None = None,
        *,
        method: Method,
        at: datetime,
        by: str,
        coordinators_may_know: bool = False,
        command: Command | None = None,
    ) -> ConsentLedger:
        """Record that a person does not want to meet whoever is known by a value, and end what there is between them.

        Without a mark, the value's form says what it is. Nothing says whether it fits anybody. Raises `InvalidValue`.
        """
        at = self.read_clocks(at).takes_effect
        marks = marks_of(value) if mark is None else (mark,)
        _must_be_usable(marks, value)

        def attempt() -> ConsentLedger:
            together = Together(self)
            ledger = together.ledger(person)
            ledger.must_be_here()
            programme = together.load(Programme, self._programme_of(person))
            prints = self._fingerprints(programme.id, marks, value)
            if not _is_known(ledger, prints, coordinators_may_know=coordinators_may_know):
                ledger.block(
                    marks,
                    prints,
                    self._known_by(programme.id, prints),
                    method=method,
                    coordinators_may_know=coordinators_may_know,
                    at=at,
                    by=by,
                )
                programme.note_block(person, at=at, by=by)
                settle(together, ledger, at=ledger.last_at or at, by=by)
                self.save(ledger, *together, command=command)
            return ledger

        return insist(attempt, attempts=INSISTENCE)

    def lift_block(
        self, person: UUID, block: UUID, *, at: datetime, by: str, command: Command | None = None
    ) -> ConsentLedger:
        """Record that a person takes a block off. Raises `UnknownBlock`."""
        at = self.read_clocks(at).takes_effect

        def attempt() -> ConsentLedger:
            together = Together(self)
            ledger = together.ledger(person)
            ledger.lift_block(block, at=at, by=by)
            if not ledger.blocks:
                together.load(Programme, self._programme_of(person)).note_no_blocks(person, at=at, by=by)
            self.save(ledger, *together, command=command)
            return ledger

        return insist(attempt, attempts=INSISTENCE)

    def hold_against_blocks(
        self, together: Together, programme: Programme, said: Collection[Member | Mentor], *, at: datetime, by: str
    ) -> None:
        """Record in the ledgers of those who do not want to meet them that these people are who they mean.

        For everything that saves newcomers, or what people are known by now: with `said` in `together`, and something
        new in the programme.
        """
        if not (programme.blockers and said):
            return
        known_by = self._people_by_fingerprint(programme.id, said)
        together.read_ledgers(programme.blockers)
        for person in sorted(programme.blockers):
            ledger = together.ledger(person)
            if ledger.recognise(known_by, at=at, by=by):
                settle(together, ledger, at=ledger.last_at or at, by=by)

    def _programme_of(self, person: UUID) -> UUID:
        programmes = self.programmes_of(person)
        if not programmes:
            raise UnknownPerson("There is no such person.")
        return programmes.pop()

    def _fingerprints(self, programme: UUID, marks: Iterable[Mark], value: str) -> list[str]:
        secret = self.fingerprint_key(programme)
        return [fingerprint(secret, mark, value) for mark in marks if normal(mark, value)]

    def _known_by(self, programme: UUID, prints: Collection[str]) -> set[UUID]:
        """Give those of a programme who are known by any of these fingerprints now."""
        pool = pool_at(self.log, programme, self.log.head())
        people: list[Member | Mentor] = [*pool.members.values(), *pool.mentors.values()]
        known_by = self._people_by_fingerprint(programme, [each for each in people if not each.is_erased])
        return {person for each in prints for person in known_by.get(each, ())}

    def _people_by_fingerprint(
        self, programme: UUID, people: Iterable[Member | Mentor]
    ) -> Mapping[str, Collection[UUID]]:
        secret = self.fingerprint_key(programme)
        known_by = defaultdict[str, set[UUID]](set)
        for each in people:
            for mark, value in _known_as(each.profile).items():
                known_by[fingerprint(secret, mark, value)].add(each.person_id)
        return known_by


def _known_as(profile: Profile) -> dict[Mark, str]:
    said = {
        Mark.HANDLE: profile.handle,
        Mark.NAME: profile.name,
        Mark.PHONE: profile.phone,
        Mark.EMAIL: profile.email,
    }
    return {mark: value for mark, value in said.items() if value and normal(mark, value)}


def _is_known(ledger: ConsentLedger, prints: Collection[str], *, coordinators_may_know: bool) -> bool:
    return any(
        block.fingerprints == set(prints) and block.coordinators_may_know == coordinators_may_know
        for block in ledger.blocks.values()
    )


def _must_be_usable(marks: Iterable[Mark], value: str) -> None:
    if len(value) > LONGEST_VALUE or not any(normal(mark, value) for mark in marks):
        raise InvalidValue(
            f"Say a handle, a name, a phone number of at least six digits or an e-mail address, "
            f"in {LONGEST_VALUE} characters at most."
        )
