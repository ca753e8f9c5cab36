"""How are facts said in plain words? Nothing is said that is not in the facts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar

from api.auditing.lines import line
from api.meeting import Standing
from api.pages.week import DAY_NAMES, clock
from domain.consent import Audience, Channel, Decision, Ground
from domain.errors import ConsentMissing, DomainError
from domain.events import Entry
from domain.match import NO_LONGER_AVAILABLE
from domain.mentor import Mentor
from domain.purposes import AudienceKind, Purpose
from domain.values import MINUTES_A_DAY

F = TypeVar("F")

LANGUAGES: Final = {
    "am": "Amharic",
    "ar": "Arabic",
    "bn": "Bengali",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "hi": "Hindi",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "so": "Somali",
    "sw": "Swahili",
    "ti": "Tigrinya",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "zh": "Chinese",
}
CONTACT_MODES: Final = {"video": "video", "phone": "phone", "text": "text messages", "in-person": "meeting in person"}
TERMS: Final = {
    "needs": "Needs covered",
    "lived-experience": "Lived experience in common",
    "time": "Time in common",
    "contact-modes": "Ways to be in touch",
    "first-language": "The member's first language",
    "age": "Ages that are near",
}
AFTER_NO: Final = {
    Purpose.MATCH_CONSIDER: "nobody looks for a match for you, and a proposal that is still open cannot go ahead.",
    Purpose.MATCH_PROPOSE: "nothing of yours is shown, and a proposal that is still open cannot go ahead.",
}
STANDINGS: Final = {
    Standing.OPEN: "A coordinator thinks that the two of you fit. It is up to each of you to accept.",
    Standing.ACCEPTED_BY_YOU: "You accepted. Once both of you have, you will find here how to reach each other.",
    Standing.ACCEPTED: "Both of you accepted.",
    Standing.NO_LONGER_AVAILABLE: NO_LONGER_AVAILABLE,
}
GROUNDS: Final = {
    Ground.NO_LONGER_NEEDED: "what is kept is no longer needed",
    Ground.CONSENT_WITHDRAWN: "they take back what they agreed to",
    Ground.OBJECTION: "they object to it being kept",
    Ground.UNLAWFUL: "it should not have been kept",
    Ground.LEGAL_OBLIGATION: "a law demands it",
}
ERASING: Final = {
    "erase": "Erased. Nobody can read it any more.",
    "keep": "Turned down. Nothing was erased.",
}
URGENCY: Final = {"urgent": "Urgent", "soon": "Soon", "routine": "Routine"}
CHANNELS: Final = {
    Channel.PAGE: "on a page",
    Channel.API: "through a program of theirs",
    Channel.COMMAND: "in a list on their screen",
    Channel.EXPORT: "in a copy that left the service",
    Channel.MESSAGE: "in a message",
    Channel.CALENDAR: "in a calendar",
    Channel.EMERGENCY: "in an emergency",
}
VIEWERS: Final = {
    "coordinator": "A coordinator of your programme",
    "member": "The member you were matched with",
    "mentor": "The mentor you were matched with",
}
AUDIENCES: Final = {
    AudienceKind.STUDY: "A study",
    AudienceKind.ORGANISATION: "Another organisation",
    AudienceKind.CONTACT: "Your named contact",
    AudienceKind.SERVICE: "The service itself",
}
NOT_SHARED: Final = "Not shared"
NO_LONGER_SHARED: Final = "Why the two were proposed is not shared."
DAYS_A_YEAR: Final = 365
ROLES: Final = {"mentor": "Mentor", "peer-navigator": "Peer navigator"}


def told_whom(role: str, audience: Audience) -> str:
    """Say who was told, by what they are: who exactly it was, an auditor can find out."""
    if audience.kind in AUDIENCES:
        name = AUDIENCES[audience.kind]
        return f"{name}: {audience.named}" if audience.named else name
    return VIEWERS.get(role, sentence(code(role)).removesuffix("."))


def day(when: date) -> str:
    """Give a date such as `2 March 2026`."""
    return f"{when.day} {when:%B %Y}"


def instant(at: datetime) -> str:
    """Give an instant such as `2 March 2026, 14:05 UTC`."""
    at = at.astimezone(UTC)
    return f"{day(at)}, {at:%H:%M} UTC"


def count(number: int, one: str, many: str = "") -> str:
    """Give a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}".replace(",", "\N{NO-BREAK SPACE}")


