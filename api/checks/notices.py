"""Does every consent show for ever what was agreed to, and does a recalled text take its consents with it?"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Final
from uuid import UUID, uuid4

import msgspec
import psycopg

from api.checks.check import Check, Result
from api.checks.people import AT, BY
from api.checks.scratch import scratch_databases, service_on
from api.databases import Databases
from domain.aggregate import Aggregate
from domain.application import Alongside
from domain.consent import ConsentLedger, Method, Wording, consent_at
from domain.consent.served import Read
from domain.errors import WordingChanged
from domain.events import Command
from domain.log import Log
from domain.notice import Notice
from domain.purposes import TERMS, Purpose

FULL_PEOPLE: Final = 2_000
SMALL_PEOPLE: Final = 25
WORDS_EACH: Final = 5
RENEWED_EVERY: Final = 23
RECALLED_EVERY: Final = 101
BETWEEN_THE_TWO: Final = 10

PURPOSES: Final = [purpose for purpose in Purpose if not TERMS[purpose].is_named]
LANGUAGES: Final = ("en", "pt")


@dataclass
class Told:
    """What a made-up programme saw happen: who read which text, and what became of the texts."""

    programme: UUID
    read: dict[tuple[UUID, int], str] = field(default_factory=dict)
    recalled: set[str] = field(default_factory=set)
    refused: int = 0
    refused_wrongly: int = 0
    published: int = 0


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Let people answer while texts are published and recalled; then look at what the log holds of it."""
    with scratch_databases(server_url) as databases, service_on(databases, connections=4) as service:
        alongside = service.alongside
        told = _live(alongside, FULL_PEOPLE if full else SMALL_PEOPLE)
        unshown = _unshown(databases, told)
        wrong = _wrongly_standing(alongside, told)
        late = sum(_stands_after_a_recall(alongside.log, LookingAgain) for _ in range(BETWEEN_THE_TWO))
        missed = _stands_after_a_recall(alongside.log, LookingOnce)
        _edit_one_byte(databases, told)
        found = _unshown(databases, told)
    return Result(
        figure=f"{len(told.read):,} consents under {told.published:,} texts, {len(told.recalled):,} of them recalled: "
        f"{unshown:,} do not show what was read, {wrong:,} stand or fall wrongly; "
        f"{told.refused:,} answers to older texts, {told.refused_wrongly:,} of them recorded; "
        f"{late:,} of {BETWEEN_THE_TWO} consents outlive a recall in their midst",
        kept=not (unshown or wrong or told.refused_wrongly or late) and bool(told.recalled) and bool(told.refused),
        control=f"with one byte of a text edited, {found:,} consents no longer show what was read; without the second "
        f"look, {int(missed)} of 1 consents outlives the recall",
        control_caught=found > 0 and missed,
    )


def _live(alongside: Alongside, people: int) -> Told:
    random, told = Random(people), Told(uuid4())  # noqa: S311 - a made-up programme
    persons = [uuid4() for _ in range(people)]
    for number in range(people * WORDS_EACH):
        at = AT + timedelta(minutes=number)
        purpose, language = random.choice(PURPOSES), random.choice(LANGUAGES)
        notice = alongside.notice(told.programme, purpose, language)
        if notice.current is None or number % RENEWED_EVERY == 0:
            stale = notice.current.sha256 if notice.current else None
            text = f"May we, {number}?\n\nPara quê: {purpose} — número {number}.\n"
            notice = alongside.publish_notice(told.programme, purpose, language, text, at=at, by=BY)
            _answer_to(alongside, random.choice(persons), notice, stale, told, at)
        assert notice.current is not None, "it was published"
        person, read = random.choice(persons), Read(told.programme, language, notice.current.sha256, uuid4())
        ledger = alongside.grant(person, purpose, method=Method.WEB, read=read, at=at, by="member")
        told.read[person, ledger.version] = notice.current.text
        if number % RECALLED_EVERY == RECALLED_EVERY - 1:
            version = notice.current.number
            alongside.recall_notice(told.programme, purpose, language, version, "Not clear.", at=at, by=BY)
            told.recalled.add(notice.current.text)
    return told


def _answer_to(alongside: Alongside, person: UUID, notice: Notice, stale: str | None, told: Told, at: datetime) -> None:
    """Agree to a text that is no longer the one that is shown: that must be refused."""
    if stale is None:
        return
    told.refused += 1
    read = Read(told.programme, notice.language, stale)
    with suppress(WordingChanged):
        alongside.grant(person, notice.purpose, method=Method.WEB, read=read, at=at, by="member")
        told.refused_wrongly += 1


