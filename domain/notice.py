"""What people read before they answer: the wording of one purpose in one language, version after version.

Every version is kept as it was, so that a consent can show for ever what was agreed to. A new version changes nothing
about the consents that were given under another.
"""

import hashlib
import re
from datetime import datetime
from typing import Any, Final, Self
from uuid import UUID

import msgspec

from domain.aggregate import Aggregate
from domain.consent.words import Wording
from domain.errors import InvalidValue, UnknownNotice, WordingChanged
from domain.events import Event
from domain.identity import notice_id
from domain.purposes import Purpose
from domain.wordings import LANGUAGE, WORDINGS

LONGEST_TEXT: Final = 10_000
LONGEST_WHY: Final = 500
SERVICE: Final = "alongside"
"""Who publishes the built-in texts."""

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def sha256(text: str) -> str:
    """Give the digest that a text is known by: over its bytes in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_language(code: str) -> bool:
    """Say whether something is written as languages are, such as `en` or `pt-BR`."""
    return _LANGUAGE.fullmatch(code) is not None


class Version(msgspec.Struct, frozen=True):
    """One wording, as it was published."""

    number: int
    text: str
    sha256: str


class Notice(Aggregate):
    """All wordings of a purpose in a language; `recalled` are the numbers of those that were taken back."""

    programme_id: UUID
    purpose: Purpose
    language: str

    def __init__(self, id: UUID) -> None:  # noqa: A002
        super().__init__(id)
        self.versions: list[Version] = []
        self.recalled: set[int] = set()

    class Published(Event, frozen=True, kw_only=True):
        """A wording is shown from now on; `sha256` is over the bytes of the text in UTF-8."""

        TOPIC = "notice.published"
        programme_id: UUID
        purpose: Purpose
        language: str
        version: int
        text: str
        sha256: str

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.programme_id, aggregate.purpose = self.programme_id, self.purpose
            aggregate.language = self.language
            aggregate.versions.append(Version(self.version, self.text, self.sha256))

    class Recalled(Event, frozen=True, kw_only=True):
        """A wording was wrong: no consent that was given under it is valid."""

        TOPIC = "notice.recalled"
        version: int
        why: str

        def apply(self, aggregate: Any) -> None:
            """See `Event.apply`."""
            aggregate.recalled.add(self.version)

    @classmethod
    def of(cls, programme: UUID, purpose: Purpose, language: str) -> Self:
        """Give the notice of a programme before anything of it was published."""
        if not is_language(language):
            raise InvalidValue("A language is a code such as `en` or `pt-BR`.")
        notice = cls(notice_id(programme, purpose, language))
        notice.programme_id, notice.purpose, notice.language = programme, purpose, language
        return notice

    @property
    def current(self) -> Version | None:
        """What is shown now: the newest wording that was not recalled; where none was published, the built-in one."""
        if not self.versions:
            return _built_in(self.purpose) if self.language == LANGUAGE else None
        return next((each for each in reversed(self.versions) if each.number not in self.recalled), None)

    @property
    def recalled_digests(self) -> set[str]:
        """The digests of the wordings that were taken back."""
        return {self.versions[number - 1].sha256 for number in self.recalled}

    def publish(self, text: str, *, at: datetime, by: str) -> None:
        """Show a wording from now on. Raises `InvalidValue` for one that cannot be shown, or was published before."""
        if not text.strip() or len(text) > LONGEST_TEXT or any(sign < " " and sign != "\n" for sign in text):
            raise InvalidValue(f"A wording is a text of up to {LONGEST_TEXT} characters in lines, and of nothing else.")
        if any(each.text == text for each in self.versions):
            raise InvalidValue("This very text was published before. A new version says something new.")
        self.record(
            self.Published(
                programme_id=self.programme_id,
                purpose=self.purpose,
                language=self.language,
                version=len(self.versions) + 1,
                text=text,
                sha256=sha256(text),
                at=at,
                by=by,
            ),
        )

    def recall(self, version: int, why: str, *, at: datetime, by: str) -> None:
        """Take a wording back, once. Raises `UnknownNotice`."""
        self.version_of(version)
        if not why.strip() or len(why) > LONGEST_WHY:
            raise InvalidValue(f"Say in up to {LONGEST_WHY} characters why the wording is recalled.")
        if version not in self.recalled:
            self.record(self.Recalled(version=version, why=why, at=at, by=by))

    def version_of(self, number: int) -> Version:
        """Give a published wording by its number. Raises `UnknownNotice`."""
        if not 1 <= number <= len(self.versions):
            raise UnknownNotice("There is no such version of this wording.")
        return self.versions[number - 1]

    def must_be_current(self, digest: str | None, *, at: datetime) -> Wording:
        """Give the wording that is shown now, if it is the one that was read. Raises `WordingChanged`.

        Without a digest, whoever asks vouches that they showed the current one. A built-in text is published now, so
        that the answer can show for ever what was read.
        """
        current = self.current
        if current is None or digest not in {None, current.sha256}:
            raise WordingChanged("The wording has changed; read it again.")
        if not self.versions:
            self.publish(current.text, at=at, by=SERVICE)
        return self._wording(current)

    def must_be_known(self, digest: str, *, at: datetime) -> Wording:
        """Give a wording that was read elsewhere, such as on paper: any but a recalled one. Raises `UnknownNotice`."""
        known = [each for each in self.versions if each.sha256 == digest and each.number not in self.recalled]
        if known:
            return self._wording(known[0])
        if not self.versions and self.current is not None and self.current.sha256 == digest:
            return self.must_be_current(digest, at=at)
        raise UnknownNotice("There is no such wording, or it was recalled.")

    def if_published(self, digest: str | None) -> Wording | None:
        """Give a wording by its digest, whatever became of it, if it was ever published."""
        return next((self._wording(each) for each in self.versions if each.sha256 == digest), None)

    def _wording(self, version: Version) -> Wording:
        return Wording(self.id, version.number, self.language, version.sha256)


def _built_in(purpose: Purpose) -> Version:
    return Version(1, WORDINGS[purpose], sha256(WORDINGS[purpose]))
