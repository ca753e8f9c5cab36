"""What a person was shown before they answered, and whom they named."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Read:
    """What somebody read: the wording of a programme in a language, known by its digest.

    Without a digest it is the current one, for which whoever showed it vouches. `serving` is the one showing of it.
    """

    programme: UUID
    language: str
    sha256: str | None = None
    serving: UUID | None = None


@dataclass(frozen=True)
class Called:
    """The one study, organisation or contact that a consent is for: its name, and what stands for it in the open."""

    name: str
    fingerprint: str
