"""What a ledger comes to at one moment: which consents permit something then or later, and what bars them all.

What was said by then is settled here, and what only time changes is left as a beginning and an end. So the questions of
any later instant are answered from it, as long as nothing more is said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from uuid import UUID

from domain.consent import ConsentLedger, Ending, Giver, Grant, Stage, State
from domain.consent.history import Block, F, Minority, Standing, Stop, true_at
from domain.purposes import TERMS, AudienceKind, Condition, Field

ENDED: Final = {
    Ending.REFUSED: State.REFUSED,
    Ending.WITHDRAWN: State.WITHDRAWN,
    Ending.REVOKED: State.REVOKED,
    Ending.INVALIDATED: State.INVALIDATED,
}
_SIDES: Final = {"member", "mentor"}


@dataclass(frozen=True)
class Live:
    """A consent that permits something from `grant.at` until before `ends`, but not for whom `not_for` names.

    `together_with` is who else has to consent, as a minor and a guardian do.
    """

    grant: Grant
    ends: datetime
    not_for: frozenset[str]
    together_with: Giver | None


@dataclass(frozen=True)
class Over:
    """A consent that permits nothing any more, and what became of it; `stop` is the no that ended it, if one did."""

    grant: Grant
    state: State | None
    stop: Stop | None = None


class AsOf:
    """A ledger as of an instant with an offset, on what was known up to a position of the log (none: all of it)."""

    def __init__(self, ledger: ConsentLedger, at: datetime, known_at: int | None = None) -> None:
        self.ledger, self.at, self.known_at = ledger, at.astimezone(UTC), known_at
        self.position = ledger.position if known_at is None else min(known_at, ledger.position)
        history = ledger.history
        self.grants = [grant for grants in history.grants.values() for grant in self.true(grants)]
        self.stops = [stop for stops in history.stops.values() for stop in self.true(stops)]
        self.askings = self.true(history.askings)
        self.erasures = self.true(history.erasures)
        self.freezes = self.true(history.freezes)
        self._blocks = self.true(history.blocks)
        self._lifted = {block.block_id for block in self._blocks if block.is_lifted}
        self._standing_ends = {end.standing_id for end in self.true(history.standing_ends)}
        self._harms = {print_ for harm in self.true(history.harms) for print_ in harm.fingerprints}
        self._minority = self._latest_minority()
        self._standings = self.true(history.standings)

    def true(self, facts: Iterable[F]) -> list[F]:
        """Give the facts that were true by then, on what was known."""
        return true_at(facts, self.at, self.known_at)

    def blocks(self) -> Iterable[tuple[Block, bool]]:
        """Give each block as it was made, and whether it stands."""
        made: dict[UUID, Block] = {}
        for block in self._blocks:
            if not block.is_lifted:
                made.setdefault(block.block_id, block)
        return [(block, block_id not in self._lifted) for block_id, block in made.items()]

    def fate(self, grant: Grant) -> Live | Over:
        """Say what a consent comes to."""
        if self.erasures:
            return Over(grant, State.WITHDRAWN)
        ends = [stop for stop in self.stops if stop.purpose == grant.purpose and stop.ends(grant)]
        if ends:
            return Over(grant, ENDED[ends[-1].ending], ends[-1])
        later = [each for each in self._peers(grant) if _order(each) > _order(grant)]
        if any(each.named in {None, grant.named} for each in later):
            return Over(grant, None)
        until = self._ends_by(grant)
        if isinstance(until, State):
            return Over(grant, until)
        if max(self.at, grant.at) >= until:
            return Over(grant, State.EXPIRED)
        not_for = {each.named for each in later if each.named is not None} if grant.named is None else set[str]()
        return Live(grant, until, frozenset(not_for | self._denied_by_name(grant)), self._together_with(grant))

    def pairs(self, conditions: frozenset[Condition]) -> list[tuple[UUID, UUID]]:
        """Give the matches (and the other person of each) that were approved, have not ended, and meet conditions.

        Not those with somebody whom a block keeps away, which wins.
        """
        found, kept_away = [], self._kept_away()
        for match, all_steps in self.ledger.history.matches.items():
            steps = self.true(all_steps)
            accepted = {step.side for step in steps if step.stage == Stage.ACCEPTED}
            if any(step.stage == Stage.ENDED for step in steps):
                continue
            if Condition.BOTH_ACCEPTED in conditions and accepted != _SIDES:
                continue
            others = {step.counterpart for step in steps if step.stage == Stage.APPROVED and step.counterpart}
            found += [(match, other) for other in sorted(others - kept_away)]
        return found

    def _kept_away(self) -> set[UUID]:
        return {person for block in self._blocks if block.block_id not in self._lifted for person in block.persons}

    def _is_minor(self) -> bool:
        return self._minority is not None and self.at.date() < self._minority.until

    def _latest_minority(self) -> Minority | None:
        known = self.true(self.ledger.history.minorities)
        return known[-1] if known and not known[-1].alone else None

    def _together_with(self, grant: Grant) -> Giver | None:
        if not self._is_minor():
            return None
        return Giver.SUBJECT if grant.giver == Giver.GUARDIAN else Giver.GUARDIAN

    def _speakers(self, grant: Grant) -> set[Giver]:
        """Give whose words stand where this one does."""
        if self._is_minor():
            return {grant.giver}
        return {Giver.GUARDIAN} if grant.giver == Giver.GUARDIAN else {Giver.SUBJECT, Giver.DELEGATE}

    def _peers(self, grant: Grant) -> list[Grant]:
        """Give the consents that replace this one if later: the person's own, and those on the same standing."""
        speakers = self._speakers(grant)
        return [
            each
            for each in self.grants
            if each.purpose == grant.purpose
            and each.giver in speakers
            and (each.giver == Giver.SUBJECT or each.authority == grant.authority)
        ]

    def _denied_by_name(self, grant: Grant) -> set[str]:
        """Give who were told no by name, though everybody was told yes before."""
        stops = (stop for stop in self.stops if stop.purpose == grant.purpose and stop.named is not None)
        return {stop.named for stop in stops if stop.named is not None and stop.ends(grant, stop.named)}

    def _ends_by(self, grant: Grant) -> datetime | State:
        """Give when a consent ends by itself, or why it never counted."""
        ends = grant.expires_at
        if grant.giver != Giver.SUBJECT:
            standing = self._standing(grant)
            if standing is None:
                return State.INVALIDATED
            ends = min(ends, standing.expires_at)
        minority = self._minority
        if self._is_minor():
            assert minority is not None, "a minor is known to be one"
            return State.INVALIDATED if grant.giver == Giver.DELEGATE else min(ends, _first_instant(minority.until))
        has_lapsed = minority is not None and grant.said.astimezone(UTC).date() < minority.until
        return State.EXPIRED if has_lapsed or grant.giver == Giver.GUARDIAN else ends

    def _standing(self, grant: Grant) -> Standing | None:
        """Give the standing by which somebody spoke for the person, if nothing took it from them."""
        for standing in self._standings:
            if (
                standing.standing_id == grant.authority
                and standing.giver == grant.giver
                and grant.purpose in standing.purposes
                and standing.said <= grant.said
                and standing.place.version < grant.place.version
            ):
                is_barred = standing.fingerprints & self._harms or standing.standing_id in self._standing_ends
                return None if is_barred else standing
        return None


def audiences(grant: Grant) -> dict[AudienceKind, frozenset[Field]]:
    """Give what each kind of audience may be told on a consent, where it is anything."""
    found = {
        kind: most if grant.fields is None else most & grant.fields
        for kind, most in TERMS[grant.purpose].audiences.items()
    }
    return {kind: fields for kind, fields in found.items() if fields}


def conditions(grant: Grant) -> frozenset[Condition]:
    """Give what has to come about between two people before anything is told on a consent."""
    return frozenset(TERMS[grant.purpose].conditions) | frozenset(grant.conditions)


def _order(grant: Grant) -> tuple[datetime, int]:
    return grant.said, grant.place.version


def _first_instant(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
