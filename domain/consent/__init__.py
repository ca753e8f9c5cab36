"""Consents: what people say, who may speak for them, what is decided from it, and who was told."""

from domain.consent.deciding import consent_at, decide, needs_guardian, state_at
from domain.consent.decision import Decision, Reason, State
from domain.consent.emergency import Emergency, EmergencyState
from domain.consent.history import Ending, Grant, Place, Speaker, SpeakerState, Stage
from domain.consent.ledger import ConsentLedger
from domain.consent.relying import MATCH_APPROVED, MATCH_PROPOSED
from domain.consent.words import (
    Audience,
    Channel,
    Flaw,
    Giver,
    Ground,
    Method,
    Reliance,
    Scope,
    Word,
    Wording,
)

__all__ = [
    "MATCH_APPROVED",
    "MATCH_PROPOSED",
    "Audience",
    "Channel",
    "ConsentLedger",
    "Decision",
    "Emergency",
    "EmergencyState",
    "Ending",
    "Flaw",
    "Giver",
    "Grant",
    "Ground",
    "Method",
    "Place",
    "Reason",
    "Reliance",
    "Scope",
    "Speaker",
    "SpeakerState",
    "Stage",
    "State",
    "Word",
    "Wording",
    "consent_at",
    "decide",
    "needs_guardian",
    "state_at",
]
