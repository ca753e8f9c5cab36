"""What do the two people of a match see of each other? Only what each consented to, and nothing before approval."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from domain.application import Alongside
from domain.consent import Audience
from domain.disclosing import Asked, Viewing
from domain.match import Match, Side
from domain.meeting import is_there_for
from domain.member import Member
from domain.mentor import Mentor
from domain.profiles import MemberProfile, MentorProfile
from domain.purposes import TERMS, Field, Obligation, Purpose
from domain.standing_hour import ShownHour

SHOWN_FOR: Final = (Purpose.MATCH_PROPOSE, Purpose.CONTACT_SHARE)
OBLIGATIONS: Final = {
    Obligation.HANDLE_ONLY: "Call each other by your handles.",
    Obligation.NO_PASSING_ON: "Keep what you read here to yourself, and pass it on to nobody.",
}


class Standing(StrEnum):
    """Where a match stands for one of the two. Whether the other has accepted is told once both have."""

    OPEN = "open"
    ACCEPTED_BY_YOU = "accepted-by-you"
    ACCEPTED = "accepted"
    NO_LONGER_AVAILABLE = "no-longer-available"


@dataclass(frozen=True)
class Met:
    """A match as one of the two sees it in a list; no handle: it is no longer available, for whatever reason."""

    match: UUID
    standing: Standing
    handle: str | None


@dataclass(frozen=True)
class Card:
    """What one of the two is told of the other, and what they have to keep to; when they meet, on their own clock."""

    met: Met
    about: Mapping[Field, Any] = field(default_factory=dict)
    contact: Mapping[Field, Any] = field(default_factory=dict)
    obligations: tuple[Obligation, ...] = ()
    meets: ShownHour | None = None


def met(alongside: Alongside, person: UUID, side: Side, at: datetime) -> list[Met]:
    """List the matches that a person knows of on one side, without telling more than handles."""
    return [see(alongside, match, side, at) for match in alongside.met(person, side, at=at)]


def see(alongside: Alongside, match: Match, side: Side, at: datetime) -> Met:
    """Give a match as one side sees it."""
    person, other = match.persons(side)
    if not is_there_for(match, alongside.ledger(other), person, alongside.read_clocks(at).judged):
        return Met(match.id, Standing.NO_LONGER_AVAILABLE, None)
    return Met(match.id, _standing(match, side), _profile_of_other(alongside, match, side).handle)


def open_card(alongside: Alongside, match: Match, side: Side, viewing: Viewing, at: datetime) -> Card:
    """Tell one side of a match what the other consented to: this is a disclosure, recorded before it is told."""
    person, other = match.persons(side)
    values = values_of(_profile_of_other(alongside, match, side))
    asked = Asked(other, frozenset(values), Audience.other_side(match.id, person), SHOWN_FOR)
    told = alongside.disclose([asked], viewing, at=at)[other]
    # The match is read again: an end that came in between ends this view too.
    seen = see(alongside, alongside.load(Match, match.id), side, at)
    if seen.handle is None:
        return Card(seen)
    about, contact = (_part(values, told, purpose) for purpose in SHOWN_FOR)
    duties = (*TERMS[Purpose.MATCH_PROPOSE].obligations, *(TERMS[Purpose.CONTACT_SHARE].obligations if contact else ()))
    return Card(seen, about, contact, tuple(dict.fromkeys(duties)), _meets(alongside, match, side, about, at))


def _meets(
    alongside: Alongside, match: Match, side: Side, about: Mapping[Field, Any], at: datetime
) -> ShownHour | None:
    """Give the standing hour on one's own clock, if the other lets their hours and their zone be told."""
    if match.standing_hour is None or not about.keys() >= {Field.AVAILABILITY, Field.TIME_ZONE}:
        return None
    own = _profile_of_other(alongside, match, Side.MENTOR if side == Side.MEMBER else Side.MEMBER)
    return match.standing_hour.shown_in(own.time_zone, at.date())


def values_of(profile: MemberProfile | MentorProfile) -> dict[Field, Any]:
    """Give what there is to tell of a profile to the other side, by field; what is blank is not in it.

    Experience that its owner does not want to count for matching is not told either.
    """
    found: dict[Field, Any] = {
        Field.LIVED_EXPERIENCE: [lived.tag for lived in profile.lived_experience if lived.matchable],
        Field.LANGUAGES: list(profile.languages),
        Field.CONTACT_MODES: list(profile.contact_modes),
        Field.AVAILABILITY: [*profile.availability, *profile.calendar.dated],
        Field.TIME_ZONE: profile.time_zone,
        Field.GENDER: profile.gender,
        Field.AGE: profile.age,
        Field.NAME: profile.name,
        Field.PHONE: profile.phone,
        Field.EMAIL: profile.email,
    }
    if isinstance(profile, MemberProfile):
        found[Field.NEEDS] = [need.code for need in profile.needs]
    else:
        found[Field.OFFERS] = list(profile.offers)
    return {name: value for name, value in found.items() if value}


def _part(values: Mapping[Field, Any], told: frozenset[Field], purpose: Purpose) -> dict[Field, Any]:
    return {name: values[name] for name in Field if name in told and name in TERMS[purpose].fields}


def _standing(match: Match, side: Side) -> Standing:
    if match.is_accepted:
        return Standing.ACCEPTED
    return Standing.ACCEPTED_BY_YOU if side in match.accepted_by else Standing.OPEN


def _profile_of_other(alongside: Alongside, match: Match, side: Side) -> MemberProfile | MentorProfile:
    if side == Side.MEMBER:
        return alongside.load(Mentor, match.mentor_id).profile
    return alongside.load(Member, match.member_id).profile
