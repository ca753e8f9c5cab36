"""Who can be read again with keys of before they were erased?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from api.backup import restore
from api.checks.copies import MASTER_KEY, Site
from api.checks.scratch import scratch_database
from api.databases import Databases
from api.erasures import Erasure
from api.rotating import rotate
from domain.events import Entry
from domain.identity import member_id, mentor_id
from domain.member import Member
from domain.mentor import Mentor
from eventlog.encoding import Encoding
from eventlog.keys import KeyLost, KeyVault, MasterKeys
from eventlog.schema import KEYS_PLACE, Role
from eventlog.transparency.reading import read_records


@dataclass(frozen=True)
class Back:
    """How many of the erased can be read again with keys that were backed up before, in each of three cases."""

    listed: int
    unrotated: int
    rotated: int


def come_back(site: Site, persons: Sequence[UUID]) -> Back:
    """Restore the keys that were copied before, in each case; in the end the master key is another."""
    taken, old = site.copies / "keys-before", site.safe.masters()
    listed = _opened(site, taken, site.safe.erasures.read(), old, persons)
    unrotated = _opened(site, taken, [], old, persons)
    rotate(site.databases, site.copies / MASTER_KEY)
    return Back(listed, unrotated, _opened(site, taken, [], site.safe.masters(), persons))


def _opened(site: Site, taken: Path, erasures: Sequence[Erasure], masters: MasterKeys, persons: Sequence[UUID]) -> int:
    """Restore keys elsewhere; count the people whose registration they open."""
    address = site.databases.log
    with scratch_database(address) as log, scratch_database(address) as keys:
        elsewhere = Databases(log, keys)
        restore(elsewhere, KEYS_PLACE, taken, erasures, say=lambda _: None)
        engine = elsewhere.engine(Role.KEY_KEEPER, connections=1)
        try:
            encoding = Encoding(KeyVault(engine, lambda: masters))
            return sum(map(_is_open, _registrations(site, encoding, persons)))
        finally:
            engine.dispose()


def _registrations(site: Site, encoding: Encoding, persons: Sequence[UUID]) -> Iterator[Entry]:
    streams = {stream(person) for person in persons for stream in (member_id, mentor_id)}
    for record in read_records(site.service.engines[Role.AUDITOR]):
        if record.stream in streams and record.version == 1:
            try:
                yield from encoding.read([record])
            except KeyLost:
                continue


def _is_open(entry: Entry) -> bool:
    event = entry.event
    return isinstance(event, Member.Registered | Mentor.Registered) and event.profile.handle != "[erased]"
