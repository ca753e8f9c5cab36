"""A made-up history of a programme, the same for the same seed: people come, agree, are proposed and matched."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from uuid import UUID

from api.moment import start_of
from domain.aggregate import Aggregate
from domain.consent import ConsentLedger, Method
from domain.events import Entry
from domain.explanation import Explanation
from domain.match import APPROVAL_NEEDS, Match
from domain.member import Member
from domain.mentor import Mentor
from domain.profiles import MemberProfile, MentorProfile
from domain.programme import Policy, Programme
from domain.purposes import Purpose
from domain.values import ContactMode, Facet, Need, Role, Training, Urgency, WeeklyWindow

BEGINNING = date(2026, 1, 5)
BETWEEN_ROUNDS = timedelta(minutes=10)  # so short that no consent expires in a million events
COLOURS = ("Plum", "Amber", "Slate", "Coral", "Moss", "Indigo")
BIRDS = ("Raven", "Owl", "Heron", "Finch", "Swift", "Plover", "Wren")
NEEDS = ("housing", "isolation", "benefits", "disclosure", "treatment", "work")
LANGUAGES = ("en", "pt", "es", "fr", "pl")
# What share of proposals has met a withdrawal, a refusal or an approval, one added to the other; the rest stay open.
WITHDRAWN, DECLINED, APPROVED = 0.04, 0.20, 0.85
REASONS = ("They know each other.", "Too far apart.", "The member asked for somebody older.")


class History:
    """Tells of one programme: people come, a round is held, and again."""

    def __init__(self, seed: int) -> None:
        self._draw = Random(seed)  # noqa: S311 - nothing to keep secret
        self._at = start_of(BEGINNING).at
        self._programme = Programme.start("harbour", self._id(), Policy(), at=self._at, by="administrator")
        self._ledgers: dict[UUID, ConsentLedger] = {}
        self._mentors: list[Mentor] = []
        self._waiting: list[Member] = []

    def entries(self) -> Iterator[Entry]:
        """Give the events without end, in the order in which they happened."""
        yield from self._programme.collect()
        while True:
            self._at += BETWEEN_ROUNDS
            for _ in range(10):
                yield from self._arrival(Mentor)
            for _ in range(40):
                yield from self._arrival(Member)
            yield from self._round()
            for mentor in self._draw.sample(self._mentors, 3):
                yield from self._change(mentor)
            self._mentors = self._mentors[-200:]
            self._waiting = self._waiting[-200:]

    def _arrival(self, kind: type[Member] | type[Mentor]) -> Iterator[Entry]:
        person = self._id()
        profile = self._member() if kind is Member else self._mentor()
        arrived = kind.register(person, self._programme.id, profile, at=self._at, by="import")
        ledger = self._ledgers[person] = ConsentLedger.of(person)
        for purpose in APPROVAL_NEEDS:
            ledger.grant(purpose, method=Method.WEB, at=self._at, by="import")
        (self._waiting if kind is Member else self._mentors).append(arrived)
        yield from _new(arrived, ledger)

    def _round(self) -> Iterator[Entry]:
        _, round_id = self._programme.hold_round(at=self._at, by="coordinator-1")
        yield from self._programme.collect()
        today = self._at.date()
        places = [each for each in self._mentors if not each.is_paused_on(today) for _ in range(each.places)]
        self._draw.shuffle(places)
        pairs = list(zip(self._waiting, places, strict=False))
        matches = [self._proposal(round_id, *pair) for pair in pairs]
        for match in matches:
            yield from match.collect()
        for match, (member, mentor) in zip(matches, pairs, strict=True):
            yield from self._decision(match, member, mentor)

    def _proposal(self, round_id: UUID, member: Member, mentor: Mentor) -> Match:
        explanation = Explanation(
            stated_needs=("housing", "isolation"),
            covered_needs=("housing",),
            shared_experience=("anxiety",),
            shared_languages=("en",),
            first_language_shared=True,
            shared_contact_modes=("phone", "video"),
            shared_minutes=self._draw.randrange(60, 600, 30),
            points={"needs": 200, "lived-experience": 150, "time": 93, "first-language": 50},
            keep_bonus=0,
            rank=self._draw.randrange(4),
            place=1,
            capacity=2,
            evenness=0,
        )
        fit = self._draw.randrange(300, 900)
        return Match.propose(
            round_id, member, mentor, fit=fit, explanation=explanation, at=self._at, by="coordinator-1"
        )

    def _decision(self, match: Match, member: Member, mentor: Mentor) -> Iterator[Entry]:
        chance = self._draw.random()
        ledgers = self._ledgers[match.member_person_id], self._ledgers[match.mentor_person_id]
        if chance < WITHDRAWN:
            ledgers[0].withdraw(Purpose.MATCH_PROPOSE, method=Method.WEB, at=self._at, by="member")
            self._waiting.remove(member)
        elif chance < DECLINED:
            match.decline(self._draw.choice(REASONS), at=self._at, by="coordinator-1")
        elif chance < APPROVED:
            relied_on = ()
            for ledger in ledgers:
                relied_on += ledger.rely_on(
                    APPROVAL_NEEDS,
                    act="match.approved",
                    reference=match.id,
                    at=self._at,
                    judged_at=self._at,
                    by="coordinator-1",
                )
            mentor.reserve_place(match.id, member.id, at=self._at, by="coordinator-1")
            member.match(match.id, at=self._at, by="coordinator-1")
            match.approve(relied_on, at=self._at, by="coordinator-1")
            self._waiting.remove(member)
        yield from _new(match, member, mentor, *ledgers)

    def _change(self, mentor: Mentor) -> Iterator[Entry]:
        if mentor.is_paused_on(self._at.date()):
            mentor.resume(at=self._at, by="mentor")
        else:
            mentor.pause(self._at.date() + timedelta(days=14), at=self._at, by="mentor")
        yield from mentor.collect()

    def _member(self) -> MemberProfile:
        needs = self._draw.sample(NEEDS, 2)
        return MemberProfile(
            **self._person("S"),
            needs=tuple(Need(need, Facet.PRACTICAL, Urgency.SOON) for need in needs),
            waiting_since=self._at.date(),
        )

    def _mentor(self) -> MentorProfile:
        return MentorProfile(
            **self._person("T"),
            role=Role.MENTOR,
            offers=tuple(self._draw.sample(NEEDS, 3)),
            capacity=self._draw.randrange(1, 6),
            training=Training(date(2060, 1, 1)),
            supervisor=f"SUP-{self._draw.randrange(9)}",
        )

    def _person(self, letter: str) -> dict[str, object]:
        number = self._draw.randrange(1_000_000)
        evening = self._draw.randrange(7)
        return {
            "ref": f"{letter}-{number}",
            "handle": f"{self._draw.choice(COLOURS)} {self._draw.choice(BIRDS)} {number}",
            "time_zone": "Europe/Lisbon",
            "languages": tuple(self._draw.sample(LANGUAGES, 2)),
            "lived_experience": (),
            "contact_modes": (ContactMode.PHONE, ContactMode.VIDEO),
            "availability": (WeeklyWindow(evening, 18 * 60, 20 * 60),),
        }

    def _id(self) -> UUID:
        return UUID(int=self._draw.getrandbits(128), version=4)


def _new(*aggregates: Aggregate) -> Iterator[Entry]:
    for aggregate in aggregates:
        yield from aggregate.collect()
