"""What can be done to a log behind its back? Nine ways, and the bundle that an auditor would then be handed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from eventlog.record import Record
from eventlog.transparency.bundle import event_line, header_line
from eventlog.transparency.checkpoint import Checkpoint
from eventlog.transparency.leaf import leaf_hash
from eventlog.transparency.merkle import CompactRange
from eventlog.transparency.note import Signer, signed_note

Records = Sequence[Record]
Tamper = Callable[[Random, Records, int], Records]
"""Give other records than these, different before a position."""


@dataclass(frozen=True)
class Kind:
    """A way to tamper; `signs` says whether the checkpoint is made anew for what is there then."""

    name: str
    tamper: Tamper
    signs: bool = False
    forges: bool = False


def note_of(records: Records, signer: Signer) -> str:
    """Give the checkpoint of these records."""
    tree = CompactRange()
    for record in records:
        tree.append(leaf_hash(record))
    return signed_note(Checkpoint(signer.name, tree.size, tree.root()).text(), signer)


def bundle_of(note: str, records: Records, *, with_states: bool = True) -> bytes:
    """Give a bundle of a checkpoint and records, whether they belong together or not."""
    return header_line(note) + b"".join(event_line(record, with_state=with_states) for record in records)


def _change(random: Random, records: Records, before: int) -> Records:
    place, fields = random.randrange(before), ("topic", "version", "stream", "event_id", "state")
    record = records[place]
    others: dict[str, object] = {
        "topic": record.topic + "x",
        "version": record.version + 1,
        "stream": UUID(int=record.stream.int ^ 1),
        "event_id": UUID(int=record.event_id.int ^ 1),
        "state": record.state[:-1] + b" }",
    }
    field = random.choice(fields)
    return [*records[:place], replace(record, **{field: others[field]}), *records[place + 1 :]]


def _delete(random: Random, records: Records, before: int) -> Records:
    place = random.randrange(before)
    return _perhaps_renumbered(random, [*records[:place], *records[place + 1 :]])


def _insert(random: Random, records: Records, before: int) -> Records:
    place = random.randrange(before - 1)
    return _perhaps_renumbered(random, [*records[:place], random.choice(records), *records[place:]])


def _reorder(random: Random, records: Records, before: int) -> Records:
    place = random.randrange(1, before)
    pair = [records[place], records[place - 1]]
    return _perhaps_renumbered(random, [*records[: place - 1], *pair, *records[place + 1 :]])


def _cut(random: Random, records: Records, before: int) -> Records:
    return records[: random.randrange(1, before)]


def _swap_states(random: Random, records: Records, before: int) -> Records:
    one = random.randrange(before)
    other = random.choice([place for place, each in enumerate(records) if each.state != records[one].state])
    swapped = list(records)
    swapped[one] = replace(records[one], state=records[other].state)
    swapped[other] = replace(records[other], state=records[one].state)
    return swapped


def _shift_time(random: Random, records: Records, before: int) -> Records:
    place = random.randrange(before)
    shifted = records[place].recorded_at + timedelta(microseconds=random.choice([-1, 1, 3_600_000_000]))
    return [*records[:place], replace(records[place], recorded_at=shifted), *records[place + 1 :]]


def _rewrite(random: Random, records: Records, before: int) -> Records:
    tamper = random.choice([_change, _delete, _insert, _swap_states, _shift_time])
    return _renumbered(tamper(random, records, before))


def _perhaps_renumbered(random: Random, records: Records) -> Records:
    return _renumbered(records) if random.random() < 0.5 else records  # noqa: PLR2004 - one time in two


def _renumbered(records: Records) -> Records:
    return [replace(record, position=place) for place, record in enumerate(records, start=1)]


CUT: Final = Kind("cut tail", _cut, signs=True)
REWRITTEN: Final = Kind("rewritten and signed again", _rewrite, signs=True)
KINDS: Final = (
    Kind("changed", _change),
    Kind("deleted", _delete),
    Kind("inserted", _insert),
    Kind("reordered", _reorder),
    CUT,
    Kind("swapped ciphertext", _swap_states),
    Kind("shifted time", _shift_time),
    REWRITTEN,
    Kind("forged key", _rewrite, signs=True, forges=True),
)
