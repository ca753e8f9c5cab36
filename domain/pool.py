"""Everyone in a programme and all that stands between them, as of a position of the log."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from domain.aggregate import Aggregate
from domain.consent import ConsentLedger, decide
from domain.identity import ledger_id
from domain.log import Log
from domain.match import Match, MatchStatus
from domain.member import Member
from domain.mentor import Mentor
from domain.programme import Programme
from domain.purposes import Purpose
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

    def may_be_considered(self, person: UUID, at: datetime) -> bool:
        """Say whether a person has a live consent to be considered for matching."""
        ledger = self.ledgers.get(ledger_id(person))
        return ledger is not None and decide(ledger, Purpose.MATCH_CONSIDER, at=at).permit

    def waiting(self, at: datetime) -> tuple[list[Member], dict[str, int]]:
        """Give the members who may enter a round, and how many may not, by reason."""
        excluded = {"consent": 0, "matched": 0}
        entering = []
        for member in self.members.values():
            if member.is_erased:
                continue
            if member.match_id is not None:
                excluded["matched"] += 1
            elif not self.may_be_considered(member.person_id, at):
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
            if not self.may_be_considered(mentor.person_id, at):
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

    def matches_of(self, person: UUID) -> list[Match]:
        """Give all matches of a person, on either side."""
        return [match for match in self.matches.values() if person in {match.member_person_id, match.mentor_person_id}]

    def barred_pairs(self) -> set[tuple[UUID, UUID]]:
        """Give the pairs that may not be proposed: declined before, or the mentor is supported by this member."""
        persons = {member.person_id: member.id for member in self.members.values()}
        as_mentor = {mentor.person_id: mentor.id for mentor in self.mentors.values()}
        barred = set(self._pairs(MatchStatus.DECLINED))
        for match in self._pairs(MatchStatus.APPROVED).values():
            supporter, supported = persons.get(match.mentor_person_id), as_mentor.get(match.member_person_id)
            if supporter is not None and supported is not None:
                barred.add((supporter, supported))
        return barred

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
