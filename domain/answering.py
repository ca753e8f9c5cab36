"""Which wording does an answer go with?"""

from datetime import datetime

from domain.consent import Method, Wording
from domain.consent.served import Read
from domain.purposes import Purpose
from domain.together import Together


def wording_of_a_yes(together: Together, purpose: Purpose, read: Read, method: Method, *, at: datetime) -> Wording:
    """Give the wording that is agreed to: on a page the current one, on paper any that was not recalled.

    Raises `WordingChanged` or `UnknownNotice`.
    """
    notice = together.notice(read.programme, purpose, read.language)
    if method == Method.WEB or read.sha256 is None:
        return notice.must_be_current(read.sha256, at=at)
    return notice.must_be_known(read.sha256, at=at)


def wording_of_a_no(together: Together, purpose: Purpose, read: Read, *, at: datetime) -> Wording | None:
    """Give the wording that is refused: what was read, current or not; none if there was never such a wording.

    A no needs no wording, so that nothing which happens to a wording can hold one up.
    """
    notice = together.notice(read.programme, purpose, read.language)
    current = notice.current
    if current is not None and read.sha256 in {None, current.sha256}:
        return notice.must_be_current(read.sha256, at=at)
    return notice.if_published(read.sha256)
