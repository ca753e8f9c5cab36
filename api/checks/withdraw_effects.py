"""Does everything that the table of effects promises happen when somebody takes their word back?"""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from time import perf_counter, sleep
from typing import Final
from uuid import UUID

from sqlalchemy import select

from api.app import create_app
from api.checks.asking import Answer, Asking, asking
from api.checks.check import Check, Result
from api.checks.cohort import Cohort, Trial
from api.checks.people import AT, BY
from api.checks.scratch import scratch_service
from api.draws import next_commitment
from api.exchange.handles import handle
from api.exchange.pool import export_pool
from api.moment import start_of
from api.service import Service
from domain.access import Actor
from domain.application import Alongside
from domain.consent import Audience, Channel, ConsentLedger, Method, Scope
from domain.disclosing import Asked, Viewing
from domain.events import Entry
from domain.identity import member_id, mentor_id
from domain.match import Match
from domain.purposes import AudienceKind, Field, Purpose
from eventlog.schema import Role
from projections.follower import Follower
from projections.mentor_directory import mentors
from projections.waiting_list import members

FULL: Final = 2_000
SMALL: Final = 4
CONTROL: Final = 2
A_COHORT: Final = 4
AT_MOST_S: Final = 1.0

_MENTORS: Final = "/mentors"
_WAITING: Final = "/waiting"
_STUDY: Final = "study-1"
_CACHED_S: Final = 60.0
_POLL_S: Final = 0.001
_PATIENCE_S: Final = 20.0
_REFUSED: Final = {HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED}
_WHY: Final = ("withdr", "took back", "taken back", "refused")


@dataclass
class Seen:
    """What was found, by the row of the table; `seconds` is how long the read models still had it."""

    withdrawals: int = 0
    shown_before: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def expect(self, row: str, *, kept: bool) -> None:
        """Note whether a row was kept."""
        self.broken[row] += not kept

    @property
    def p99_s(self) -> float:
        """How long the read models took, 99 times in 100."""
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[98]


