"""The names under which an export says what FHIR and DPV have no word for. They are names; nothing is found there.

Whoever writes an export and whoever decides from one share these, and nothing else.
"""

from typing import Final

_BASE: Final = "https://alongside.invalid/exchange/"

PURPOSES: Final = _BASE + "purpose"
FIELDS: Final = _BASE + "field"
AUDIENCES: Final = _BASE + "audience"
OBLIGATIONS: Final = _BASE + "obligation"
KINDS: Final = _BASE + "kind"
CHANNELS: Final = _BASE + "channel"

PERSONS: Final = _BASE + "person"
STANDINGS: Final = _BASE + "standing"
BLOCKS: Final = _BASE + "block"
NAMES: Final = _BASE + "name"
NOTICES: Final = _BASE + "notice"
EXPORTS: Final = _BASE + "export"
EMERGENCIES: Final = _BASE + "emergency"
REQUESTS: Final = _BASE + "request"
ACCOUNTS: Final = _BASE + "account"
SERVICE: Final = _BASE + "service"

# Whose questions are of two people, and so may be about somebody who is kept away.
OTHER_SIDE: Final = "other-side"

# What a kind of Consent resource is: a word of the person, or something that bars whatever they consented to.
CONSENT: Final = "consent"
BLOCK, FREEZE, ERASURE = "block", "freeze", "erasure"

# Extensions that add to what a resource says.
GIVER: Final = _BASE + "giver"
STATE: Final = _BASE + "state"
SAID_AT: Final = _BASE + "said-at"
ENDED_AT: Final = _BASE + "ended-at"
POSITION: Final = _BASE + "position"
WORDING: Final = _BASE + "wording-sha256"
SALT: Final = _BASE + "salt"

# Modifier extensions: whoever does not know them must not use what carries them.
TOGETHER_WITH: Final = _BASE + "together-with"
NOT_FOR: Final = _BASE + "not-for"
MATCH: Final = _BASE + "match"
ALSO_NAMED: Final = _BASE + "also-named"

DISCLOSE: Final = "disclose"
ACTIONS: Final = "http://terminology.hl7.org/CodeSystem/consentaction"
