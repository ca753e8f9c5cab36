"""A question to a ledger, taken apart: what bars everything, whose consents count, and how far they go."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from domain.consent.decision import Decision, Reason
from domain.consent.history import Ending, F, Grant, Minority, Place, Stage, Standing, Step, Stop, true_at
from domain.consent.stream import PersonsLedger
from domain.consent.words import Audience, Giver
from domain.purposes import TERMS, AudienceKind, Condition, Field, Purpose

_ENDED: Final = {
    Ending.REFUSED: Reason.REFUSED,
    Ending.WITHDRAWN: Reason.WITHDRAWN,
    Ending.REVOKED: Reason.REVOKED,
    Ending.INVALIDATED: Reason.INVALIDATED,
}


class No(Exception):
    """The answer is no, for this reason and by these events."""

    def __init__(self, reason: Reason, *deciding: Place) -> None:
        super().__init__(reason)
        self.reason, self.deciding = reason, deciding


class Question:
    """One question to one ledger; its parts are asked in turn, and each either passes or raises `No`."""

    def __init__(
        self,
        ledger: PersonsLedger,
        purpose: Purpose,
        at: datetime,
        known_at: int | None,
        named: str | None,
        *,
        whoever: bool = False,
    ) -> None:
        self._history = ledger.history
        self._purpose, self._known_at = purpose, known_at
        # Days are those of UTC: wherever somebody asks from, the same instant has the same answer.
        self._at = at.astimezone(UTC)
        self._named, self._whoever = named, whoever
        self._as_of = ledger.position if known_at is None else min(known_at, ledger.position)

    def denied(self, no: No) -> Decision:
        """Give the answer no."""
        return Decision(permit=False, reason=no.reason, deciding=no.deciding, as_of=self._as_of)

    def permitted(self, grants: list[Grant], fields: frozenset[Field], steps: list[Step]) -> Decision:
        """Give the answer yes, on these consents and, between two sides, these steps of their match."""
        return Decision(
            permit=True,
            reason=Reason.GIVEN,
            deciding=(*self._places(grants), *(step.place for step in steps)),
            fields=fields,
            obligations=TERMS[self._purpose].obligations,
            as_of=self._as_of,
            grant=grants[0],
        )

    def _places(self, grants: list[Grant]) -> list[Place]:
        return [grant.place for grant in grants]

    def must_not_be_barred(self, other: UUID | None) -> None:
        """Pass unless the person is erased, frozen, or keeps the other person away."""
        erased = self._true(self._history.erasures)
        if erased:
            raise No(Reason.ERASED, erased[-1].place)
        freezes = self._true(self._history.freezes)
        if freezes and freezes[-1].is_on:
            raise No(Reason.FROZEN, freezes[-1].place)
        if other is not None:
            lifted = {block.block_id for block in self._true(self._history.blocks) if block.is_lifted}
            for block in self._true(self._history.blocks):
                if other in block.persons and block.block_id not in lifted:
                    raise No(Reason.BLOCKED, block.place)

    def ways(self) -> list[list[Grant]]:
        """Give every way in which consents permit: the person's own and, for a minor, a guardian's with it."""
        if self.needs_guardian():
            (own,) = self.said_by(Giver.SUBJECT)
            return [[own, guardians] for guardians in self.said_by(Giver.GUARDIAN)]
        found, of_age = self.said_by(Giver.SUBJECT, Giver.DELEGATE), self._coming_of_age()
        lasting = [grant for grant in found if of_age is None or _day(grant.said) >= of_age.until]
        if of_age is not None and not lasting:
            raise No(Reason.CAME_OF_AGE, found[0].place, of_age.place)
        return [[grant] for grant in lasting]

    def first_that_permits(self, field: Field, audience: Audience) -> Decision:
        """Give the first of the ways in which this field may be told to the audience."""
        refusals = []
        for grants in self.ways():
            try:
                fields = self.covered(grants, audience.kind)
                self._must_cover(field, fields, grants)
                steps = self._conditions_met(grants, audience)
            except No as no:
                refusals.append(no)
            else:
                return self.permitted(grants, fields, steps)
        raise refusals[0]

    def needs_guardian(self) -> bool:
        """Say whether the person is a minor who may not consent alone."""
        of_age = self._coming_of_age()
        return of_age is not None and _day(self._at) < of_age.until

    def covered(self, grants: list[Grant], kind: AudienceKind | None) -> frozenset[Field]:
        """Give the fields that all of these consents cover for a kind of audience, or for any."""
        terms = TERMS[self._purpose]
        if kind is not None and kind not in terms.audiences:
            raise No(Reason.OTHER_AUDIENCE, *self._places(grants))
        fields = terms.fields if kind is None else terms.audiences[kind]
        for grant in grants:
            fields = fields if grant.fields is None else fields & grant.fields
        return fields

    def _must_cover(self, field: Field, fields: frozenset[Field], grants: list[Grant]) -> None:
        if field not in fields:
            raise No(Reason.FIELD_NOT_COVERED, *self._places(grants))

    def _conditions_met(self, grants: list[Grant], audience: Audience) -> list[Step]:
        """Give the events that brought the match as far as is asked."""
        needed = {*TERMS[self._purpose].conditions, *(each for grant in grants for each in grant.conditions)}
        if audience.kind != AudienceKind.OTHER_SIDE and not needed:
            return []
        steps = self._true(self._history.matches.get(audience.match, [])) if audience.match is not None else []
        if any(step.stage == Stage.ENDED for step in steps):
            raise No(Reason.CONDITION_NOT_MET, steps[-1].place)
        found = [step for step in steps if step.stage == Stage.APPROVED and step.counterpart == audience.person]
        if audience.person is None or not found:
            raise No(Reason.OTHER_AUDIENCE, *self._places(grants))
        if Condition.BOTH_ACCEPTED in needed:
            accepted = {step.side: step for step in steps if step.stage == Stage.ACCEPTED}
            if set(accepted) != {"member", "mentor"}:
                raise No(Reason.CONDITION_NOT_MET, *self._places(grants))
            found += accepted.values()
        return found

    def said_by(self, *givers: Giver) -> list[Grant]:
        """Give the consents by these that count, the latest first: at least one, and one a standing at most."""
        grants = [grant for grant in self._history.grants.get(self._purpose, []) if grant.giver in givers]
        known = [grant for grant in grants if grant.place.is_known(self._known_at)]
        said = [grant for grant in self._true(known) if self._whoever or grant.named in {None, self._named}]
        stops = self._true(self._history.stops.get(self._purpose, []))
        if not said:
            raise self._unsaid(givers, known, stops)
        found, refusals = [], []
        for grant in self._last_words(said):
            try:
                self._must_be_live(grant, stops)
            except No as no:
                refusals.append(no)
            else:
                found.append(grant)
        if not found:
            raise refusals[0]
        return found

    def _last_words(self, said: list[Grant]) -> list[Grant]:
        """Give the last consent on every standing, the latest first. The person's own replaces all before it."""
        last: dict[UUID | None, Grant] = {}
        for grant in sorted(said, key=_when):
            if grant.giver == Giver.SUBJECT:
                last.clear()
            last[grant.authority] = grant
        return sorted(last.values(), key=_when, reverse=True)

    def _must_be_live(self, grant: Grant, stops: list[Stop]) -> None:
        ends = [stop for stop in stops if stop.ends(grant, self._named)]
        if ends:
            raise No(_ENDED[ends[-1].ending], ends[-1].place)
        if self._at < grant.at:
            raise No(Reason.NOT_YET_GIVEN, grant.place)
        if self._at >= grant.expires_at:
            raise No(Reason.EXPIRED, grant.place)
        self._must_have_standing(grant)

    def _unsaid(self, givers: tuple[Giver, ...], known: list[Grant], stops: list[Stop]) -> No:
        if givers == (Giver.GUARDIAN,):
            return No(Reason.GUARDIAN_NEEDED)
        if stops:
            return No(_ENDED[stops[-1].ending], stops[-1].place)
        if given := self._true(known):
            return No(Reason.OTHER_AUDIENCE, *self._places(given))
        askings = [each for each in self._true(self._history.askings) if each.purpose == self._purpose]
        if askings:
            return No(Reason.DEFERRED if askings[-1].is_deferred else Reason.ASKED, askings[-1].place)
        if known:
            return No(Reason.NOT_YET_GIVEN, known[0].place)
        return No(Reason.NEVER_GIVEN)

    def _must_have_standing(self, grant: Grant) -> None:
        """Whoever spoke for the person had to have standing then and has to have it still."""
        if grant.giver == Giver.SUBJECT:
            return
        standing = self._standing(grant)
        ended = {end.standing_id for end in self._true(self._history.standing_ends)}
        if (
            standing is None
            or self._is_harming(standing)
            or standing.standing_id in ended
            or self._at >= standing.expires_at
        ):
            raise No(Reason.NO_STANDING, grant.place)

    def _is_harming(self, standing: Standing) -> bool:
        return any(standing.fingerprints & harm.fingerprints for harm in self._true(self._history.harms))

    def _standing(self, grant: Grant) -> Standing | None:
        for standing in self._true(self._history.standings):
            if (
                standing.standing_id == grant.authority
                and standing.giver == grant.giver
                and grant.purpose in standing.purposes
                and standing.said <= grant.said
                and standing.place.version < grant.place.version
            ):
                return standing
        return None

    def _coming_of_age(self) -> Minority | None:
        """Give what is known of the day on which the person comes of age, unless they may consent alone before."""
        known = self._true(self._history.minorities)
        return known[-1] if known and not known[-1].alone else None

    def _true(self, facts: Iterable[F]) -> list[F]:
        return true_at(facts, self._at, self._known_at)


def _when(grant: Grant) -> tuple[datetime, int]:
    return grant.said, grant.place.version


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