def listing(words: Sequence[str]) -> str:
    """Join words as one says them: `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def sentence(words: str) -> str:
    """Begin words with a capital and end them with a full stop."""
    return f"{words[:1].upper()}{words[1:]}."


def code(code: str) -> str:
    """Give a code as words: hyphens become spaces."""
    return code.replace("-", " ")


def codes(found: Sequence[str]) -> str:
    """Give codes as a listing of words."""
    return listing([code(each) for each in found])


def languages(found: Sequence[str]) -> str:
    """Give language codes by name, where the name is known here."""
    return listing([LANGUAGES.get(each, each) for each in found])


def contact_modes(found: Sequence[str]) -> str:
    """Give ways to be in touch."""
    return listing([CONTACT_MODES.get(each, each) for each in found])


def duration(minutes: int) -> str:
    """Give a length of time in hours and minutes."""
    hours, rest = divmod(minutes, 60)
    parts = ([count(hours, "hour")] if hours else []) + ([count(rest, "minute")] if rest or not hours else [])
    return listing(parts)


def shared(fact: F | None, say: Callable[[F], str]) -> str:
    """Say a fact, or that it is not shared: never why."""
    return NOT_SHARED if fact is None else say(fact)


def urgency(found: str) -> str:
    """Say how urgent something is."""
    return URGENCY.get(found, found)


def days(number: int) -> str:
    """Give a number of days."""
    return count(number, "day")


def points(number: int | None) -> str:
    """Give points of the fit."""
    return shared(number, str)


def explanation(facts: Mapping[str, Any]) -> list[str]:
    """Say why a pair was proposed, from what is told of its `domain.explanation.Explanation`; the rest is None."""
    parts = {
        "needs": _needs(facts["stated_needs"], facts["covered_needs"]),
        "lived experience": _told(facts["shared_experience"], _experience),
        "languages": _languages(facts["shared_languages"], first=facts["first_language_shared"]),
        "time": _told(facts["shared_minutes"], _time),
        "ways to be in touch": _told(facts["shared_contact_modes"], _contact_modes),
    }
    withheld = [name for name, said in parts.items() if not said]
    return [
        *filter(None, parts.values()),
        *([] if facts["standing_hour"] is None else [f"They can meet {_standing_hour(**facts['standing_hour'])}."]),
        *(["Their ages are near."] if facts["points"].get("age") else []),
        *([f"{NOT_SHARED}: {listing(withheld)}."] if withheld else []),
        f"It takes place {facts['place']} of {facts['capacity']} at this mentor.",
        *(["The round before proposed the same two."] if facts["keep_bonus"] else []),
    ]


def _told(fact: F | None, say: Callable[[F], str]) -> str:
    return "" if fact is None else say(fact)


def _needs(stated: Sequence[str] | None, covered: Sequence[str] | None) -> str:
    if stated is None:
        return ""
    if covered is None:
        return f"Asks for: {codes(stated)}."
    said = f"Covers {len(covered)} of {count(len(stated), 'need')}: {codes(covered)}."
    missing = [need for need in stated if need not in covered]
    return f"{said} Not covered: {codes(missing)}." if missing else said


def _experience(shared: Sequence[str]) -> str:
    if not shared:
        return "No lived experience in common that both offered for matching."
    return f"Both have lived through: {codes(shared)}."


def _languages(shared: Sequence[str] | None, *, first: bool | None) -> str:
    if shared is None:
        return ""
    named = [LANGUAGES.get(each, each) for each in shared]
    if first:
        named[0] += " (the member's first language)"
    return f"Both speak {listing(named)}."


def _time(minutes: int) -> str:
    return f"Both are free for {duration(minutes)} a week at the same time."


def _standing_hour(hour: int, zone: str) -> str:
    return f"every {weekly(*divmod(60 * hour, MINUTES_A_DAY))}, as clocks are in {zone}"


def weekly(weekday: int, minute: int) -> str:
    """Give an hour of the week by its day and its minute, such as `Tuesday at 18:00`."""
    return f"{DAY_NAMES[weekday]} at {clock(minute)}"


def _contact_modes(shared: Sequence[str]) -> str:
    return f"Both can be in touch by {contact_modes(shared)}."


def round_findings(number: int, held_on: date, findings: Mapping[str, Any]) -> list[str]:
    """Say what a round found, by the levels of its objective in their order."""
    objective = findings["objective"]
    members, mentors = count(findings["members"], "member"), count(findings["mentors"], "mentor")
    served, points = count(objective["served"], "member"), count(objective["fit"], "point")
    said = [
        f"Round {number} of {day(held_on)} looked at {members} and {mentors}.",
        f"It found a mentor for {served}: the most urgent and longest waiting first,",
        f"then by how well people fit ({points} in all), then by an even load.",
    ]
    if findings["optimal"]:
        said.append("This was checked: by these rules no other plan is better.")
    return said


def adopted(drawn_otherwise: int) -> str:
    """Say that a draft has become a round, and what the draw did to it."""
    said = "The draft is a round now: decide on its proposals."
    if drawn_otherwise:
        pairs = count(drawn_otherwise, "pair is", "pairs are")
        said += f" {pairs} other than in the draft, as the draw decided between plans that are equally good."
    return said


def pause(mentor: Mentor, today: date) -> str:
    """Say whether a mentor has paused on a day, and until when."""
    if not mentor.is_paused_on(today):
        return "Takes new members"
    return f"Paused, back on {day(mentor.paused_until)}" if mentor.paused_until else "Paused until further notice"


def refusal(error: DomainError) -> str:
    """Say why an act was refused."""
    if isinstance(error, ConsentMissing):
        return "One of the two has not agreed to be matched, no longer agrees, or the agreement has run out."
    return error.message


def consent(decision: Decision) -> str:
    """Say where a consent stands, to the person who gave it."""
    if decision.grant is not None:
        return f"You agreed. This lasts until {day(decision.grant.expires_at)}."
    return {
        "never given": "You have not been asked, or have not answered.",
        "refused": "You said no.",
        "withdrawn": "You took this back.",
        "expired": "You agreed once, but this has run out.",
        "asked": "We ask you whether you agree.",
        "put off": "You put the answer off.",
        "revoked": "You agreed, but we no longer use it.",
        "invalidated": "You agreed, but it does not count. You can agree anew.",
        "guardian needed": "You agreed. Your guardian has not answered yet.",
    }.get(decision.reason, "You have not agreed.")


def life(length: timedelta) -> str:
    """Say how long a consent lasts."""
    return "one year" if length.days == DAYS_A_YEAR else count(length.days, "day")


def standing(*, is_matched: bool, may_be_considered: bool, since: date, today: date) -> list[str]:
    """Say to members where they stand. A proposal that nobody has decided on is not told."""
    if is_matched:
        return ["Somebody was found for you: see My match."]
    waits = f"You have been on the waiting list since {day(since)} ({count(max(0, (today - since).days), 'day')})."
    if may_be_considered:
        return [waits]
    return [waits, "Nobody looks for a match for you at the moment, because you have not agreed to be considered."]


@dataclass(frozen=True)
class LedgerLine:
    """An event of a consent ledger in words; `kind` is the event's: granted, refused, ..."""

    position: int
    kind: str
    what: str
    purposes: list[str]
    at: str
    recorded_at: str
    by: str
    method: str
    expires_at: str
    reference: str


def ledger_line(entry: Entry) -> LedgerLine:
    """Say what an event of a consent ledger recorded."""
    facts, recorded_at = line(entry), entry.recorded_at
    expires_at = facts.get("expires_at")
    return LedgerLine(
        position=entry.position,
        kind=facts["event"],
        what=act(facts["act"]) if "act" in facts else sentence(facts["event"]).removesuffix("."),
        purposes=facts["purposes"],
        at=instant(entry.event.at),
        recorded_at=instant(recorded_at) if recorded_at else "",
        by=entry.event.by,
        method=code(facts.get("method", "")),
        expires_at=instant(datetime.fromisoformat(expires_at)) if expires_at else "",
        reference=facts.get("reference", ""),
    )


def act(name: str) -> str:
    """Say what relied on a consent: `match.approved` is an approved match."""
    return sentence(name.replace(".", " ")).removesuffix(".")
