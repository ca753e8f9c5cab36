"""Everything the domain refuses. A message is safe to show to the person who asked.

DomainError
├── NotFound      UnknownProgramme, UnknownPerson, UnknownMatch, UnknownToken, AmbiguousReference, ...
├── Conflict      ConsentMissing, CaseloadFull, AlreadyMatched, MatchAlreadyDecided, PersonErased, ...
│   └── ChangedMeanwhile
├── Stale         VersionPassed
├── Forbidden     NotYourRole
│   └── TokenRefused
└── Invalid       InvalidValue, KeyReused
"""


class DomainError(Exception):
    """The request was refused."""

    @property
    def message(self) -> str:
        """What may be shown to the person who asked."""
        return str(self)


class NotFound(DomainError):
    """There is no such thing."""


class Conflict(DomainError):
    """The present state does not allow it."""


class Forbidden(DomainError):
    """Whoever asks may not do this."""


class Stale(DomainError):
    """The request was made for an earlier version."""


class Invalid(DomainError):
    """The request itself is wrong."""


class UnknownProgramme(NotFound):
    """There is no programme of this name."""


class UnknownPerson(NotFound):
    """There is no such person."""


class UnknownMatch(NotFound):
    """There is no such match."""


class UnknownStanding(NotFound):
    """There is no such standing."""


class UnknownEmergency(NotFound):
    """There is no such request for an emergency disclosure."""


class UnknownToken(NotFound):
    """There is no such token, or it is no longer good."""


class UnknownDraw(NotFound):
    """There is no such draw."""


class UnknownDraft(NotFound):
    """There is no such draft."""


class UnknownNotice(NotFound):
    """There is no such wording."""


class UnknownReceipt(NotFound):
    """There is no such receipt."""


class UnknownBlock(NotFound):
    """There is no such block."""


class UnknownProblem(NotFound):
    """There is no problem of this name."""


class AmbiguousReference(NotFound):
    """The reference stands for people in several programmes."""


class CaseloadFull(Conflict):
    """The mentor has no place left."""


class AlreadyMatched(Conflict):
    """The member is already matched."""


class MatchAlreadyDecided(Conflict):
    """The proposal was already decided or replaced."""


class NoLongerAvailable(Conflict):
    """The proposal or match is no longer available; why is nobody's business."""


class DraftEnded(Conflict):
    """The draft was adopted or discarded."""


class DraftBehind(Conflict):
    """The pool that the draft stands on has changed."""


class DraftSupposes(Conflict):
    """The draft supposes what is not so."""


class EditNotPossible(Conflict):
    """The change of the draft is not possible."""


class NothingToUndo(Conflict):
    """No edit is left to take back."""


class MentorAlreadyPaused(Conflict):
    """The mentor is already paused."""


class MentorNotPaused(Conflict):
    """The mentor is not paused."""


class NothingToWithdraw(Conflict):
    """There is no live consent to withdraw."""


class WordingChanged(Conflict):
    """What was read is no longer what is asked."""


class ConsentMissing(Conflict):
    """A consent that this needs was not given, has expired or was withdrawn."""


class MentorNotInStanding(Conflict):
    """The mentor is paused or their training has lapsed."""


class PersonErased(Conflict):
    """The person was erased."""


class ErasureNotAsked(Conflict):
    """Nobody has asked for this person's erasure yet."""


class SecondPersonNeeded(Conflict):
    """This needs two people: whoever asked for it cannot confirm it."""


class StandingMissing(Conflict):
    """Whoever speaks for somebody else may not do so, or not about this, or no longer."""


class TheySaidNo(Conflict):
    """The person was asked and said no: nobody else says yes for them."""


class AskThemFirst(Conflict):
    """A minor is asked first: nobody says yes for them before they have."""


class GuardianNotNeeded(Conflict):
    """Only somebody who is not of age has a guardian."""


class NotFrozen(Conflict):
    """Nothing is frozen."""


class EmergencyDecided(Conflict):
    """The request for an emergency disclosure was decided already."""


class TokenRefused(Forbidden):
    """The token is unknown, expired or revoked."""


class NotYourRole(Forbidden):
    """Your role does not include this."""


class ChangedMeanwhile(Conflict):
    """Somebody else changed the same thing at the same time."""


class VersionPassed(Stale):
    """The thing was changed since the version that the request names."""


class InvalidValue(Invalid):
    """A value is not one that this can take."""


class KeyReused(Invalid):
    """The idempotency key was used for another request."""
