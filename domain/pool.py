"""Everyone in a programme and all that stands between them, as of a position of the log."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from domain.aggregate import Aggregate
from domain.consent import ConsentLedger
from domain.considering import NEEDED_OF_MEMBERS, NEEDED_OF_MENTORS, criteria
from domain.identity import ledger_id
from domain.log import Log
from domain.match import Match, MatchStatus
from domain.member import Member
from domain.mentor import Mentor
from domain.programme import Programme
from domain.purposes import Field
from domain.registry import AGGREGATE_OF

_InProgramme = TypeVar("_InProgramme", Member, Mentor, Match)


@dataclass(frozen=True)
class Pool:
    """The people and matches of one programme, read from events, not from a table."""

    programme: Programme
    position: int
    members: dict[UUID, Member]
    mentors: dict[UUID, Mentor]
    ledgers: dict[UUID, ConsentLedger]
    matches: dict[UUID, Match]

    def criteria(self, person: UUID, at: datetime) -> frozenset[Field]:
        """Give what the optimiser may be told of a person."""
        return criteria(self.ledgers.get(ledger_id(person)), self.programme.id, at)

    def waiting(self, at: datetime) -> tuple[list[Member], dict[str, int]]:
        """Give the members who may enter a round, and how many may not, by reason."""
        excluded = {"consent": 0, "matched": 0}
        entering = []
        for member in self.members.values():
            if member.is_erased:
                continue
            if member.match_id is not None:
                excluded["matched"] += 1
            elif not self.criteria(member.person_id, at) >= NEEDED_OF_MEMBERS:
                excluded["consent"] += 1
            else:
                entering.append(member)
        return entering, excluded

    def available(self, at: datetime, today: date) -> tuple[list[Mentor], dict[str, int]]:
        """Give the mentors who may enter a round, and how many may not, by reason."""
        excluded = {"consent": 0, "paused": 0, "training-lapsed": 0, "full": 0}
        entering = []
        for mentor in self.mentors.values():
            if mentor.is_erased:
                continue
            if not self.criteria(mentor.person_id, at) >= NEEDED_OF_MENTORS:
                excluded["consent"] += 1
            elif mentor.is_paused_on(today):
                excluded["paused"] += 1
            elif not mentor.is_trained_on(today):
                excluded["training-lapsed"] += 1
            elif mentor.places == 0:
                excluded["full"] += 1
            else:
                entering.append(mentor)
        return entering, excluded

    def open_proposals(self) -> dict[tuple[UUID, UUID], Match]:
        """Give the proposals that wait for a decision, by member and mentor."""
        return self._pairs(MatchStatus.PROPOSED)

    def barred_pairs(self) -> set[tuple[UUID, UUID]]:
        """Give the pairs that may not be proposed.

        They were declined before, one of the two did not want the match, the mentor is supported by this member, or one
        does not want to meet the other.
        """
        matches = self.matches.values()
        people = {(match.mentor_person_id, match.member_person_id) for match in matches if match.is_approved}
        for ledger in self.ledgers.values():
            for other in ledger.kept_away:
                people |= {(ledger.person_id, other), (other, ledger.person_id)}
        as_member = {member.person_id: member.id for member in self.members.values()}
        as_mentor = {mentor.person_id: mentor.id for mentor in self.mentors.values()}
        barred = {
            (as_member[one], as_mentor[other]) for one, other in people if one in as_member and other in as_mentor
        }
        unwanted = {(match.member_id, match.mentor_id) for match in matches if match.is_unwanted}
        return barred | unwanted | set(self._pairs(MatchStatus.DECLINED))

    def _pairs(self, status: MatchStatus) -> dict[tuple[UUID, UUID], Match]:
        return {(match.member_id, match.mentor_id): match for match in self.matches.values() if match.status == status}


def pool_at(log: Log, programme: UUID, position: int) -> Pool:
    """Read a programme's pool as of a position. One pass over the log, in time proportional to its length."""
    streams: dict[UUID, Aggregate] = {}
    for entry in log.read(upto=position):
        kind = AGGREGATE_OF[type(entry.event)]
        if entry.stream not in streams:
            streams[entry.stream] = kind(entry.stream)
        streams[entry.stream].follow(entry)
    programme_stream = streams[programme]
    assert isinstance(programme_stream, Programme)
    members = _of(Member, streams, programme)
    mentors = _of(Mentor, streams, programme)
    persons = {person.person_id for group in (members, mentors) for person in group.values()}
    ledgers = {
        stream.id: stream
        for stream in streams.values()
        if isinstance(stream, ConsentLedger) and stream.person_id in persons
    }
    return Pool(programme_stream, position, members, mentors, ledgers, _of(Match, streams, programme))


def _of(kind: type[_InProgramme], streams: dict[UUID, Aggregate], programme: UUID) -> dict[UUID, _InProgramme]:
    return {
        stream.id: stream
        for stream in streams.values()
        if isinstance(stream, kind) and stream.programme_id == programme
    }