def _unshown(databases: Databases, told: Told) -> int:
    """Count the consents that do not lead to stored bytes of their digest, or to other words than were read.

    This reads the rows as they lie in the database, and nothing through the code that is on trial.
    """
    with psycopg.connect(databases.log) as connection:
        rows = connection.execute(
            "SELECT originator_id, originator_version, topic, state FROM eventlog.events"
        ).fetchall()
    texts, granted = dict[tuple[UUID, int], bytes](), dict[tuple[UUID, int], Wording]()
    for stream, version, topic, state in rows:
        if topic == Notice.Published.TOPIC:
            event = msgspec.json.decode(state)
            texts[stream, event["version"]] = event["text"].encode()
        elif topic == ConsentLedger.Granted.TOPIC:
            event = msgspec.json.decode(state)
            granted[UUID(event["person_id"]), version] = msgspec.convert(event["wording"], Wording)
    told.published = len(texts)
    return sum(not _is_shown(granted.get(given), text, texts) for given, text in told.read.items())


def _is_shown(wording: Wording | None, read: str, texts: Mapping[tuple[UUID, int], bytes]) -> bool:
    if wording is None:
        return False
    kept = texts.get((wording.notice, wording.version), b"")
    return sha256(kept).hexdigest() == wording.sha256 and kept == read.encode()


def _wrongly_standing(alongside: Alongside, told: Told) -> int:
    """Count the latest consents that stand though their text was recalled, or fell though it was not."""
    end = AT + timedelta(days=20)
    wrong = 0
    for person in {person for person, _ in told.read}:
        ledger = alongside.ledger(person)
        for purpose, grants in ledger.history.grants.items():
            permit = consent_at(ledger, purpose, at=min(end, grants[-1].expires_at - timedelta(seconds=1))).permit
            wrong += permit == (told.read[person, grants[-1].version] in told.recalled)
    return wrong


class LookingAgain(Alongside):
    """The use cases, where a text is recalled after an answer has looked at it and before the answer is stored."""

    def __init__(self, log: Log, notice: Notice) -> None:
        super().__init__(log)
        self._elsewhere, self._notice = Alongside(log), notice

    def save(self, *aggregates: Aggregate, command: Command | None = None) -> None:
        """Let the recall come first, once."""
        notice, is_answer = self._notice, any(isinstance(each, ConsentLedger) for each in aggregates)
        if is_answer and not self._elsewhere.notice(notice.programme_id, notice.purpose, notice.language).recalled:
            programme, purpose, language = notice.programme_id, notice.purpose, notice.language
            self._elsewhere.recall_notice(programme, purpose, language, 1, "Wrong.", at=AT, by=BY)
        super().save(*aggregates, command=command)


class LookingOnce(LookingAgain):
    """A control: it does not look again once the answer is stored."""

    def end_if_recalled(self, ledger: ConsentLedger, purpose: Purpose, read: Read, *, at: datetime) -> None:
        """Leave it at that."""


def _stands_after_a_recall(log: Log, kind: type[LookingAgain]) -> bool:
    programme, person = uuid4(), uuid4()
    notice = Alongside(log).publish_notice(programme, Purpose.STATS, "en", "May we?", at=AT, by=BY)
    read = Read(programme, "en", notice.versions[0].sha256)
    kind(log, notice).grant(person, Purpose.STATS, method=Method.WEB, read=read, at=AT, by="member")
    return consent_at(Alongside(log).ledger(person), Purpose.STATS, at=AT).permit


def _edit_one_byte(databases: Databases, told: Told) -> None:
    """Change one letter of a text that somebody agreed to, as the owner of the database."""
    wanted = _first_wording(databases, told)
    with psycopg.connect(databases.log) as owner:
        owner.execute(
            "UPDATE eventlog.events SET state = overlay(state PLACING 'N'::bytea FROM position('May'::bytea IN state)) "
            "WHERE originator_id = %s AND originator_version = %s",
            (wanted.notice, wanted.version),
        )


def _first_wording(databases: Databases, told: Told) -> Wording:
    with psycopg.connect(databases.log) as connection:
        states: Sequence[tuple[bytes]] = connection.execute(
            "SELECT state FROM eventlog.events WHERE topic = 'consent.granted' AND originator_version = 1 "
            "ORDER BY notification_id"
        ).fetchall()
    for (state,) in states:
        event = msgspec.json.decode(state)
        if (UUID(event["person_id"]), 1) in told.read:
            return msgspec.convert(event["wording"], Wording)
    raise AssertionError("somebody agreed to something")


CHECK: Final = Check("notices", "Every consent shows the very text that was agreed to.", run)
