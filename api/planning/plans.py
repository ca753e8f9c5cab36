"""What plan does a draft come to? Kept in this process, and built again from the log by any other.

A kept plan is a cache of what the log says: the pool where the draft stands, and the edits that stand. It is brought in
line with the draft that is asked about by taking back and making edits. As soon as the log tells anything of the people
in it (a consent, a profile, an erasure, a decision), it is dropped, and nothing is planned on it any more.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Final
from uuid import UUID

from api.moment import Moment
from api.planning.edits import NOT_POSSIBLE, edit_of
from api.rounds import Question, question_on
from domain.application import Alongside
from domain.consent import ConsentLedger
from domain.draft import Draft, DraftEdit, Standpoint
from domain.errors import DomainError, DraftBehind, EditNotPossible, InvalidValue
from domain.identity import ledger_id
from domain.pool import pool_at
from domain.programme import Programme
from matching.problem import InvalidProblem
from matching.sealing import sealed
from matching.session import Change, Session
from matching.solution import Solution
from matching.weights import ProblemTooLarge

MOST_KEPT: Final = 8
NO_PLACE: Final = "fewer free places than pins"

BEHIND: Final = "The people of this draft have changed. Bring it up to date, and look again."

_CHANGES_NOTHING: Final = (ConsentLedger.Disclosed, Programme.SeedCommitted)


@dataclass(frozen=True)
class Plan:
    """What a draft comes to, as of one version; `changes` are what its edits did, one after another.

    `first` is the plan without any edit. Both name people by handles; `ids` says whom they stand for.
    """

    question: Question
    solution: Solution
    first: Solution
    edits: tuple[DraftEdit, ...]
    changes: tuple[Change, ...]

    @property
    def ids(self) -> Mapping[str, UUID]:
        """Whom handles stand for."""
        return self.question.ids


@dataclass
class _Kept:
    """A session of the optimiser, and what it was built on."""

    standpoint: Standpoint
    question: Question
    session: Session
    first: Solution
    names: Mapping[UUID, str]
    streams: frozenset[UUID]
    seen: int
    edits: list[DraftEdit] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def follow(self, edits: tuple[DraftEdit, ...]) -> None:
        """Take back what does not stand, and make what is new. Raises `EditNotPossible`, and then has stopped there."""
        alike = 0
        while alike < min(len(edits), len(self.edits)) and edits[alike] == self.edits[alike]:
            alike += 1
        while len(self.edits) > alike:
            self.session.undo()
            self.edits.pop()
            self.changes.pop()
        for edit in edits[alike:]:
            self._make(edit)

    def plan(self) -> Plan:
        """Give the plan as it is now."""
        return Plan(self.question, self.session.solution(), self.first, tuple(self.edits), tuple(self.changes))

    def _make(self, edit: DraftEdit) -> None:
        try:
            change = self.session.apply(edit_of(edit, self.names.__getitem__))
        except (InvalidProblem, ProblemTooLarge, KeyError) as refusal:
            raise _refused(edit, refusal) from None
        self.edits.append(edit)
        self.changes.append(change)


def _refused(edit: DraftEdit, refusal: Exception) -> DomainError:
    """Say of numbers what is wrong with them, and of pairs nothing but that they are not possible."""
    if isinstance(edit, Draft.PolicyTried):
        return InvalidValue(f"{refusal}.")
    if NO_PLACE in str(refusal):
        return EditNotPossible("The mentor has no free place left for that.")
    return EditNotPossible(NOT_POSSIBLE)


class Plans:
    """Keeps the plans of a few drafts, those asked for last. Threads may share it."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[UUID, _Kept] = OrderedDict()
        self._lock = Lock()

    def plan(self, alongside: Alongside, draft: Draft) -> Plan:
        """Give what a draft comes to. Raises `DraftBehind` if its pool has changed, and `EditNotPossible`."""
        kept = self._of(alongside, draft)
        with kept.lock:
            self._look(alongside, draft.id, kept)
            kept.follow(draft.edits)
            return kept.plan()

    def possible(self, alongside: Alongside, draft: Draft, standpoint: Standpoint) -> tuple[int, ...]:
        """Give the places of those edits of a draft that are possible on another pool, each after those before it."""
        kept, found = _build(alongside, draft.programme_id, draft.id, standpoint), []
        for place, edit in enumerate(draft.edits):
            try:
                kept.follow((*kept.edits, edit))
            except EditNotPossible:
                continue
            found.append(place)
        self._keep(draft.id, kept)
        return tuple(found)

    def drop(self, draft_id: UUID) -> None:
        """Forget the plan of a draft."""
        with self._lock:
            self._kept.pop(draft_id, None)

    def _of(self, alongside: Alongside, draft: Draft) -> _Kept:
        with self._lock:
            kept = self._kept.get(draft.id)
        if kept is None or kept.standpoint != draft.standpoint:
            kept = _build(alongside, draft.programme_id, draft.id, draft.standpoint)
            self._keep(draft.id, kept)
        return kept

    def _keep(self, draft_id: UUID, kept: _Kept) -> None:
        with self._lock:
            self._kept[draft_id] = kept
            self._kept.move_to_end(draft_id)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def _look(self, alongside: Alongside, draft_id: UUID, kept: _Kept) -> None:
        head = alongside.log.head()
        for entry in alongside.log.read(after=kept.seen, upto=head):
            if entry.stream in kept.streams and not isinstance(entry.event, _CHANGES_NOTHING):
                self.drop(draft_id)
                raise DraftBehind(BEHIND)
        kept.seen = head


def _build(alongside: Alongside, programme: UUID, draft_id: UUID, standpoint: Standpoint) -> _Kept:
    pool = pool_at(alongside.log, programme, standpoint.position)
    try:
        # Not the seed of any round: nobody sees beforehand what will be drawn.
        question = question_on(pool, Moment(standpoint.judged_at, standpoint.today), seed=f"draft {draft_id}")
        session = Session(sealed(question.problem))
    except InvalidProblem:  # somebody was erased since, and what they said cannot be read
        raise DraftBehind(BEHIND) from None
    persons = {each.person_id for each in pool.members.values()} | {each.person_id for each in pool.mentors.values()}
    streams = {programme, *pool.members, *pool.mentors, *map(ledger_id, persons)}
    return _Kept(
        standpoint=standpoint,
        question=question,
        session=session,
        first=session.solution(),
        names={identifier: name for name, identifier in question.ids.items()},
        streams=frozenset(streams | {match.id for match in pool.open_proposals().values()}),
        seen=standpoint.position,
    )
