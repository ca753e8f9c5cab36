"""Is tampering found by an auditor who has a bundle, the public key, and a checkpoint kept from before?"""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from random import Random
from typing import Final

from api.checks.check import Check, Result
from api.checks.people import contests
from api.checks.scratch import scratch_service
from api.checks.tampering import CUT, KINDS, REWRITTEN, Kind, Records, bundle_of, note_of
from domain.application import Alongside
from eventlog.schema import Role
from eventlog.transparency.note import Signer
from eventlog.transparency.reading import read_records
from eventlog.transparency.sealer import Sealer
from eventlog.transparency.verify import Refused, verify

FULL_TRIALS: Final = 1_000
FULL_CLEAN: Final = 200
SMALL_TRIALS: Final = 5 * len(KINDS)
SMALL_CLEAN: Final = 10
CONTESTS: Final = 4
MEMBERS: Final = 5

_SEED: Final = 9162


def run(server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Tamper with a real log in every way, and let the verifier judge with and without the kept checkpoint."""
    random, signer = Random(_SEED), Signer.make()  # noqa: S311 - nothing here need be hard to guess
    sealed = _sealed(server_url, signer)
    trials, clean = (FULL_TRIALS, FULL_CLEAN) if full else (SMALL_TRIALS, SMALL_CLEAN)
    alarms = sum(_is_found(*_clean(random, sealed.records, signer)) for _ in range(clean))
    tried, found, unseen = Counter[str](), Counter[str](), Counter[str]()
    for trial in range(trials):
        kind = KINDS[trial % len(KINDS)]
        bundle = _tampered(random, kind, sealed, signer)
        tried[kind.name] += 1
        found[kind.name] += _is_found(bundle, signer, sealed.kept)
        unseen[kind.name] += not _is_found(bundle, signer)
    blind = {kind.name: tried[kind.name] for kind in (CUT, REWRITTEN)}
    return Result(
        figure=f"{found.total():,} of {trials:,} tamperings of {len(tried)} kinds found{_missed(tried - found)}, "
        f"{alarms:,} false alarms in {clean:,} clean bundles, {len(sealed.records):,} events",
        kept=found == tried and alarms == 0,
        control=f"without the kept checkpoint {unseen.total():,} are not found, as they cannot be: {_listed(unseen)}",
        control_caught=+unseen == Counter(blind),
    )


@dataclass(frozen=True)
class Sealed:
    """A log, its newest checkpoint, and the one that the auditor has kept from before."""

    records: Records
    note: str
    kept: str
    kept_size: int


def _sealed(server_url: str, signer: Signer) -> Sealed:
    """Write and seal a log as the service does, and read it back."""
    with scratch_service(server_url, connections=2) as service:
        engine = service.engines[Role.PROJECTOR]
        sealer = Sealer(engine, partial(read_records, engine), signer)
        notes, sizes = [], []
        for _ in range(2):
            contests(Alongside(service.alongside.log), CONTESTS, members=MEMBERS)
            sealed = sealer.seal()
            assert sealed is not None, "there are new events to seal"
            sizes.append(sealed.size)
            notes.append(sealer.newest() or "")
        return Sealed(list(read_records(engine)), notes[1], notes[0], sizes[0])


def _tampered(random: Random, kind: Kind, sealed: Sealed, signer: Signer) -> bytes:
    records = kind.tamper(random, sealed.records, sealed.kept_size)
    if not kind.signs:
        return bundle_of(sealed.note, records)
    return bundle_of(note_of(records, Signer.make(signer.name) if kind.forges else signer), records)


def _clean(random: Random, records: Records, signer: Signer) -> tuple[bytes, Signer, str]:
    """Give a true bundle of some size, with or without states, and a true checkpoint from before."""
    size = random.randint(1, len(records))
    kept = note_of(records[: random.randint(1, size)], signer)
    whole = records[:size]
    return bundle_of(note_of(whole, signer), whole, with_states=random.choice([True, False])), signer, kept


def _is_found(bundle: bytes, signer: Signer, *kept: str) -> bool:
    try:
        verify(BytesIO(bundle), [str(signer.verifier)], list(kept))
    except Refused:
        return True
    return False


def _missed(missed: Counter[str]) -> str:
    return f" (missed: {_listed(missed)})" if missed else ""


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counted.items() if number)


CHECK: Final = Check("tamper", "Whoever changes the log is found out by an auditor with a kept checkpoint.", run)
