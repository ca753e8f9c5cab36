"""One example of every type of event, and the file that keeps how each is stored.

What was stored once must be readable for ever. A changed line in `stored_events.json` means that logs hold events which
this version reads differently, so the file is only written by hand: `python tests/eventlog/stored_events.py`.
"""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.access import AccessToken, Actor
from domain.audit_trail import AuditTrail
from domain.availability import Absence, Calendar, ExtraHours
from domain.consent import Audience, Channel, ConsentLedger, Flaw, Giver, Ground, Method, Reliance, Wording
from domain.contact import ContactDetails
from domain.draft import Draft, Standpoint
from domain.draws import Drawn
from domain.events import Entry, Event
from domain.explanation import Explanation
from domain.fingerprints import Mark
from domain.match import Match, Side
from domain.member import Member
from domain.mentor import Mentor
from domain.notice import Notice
from domain.profiles import MemberProfile, MentorProfile
from domain.programme import Policy, Programme
from domain.purposes import AudienceKind, Condition, Field, Purpose
from domain.recurring import Recurrence
from domain.round import Findings, Round
from domain.standing_hour import StandingHour
from domain.values import (
    Boundary,
    ContactMode,
    Facet,
    LivedExperience,
    Need,
    Preferences,
    Role,
    Training,
    Urgency,
    WeeklyWindow,
)
from eventlog.encoding import Encoding
from eventlog.record import Record

FILE: Final = Path(__file__).with_name("stored_events.json")
MARKER: Final = "personal-"  # stands in every string that a person said of themselves or that was said of them


def _id(number: int) -> UUID:
    return UUID(int=number)


CALENDAR: Final = Calendar(
    recurring=(Recurrence("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20261231T235959", date(2026, 3, 3), 1080, 1200),),
    absences=(Absence(date(2026, 8, 1), date(2026, 8, 21)),),
    extra=(ExtraHours(date(2026, 5, 2), 600, 720),),
)
_SAID: Final = {
    "ref": "personal-ref",
    "handle": "personal-handle",
    "time_zone": "personal-zone",
    "languages": ("personal-language",),
    "lived_experience": (LivedExperience("personal-experience", matchable=False),),
    "contact_modes": (ContactMode.IN_PERSON, ContactMode.TEXT),
    "availability": (WeeklyWindow(6, 1080, 1440),),
    "boundaries": (Boundary("personal-boundary", sealed=True),),
    "gender": "personal-gender",
    "age": 61,
    "name": "personal-name",
    "phone": "personal-phone",
    "email": "personal-email",
    "calendar": CALENDAR,
}
CONTACT: Final = ContactDetails(name="personal-name", phone="personal-phone", email="personal-email")
MEMBER: Final = MemberProfile(
    **_SAID,
    needs=(Need("personal-need", Facet.EMOTIONAL, Urgency.URGENT),),
    waiting_since=date(2026, 1, 31),
    preferences=Preferences("personal-preference"),
)
MENTOR: Final = MentorProfile(
    **_SAID,
    role=Role.PEER_NAVIGATOR,
    offers=("personal-offer",),
    capacity=3,
    training=Training(date(2027, 6, 30)),
    supervisor="personal-supervisor",
)
EXPLANATION: Final = Explanation(
    stated_needs=("personal-need",),
    covered_needs=("personal-covered",),
    shared_experience=("personal-experience",),
    shared_languages=("personal-language",),
    first_language_shared=True,
    shared_contact_modes=("personal-mode",),
    shared_minutes=150,
    points={"needs": 400, "time": 93},
    keep_bonus=25,
    rank=7,
    place=2,
    capacity=3,
    evenness=-4,
    standing_hour=StandingHour(42, "personal-zone"),
)
RELIANCE: Final = Reliance(Purpose.MATCH_PROPOSE, _id(31), _id(32), 5)
FINDINGS: Final = Findings(
    problem_sha256="ab" * 32,
    solver="a solver 1.2",
    members=3,
    mentors=2,
    places=5,
    excluded={"consent": 1, "matched": 2},
    feasible_pairs=4,
    objective={"served": 2, "fit": 700},
    optimal=True,
    weights={"served": 1000},
    member_values={_id(1): 1001},
    place_prices={_id(2): 17},
    hour_prices={_id(2): {42: 8}},
)
_WHEN: Final = {"at": datetime(2026, 3, 2, 9, 30, 15, 250_000, tzinfo=UTC), "by": "coordinator-1"}
_WORD: Final = {
    "giver": Giver.GUARDIAN,
    "authority": _id(32),
    "witness": "coordinator-2",
    "said_at": datetime(2026, 2, 27, tzinfo=UTC),
}
WORDING: Final = Wording(notice=_id(34), version=2, language="en", sha256="0" * 64)
_PERSONS: Final = {"member_person_id": _id(3), "mentor_person_id": _id(4)}
_PAIR: Final = {"member_id": _id(1), "mentor_id": _id(2), **_PERSONS}
_STANDPOINT: Final = Standpoint(
    position=812, today=date(2026, 3, 2), judged_at=datetime(2026, 3, 2, 9, 30, 16, tzinfo=UTC)
)

