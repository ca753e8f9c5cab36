"""Lives of small programmes in which people keep others away, held against what is true of everybody."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Final
from uuid import UUID

from api.checks.acquaintances import CONTACTS, NAMES, Registration, enrol, handle_written, written
from api.checks.people import AT, BY
from api.moment import Moment
from api.rounds import Held, hold_round
from domain.application import Alongside
from domain.consent import Audience, Channel, Method
from domain.disclosing import Asked, Viewing
from domain.errors import ConsentMissing, MatchAlreadyDecided
from domain.fingerprints import Mark
from domain.identity import member_id, mentor_id, person_id
from domain.match import Match, MatchStatus
from domain.pool import Pool
from domain.programme import Programme
from domain.purposes import PRESENTED, Purpose

SEED: Final = 1
ROUNDS: Final = 5
ACTS_BEFORE_A_ROUND: Final = 3

_AT_FIRST: Final = 3
_MOMENT: Final = Moment(AT, AT.date())
_VIEWING: Final = Viewing(BY, "member", Channel.PAGE, "check")
_OPEN: Final = {MatchStatus.PROPOSED, MatchStatus.APPROVED}


@dataclass
class Seen:
    """What lives came to.

    `met` counts proposals and matches between two who are to be kept apart, `told` the times that one was told anything
    of the other, `misjudged` the pairs that the pool bars and should not, or the other way round.
    """

    runs: int = 0
    blocks: int = 0
    comebacks: int = 0
    proposals: int = 0
    apart: int = 0
    met: int = 0
    told: int = 0
    misjudged: int = 0


@dataclass
class _Wish:
    """A block as it was meant: who made it, against whom, and which registrations are that person."""

    by: Registration
    block_id: UUID
    mark: Mark
    being: int
    handle: str
    refs: set[str] = field(default_factory=set)

    def notice(self, who: Registration) -> bool:
        """Say whether a registration is newly found to be whom the block means."""
        fits = who.handle == self.handle if self.mark is Mark.HANDLE else self._is_known(who)
        if not fits or who.ref in self.refs | {self.by.ref}:
            return False
        self.refs.add(who.ref)
        return True

    def _is_known(self, who: Registration) -> bool:
        return who.being == self.being and self.mark in who.known


class Life:
    """One programme: people come, come back, change, keep others away; rounds are held in between."""

    def __init__(self, alongside: Alongside, slug: str, random: Random, seen: Seen) -> None:
        self.alongside, self.slug, self.random, self.seen = alongside, slug, random, seen
        self.people: list[Registration] = []
        self.wishes: list[_Wish] = []
        self._acts: tuple[Callable[[], None], ...] = (self._come, self._change, *[self._block] * 3, self._lift)

    def live(self) -> None:
        """Live, and look after each act for two who met and should not have."""
        for number in range(2 * _AT_FIRST):
            self._register(is_mentor=number % 2 == 1)
        for _ in range(ROUNDS):
            for _ in range(ACTS_BEFORE_A_ROUND):
                self.random.choice(self._acts)()
                self._look()
            self._round()
        self._ask()

    @cached_property
    def _programme(self) -> Programme:
        return self.alongside.programme(self.slug)

    def _come(self) -> None:
        self._register(is_mentor=self.random.random() < 0.5)  # noqa: PLR2004 - as likely as not

    def _register(self, *, is_mentor: bool) -> None:
        number, being = len(self.people) + 1, self.random.randrange(len(NAMES))
        who = Registration(f"R-{number}", being, is_mentor, f"Finch {number}", self._some_marks())
        self.people.append(who)
        self.seen.comebacks += self._enrol(who)

    def _change(self) -> None:
        who = self.random.choice(self.people)
        who.known |= self._some_marks()  # what a roster leaves blank is not taken away
        self.seen.comebacks += self._enrol(who)

    def _some_marks(self) -> set[Mark]:
        return {mark for mark in CONTACTS if self.random.random() < 0.7}  # noqa: PLR2004 - more often than not

    def _enrol(self, who: Registration) -> bool:
        enrol(self.alongside, self.slug, [who], self.random, at=AT)
        return sum(wish.notice(who) for wish in self.wishes) > 0

    def _block(self) -> None:
        by, whom = self.random.sample(self.people, 2)
        mark = self.random.choice((*CONTACTS, Mark.HANDLE))
        value = (
            handle_written(self.random, whom.handle) if mark is Mark.HANDLE else written(self.random, whom.being, mark)
        )
        named = self.random.choice((mark, None))
        person = self._person(by)
        before = set(self.alongside.ledger(person).blocks)
        after = self.alongside.block(person, value, named, method=Method.WEB, at=AT, by=BY).blocks
        self.seen.blocks += 1
        for made in after.keys() - before:
            wish = _Wish(by, made, mark, whom.being, whom.handle)
            for each in self.people:
                wish.notice(each)
            self.wishes.append(wish)

    def _lift(self) -> None:
        if self.wishes:
            wish = self.wishes.pop(self.random.randrange(len(self.wishes)))
            self.alongside.lift_block(self._person(wish.by), wish.block_id, at=AT, by=BY)

    def _round(self) -> None:
        held: Held = hold_round(self.alongside, self.slug, _MOMENT, by=BY)
        apart = set(self._apart())
        barred = held.outcome.pool.barred_pairs()
        solved = {(proposal.member, proposal.mentor) for proposal in held.outcome.proposals}
        self.seen.runs += 1
        self.seen.proposals += held.proposals
        self.seen.apart += len(apart)
        self.seen.misjudged += len(barred ^ apart)
        self.seen.met += len(solved & apart)
        self._look()
        open_now = list(self._pool().open_proposals().values())
        if open_now:
            with suppress(ConsentMissing, MatchAlreadyDecided):
                self.alongside.approve(self.random.choice(open_now).id, at=AT, by=BY)

    def _look(self) -> None:
        apart = set(self._apart())
        if apart:
            found = {(match.member_id, match.mentor_id) for match in self._matches() if match.status in _OPEN}
            self.seen.met += len(found & apart)

    def _ask(self) -> None:
        """Ask for each of two who are to be kept apart, for the other, whatever match they once had."""
        apart = set(self._apart())
        for match in self._matches():
            if (match.member_id, match.mentor_id) in apart:
                both = match.member_person_id, match.mentor_person_id
                for person, viewer in (both, both[::-1]):
                    audience = Audience.other_side(match.id, viewer)
                    asked = Asked(person, PRESENTED, audience, (Purpose.MATCH_PROPOSE,))
                    self.seen.told += any(self.alongside.disclose([asked], _VIEWING, at=AT).values())

    def _apart(self) -> Iterator[tuple[UUID, UUID]]:
        """Give the pairs of a member and a mentor of whom one does not want to meet the other, in truth."""
        by_ref = {who.ref: who for who in self.people}
        for wish in self.wishes:
            for ref in wish.refs:
                other = by_ref[ref]
                if wish.by.is_mentor != other.is_mentor:
                    member, mentor = (other, wish.by) if wish.by.is_mentor else (wish.by, other)
                    yield member_id(self._person(member)), mentor_id(self._person(mentor))

    def _person(self, who: Registration) -> UUID:
        return person_id(self._programme.namespace, who.ref)

    def _pool(self) -> Pool:
        return self.alongside.pool(self._programme.id)

    def _matches(self) -> list[Match]:
        return list(self._pool().matches.values())


def live(alongside: Callable[[], Alongside], lives: int) -> Seen:
    """Live so many lives, each on what `alongside` gives."""
    seen = Seen()
    for number in range(lives):
        Life(alongside(), f"life-{number}", Random(f"{SEED}:{number}"), seen).live()  # noqa: S311 - a test's luck
    return seen
