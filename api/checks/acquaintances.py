"""Who may turn up again under another reference? Made-up people, registered more than once and never quite alike."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any, Final

from api.checks.people import BY, Applicant
from domain.application import Alongside
from domain.fingerprints import Mark
from domain.profiles import MemberProfile, MentorProfile
from domain.values import ContactMode, Facet, Need, Role, Training, Urgency, WeeklyWindow

NAMES: Final = (
    ("Ana", "Silva"),
    ("José", "Ruiz"),
    ("Zoë", "O'Neill"),
    ("Łukasz", "Nowak"),
    ("Amina", "Yusuf"),
    ("Jean-Luc", "Petit"),
    ("Mei", "Tan"),
    ("Björn", "Åkesson"),
)
CONTACTS: Final = (Mark.NAME, Mark.PHONE, Mark.EMAIL)

_PHONES: Final = ("+44 20 7946 09{:02}", "020 7946-09{:02}", "0044 (0)20794609{:02}", "(020) 794609{:02}")
_HANDLES: Final[tuple[Callable[[str], str], ...]] = (str.upper, str.lower, lambda handle: handle.replace(" ", "  "))
_WINDOWS: Final = (WeeklyWindow(0, 18 * 60, 20 * 60),)


@dataclass
class Registration:
    """A person as a roster has them: `being` is who it is in truth, `known` the marks that the roster has of them."""

    ref: str
    being: int
    is_mentor: bool
    handle: str
    known: set[Mark] = field(default_factory=set)


def written(random: Random, being: int, mark: Mark) -> str:
    """Write a name, number or address of somebody in one of the ways in which people do."""
    first, last = NAMES[being]
    if mark is Mark.PHONE:
        return random.choice(_PHONES).format(being)
    if mark is Mark.EMAIL:
        address = f"being.{being}@example.org"
        return random.choice((address, address.title(), f" {address.upper()} "))
    return random.choice((f"{first} {last}", f"{last}, {first}", f"{first}  {last}".upper()))


def handle_written(random: Random, handle: str) -> str:
    """Write a handle in one of the ways in which people do."""
    return random.choice(_HANDLES)(handle)


def enrol(alongside: Alongside, slug: str, people: Iterable[Registration], random: Random, *, at: datetime) -> None:
    """Bring a roster of these people, whose rows are right whatever was said before."""
    said = [(who.is_mentor, _said(who, random)) for who in people]
    members = [_member(facts) for is_mentor, facts in said if not is_mentor]
    mentors = [_mentor(facts) for is_mentor, facts in said if is_mentor]
    alongside.enrol(slug, members, mentors, at=at, by=BY, revise=True)


def _said(who: Registration, random: Random) -> dict[str, Any]:
    """Give what a roster says of anybody. Everybody could be matched with everybody."""
    return {
        "ref": who.ref,
        "handle": who.handle,
        "time_zone": "Europe/London",
        "languages": ("en",),
        "lived_experience": (),
        "contact_modes": (ContactMode.PHONE,),
        "availability": _WINDOWS,
        **{mark.value: written(random, who.being, mark) for mark in CONTACTS if mark in who.known},
    }


def _member(said: dict[str, Any]) -> Applicant[MemberProfile]:
    need = Need("housing", Facet.PRACTICAL, Urgency.SOON)
    return Applicant(MemberProfile(**said, needs=(need,), waiting_since=date(2026, 1, 1)))


def _mentor(said: dict[str, Any]) -> Applicant[MentorProfile]:
    training = Training(date(2030, 1, 1))
    profile = MentorProfile(
        **said, role=Role.MENTOR, offers=("housing",), capacity=2, training=training, supervisor="SUP-1"
    )
    return Applicant(profile)
