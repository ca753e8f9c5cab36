"""Everything the domain refuses. A message is safe to show to the person who asked.

DomainError
├── NotFound      UnknownProgramme, UnknownPerson, UnknownMatch, UnknownRound, AmbiguousReference
├── Conflict      ProgrammeExists, CaseloadFull, AlreadyMatched, MatchAlreadyDecided, MentorPausedAlready, ...
├── Refused       ConsentMissing, MentorNotInStanding
├── Forbidden     TokenRefused, NotYourRole
├── Stale         ChangedMeanwhile
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


class Refused(DomainError):
    """A rule of the service forbids it."""


class Forbidden(DomainError):
    """Whoever asks may not do this."""


class Stale(DomainError):
    """Somebody else was faster."""


class Invalid(DomainError):
    """The request itself is wrong."""


class UnknownProgramme(NotFound):
    """There is no programme of this name."""


class UnknownPerson(NotFound):
    """There is no such person."""


class UnknownMatch(NotFound):
    """There is no such match."""


class UnknownRound(NotFound):
    """There is no such round."""


class AmbiguousReference(NotFound):
    """The reference stands for people in several programmes."""


class CaseloadFull(Conflict):
    """The mentor has no place left."""


class AlreadyMatched(Conflict):
    """The member is already matched."""


class MatchAlreadyDecided(Conflict):
    """The proposal was already decided or replaced."""


class MentorAlreadyPaused(Conflict):
    """The mentor is already paused."""


class MentorNotPaused(Conflict):
    """The mentor is not paused."""


class NothingToWithdraw(Conflict):
    """There is no live consent to withdraw."""


class ConsentMissing(Refused):
    """A consent that this needs was not given, has expired or was withdrawn."""


class MentorNotInStanding(Refused):
    """The mentor is paused or their training has lapsed."""


class TokenRefused(Forbidden):
    """The token is unknown, expired or revoked."""


class NotYourRole(Forbidden):
    """Your role does not include this."""


class ChangedMeanwhile(Stale):
    """The thing was changed by somebody else since it was read."""


class InvalidValue(Invalid):
    """A value is not one that this can take."""


class KeyReused(Invalid):
    """The idempotency key was used for another request."""