EXAMPLES: Final[tuple[Event, ...]] = (
    Programme.Started(slug="harbour", namespace=_id(10), **_WHEN),
    Programme.PolicyAdopted(
        version=2, policy=Policy(min_shared_minutes=45, standing_hour=True, consents_alone_from=16), **_WHEN
    ),
    Programme.RoundHeld(number=3, round_id=_id(11), **_WHEN),
    Programme.SeedCommitted(number=2, draw_id=_id(14), digest="12" * 32, secret="personal-secret", **_WHEN),
    Programme.RosterImported(members=40, mentors=12, **_WHEN),
    Programme.SomebodyErased(**_WHEN),
    Programme.BlockMade(person_id=_id(3), **_WHEN),
    Programme.BlocksGone(person_id=_id(3), **_WHEN),
    Programme.DetailsChanged(**_WHEN),
    Member.Registered(person_id=_id(3), programme_id=_id(12), profile=MEMBER, **_WHEN),
    Member.ProfileRevised(person_id=_id(3), profile=MEMBER, **_WHEN),
    Member.ContactChanged(person_id=_id(3), contact=CONTACT, **_WHEN),
    Member.Matched(match_id=_id(20), **_WHEN),
    Member.Unmatched(match_id=_id(20), **_WHEN),
    Member.Withheld(person_id=_id(3), fields=(Field.NEEDS, Field.URGENCY), **_WHEN),
    Member.Erased(person_id=_id(3), **_WHEN),
    Mentor.Registered(person_id=_id(4), programme_id=_id(12), profile=MENTOR, **_WHEN),
    Mentor.ProfileRevised(person_id=_id(4), profile=MENTOR, **_WHEN),
    Mentor.ContactChanged(person_id=_id(4), contact=CONTACT, **_WHEN),
    Mentor.AvailabilityChanged(person_id=_id(4), availability=(WeeklyWindow(1, 0, 15),), **_WHEN),
    Mentor.CalendarChanged(person_id=_id(4), calendar=CALENDAR, **_WHEN),
    Mentor.CapacityChanged(person_id=_id(4), capacity=4, **_WHEN),
    Mentor.Paused(until=date(2026, 5, 1), **_WHEN),
    Mentor.Resumed(**_WHEN),
    Mentor.PlaceReserved(match_id=_id(20), member_id=_id(1), **_WHEN),
    Mentor.PlaceReleased(match_id=_id(20), **_WHEN),
    Mentor.Withheld(person_id=_id(4), fields=(Field.LANGUAGES, Field.OFFERS), **_WHEN),
    Mentor.Erased(person_id=_id(4), **_WHEN),
    ConsentLedger.Granted(
        person_id=_id(3),
        consent_id=_id(31),
        purpose=Purpose.MATCH_CONSIDER,
        audience="the programme's coordinators",
        method=Method.PAPER,
        expires_at=datetime(2027, 3, 2, tzinfo=UTC),
        fields=(Field.LANGUAGES, Field.NEEDS),
        named="study-12",
        conditions=(Condition.APPROVED,),
        not_before=datetime(2026, 3, 9, tzinfo=UTC),
        serving=_id(33),
        supersedes=_id(30),
        wording=WORDING,
        **_WORD,
        **_WHEN,
    ),
    ConsentLedger.Refused(
        person_id=_id(3),
        purpose=Purpose.STATS,
        method=Method.WEB,
        named="study-12",
        serving=_id(33),
        wording=WORDING,
        **_WORD,
        **_WHEN,
    ),
    ConsentLedger.Withdrawn(
        person_id=_id(3),
        consent_id=_id(31),
        purpose=Purpose.TRANSFER,
        method=Method.IN_PERSON,
        named="study-12",
        **_WORD,
        **_WHEN,
    ),
    ConsentLedger.Requested(
        person_id=_id(3), purpose=Purpose.STATS, method=Method.PHONE, serving=_id(33), wording=WORDING, **_WHEN
    ),
    ConsentLedger.Deferred(person_id=_id(3), purpose=Purpose.STATS, method=Method.WEB, **_WHEN),
    ConsentLedger.Revoked(
        person_id=_id(3), consent_id=_id(31), purpose=Purpose.STATS, flaw=Flaw.PROGRAMME_ENDED, **_WHEN
    ),
    ConsentLedger.Invalidated(person_id=_id(3), consent_id=_id(31), purpose=Purpose.STATS, flaw=Flaw.COERCED, **_WHEN),
    ConsentLedger.ReliedOn(
        person_id=_id(3),
        act="match.approved",
        reference=_id(20),
        consents=(RELIANCE,),
        counterpart=_id(4),
        **_WHEN,
    ),
    ConsentLedger.Disclosed(
        person_id=_id(3),
        viewer=_id(4),
        role="mentor",
        purpose=Purpose.MATCH_PROPOSE,
        audience=Audience(kind=AudienceKind.OTHER_SIDE, named="harbour", match=_id(20), person=_id(4)),
        fields=(Field.LANGUAGES, Field.NEEDS),
        consents=(RELIANCE,),
        channel=Channel.PAGE,
        request="0f1e2d3c",
        **_WHEN,
    ),
    ConsentLedger.MatchAccepted(person_id=_id(3), match_id=_id(20), side="member", **_WHEN),
    ConsentLedger.MatchEnded(person_id=_id(3), match_id=_id(20), **_WHEN),
    ConsentLedger.MinorityRecorded(person_id=_id(3), until=date(2029, 3, 2), consents_alone=True, **_WHEN),
    ConsentLedger.StandingRequested(
        person_id=_id(3),
        standing_id=_id(36),
        giver=Giver.GUARDIAN,
        holder="personal-holder",
        fingerprints=("personal-fingerprint",),
        evidence="personal-evidence",
        purposes=(Purpose.MATCH_CONSIDER, Purpose.MATCH_PROPOSE),
        expires_at=datetime(2027, 3, 2, tzinfo=UTC),
        **_WHEN,
    ),
    ConsentLedger.StandingConfirmed(person_id=_id(3), standing_id=_id(36), requested_by="coordinator-2", **_WHEN),
    ConsentLedger.StandingEnded(person_id=_id(3), standing_id=_id(36), **_WHEN),
    ConsentLedger.HarmRecorded(person_id=_id(3), fingerprints=("personal-fingerprint",), **_WHEN),
    ConsentLedger.Frozen(person_id=_id(3), **_WHEN),
    ConsentLedger.Thawed(person_id=_id(3), **_WHEN),
    ConsentLedger.EmergencyRequested(
        person_id=_id(3),
        emergency_id=_id(37),
        fields=(Field.NAME, Field.PHONE),
        recipient="personal-recipient",
        reason="personal-reason",
        **_WHEN,
    ),
    ConsentLedger.EmergencyDisclosed(
        person_id=_id(3),
        emergency_id=_id(37),
        fields=(Field.NAME, Field.PHONE),
        requested_by="coordinator-2",
        expires_at=datetime(2026, 3, 3, tzinfo=UTC),
        member_told=False,
        untold_because="personal-danger",
        **_WHEN,
    ),
    ConsentLedger.EmergencyCancelled(person_id=_id(3), emergency_id=_id(37), **_WHEN),
    ConsentLedger.Blocked(
        person_id=_id(3),
        block_id=_id(35),
        marks=(Mark.HANDLE, Mark.NAME),
        method=Method.PAPER,
        coordinators_may_know=True,
        fingerprints=("personal-fingerprint",),
        persons=(_id(4),),
        **_WHEN,
    ),
    ConsentLedger.BlockMatched(person_id=_id(3), block_id=_id(35), persons=(_id(6),), **_WHEN),
    ConsentLedger.BlockLifted(person_id=_id(3), block_id=_id(35), **_WHEN),
    ConsentLedger.ErasureRequested(person_id=_id(3), ground=Ground.OBJECTION, **_WHEN),
    ConsentLedger.ErasureCancelled(person_id=_id(3), **_WHEN),
    ConsentLedger.Erased(person_id=_id(3), ground=Ground.UNLAWFUL, requested_by="coordinator-2", **_WHEN),
    Match.Proposed(programme_id=_id(12), round_id=_id(11), **_PAIR, fit=493, explanation=EXPLANATION, **_WHEN),
    Match.ProposedAgain(round_id=_id(13), **_PERSONS, fit=518, explanation=EXPLANATION, **_WHEN),
    Match.Replaced(round_id=_id(13), **_WHEN),
    Match.Approved(relied_on=(RELIANCE,), **_WHEN),
    Match.Accepted(side=Side.MENTOR, is_mutual=True, **_WHEN),
    Match.Left(side=Side.MEMBER, **_WHEN),
    Match.Voided(**_WHEN),
    Match.Closed(**_WHEN),
    Match.Declined(**_PERSONS, reason="personal-reason", **_WHEN),
    Round.Held(
        programme_id=_id(12),
        number=3,
        today=date(2026, 3, 2),
        position=812,
        policy_version=2,
        findings=FINDINGS,
        matches=(_id(20),),
        waiting={_id(5): "places-short"},
        drawn=Drawn(number=2, secret="34" * 32, root="56" * 32),
        judged_at=datetime(2026, 3, 2, 9, 30, 16, tzinfo=UTC),
        draft_id=_id(15),
        **_WHEN,
    ),
    Draft.Opened(programme_id=_id(12), standpoint=_STANDPOINT, **_WHEN),
    Draft.BroughtUpToDate(standpoint=_STANDPOINT, kept=(0, 2), **_WHEN),
    Draft.Pinned(**_PAIR, why="personal-why", **_WHEN),
    Draft.Unpinned(member_id=_id(1), **_WHEN),
    Draft.KeptApart(**_PAIR, why="personal-why", **_WHEN),
    Draft.Swapped(
        first_member_id=_id(1),
        first_mentor_id=_id(2),
        second_member_id=_id(5),
        second_mentor_id=_id(6),
        first_member_person_id=_id(3),
        first_mentor_person_id=_id(4),
        second_member_person_id=_id(7),
        second_mentor_person_id=_id(8),
        why="personal-why",
        **_WHEN,
    ),
    Draft.SetAside(side=Side.MENTOR, subject_id=_id(2), person_id=_id(4), why="personal-why", **_WHEN),
    Draft.PlacesTried(mentor_id=_id(2), capacity=3, **_WHEN),
    Draft.PolicyTried(policy=Policy(min_shared_minutes=30), **_WHEN),
    Draft.EditUndone(**_WHEN),
    Draft.Adopted(round_id=_id(13), **_WHEN),
    Draft.Discarded(**_WHEN),
    ConsentLedger.Called(person_id=_id(3), named="ef" * 32, name="personal-contact", **_WHEN),
    Notice.Published(
        programme_id=_id(12),
        purpose=Purpose.STATS,
        language="pt",
        version=1,
        text="O que perguntamos",
        sha256="cd" * 32,
        **_WHEN,
    ),
    Notice.Recalled(version=1, why="It was not clear for how long.", **_WHEN),
    AccessToken.Issued(
        role=Actor.MENTOR,
        name="mentor-1",
        programme_id=_id(12),
        person_id=_id(4),
        expires_at=datetime(2026, 4, 1, tzinfo=UTC),
        **_WHEN,
    ),
    AccessToken.Revoked(**_WHEN),
    AuditTrail.Queried(
        query="replay",
        programme_id=_id(12),
        person_id=_id(3),
        as_of=datetime(2026, 2, 3, tzinfo=UTC),
        known_at=812,
        **_WHEN,
    ),
)

