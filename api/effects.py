"""What a withdrawal does to each kind of thing that could still tell of a person, and what keeps it so.

Everything by which something can be told is on one of these rows, or is said to tell nothing: every route, every
command, every personal column, every module that could send or write a copy. Whatever is on none of them, or on a row
that nothing keeps yet, does not pass the tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Thing(StrEnum):
    """What could still tell of a person after they took their word back."""

    PROPOSALS = "open proposals"
    APPROVALS = "an approval in flight"
    CONTACT = "contact details"
    READ_MODELS = "read models"
    PAGES = "caches and open pages"
    MESSAGES = "queued messages"
    ROUNDS = "a solver run in progress"
    PAST_EXPORTS = "exports already made"
    EXPORTS = "new exports"
    POOLS = "a pool in a file"
    STATISTICS = "statistics"
    KEYS = "keys"
    CALENDARS = "calendar feeds"


class Else(StrEnum):
    """Why something needs no row."""

    OWN = "shows people what is their own"
    NAMES = "shows by what names people are known, and what they decided, but no contents"
    DECIDES = "takes a decision and answers with no contents"
    EMERGENCY = "an act of two people in an emergency, which is no consent and never ends one"
    NOTHING = "shows nothing personal"


@dataclass(frozen=True)
class Effect:
    """What happens, by when, and the check that tries it; no check: there is nothing of this kind yet."""

    effect: str
    when: str
    check: str | None

    @property
    def is_kept(self) -> bool:
        """Whether something of this kind may exist."""
        return self.check is not None


AT_ONCE: Final = "in the same append"
NEXT: Final = "at the next request"

EFFECTS: Final[Mapping[Thing, Effect]] = {
    Thing.PROPOSALS: Effect("voided, no longer available, and never why", AT_ONCE, "withdraw-effects"),
    Thing.APPROVALS: Effect("refused: the ledger has moved", AT_ONCE, "withdraw-effects"),
    Thing.CONTACT: Effect("no longer given", NEXT, "withdraw-effects"),
    Thing.READ_MODELS: Effect(
        "emptied of what nobody may read", "within a second, 99 times in 100", "withdraw-effects"
    ),
    Thing.PAGES: Effect("kept by no cache; nothing is shown any more", NEXT, "withdraw-effects"),
    Thing.MESSAGES: Effect("cancelled: each is decided when it is sent", "at the sending", None),
    Thing.ROUNDS: Effect("not proposed: decided again when the round is recorded", AT_ONCE, "withdraw-effects"),
    Thing.PAST_EXPORTS: Effect("listed to the person: who has what, since when", NEXT, "withdraw-effects"),
    Thing.EXPORTS: Effect("left out: each row is decided and recorded", "at the next export", None),
    Thing.POOLS: Effect("left out: each person is decided and recorded", "at the next export", "withdraw-effects"),
    Thing.STATISTICS: Effect("not counted", "at the next release", None),
    Thing.KEYS: Effect("destroyed when the person is erased", "when a second person confirmed", "shred"),
    Thing.CALENDARS: Effect("left out: each entry is decided when it is read", "at the next reading", None),
}

ROUTES: Final[Mapping[Thing | Else, frozenset[str]]] = {
    Thing.PAGES: frozenset(
        {
            "/mentors",
            "/mentors/{mentor_id}",
            "/proposals",
            "/waiting",
            "/drafts/{draft_id}",
            "/api/drafts/{draft_id}",
            "/api/matches/{match_id}",
            "/api/mentors",
            "/api/mentors/{mentor_id}",
            "/api/mentors/{mentor_id}/availability",
            "/api/mentors/{mentor_id}/calendar",
            "/api/mentors/{mentor_id}/capacity",
            "/api/mentors/{mentor_id}/pause",
            "/api/proposals",
            "/api/waiting-list",
        }
    ),
    Thing.CONTACT: frozenset(
        {
            "/my-match",
            "/my-match/{match_id}",
            "/my-members",
            "/my-members/{match_id}",
            "/api/people/{person_id}/matches",
            "/api/people/{person_id}/matches/{match_id}",
            "/api/people/{person_id}/matches/{match_id}/acceptance",
        }
    ),
    Thing.APPROVALS: frozenset({"/proposals/{match_id}/approval", "/api/matches/{match_id}/approval"}),
    Thing.ROUNDS: frozenset(
        {"/rounds", "/api/rounds", "/drafts/{draft_id}/adoption", "/api/drafts/{draft_id}/adoption"}
    ),
    Thing.PAST_EXPORTS: frozenset({"/my-disclosures"}),
    Thing.KEYS: frozenset({"/erasures/{person_id}", "/api/people/{person_id}/erasure"}),
    Else.OWN: frozenset(
        {
            "/availability",
            "/calendar",
            "/calendar/removal",
            "/capacity",
            "/my-blocks",
            "/my-blocks/{block_id}",
            "/my-consents",
            "/my-consents/{purpose}",
            "/my-contact",
            "/my-erasure",
            "/my-receipts",
            "/my-receipts/{version}",
            "/my-receipts/{version}/file",
            "/pause",
            "/r/{code}",
            "/resume",
            "/api/people/{person_id}/blocks",
            "/api/people/{person_id}/blocks/{block_id}",
            "/api/people/{person_id}/consents/{purpose}",
            "/api/people/{person_id}/contact-details",
            "/api/people/{person_id}/emergencies/told",
            "/api/people/{person_id}/matches/{match_id}/draw",
            "/api/people/{person_id}/receipts",
            "/api/people/{person_id}/receipts/{version}",
        }
    ),
    Else.NAMES: frozenset(
        {
            "/audit",
            "/audit/disclosures/{position}",
            "/erasures",
            "/people",
            "/people/{person_id}/consents",
            "/people/{person_id}/speaking",
            "/people/{person_id}/speaking/{standing}",
            "/speaking",
            "/api/consent-changes",
            "/api/disclosures/unjustified",
            "/api/disclosures/{position}",
            "/api/erasures",
            "/api/people/{person_id}/audience",
            "/api/people/{person_id}/consents",
            "/api/people/{person_id}/consents/export",
            "/api/people/{person_id}/disclosures",
            "/api/people/{person_id}/standings",
            "/api/people/{person_id}/standings/{standing}",
            "/api/standings",
        }
    ),
    Else.DECIDES: frozenset(
        {
            "/drafts/{draft_id}/edits",
            "/drafts/{draft_id}/end",
            "/drafts/{draft_id}/pool",
            "/drafts/{draft_id}/undo",
            "/api/drafts/{draft_id}/edits",
            "/api/drafts/{draft_id}/edits/last",
            "/api/drafts/{draft_id}/pool",
            "/api/matches/{match_id}/closure",
            "/api/matches/{match_id}/decline",
            "/api/people/{person_id}/freeze",
            "/api/people/{person_id}/harm",
            "/api/people/{person_id}/minority",
            "/api/people/{person_id}/standings/{standing}/confirmation",
            "/api/people/{person_id}/standings/{standing}/consents/{purpose}",
            "/people/{person_id}/freeze",
            "/people/{person_id}/harm",
            "/people/{person_id}/minority",
            "/proposals/{match_id}/closure",
            "/proposals/{match_id}/decline",
        }
    ),
    Else.EMERGENCY: frozenset(
        {
            "/people/{person_id}/emergencies",
            "/people/{person_id}/emergencies/{emergency}",
            "/api/people/{person_id}/emergencies",
            "/api/people/{person_id}/emergencies/{emergency}",
            "/api/people/{person_id}/emergencies/{emergency}/disclosure",
        }
    ),
    Else.NOTHING: frozenset(
        {
            "/",
            "/demo/{role}",
            "/docs",
            "/drafts",
            "/draws",
            "/healthz",
            "/openapi.json",
            "/problems/{name}",
            "/readyz",
            "/session",
            "/session/end",
            "/api/drafts",
            "/api/draws",
            "/api/notices",
            "/api/notices/{notice_id}/{version}",
            "/api/notices/{purpose}/{version}/recall",
        }
    ),
}
"""Every address that is answered."""

COMMANDS: Final[Mapping[Thing | Else, frozenset[str]]] = {
    Thing.PAGES: frozenset({"mentors", "proposals", "waiting"}),
    Thing.APPROVALS: frozenset({"approve"}),
    Thing.ROUNDS: frozenset({"round"}),
    Thing.POOLS: frozenset({"pool"}),
    Thing.KEYS: frozenset({"erase", "finish-erasures", "keys create", "keys rewrap", "keys rotate"}),
    Thing.READ_MODELS: frozenset({"rebuild"}),
    Else.NAMES: frozenset(
        {
            "audit diff",
            "audit export",
            "audit replay",
            "audit unjustified",
            "audit who-could-see",
            "audit who-saw",
            "audit why",
            "blocks",
            "consents",
            "erasures",
            "standing list",
        }
    ),
    Else.EMERGENCY: frozenset({"emergency cancel", "emergency disclose", "emergency list", "emergency request"}),
    Else.DECIDES: frozenset(
        {
            "ask",
            "block",
            "close",
            "decline",
            "freeze",
            "give-up",
            "grant",
            "harm",
            "import",
            "invalidate",
            "minority",
            "refuse",
            "revoke",
            "standing confirm",
            "standing end",
            "standing request",
            "thaw",
            "token",
            "unblock",
            "withdraw",
        }
    ),
    Else.NOTHING: frozenset(
        {
            "audit bundle",
            "audit checkpoint",
            "audit key",
            "audit receipt",
            "audit verifier",
            "audit verify",
            "audit draw",
            "draws",
            "policy",
            # Work on files that whoever runs them brings; nothing of the service is read.
            "ahead",
            "backups",
            "certify",
            "compile",
            "circles",
            "pairs",
            "places",
            "recruit",
            "solve",
            "strategy",
            "teams",
            "why",
            "check",
            # Copies as they are stored: what is personal in them is sealed, and unreadable once a key is destroyed.
            "db backup",
            "db backup-keys",
            "db migrate",
            "db restore",
            "db restore-keys",
            "db verify",
            "notice publish",
            "notice recall",
            "notice show",
            "sample",
            "serve",
            "witness",
        }
    ),
}
"""Every command, by its whole name."""

COLUMNS: Final[Mapping[Thing | Else, frozenset[str]]] = {
    Thing.READ_MODELS: frozenset(
        {
            "members.languages",
            "members.needs",
            "members.reason",
            "members.urgency",
            "members.waiting_since",
            "mentors.availability",
            "mentors.calendar",
            "mentors.languages",
            "mentors.offers",
            "mentors.time_zone",
            "proposals.explanation",
            "proposals.fit",
            "proposals.reason",
        }
    ),
    Else.NAMES: frozenset({"members.handle", "members.ref", "mentors.handle", "mentors.ref"}),
    # What the programme itself has settled with a mentor.
    Else.DECIDES: frozenset({"mentors.capacity", "mentors.role", "mentors.supervisor", "mentors.trained_until"}),
}
"""Every column of a read model that may hold what somebody said, or what was said of them."""

SENDERS: Final[Mapping[str, Thing]] = {
    "aiosmtplib": Thing.MESSAGES,
    "email": Thing.MESSAGES,
    "httpx": Thing.MESSAGES,
    "requests": Thing.MESSAGES,
    "smtplib": Thing.MESSAGES,
    "twilio": Thing.MESSAGES,
    "urllib.request": Thing.MESSAGES,
    "http.client": Thing.MESSAGES,
    "icalendar": Thing.CALENDARS,
    "ics": Thing.CALENDARS,
    "vobject": Thing.CALENDARS,
    "csv": Thing.EXPORTS,
    "fpdf": Thing.EXPORTS,
    "openpyxl": Thing.EXPORTS,
    "pandas": Thing.EXPORTS,
    "pyarrow": Thing.EXPORTS,
    "reportlab": Thing.EXPORTS,
    "weasyprint": Thing.EXPORTS,
    "xlsxwriter": Thing.EXPORTS,
    "zipfile": Thing.EXPORTS,
}
"""What a module imports that sends something or writes a copy, and the row that it would be on."""

SENDS_NOTHING: Final[Mapping[str, str]] = {
    "api.roster.sample": "writes made-up people",
    "api.roster.sheet": "reads what others wrote",
    "api.roster.workbook": "reads what others wrote",
    "eventlog.transparency.witness_client": "sends checkpoints, which are digests",
}
"""Modules of ours that import one of these and tell nothing of anybody. Checks speak to servers of their own."""
