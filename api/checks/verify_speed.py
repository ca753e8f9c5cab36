"""Can an auditor verify a long log on an ordinary machine, with nothing but the verifier?"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import shake_128
from pathlib import Path
from typing import Final
from uuid import UUID

from api.checks.check import Check, Result
from eventlog.record import Record
from eventlog.transparency import verify
from eventlog.transparency.bundle import write_bundle
from eventlog.transparency.checkpoint import Checkpoint
from eventlog.transparency.leaf import leaf_hash
from eventlog.transparency.merkle import CompactRange
from eventlog.transparency.note import Signer, signed_note

FULL_EVENTS: Final = 1_000_000
SMALL_EVENTS: Final = 3_000
STATE_BYTES: Final = 300
LONGEST_S: Final = 60.0
LARGEST_MB: Final = 500.0

_AT: Final = datetime(2026, 3, 2, tzinfo=UTC)
_REFUSED: Final = 1


def run(_: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Write a bundle, verify it in a process of its own, then again with one byte changed."""
    events = FULL_EVENTS if full else SMALL_EVENTS
    signer = Signer.make()
    with tempfile.TemporaryDirectory() as folder:
        bundle, kept = Path(folder, "bundle"), Path(folder, "kept")
        note = _note(events, signer)
        kept.write_text(note, "utf-8")
        write_bundle(bundle, note, _records(events))
        true = _verify(bundle, signer, kept)
        _change_a_byte(bundle)
        changed = _verify(bundle, signer, kept)
    is_fast = true.seconds <= LONGEST_S and true.megabytes <= LARGEST_MB
    return Result(
        figure=f"{events:,} events verified offline in {true.seconds:.1f} s ({true.processor_s:.1f} s of a processor), "
        f"with at most {true.megabytes:.0f} MB",
        kept=true.status == 0 and (is_fast or not full),
        control=f"the same bundle with one byte changed ended with status {changed.status}",
        control_caught=changed.status == _REFUSED,
    )


@dataclass(frozen=True)
class Ran:
    """How a verifier ended, how long it took and worked, and at most how much memory it had."""

    status: int
    seconds: float
    processor_s: float
    megabytes: float


def _records(events: int) -> Iterator[Record]:
    """Give as many records as asked for, the same each time; their states look encrypted."""
    for position in range(1, events + 1):
        state = shake_128(b"%d" % position).digest(STATE_BYTES)
        at = _AT + timedelta(milliseconds=position)
        yield Record(
            position, UUID(int=position % 10_007), 1 + position // 10_007, "a.topic", at, UUID(int=position), state
        )


def _note(events: int, signer: Signer) -> str:
    tree = CompactRange()
    for record in _records(events):
        tree.append(leaf_hash(record))
    return signed_note(Checkpoint(signer.name, tree.size, tree.root()).text(), signer)


def _verify(bundle: Path, signer: Signer, kept: Path) -> Ran:
    arguments = [str(bundle), "--key", str(signer.verifier), "--checkpoint", str(kept)]
    command = [sys.executable, "-I", verify.__file__, *arguments]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    processor_s = usage.ru_utime + usage.ru_stime
    return Ran(process.returncode, time.perf_counter() - began, processor_s, kilobytes / 1024)


def _change_a_byte(bundle: Path) -> None:
    """Change one byte of a state in the middle."""
    with bundle.open("r+b") as file:
        file.seek(bundle.stat().st_size // 2)
        file.readline()
        line = file.tell()
        text = file.readline()
        place = line + text.index(b'"state":"') + len(b'"state":"')
        file.seek(place)
        byte = file.read(1)
        file.seek(place)
        file.write(b"A" if byte != b"A" else b"B")


CHECK: Final = Check("verify-speed", "An auditor verifies a million events offline in a minute and 500 MB.", run)