_WHEN_IN_TEXT: Final = '{"at":"2026-03-02T09:30:15.250000Z","by":"coordinator-1",'
_BEGINS: Final = _WHEN_IN_TEXT + '"person_id":"00000000-0000-0000-0000-000000000003",'
_CONSENT: Final = '"consent_id":"00000000-0000-0000-0000-00000000001f",'

# What was written before a field came to be stays in logs for ever, and is read as what was true of it then.
_FIRST_FINDINGS: Final = {
    name: found for name, found in msgspec.to_builtins(FINDINGS, str_keys=True).items() if name != "hour_prices"
}
_SEALED_WITHOUT_HOUR: Final = (
    "AAAAAAAAAAAAAAAAvzWY3HU7A7+TeZJFtTM85bCR/WF3ks/Q0yL175ljhcqvQv1e8a/U2Vpigzqcfmtnjid8lYBsLUtK0Z0MnW5U"
    "fApEA4PCV36xaWfPQnTy2kyB8McJ1rjO/MJfsZCrmRufyV0ASst9bRLUh49k1pu1GljyFaUVnD3tHMQKzvc42nQs+xEE0QkFuBdb"
    "pJe6A1XvQEhFrfJKvxgIyZ3AlRN/IvZUY4pbs7BOUTCkSdpdQL+Jc3xWQKGI7SLAW4BP8Wwh03X3cQ2EP7hXpsRAHomlnXdxJ2LE"
    "oUp6OkLmRuWxQuwEZWh7B2hK9g/FEIdnvqSxb/xyTJE01l+VVa9OOcEds3bZLg6r5Re1CNnTKBfCbW2ezJkQEa7qCJLrNmf1LvoG"
    "Z9i9Nd8SWxm43Le4bAqE7YZz/MmMe8BbsY0UpUkprV8+t8qHLfNqzrXV1LK2p1+Xt7yWVd4YyI1ueawKftrGyUxcWXJrcDx2pGwg"
    "yf5gFuWCw8jb6zeiXMIkqvgnKyd86SYbNGeZWZUK4dCd5NqDYbwT"
)
FIRST_FORMS: Final[tuple[tuple[str, Event], ...]] = (
    (
        _BEGINS
        + _CONSENT
        + '"purpose":"MATCH-CONSIDER","audience":"the programme\'s coordinators",'
        + '"method":"paper","expires_at":"2027-03-02T00:00:00Z"}',
        ConsentLedger.Granted(
            person_id=_id(3),
            consent_id=_id(31),
            purpose=Purpose.MATCH_CONSIDER,
            audience="the programme's coordinators",
            method=Method.PAPER,
            expires_at=datetime(2027, 3, 2, tzinfo=UTC),
            **_WHEN,
        ),
    ),
    (
        _BEGINS + '"purpose":"STATS","method":"web"}',
        ConsentLedger.Refused(person_id=_id(3), purpose=Purpose.STATS, method=Method.WEB, **_WHEN),
    ),
    (
        _BEGINS + _CONSENT + '"purpose":"TRANSFER","method":"in-person"}',
        ConsentLedger.Withdrawn(
            person_id=_id(3), consent_id=_id(31), purpose=Purpose.TRANSFER, method=Method.IN_PERSON, **_WHEN
        ),
    ),
    (
        _BEGINS + '"act":"match.approved","reference":"00000000-0000-0000-0000-000000000014","consents":[]}',
        ConsentLedger.ReliedOn(person_id=_id(3), act="match.approved", reference=_id(20), consents=(), **_WHEN),
    ),
    (
        (
            '{"at":"2026-03-02T09:30:15.250000Z","by":"coordinator-1","person_id":"00000000-0000-0000-0000-00'
            '0000000004","programme_id":"00000000-0000-0000-0000-00000000000c","sealed":{"person_id":"AAAAAAA'
            "AAAAAAAAAxBforhpdatP2W6g+U1akJ5f8vcDg7UeVokVi+HyzCDlymsWaPYrTDQWs9QqFxNCBwMfBsaO2+jCjZj6TPZ7z4tK"
            "pn90Hbi5RMZlDnYowc+/hpMJixVWmEnoDuxUzAKbXWjKEPaBRtWmW3kLC+NNMGKeB1LmybC5BqDI7pTfPbbCN8FpnJBcccUn"
            "irEMP4S6pHS0l/ou2an0hZ9JE+lZjuQXrPpAEsBBowUmqmqbGAVn5pgdUo7UYEe5iL6zXNElaGOrOE4SMSF34wbc4cgwF1cK"
            "CEGEDGYM1Jmefu0RBN6xiWLBOAW/lZXO+GWo62EXVRr+1cpzpp1nbppuEBlyShpES/A07ZbEcI7Z1k/So7DrUzgFnTUu+vEo"
            "krHMNlspeHo8xh+NR0UzAakHeUf6XfVhHOLNwbu/kpBur/2RXid8t9whQ/sfvD6Sma1K4NnfrZEBcblGZgf//MurbNODbyGn"
            "09eOvJbOUobalO+W6xDJVkrVWkcxrHeP+7ygqhBxZnLJSnG4YCifxu5JmrW/f6PmcMyUg3oXkSbFq7oeulbEdUwvsPzbJU4x"
            "P/0R89nbj+zjUjP/y70aHbvCA1dlNu9L67dWrxG+LtR1O8u++h4CzrFI7THflrN5mksHP60EU2ZMp3Co61jP8mxZseZhbZRB"
            "vXKLJlFST9Y1PDETsADquPLhos7seOzbuk6IwUzBV272oyVr31v63oYzk7cs+LiwtP2HNNu7bO7fi/ZN3ZYT159hv0Fne+BA"
            'MtiUFCeiSGafD8sHievY56VuSJzWXKgQayG+XMIbxkDqMx5bBqMyYHvU2yuKqH5pu"}}'
        ),
        Mentor.Registered(
            person_id=_id(4),
            programme_id=_id(12),
            profile=msgspec.structs.replace(MENTOR, calendar=Calendar()),
            **_WHEN,
        ),
    ),
    (
        _WHEN_IN_TEXT
        + '"round_id":"00000000-0000-0000-0000-00000000000d","member_person_id":"00000000-0000-0000-0000-000000000003",'
        + '"mentor_person_id":"00000000-0000-0000-0000-000000000004","fit":518,'
        + f'"sealed":{{"member_person_id+mentor_person_id":"{_SEALED_WITHOUT_HOUR}"}}}}',
        Match.ProposedAgain(
            round_id=_id(13),
            **_PERSONS,
            fit=518,
            explanation=msgspec.structs.replace(EXPLANATION, standing_hour=None),
            **_WHEN,
        ),
    ),
    (
        _WHEN_IN_TEXT
        + '"programme_id":"00000000-0000-0000-0000-00000000000c","number":3,"today":"2026-03-02","position":812,'
        + f'"policy_version":2,"findings":{json.dumps(_FIRST_FINDINGS)},"matches":[],"waiting":{{}}}}',
        Round.Held(
            programme_id=_id(12),
            number=3,
            today=date(2026, 3, 2),
            position=812,
            policy_version=2,
            findings=msgspec.structs.replace(FINDINGS, hour_prices={}),
            matches=(),
            waiting={},
            **_WHEN,
        ),
    ),
    (_BEGINS[:-1] + "}", Member.Withheld(person_id=_id(3), **_WHEN)),
    (_BEGINS[:-1] + "}", Mentor.Withheld(person_id=_id(3), **_WHEN)),
)


class OneKey:
    """Gives everybody the same key, so that what is stored can be compared."""

    key = AESGCM(b"\1" * 32)

    def find(self, persons):
        return dict.fromkeys(persons, self.key)

    find_or_make = find


ENCODING: Final = Encoding(OneKey(), random_bytes=bytes)


def stored(event: Event) -> str:
    """Give the text that is stored of an event."""
    (found,) = ENCODING.write([Entry(stream=_id(99), version=1, event=event)])
    return found.state.decode()


def read(topic: str, state: str, *, by: Encoding = ENCODING) -> Event:
    """Give the event of what is stored."""
    record = Record(1, _id(99), 1, topic, _WHEN["at"], _id(98), state.encode())
    (entry,) = by.read([record])
    return entry.event


def in_file() -> dict[str, str]:
    """Give what the file keeps, by topic."""
    return {topic: json.dumps(state, separators=(",", ":")) for topic, state in json.loads(FILE.read_text()).items()}


def main() -> None:
    """Write the file anew."""
    kept = {event.TOPIC: json.loads(stored(event)) for event in EXAMPLES}
    FILE.write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
