"""What becomes of consents when a text is replaced, recalled, or read elsewhere?"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.application import Alongside
from domain.consent import Method, Scope, Word, consent_at
from domain.consent.lineage import given_at, has_ended, last_of
from domain.consent.served import Read
from domain.errors import InvalidValue, UnknownNotice, UnknownReceipt, WordingChanged
from domain.match import Match, MatchStatus
from domain.notice import Notice, sha256
from domain.purposes import Purpose
from domain.wordings import WORDINGS
from eventlog.memory import MemoryLog
from tests.scenarios import enrolled_member, enrolled_mentor, open_matches

PROGRAMME, PERSON, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
AT = datetime(2026, 3, 2, tzinfo=UTC)
STATS = Purpose.STATS
WEB: dict[str, Any] = {"method": Method.WEB, "at": AT, "by": "member"}
PAPER: dict[str, Any] = {"method": Method.PAPER, "at": AT, "by": "ada", "word": Word(witness="noor")}
STAFF: dict[str, Any] = {"at": AT, "by": "ada"}
READ = Read(PROGRAMME, "en")
A_TEXT, ANOTHER = "May we?\n\nFor this.", "May we?\n\nFor that."


@pytest.fixture
def alongside() -> Alongside:
    return Alongside(MemoryLog(lambda: AT))


def permitted(alongside: Alongside, person: UUID = PERSON) -> bool:
    return consent_at(alongside.ledger(person), STATS, at=AT).permit


def publish(alongside: Alongside, text: str) -> Read:
    notice = alongside.publish_notice(PROGRAMME, STATS, "en", text, **STAFF)
    return Read(PROGRAMME, "en", notice.versions[-1].sha256)


def recall(alongside: Alongside, version: int) -> int:
    return alongside.recall_notice(PROGRAMME, STATS, "en", version, "Not clear.", **STAFF)


@pytest.mark.parametrize("purpose", Purpose)
def test_there_is_something_to_read_for_every_purpose_that_says_all_that_it_has_to(purpose: Purpose) -> None:
    text = WORDINGS[purpose]

    assert text.partition("\n")[0].endswith("?")
    assert all(f"\n\n{part}." in text for part in ("What for", "Who sees it", "How long", "How to stop"))
    assert "\n\nWhat happens then." in text


def test_the_built_in_text_is_published_with_the_first_answer_to_it_and_once(alongside: Alongside) -> None:
    for person in (PERSON, OTHER):
        alongside.grant(person, STATS, read=READ, **WEB)

    published = [entry for entry in alongside.log.read() if isinstance(entry.event, Notice.Published)]
    assert [entry.event.text for entry in published] == [WORDINGS[STATS]]  # type: ignore[attr-defined]
    assert (
        alongside.ledger(OTHER).history.grants[STATS][0].wording
        == alongside.ledger(PERSON).history.grants[STATS][0].wording
    )


def test_a_new_text_leaves_consents_what_they_are(alongside: Alongside) -> None:
    alongside.grant(PERSON, STATS, read=publish(alongside, A_TEXT), **WEB)
    publish(alongside, ANOTHER)

    (grant,) = alongside.ledger(PERSON).history.grants[STATS]
    assert permitted(alongside)
    assert grant.wording is not None
    assert (grant.wording.version, grant.wording.sha256) == (1, sha256(A_TEXT))


def test_a_recalled_text_takes_its_consents_along_and_no_others(alongside: Alongside) -> None:
    alongside.grant(PERSON, STATS, read=publish(alongside, A_TEXT), **WEB)
    alongside.grant(OTHER, STATS, read=publish(alongside, ANOTHER), **WEB)

    assert (recall(alongside, 1), recall(alongside, 1)) == (1, 1)
    assert not permitted(alongside)
    assert permitted(alongside, OTHER)
    assert len(alongside.ledger(PERSON).history.stops[STATS]) == 1


def test_a_recall_that_was_interrupted_is_finished_when_it_is_done_again(alongside: Alongside) -> None:
    alongside.grant(PERSON, STATS, read=publish(alongside, A_TEXT), **WEB)
    notice = alongside.notice(PROGRAMME, STATS, "en")
    notice.recall(1, "Not clear.", **STAFF)
    alongside.save(notice)
    before = permitted(alongside)
    recall(alongside, 1)

    assert before
    assert not permitted(alongside)


def test_a_recall_ends_the_proposals_that_rested_on_the_consent(service: Any, moment: Any) -> None:
    member, mentor = enrolled_member(service, moment, consents=()), enrolled_mentor(service, moment)
    read = Read(member.programme_id, "en")
    for purpose in (Purpose.MATCH_CONSIDER, Purpose.MATCH_PROPOSE):
        service.alongside.grant(member.person_id, purpose, read=read, method=Method.WEB, at=moment.at, by="member")
    (match,) = open_matches(service, moment, [(member, mentor)])
    service.alongside.recall_notice(
        member.programme_id, Purpose.MATCH_CONSIDER, "en", 1, "Not clear.", at=moment.at, by="ada"
    )

    assert service.alongside.load(Match, match.id).status == MatchStatus.VOIDED


def test_what_was_read_on_paper_may_have_been_replaced_but_not_recalled(alongside: Alongside) -> None:
    read = publish(alongside, A_TEXT)
    publish(alongside, ANOTHER)
    with pytest.raises(WordingChanged):
        alongside.grant(PERSON, STATS, read=read, **WEB)
    alongside.grant(PERSON, STATS, read=read, **PAPER)
    recall(alongside, 1)

    assert not permitted(alongside)
    with pytest.raises(UnknownNotice):
        alongside.grant(PERSON, STATS, read=read, **PAPER)


def test_a_no_counts_whatever_was_read(alongside: Alongside) -> None:
    old = publish(alongside, A_TEXT)
    publish(alongside, ANOTHER)
    recall(alongside, 1)
    for read in (old, Read(PROGRAMME, "en", "0" * 64), READ):
        alongside.refuse(PERSON, STATS, read=read, **WEB)

    wordings = [entry.event.wording for entry in alongside.ledger_entries(PERSON)]  # type: ignore[attr-defined]
    assert [wording and wording.version for wording in wordings] == [1, None, 2]


@pytest.mark.parametrize("text", ["", " \n", "a\tb", "a\r\nb", "x" * 10_001])
def test_what_cannot_be_shown_is_not_published(alongside: Alongside, text: str) -> None:
    with pytest.raises(InvalidValue):
        publish(alongside, text)


def test_nothing_is_published_twice_so_that_a_digest_is_one_version(alongside: Alongside) -> None:
    publish(alongside, A_TEXT)
    recall(alongside, 1)
    with pytest.raises(InvalidValue):
        publish(alongside, A_TEXT)
    with pytest.raises(UnknownNotice):
        recall(alongside, 2)


def test_people_read_in_the_first_language_that_there_is(alongside: Alongside) -> None:
    alongside.publish_notice(PROGRAMME, STATS, "pt", A_TEXT, **STAFF)

    found = alongside.notices(PROGRAMME, ["ti", "pt", "[erased]"])
    assert {purpose: notice.language for purpose, notice in found.items()} == {
        purpose: "pt" if purpose == STATS else "en" for purpose in Purpose
    }


def test_consents_for_two_by_name_stand_and_end_each_for_itself() -> None:
    alongside = Alongside(MemoryLog(lambda: AT), fingerprint_key=lambda _: b"secret")
    iris, violet = (alongside.called(PROGRAMME, name) for name in ("Iris", "Violet"))
    for called in (iris, violet):
        alongside.grant(PERSON, Purpose.SAFE_SHARE, called=called, **WEB)
    alongside.withdraw(PERSON, Purpose.SAFE_SHARE, named=iris.fingerprint, **WEB)
    ledger = alongside.ledger(PERSON)

    def holds(named: str) -> bool:
        return consent_at(ledger, Purpose.SAFE_SHARE, at=AT, named=named).permit

    assert (holds(iris.fingerprint), holds(violet.fingerprint)) == (False, True)
    assert ledger.history.names == {iris.fingerprint: "Iris", violet.fingerprint: "Violet"}
    assert "Iris" not in iris.fingerprint


def test_what_replaced_a_consent_is_taken_back_with_it_and_what_was_given_anew_is_not(alongside: Alongside) -> None:
    alongside.grant(PERSON, STATS, **WEB)
    alongside.grant(PERSON, STATS, scope=Scope(expires_at=AT + timedelta(days=2)), **WEB)
    first = given_at(alongside.ledger(PERSON), 1)
    assert first is not None
    assert last_of(alongside.ledger(PERSON), first).version == 2
    alongside.take_back(PERSON, 1, at=AT, by="link")
    assert not permitted(alongside)
    alongside.grant(PERSON, STATS, **WEB)
    alongside.take_back(PERSON, 1, at=AT, by="link")
    assert permitted(alongside)
    assert has_ended(alongside.ledger(PERSON), first)
    with pytest.raises(UnknownReceipt):
        alongside.take_back(PERSON, 3, at=AT, by="link")