class Cached(Alongside):
    """Keeps for a minute what was decided: the variant that the check must catch."""

    def __init__(self, real: Alongside) -> None:
        super().__init__(real.log, second_clock=real.second_clock, fingerprint_key=real.fingerprint_key)
        self._known: dict[Asked, tuple[float, frozenset[Field]]] = {}

    def disclose(self, asked: Sequence[Asked], viewing: Viewing, *, at: datetime) -> Mapping[UUID, frozenset[Field]]:
        """Give what was decided within the last minute, and decide on the others."""
        now = perf_counter()
        new = [each for each in asked if each not in self._known or now - self._known[each][0] > _CACHED_S]
        told = super().disclose(new, viewing, at=at) if new else {}
        self._known |= {each: (now, told[each.person]) for each in new}
        return {each.person: self._known[each][1] for each in asked}


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Let people take back what they agreed to, look at every row of the table, and again behind a cache."""
    withdrawals = FULL if full else SMALL
    with scratch_service(server_url, connections=10) as service:
        seen = _tried(service, withdrawals)
        caught = _tried(replace(service, alongside=Cached(service.alongside)), CONTROL)
    broken = {row: number for row, number in seen.broken.items() if number}
    rows = ", ".join(seen.broken)
    return Result(
        figure=f"{seen.withdrawals:,} people took everything back; broken of {rows}: {broken or 'none'}; "
        f"queued sends 0, as nothing sends yet; read models had lost it after {seen.p99_s * 1e3:.0f} ms (p99)",
        kept=not broken and seen.shown_before == seen.withdrawals and seen.p99_s <= AT_MOST_S,
        control=f"with decisions kept for a minute, {sum(caught.broken.values())} rows were broken "
        f"in {caught.withdrawals} withdrawals",
        control_caught=sum(caught.broken.values()) > 0,
    )


def _tried(service: Service, withdrawals: int) -> Seen:
    seen, app = Seen(), create_app(service, clock=lambda: start_of(AT.date()))
    with Follower(service.projector, service.alongside.log), asking(app) as ask:
        while seen.withdrawals < withdrawals:
            cohort = Cohort(service.alongside, A_COHORT)
            _Day(service, ask, cohort, seen).go_by()
    return seen


class _Day:
    """A day in one programme, on which all but one pair take everything back."""

    def __init__(self, service: Service, ask: Asking, cohort: Cohort, seen: Seen) -> None:
        self._service, self._alongside, self._ask = service, service.alongside, ask
        self._cohort, self._seen = cohort, seen
        self._coordinator = self._token(Actor.COORDINATOR, None)

    def go_by(self) -> None:
        """Look at everything, let each trial take place, then record the round that was solved in the morning."""
        trials = [(trial, number % 2 == 0) for number, trial in enumerate(self._cohort.trials)]
        lists = {path: self._look(path).text for path in (_MENTORS, _WAITING)}
        for trial, by_mentor in trials:
            is_listed = trial.mentors_mark in lists[_MENTORS] if by_mentor else trial.members_mark in lists[_WAITING]
            why = self._look(f"/api/matches/{trial.proposal}").document["explanation"]
            self._seen.shown_before += is_listed and bool(why)
        is_first = not self._seen.withdrawals
        before = self._in_pool() if is_first else frozenset()
        for number, (trial, by_mentor) in enumerate(trials):
            self._take_back(trial, by_mentor=by_mentor, on_pages=number % A_COHORT < A_COHORT // 2)
        if is_first:  # reading a pool takes as long as the log is
            left = before - self._in_pool()
            gone = {trial.mentor if by_mentor else trial.proposed for trial, by_mentor in trials}
            self._seen.expect("a pool in a file", kept=gone <= left)
        proposed = self._cohort.hold_round()
        self._seen.expect("a solver run in progress", kept=proposed == {self._cohort.staying})

    def _take_back(self, trial: Trial, *, by_mentor: bool, on_pages: bool) -> None:
        """In half of the trials the mentor takes everything back, in the others each of the two members.

        Half of either are looked for on the pages, the others through the API.
        """
        self._seen.withdrawals += 1
        subject, mark = (trial.mentor, trial.mentors_mark) if by_mentor else (trial.proposed, trial.members_mark)
        self._export(subject)
        token = self._token(Actor.MENTOR if by_mentor else Actor.MEMBER, subject)
        if on_pages:
            looks = [_MENTORS if by_mentor else _WAITING, "/proposals"]
        else:
            looks = [f"/api/mentors/{mentor_id(trial.mentor)}" if by_mentor else "/api/waiting-list"]
        looks.append(f"/api/matches/{trial.proposal}")
        self._contact(trial, by_mentor=by_mentor)
        began = self._withdraw(token, subject, Purpose.MATCH_CONSIDER)
        self._seen.seconds.append(self._wait_until_gone(subject, began, by_mentor=by_mentor))
        self._proposal(trial, subject)
        self._pages(looks, mark, trial)
        self._exports(subject, token)

    def _contact(self, trial: Trial, *, by_mentor: bool) -> None:
        """The channel is given to the other side of the accepted match, and no longer once it was taken back."""
        giver, other = (trial.mentor, trial.accepted) if by_mentor else (trial.accepted, trial.mentor)
        roles = (Actor.MENTOR, Actor.MEMBER) if by_mentor else (Actor.MEMBER, Actor.MENTOR)
        path, looking = f"/api/people/{other}/matches/{trial.match}", self._token(roles[1], other)
        before = self._ask(looking, "GET", path)
        self._withdraw(self._token(roles[0], giver), giver, Purpose.CONTACT_SHARE)
        after = self._ask(looking, "GET", path)
        given = bool(before.document["contact"])
        self._seen.expect("contact details", kept=given and not after.document["contact"] and _is_neutral(after))

    def _proposal(self, trial: Trial, subject: UUID) -> None:
        """The proposal is voided in the append of the withdrawal, and who approves it meanwhile is refused."""
        withdrawn = _last(self._alongside.ledger_entries(subject), ConsentLedger.Withdrawn)
        voided = _last(self._alongside.log.stream(trial.proposal), Match.Voided)
        together = None not in {withdrawn, voided} and withdrawn.recorded_at == voided.recorded_at  # type: ignore[union-attr]
        self._seen.expect("open proposals", kept=together)
        path = f"/api/matches/{trial.proposal}/approval"
        answer = self._ask(self._coordinator, "PUT", path, **{"If-Match": '"1"'})
        is_refused = answer.status in _REFUSED and _is_neutral(answer)
        approved = _last(self._alongside.log.stream(trial.proposal), Match.Approved)
        self._seen.expect("an approval in flight", kept=is_refused and approved is None)

    def _pages(self, looks: Sequence[str], mark: str, trial: Trial) -> None:
        """Nobody is shown it at the next request, and no answer may be kept."""
        after = [self._look(path) for path in looks]
        shows = any(mark in answer.text or answer.may_be_kept or answer.status != HTTPStatus.OK for answer in after)
        hours = after[0].document.get("availability") if looks[0].startswith("/api/mentors/") else None
        self._seen.expect("caches and open pages", kept=not shows and not hours)
        told = after[-1].document
        is_neutral = told["status"] == "voided" and told["explanation"] is None and _is_neutral(after[-1])
        self._seen.expect("the other side", kept=is_neutral and trial.proposal == UUID(told["match"]))

    def _export(self, subject: UUID) -> None:
        how = {"method": Method.WEB, "at": AT, "by": BY}
        self._alongside.grant(subject, Purpose.RESEARCH_DATA, scope=Scope(named=_STUDY), **how)  # type: ignore[arg-type]
        assert self._told_to_study(subject), "it was agreed to"

    def _exports(self, subject: UUID, token: str) -> None:
        """What was exported is listed to the person, and the next export leaves them out."""
        page = self._ask(token, "GET", "/my-disclosures").text
        self._seen.expect("exports already made", kept=_STUDY in page)
        self._alongside.withdraw(subject, Purpose.RESEARCH_DATA, method=Method.WEB, at=AT, by=BY)
        self._seen.expect("new exports", kept=not self._told_to_study(subject))

    def _told_to_study(self, subject: UUID) -> frozenset[Field]:
        audience = Audience(kind=AudienceKind.STUDY, named=_STUDY)
        asked = Asked(subject, frozenset({Field.LANGUAGES}), audience, (Purpose.RESEARCH_DATA,))
        viewing = Viewing(BY, "researcher", Channel.EXPORT, "export-1")
        return self._alongside.disclose([asked], viewing, at=AT)[subject]

    def _in_pool(self) -> frozenset[UUID]:
        """Give the persons of whom the programme's pool tells, when it is exported."""
        viewing = Viewing(BY, Actor.COORDINATOR, Channel.EXPORT, "export-2")
        problem = export_pool(self._alongside, self._cohort.programme.slug, viewing, start_of(AT.date()))
        commitment = next_commitment(self._alongside, self._cohort.programme.slug).digest
        told = {each.id for each in problem.members} | {each.id for each in problem.mentors}
        persons = {person for trial in self._cohort.trials for person in (trial.mentor, trial.proposed)}
        return frozenset(
            person
            for person in persons
            if told & {handle(commitment, str(name(person))) for name in (member_id, mentor_id)}
        )

    def _look(self, path: str) -> Answer:
        return self._ask(self._coordinator, "GET", path)

    def _withdraw(self, token: str, person: UUID, purpose: Purpose) -> float:
        answer = self._ask(token, "DELETE", f"/api/people/{person}/consents/{purpose}")
        assert answer.status == HTTPStatus.OK, "one act takes it back"
        return perf_counter()

    def _wait_until_gone(self, subject: UUID, began: float, *, by_mentor: bool) -> float:
        """Watch the row, which the follower alone changes, until what was said is gone from it."""
        query = (
            select(mentors.c.offers).where(mentors.c.mentor_id == mentor_id(subject))
            if by_mentor
            else select(members.c.needs).where(members.c.member_id == member_id(subject))
        )
        reader = self._service.engines[Role.READER]
        with reader.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while connection.scalar(query) is not None and perf_counter() - began < _PATIENCE_S:
                sleep(_POLL_S)
        return perf_counter() - began

    def _token(self, role: Actor, person: UUID | None) -> str:
        return self._alongside.issue_token(
            role, BY, self._cohort.programme.id, person, expires_at=AT + timedelta(days=1), at=AT, by=BY
        )


def _is_neutral(answer: Answer) -> bool:
    return not any(word in answer.text.lower() for word in _WHY)


def _last(entries: Sequence[Entry], kind: type) -> Entry | None:
    return next((entry for entry in reversed(entries) if isinstance(entry.event, kind)), None)


CHECK: Final = Check("withdraw-effects", "What is taken back ends everywhere, at once, and never says why.", run)
