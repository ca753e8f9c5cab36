"""How fast is a decision, and how fast an answer for one of many people? Each figure beside its peer, in one run.

    ./run python -m benchmarks.consents [--people 100000] [--database postgresql://...]

Without a server's address an embedded one is started. All work is done on scratch databases that are dropped after.
"""

import argparse
import gc
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter
from uuid import UUID

from api.auditing.audience import who_could_see
from api.auditing.coordinators import coordinators
from api.checks.people import AT, BY, contests
from api.checks.scratch import scratch_service
from api.postgres import embedded_postgres
from api.service import Service
from domain.access import Actor
from domain.consent import Audience, Channel, ConsentLedger, Method, Scope, decide
from domain.events import Entry
from domain.identity import ledger_id
from domain.purposes import TERMS, Field, Purpose

SEED = 2026
LENGTHS = (10, 100, 1_000)
FOR_S = 1.0
PAIRS_AT_ONCE = 1_000
ASKED = 200
COORDINATORS = 3
PROGRAMME = UUID(int=7)
TOLD, TAKEN_BACK = 0.8, 0.5


def random_ledger(length: int) -> tuple[ConsentLedger, list[Entry]]:
    """A ledger of so many events: what people say, what rests on it, and mostly what was told."""
    draw, person = Random(SEED), UUID(int=1)  # noqa: S311 - nothing to keep secret
    ledger = ConsentLedger.of(person)
    audience = Audience.coordinators(PROGRAMME)
    at = AT
    while ledger.version < length:
        at += timedelta(hours=1)
        purpose = draw.choice((Purpose.MATCH_CONSIDER, Purpose.COORD_NOTES, Purpose.STATS))
        told = ledger.may_be_told(purpose, frozenset(TERMS[purpose].fields), audience, at)
        if told and draw.random() < TOLD:
            ledger.disclose(
                purpose, told, audience, role="coordinator", channel=Channel.PAGE, request="r", at=at, by=BY
            )
        elif purpose in ledger.grants and draw.random() < TAKEN_BACK:
            ledger.withdraw(purpose, method=Method.WEB, at=at, by="member")
        else:
            ledger.grant(
                purpose, method=Method.WEB, at=at, by="member", scope=Scope(expires_at=at + timedelta(days=30))
            )
    pending = ledger.collect()
    entries = [
        Entry(stream=each.stream, version=each.version, event=each.event, position=each.version, recorded_at=AT)
        for each in pending
    ]
    return ConsentLedger.replay(ledger.id, entries), entries


def bare_fold(entries: Sequence[Entry], purpose: Purpose, at: datetime) -> bool:
    """The least that could answer: one loop over the events, the last word counts."""
    expires_at = None
    for entry in entries:
        event = entry.event
        if isinstance(event, ConsentLedger.Granted):
            if event.purpose == purpose:
                expires_at = event.expires_at
        elif isinstance(event, ConsentLedger.Refused | ConsentLedger.Withdrawn):
            if event.purpose == purpose:
                expires_at = None
        elif isinstance(event, ConsentLedger.Erased):
            return False
    return expires_at is not None and at < expires_at


def per_second(act: Callable[[], object]) -> float:
    """How often something can be done in a second."""
    done, began = 0, perf_counter()
    while perf_counter() - began < FOR_S:
        for _ in range(50):
            act()
        done += 50
    return done / (perf_counter() - began)


def decisions() -> None:
    """The pure function on a ledger as it is loaded, with loading it, and a bare fold over the same events."""
    for length in LENGTHS:
        ledger, entries = random_ledger(length)
        at, audience = entries[-1].event.at, Audience.coordinators(PROGRAMME)
        ask = partial(decide, purpose=Purpose.COORD_NOTES, field=Field.NEEDS, audience=audience, at=at)
        decided = per_second(partial(ask, ledger))
        loaded = per_second(lambda: ask(ConsentLedger.replay(ledger.id, entries)))  # noqa: B023 - called here
        folded = per_second(partial(bare_fold, entries, Purpose.COORD_NOTES, at))
        print(
            f"ledger of {length:>5,} events  decide {decided:>9,.0f}/s  load and decide {loaded:>9,.0f}/s  "
            f"bare fold {folded:>9,.0f}/s  ({decided / folded:.1f} and {loaded / folded:.2f} times the fold)",
            flush=True,
        )


def people_of(service: Service, people: int) -> Iterator[UUID]:
    """So many people in the log, in pairs that are proposed to each other; each append is a programme of them."""
    for begun in range(0, people // 2, PAIRS_AT_ONCE):
        for contest in contests(service.alongside, min(PAIRS_AT_ONCE, people // 2 - begun), members=1):
            yield contest.member_persons[0]


def audiences(server: str, people: int) -> None:
    """Who could see one person that day, beside one indexed read of their stream."""
    with scratch_service(server, connections=4) as service:
        began = perf_counter()
        persons = list(people_of(service, people))
        alongside = service.alongside
        asked = Random(SEED).sample(persons, min(ASKED, len(persons)))  # noqa: S311 - nothing to keep secret
        for programme in {programme for person in asked for programme in alongside.programmes_of(person)}:
            _coordinators(service, programme)
        written = perf_counter()
        service.projector.catch_up()
        print(
            f"{2 * len(persons):,} people, {alongside.log.head():,} events, written in {written - began:.0f} s "
            f"and carried over in {perf_counter() - written:.0f} s",
            flush=True,
        )
        with service.reading() as read_models:
            holding = partial(coordinators, read_models)
            known_at = alongside.log.head()
            answer = median(lambda person: who_could_see(alongside, holding, person, AT, known_at=known_at), asked)
        read = median(lambda person: alongside.log.stream(ledger_id(person)), asked)
        print(
            f"who could see {answer * 1e3:.2f} ms, one read of the stream {read * 1e3:.2f} ms "
            f"({answer / read:.1f} times)"
        )


def _coordinators(service: Service, programme: UUID) -> None:
    for number in range(COORDINATORS):
        service.alongside.issue_token(
            Actor.COORDINATOR,
            f"coordinator-{number}",
            programme,
            expires_at=AT + timedelta(days=30),
            at=AT,
            by=BY,
        )


def median(act: Callable[[UUID], object], asked: Sequence[UUID]) -> float:
    """How long something takes in the middle, in seconds."""
    taken = []
    for person in asked:
        began = perf_counter()
        act(person)
        taken.append(perf_counter() - began)
    return sorted(taken)[len(taken) // 2]


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--database")
    given = parser.parse_args()
    gc.freeze()  # as the command line does
    decisions()
    if given.database:
        audiences(given.database, given.people)
        return
    with tempfile.TemporaryDirectory(prefix="alongside-bench-") as folder:
        Path(folder).chmod(0o755)
        with embedded_postgres(Path(folder) / "home", say=print) as server:
            audiences(server, given.people)


if __name__ == "__main__":
    main()
