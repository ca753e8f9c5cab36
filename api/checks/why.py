"""Can everything that was told be led back to a consent that stood then, and would one that is missing be noticed?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache, partial
from random import Random
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from api.auditing.unjustified import unjustified
from api.auditing.why import Why, why
from api.checks.check import Check, Result
from api.checks.lives import Lives
from api.checks.scratch import scratch_service
from api.service import Service
from domain.consent import ConsentLedger
from domain.events import Entry
from eventlog.schema import Role
from eventlog.transparency import storage
from eventlog.transparency.checkpoint import Checkpoint, open_checkpoint
from eventlog.transparency.leaf import leaf_hash
from eventlog.transparency.merkle import inclusion_proof, verify_inclusion
from eventlog.transparency.note import Signer
from eventlog.transparency.reading import read_records
from eventlog.transparency.sealer import Sealer

SEED: Final = 4
FULL_SIZE: Final = (50_000, 1_250)
SMALL_SIZE: Final = (300, 15)
EXPLAINED: Final = 500
_ASKED_AT_ONCE: Final = 50
_NODES: Final = 100_000
_STEP: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Found:
    """What became of everything that was told: how much it was, and how much of it led back to a consent and proof."""

    told: int
    resolved: int
    proved: int
    explained: int


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Tell things of people at random, lead each back to its consents, and look for what none carried."""
    disclosures, pairs = FULL_SIZE if full else SMALL_SIZE
    draw = Random(SEED)  # noqa: S311 - a test's luck
    with scratch_service(server_url, connections=4) as service:
        _tell(Lives(service.alongside, draw, pairs, step=_STEP), disclosures)
        signer, engine = Signer.make("why.example"), service.engines[Role.PROJECTOR]
        Sealer(engine, partial(read_records, engine), signer).seal()
        found = _led_back(service, signer, draw)
        rows = len(unjustified(service.alongside.log.read()))
        missed = unjustified(_without_one_grant(service.alongside.log.read()))
    return Result(
        figure=f"{found.told:,} tellings of {2 * pairs:,} people (seed {SEED}): {found.resolved:,} lead back to a "
        f"consent that stood, {found.proved:,} with proof of both events in the log; {found.explained:,} of "
        f"{min(found.told, EXPLAINED):,} explained as permitted then; {rows:,} unjustified",
        kept=found.told >= disclosures
        and found.resolved == found.proved == found.told
        and found.explained == min(found.told, EXPLAINED)
        and rows == 0,
        control=f"with one consent taken out of the log, {len(missed):,} unjustified",
        control_caught=len(missed) > 0,
    )


def _tell(lives: Lives, disclosures: int) -> None:
    """Ask for people's fields until so many tellings stand in their ledgers."""
    told = number = 0
    while told < disclosures:
        lives.go_on()
        number += 1
        asked = lives.asked(min(_ASKED_AT_ONCE, len(lives.people)))
        answer = lives.alongside.disclose(asked, lives.viewing(number), at=lives.now)
        told += sum(map(bool, answer.values()))


def _led_back(service: Service, signer: Signer, draw: Random) -> Found:
    entries = [entry for entry in service.alongside.log.read() if isinstance(entry.event, ConsentLedger.Disclosed)]
    grants = _grants(service.alongside.log.read())
    with service.engines[Role.AUDITOR].connect() as connection:
        proofs = _Proofs(connection, signer)
        resolved = proved = 0
        for entry in entries:
            deciding = _deciding(entry, grants)
            resolved += bool(deciding)
            proved += bool(deciding) and all(map(proofs.holds, [entry.position, *deciding]))
    sample = draw.sample(entries, min(len(entries), EXPLAINED))
    explained = sum(_is_explained(why(service.alongside, entry.position, lambda _: None)) for entry in sample)
    return Found(len(entries), resolved, proved, explained)


def _grants(entries: Iterable[Entry]) -> dict[tuple[UUID, int], Entry]:
    return {(entry.stream, entry.version): entry for entry in entries if isinstance(entry.event, ConsentLedger.Granted)}


def _deciding(entry: Entry, grants: dict[tuple[UUID, int], Entry]) -> Sequence[int]:
    """Give the positions of the consents that a telling names; none, unless each is one that had begun and not ended.

    This reads no more than the events themselves, and nothing that decides.
    """
    event = entry.event
    assert isinstance(event, ConsentLedger.Disclosed), "only tellings are led back"
    positions = []
    for used in event.consents:
        grant = grants.get((used.ledger, used.version))
        said = grant and grant.event
        if grant is None or not isinstance(said, ConsentLedger.Granted) or grant.position >= entry.position:
            return []
        covers = said.fields is None or set(event.fields) <= set(said.fields)
        named = said.consent_id == used.consent_id and said.purpose == event.purpose
        if not (covers and named and max(said.said_at or said.at, said.not_before or said.at) <= event.at):
            return []
        if event.at >= said.expires_at:
            return []
        positions.append(grant.position)
    return positions


def _is_explained(found: Why) -> bool:
    return found.verdict.then and bool(found.deciding)


class _Proofs:
    """Proves events by their leaves against the newest checkpoint; what was proved once is not proved again."""

    def __init__(self, connection: Connection, signer: Signer) -> None:
        note = storage.newest_note(connection)
        assert note is not None, "the log was sealed"
        self._checkpoint: Checkpoint = open_checkpoint(note, [signer.verifier])
        self._node = lru_cache(_NODES)(storage.stored_nodes(connection))
        self._leaves = {record.position: leaf_hash(record) for record in read_records(connection.engine)}
        self._held: set[int] = set()

    def holds(self, position: int) -> bool:
        """Verify one event; raises `ProofRefused` if it does not stand in the log."""
        if position not in self._held:
            proof = inclusion_proof(position - 1, self._checkpoint.size, self._node)
            verify_inclusion(self._leaves[position], position - 1, self._checkpoint.size, proof, self._checkpoint.root)
            self._held.add(position)
        return True


def _without_one_grant(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Give the log as if one consent that something rests on had been put off instead."""
    kept = list(entries)
    uses = (entry.event for entry in reversed(kept))
    used = next(event.consents[0] for event in uses if isinstance(event, ConsentLedger.Disclosed))
    for entry in kept:
        event = entry.event
        if (entry.stream, entry.version) == (used.ledger, used.version) and isinstance(event, ConsentLedger.Granted):
            put_off = ConsentLedger.Deferred(
                person_id=event.person_id, purpose=event.purpose, method=event.method, at=event.at, by=event.by
            )
            yield msgspec.structs.replace(entry, event=put_off)
        else:
            yield entry


CHECK: Final = Check("why", "Everything that is told leads back to a consent that stood, with its proof.", run)
