"""How are consents and their receipts said in plain words?"""

from typing import Final

from api.pages import sentences
from api.receipts import Receipt
from domain.consent import Flaw, State
from domain.purposes import TERMS, Field, Purpose

FIELDS: Final = {
    Field.NEEDS: "what I need help with",
    Field.URGENCY: "how soon I need it",
    Field.WAITING_SINCE: "since when I wait",
    Field.OFFERS: "what I can help with",
    Field.LIVED_EXPERIENCE: "what I have lived through",
    Field.LANGUAGES: "the languages I speak",
    Field.CONTACT_MODES: "how I like to be in touch",
    Field.AVAILABILITY: "when I have time",
    Field.TIME_ZONE: "my time zone",
    Field.GENDER: "my gender",
    Field.AGE: "my age",
    Field.PREFERENCES: "whom I would rather meet",
    Field.BOUNDARIES: "what I do not want to talk about",
    Field.NAME: "my name",
    Field.PHONE: "my phone number",
    Field.EMAIL: "my e-mail address",
}
ONE_NAMED: Final = {
    Purpose.SAFE_SHARE: "Whom may we call?",
    Purpose.RESEARCH_CONTACT: "Which study?",
    Purpose.RESEARCH_DATA: "Which study?",
    Purpose.TRANSFER: "Which organisation?",
}
REACH: Final = {Purpose.STATS: "Nobody is told anything about you. What is counted"}
STATES: Final = {
    State.GIVEN: "You agreed",
    State.RENEWED: "You agreed again",
    State.REFUSED: "You said no",
    State.WITHDRAWN: "You took it back",
    State.DEFERRED: "You put it off",
    State.REVOKED: "We no longer use it",
    State.INVALIDATED: "It does not count",
}
METHODS: Final = {"web": "on this site", "paper": "on paper", "in-person": "in person", "phone": "by phone"}
GIVERS: Final = {"subject": "you", "guardian": "your guardian", "delegate": "somebody who may speak for you"}
FLAWS: Final = {
    Flaw.COERCED: "You were put under pressure.",
    Flaw.WRONG_PERSON: "It was written down for the wrong person.",
    Flaw.NO_STANDING: "Whoever gave it could not speak for you.",
    Flaw.WORDING_RECALLED: "What you were given to read was wrong. That was our mistake, and we will ask you again.",
    Flaw.PROGRAMME_ENDED: "The programme has ended.",
}
RECORDERS: Final = {
    "member": "you, signed in here",
    "mentor": "you, signed in here",
    "link": "whoever opened the link on your receipt",
    "alongside": "the service itself",
}


def fields(found: list[Field]) -> str:
    """Give fields as a listing of words."""
    return sentences.listing([FIELDS[field] for field in found])


def facts(receipt: Receipt) -> dict[str, str]:
    """Say what a receipt records, each fact under its name, in the order in which somebody would ask."""
    grant = receipt.grant
    said = {
        "What for": sentences.sentence(TERMS[receipt.purpose].words),
        "What was said": STATES[receipt.state],
        "Why": FLAWS[receipt.flaw] if receipt.flaw else "",
        "Who is told": _audience(receipt) if receipt.is_given else "",
        "For": receipt.named or "",
        "What it is about": fields(receipt.fields) if receipt.is_given else "",
        "From": sentences.instant(grant.at) if grant and receipt.is_given else "",
        "Until": sentences.instant(grant.expires_at) if grant and receipt.is_given else "",
        "Said": sentences.instant(receipt.said_at),
        "How": METHODS.get(receipt.method or "", ""),
        "Said by": GIVERS.get(receipt.giver or "", ""),
        "Witness": receipt.witness or "",
        "Written down by": RECORDERS.get(receipt.recorded_by, receipt.recorded_by),
        "In force from": sentences.instant(receipt.effective),
    }
    return {name: words for name, words in said.items() if words}


def proof(receipt: Receipt) -> dict[str, str]:
    """Give the numbers under which all of this can be found and checked."""
    wording = receipt.wording
    said = {
        "Entry in the log": str(receipt.position),
        "Taken in": sentences.instant(receipt.recorded_at) if receipt.recorded_at else "",
        "State": f"dpv:{receipt.state}",
        "Consent": str(receipt.grant.consent_id) if receipt.grant else "",
        "Wording": f"version {wording.version}, {wording.language}" if wording else "none was recorded",
        "SHA-256 of the wording": wording.sha256 if wording else "",
    }
    return {name: words for name, words in said.items() if words}


def _audience(receipt: Receipt) -> str:
    if receipt.purpose == Purpose.STATS:
        return "nobody, of you alone; everybody may read the numbers"
    return TERMS[receipt.purpose].audience
