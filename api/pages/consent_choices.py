"""What can somebody say to a purpose now, and what do they read before they say it?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from api.pages import sentences
from api.pages.receipt_words import FIELDS, ONE_NAMED, REACH, fields
from api.service import Service
from domain.consent import ConsentLedger, Decision, consent_at
from domain.consent.lineage import is_asked
from domain.identity import member_id, mentor_id
from domain.member import Member
from domain.mentor import Mentor
from domain.notice import Notice
from domain.purposes import TERMS, Field, Purpose
from domain.together import Together

MEMBERS_ONLY: Final = frozenset({Field.NEEDS, Field.URGENCY, Field.WAITING_SINCE, Field.PREFERENCES})
MENTORS_ONLY: Final = frozenset({Field.OFFERS})

# When they have said no, they are asked for a yes, not for another no.
_SAID_NO: Final = {"refused", "withdrawn"}


@dataclass(frozen=True)
class Text:
    """A wording to read: its paragraphs after the first line, and what an answer to it carries."""

    paragraphs: list[str]
    language: str
    sha256: str
    serving: UUID


@dataclass(frozen=True)
class Tick:
    """A field that can be ticked."""

    field: Field
    words: str
    is_ticked: bool


@dataclass(frozen=True)
class Given:
    """A consent that holds: what it covers, until when, and for whom by name, with what stands for that name."""

    state: str
    covers: str
    named: str
    name: str


@dataclass(frozen=True)
class Choice:
    """A purpose in the person's words, where it stands, and the answers that can be given now.

    Without a `text` nobody can agree for now.
    """

    purpose: Purpose
    words: str
    state: str
    given: list[Given]
    audience: str
    life: str
    after_no: str
    text: Text | None
    ticks: list[Tick]
    question: str
    about: str
    reach: str
    told: str
    is_asked: bool
    can_refuse: bool


class Choosing:
    """One person's choices at one moment."""

    def __init__(self, service: Service, programme: UUID, person: UUID, at: datetime) -> None:
        together = Together(service.alongside)
        self.entries = service.alongside.ledger_entries(person)
        self.ledger = service.alongside.ledger_of(person, self.entries)
        self.member = together.find(Member, member_id(person))
        self.mentor = together.find(Mentor, mentor_id(person))
        self.at = service.alongside.read_clocks(at).judged
        roles = [role for role in (self.member, self.mentor) if role is not None]
        spoken = [language for role in roles for language in role.profile.languages]
        self._notices = service.alongside.notices(programme, spoken)

    def fields(self, purpose: Purpose) -> list[Field]:
        """Give what the purpose may be about for this person, in the order of the list of fields."""
        foreign = (MEMBERS_ONLY if self.member is None else set()) | (MENTORS_ONLY if self.mentor is None else set())
        return [field for field in Field if field in TERMS[purpose].fields - foreign]

    def choice(self, purpose: Purpose) -> Choice:
        """Give what can be said to a purpose."""
        terms, decision = TERMS[purpose], consent_at(self.ledger, purpose, at=self.at)
        notice, given = self._notices.get(purpose), self._given(purpose)
        ticked = set() if decision.grant is None or terms.is_named else decision.fields
        return Choice(
            purpose=purpose,
            words=sentences.sentence(terms.words),
            state="" if given else sentences.consent(decision),
            given=given,
            audience=terms.audience,
            life=sentences.life(terms.life),
            after_no=sentences.AFTER_NO.get(purpose, "it is not done from that moment on."),
            text=None if notice is None else self._text(notice),
            ticks=[Tick(field, FIELDS[field], field in ticked) for field in self.fields(purpose)],
            about=fields(self.fields(purpose)),
            reach=f"{REACH[purpose]}:" if purpose in REACH else f"This reaches {terms.audience}:",
            told="counted" if purpose == Purpose.STATS else "told",
            question=ONE_NAMED[purpose] if terms.is_named else "",
            is_asked=is_asked(self.ledger, purpose),
            can_refuse=not given and decision.reason not in _SAID_NO,
        )

    def _given(self, purpose: Purpose) -> list[Given]:
        grants = self.ledger.history.grants.get(purpose, [])
        names = dict.fromkeys(grant.named for grant in grants) if TERMS[purpose].is_named else {None: None}
        decisions = {named: consent_at(self.ledger, purpose, at=self.at, named=named) for named in names}
        return [self._one(named, decision, purpose) for named, decision in decisions.items() if decision.permit]

    def _one(self, named: str | None, decision: Decision, purpose: Purpose) -> Given:
        covered = [field for field in self.fields(purpose) if field in decision.fields]
        return Given(
            state=sentences.consent(decision),
            covers=fields(covered),
            named=named or "",
            name="" if named is None else self.ledger.history.names.get(named, named),
        )

    def _text(self, notice: Notice) -> Text:
        current = notice.current
        assert current is not None, "what nobody can read is not among the notices"
        return Text(
            paragraphs=current.text.strip().split("\n\n"),
            language=notice.language,
            sha256=current.sha256,
            serving=self._asked_with(notice.purpose) or uuid4(),
        )

    def _asked_with(self, purpose: Purpose) -> UUID | None:
        """Give the showing of the wording with which the person was asked, if they were and have not answered."""
        if not is_asked(self.ledger, purpose):
            return None
        events = [entry.event for entry in self.entries]
        return [e.serving for e in events if isinstance(e, ConsentLedger.Requested) and e.purpose == purpose][-1]
