"""Can somebody speak for a person who may not, and can whoever does harm tell that this is known?

Every combination of age, speaker, standing, harm and words is played through the commands and decided, and held against
`standing_cases.permits`, which is written from the rules in words. The same acts then go through the front door, and
the answers that whoever does harm gets are compared byte for byte with those that anybody else gets.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from api.checks.check import Check, Result
from api.checks.front_door import answers_at_the_front_door
from api.checks.standing_cases import (
    MAY_BE_SAID_FOR_THEM,
    Age,
    Case,
    Harm,
    Own,
    Speaker,
    Standing,
    Theirs,
    cases,
    permits,
)
from domain.consent import Audience, ConsentLedger, Giver, Method, Word, decide
from domain.errors import DomainError, StandingMissing
from domain.purposes import AudienceKind, Field, Purpose

PURPOSE: Final = Purpose.MATCH_CONSIDER
AUDIENCE: Final = Audience(kind=AudienceKind.COORDINATORS, named="programme")
PRINT: Final = "a fingerprint"
HEARD: Final = "heard"

_START: Final = datetime(2026, 3, 2, tzinfo=UTC)
_OF_AGE: Final = date(2026, 6, 1)
_GROWN: Final = datetime.combine(_OF_AGE, time(1), UTC)

Forget = Callable[[ConsentLedger], None]


@dataclass
class _Play:
    """One case, played through the commands of a ledger, an hour an act; `answers` are what whoever speaks hears."""

    case: Case
    kind: type[ConsentLedger]
    now: datetime = _START
    answers: list[str] = field(default_factory=list)
    standing: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        self.ledger = self.kind.of(UUID(int=7))

    def play(self) -> None:
        """Do everything in its order."""
        case = self.case
        if case.age != Age.ADULT:
            self._act(
                lambda: self.ledger.record_minority(
                    _OF_AGE, consents_alone=case.age == Age.ALONE, at=self.now, by="one"
                )
            )
        self._harm(Harm.FIRST)
        if case.speaker != Speaker.NOBODY:
            self._get_standing()
        self._harm(Harm.BEFORE)
        self._say(case.own in {Own.YES, Own.YES_THEN_NO}, self._grant)
        self._say(case.own == Own.NO, self._refuse)
        if case.standing == Standing.ENDED_BEFORE:
            self._end()
        self._pass_until(Standing.EXPIRED_BEFORE, timedelta(days=10))
        self._speak()
        self._say(case.own == Own.YES_THEN_NO, self._refuse)
        self._say(case.own == Own.YES_LATER, self._grant)
        if case.standing == Standing.ENDED_AFTER:
            self._end()
        self._pass_until(Standing.EXPIRED_AFTER, timedelta(days=20))
        self._harm(Harm.AFTER)

    def permitted(self) -> bool:
        """Decide, an hour after the last act or once the person is of age."""
        at = _GROWN if self.case.age == Age.GROWN else self.now
        return decide(self.ledger, PURPOSE, Field.NEEDS, AUDIENCE, at).permit

    def _act(self, act: Callable[[], object]) -> str:
        self.now += timedelta(hours=1)
        try:
            act()
        except DomainError as refusal:
            return f"{type(refusal).__name__}: {refusal}"
        return HEARD

    def _say(self, is_said: bool, act: Callable[[Word], None]) -> None:  # noqa: FBT001 - a condition, not a switch
        if is_said:
            self._act(lambda: act(Word()))

    def _harm(self, harm: Harm) -> None:
        if self.case.harm == harm:
            self._act(lambda: self.ledger.record_harm([PRINT, "another"], at=self.now, by="two"))

    def _get_standing(self) -> None:
        ends = {Standing.EXPIRED_BEFORE: timedelta(days=10), Standing.EXPIRED_AFTER: timedelta(days=20)}
        purposes = {Purpose.STATS} if self.case.standing == Standing.OTHER_PURPOSE else {PURPOSE, Purpose.COORD_NOTES}

        def ask() -> None:
            self.standing = self.ledger.request_standing(
                Giver(self.case.speaker),
                "a holder",
                [PRINT],
                evidence="a letter",
                purposes=purposes,
                expires_at=_START + ends[self.case.standing] if self.case.standing in ends else None,
                at=self.now,
                by="one",
            )

        self.answers.append(self._act(ask))
        if self.case.standing == Standing.TURNED_DOWN:
            self._end()
        if self.case.standing != Standing.UNCONFIRMED:
            confirm = self.ledger.confirm_standing
            self.answers.append(self._act(lambda: confirm(self.standing, at=self.now, by="two")))

    def _end(self) -> None:
        self._act(lambda: self.ledger.end_standing(self.standing, at=self.now, by="one"))

    def _pass_until(self, standing: Standing, later: timedelta) -> None:
        if self.case.standing == standing:
            self.now = _START + later

    def _speak(self) -> None:
        if self.case.speaker == Speaker.NOBODY or self.case.theirs == Theirs.NOTHING:
            return
        word = Word(giver=Giver(self.case.speaker), authority=self.standing)
        first = self._refuse if self.case.theirs == Theirs.NO else self._grant
        self.answers.append(self._act(lambda: first(word)))
        if self.case.theirs == Theirs.TAKEN_BACK:
            withdraw = self.ledger.withdraw
            self.answers.append(
                self._act(lambda: withdraw(PURPOSE, method=Method.WEB, word=word, at=self.now, by="coordinator"))
            )

    def _grant(self, word: Word) -> None:
        self.ledger.grant(PURPOSE, method=Method.WEB, word=word, at=self.now, by="coordinator")

    def _refuse(self, word: Word) -> None:
        self.ledger.refuse(PURPOSE, method=Method.WEB, word=word, at=self.now, by="coordinator")


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Play every case in memory, and those in which somebody may do harm through the front door as well."""
    seen, caught, told = played(cases()), played(cases(), forget=_forget_harm), played(cases(), kind=_TellingLedger)
    through = answers_at_the_front_door(server_url, full=full)
    return Result(
        figure=f"{seen['cases']:,} combinations: {seen['wrong permit']} wrong permits, {seen['wrong refusal']} wrong "
        f"refusals, {seen['wrongly heard']} words heard or turned away against the rules; {seen['permit']:,} permits; "
        f"{seen['answers']:,} answers to whoever may do harm, {seen['telling']} of them telling; at the front door "
        f"{through.compared:,} answers compared byte for byte, {through.telling} telling, "
        f"{through.permits} permits, {through.wrong_permits} of those who were barred",
        kept=min(seen["permit"], through.permits, through.compared) > 0
        and not any(seen[each] for each in ("wrong permit", "wrong refusal", "wrongly heard", "telling"))
        and through.telling == through.wrong_permits == 0,
        control=f"with records of harm dropped, {caught['wrong permit']} wrong permits; where the one who does harm is "
        f"turned away at the door, {told['telling']} telling answers",
        control_caught=caught["wrong permit"] > 0 and told["telling"] > 0,
    )


def played(
    tried: Iterable[Case], *, forget: Forget = lambda _: None, kind: type[ConsentLedger] = ConsentLedger
) -> Counter[str]:
    """Play cases and count what was right and wrong; what `forget` takes from a ledger, the decision does not see."""
    seen: Counter[str] = Counter()
    heard: dict[Case, dict[Harm, list[str]]] = defaultdict(dict)
    for case in tried:
        play = _Play(case, kind)
        play.play()
        forget(play.ledger)
        permitted, expected = play.permitted(), permits(case)
        seen["cases"] += 1
        seen["permit"] += permitted
        seen["wrong permit"] += permitted and not expected
        seen["wrong refusal"] += expected and not permitted
        seen["wrongly heard"] += _is_wrongly_heard(play)
        heard[replace(case, harm=Harm.NONE)][case.harm] = play.answers
    for answers in heard.values():
        usual = answers[Harm.NONE]
        seen["answers"] += sum(len(each) for harm, each in answers.items() if harm != Harm.NONE)
        seen["telling"] += sum(each != usual for each in answers.values())
    return seen


def _is_wrongly_heard(play: _Play) -> bool:
    """Say whether a yes that the rules allow was turned away, or one that they do not allow was heard."""
    case = play.case
    if case.speaker == Speaker.NOBODY or case.theirs not in {Theirs.YES, Theirs.TAKEN_BACK}:
        return False
    answer = play.answers[-1] if case.theirs == Theirs.YES else play.answers[-2]
    return (answer == HEARD) != all(rule(case) for rule in MAY_BE_SAID_FOR_THEM.values())


class _TellingLedger(ConsentLedger):
    """A ledger that turns away whoever is recorded as harming the person, and so tells them."""

    def request_standing(self, giver: Giver, holder: str, fingerprints: Collection[str], **said: Any) -> UUID:
        """Look whether harm is recorded first, as it must not."""
        if any(harm.fingerprints & set(fingerprints) for harm in self.history.harms):
            raise StandingMissing("Not you.")
        return super().request_standing(giver, holder, fingerprints, **said)


def _forget_harm(ledger: ConsentLedger) -> None:
    ledger.history.harms.clear()


CHECK: Final = Check("standing", "Nobody speaks for a person who may not, and whoever does harm cannot tell.", run)
