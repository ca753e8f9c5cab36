"""How an entry is written down: its topic, and its fields as JSON, those about a person sealed with that person's key.

A stored event with personal fields reads

    {"at":"2026-03-02T09:30:15Z","by":"ada","person_id":"...","sealed":{"person_id":"<base64>"}}

where each member of `sealed` holds the fields about the person, or the persons, whose ids stand in the fields it is
named after, joined by `+`. It is an AES-256-GCM message (NIST SP 800-38D), nonce first, over the JSON of these fields;
fields about two people are sealed with the one's key and then with the other's. Each message is bound to its topic,
stream, version and person, so moved to another place it does not open.
"""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Protocol
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.persistence import StoredEvent

from domain.events import Entry, Event, personal_fields
from domain.registry import EVENT_TYPES
from eventlog.placeholders import ERASED, SEALED, placeholder
from eventlog.record import Record

_NONCE_BYTES: Final = 12
_MARK: Final = b',"sealed":'  # never inside a JSON string, where its quotes would be escaped

_ENCODER: Final = msgspec.json.Encoder()
_SEALED: Final = msgspec.json.Decoder(dict[str, bytes])


class UnknownTopic(Exception):
    """The log holds an event of a type that this version does not know: it was written by a newer one."""


class Damaged(Exception):
    """A stored event is not what was written there."""


class Keys(Protocol):
    """Gives people's keys; see `eventlog.keys.KeyVault`."""

    def find(self, persons: Collection[UUID]) -> Mapping[UUID, AESGCM | None]:
        """Give the keys of people, None for those who were erased."""
        ...

    def find_or_make(self, persons: Collection[UUID]) -> Mapping[UUID, AESGCM]:
        """Give the keys of people, new ones to those who have none. Raises `PersonErased`."""
        ...


class _Form:
    """How events of one type are written: which fields are in the open, and which are sealed for whom."""

    def __init__(self, kind: type[Event]) -> None:
        self.topic = kind.TOPIC
        self.decoder = msgspec.json.Decoder(kind)
        self.sealed: dict[tuple[str, ...], list[str]] = {}
        for name, subjects in personal_fields(kind):
            self.sealed.setdefault(subjects, []).append(name)
        personal = {name for names in self.sealed.values() for name in names}
        self.open = [name for name in kind.__struct_fields__ if name not in personal]
        people = sorted({name for subjects in self.sealed for name in subjects})
        self.people = msgspec.json.Decoder(msgspec.defstruct("People", [(name, UUID) for name in people]))
        self._types = {field.name: field.type for field in msgspec.structs.fields(kind)}

    @lru_cache  # noqa: B019 - forms live as long as the process
    def hidden(self, subjects: tuple[str, ...], word: str) -> bytes:
        """Give the JSON that stands in for fields that cannot be read."""
        return _ENCODER.encode({name: placeholder(self._types[name], word) for name in self.sealed[subjects]})


_FORMS: Final = {topic: _Form(kind) for topic, kind in EVENT_TYPES.items()}


class Encoding:
    """Writes entries down and reads them back, with people's keys or without any."""

    def __init__(self, keys: Keys | None, *, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """Without keys, what is personal reads `[sealed]`, and nothing personal can be written."""
        self._keys, self._random_bytes = keys, random_bytes

    def write(self, entries: Sequence[Entry]) -> list[StoredEvent]:
        """Give the stored forms of entries. Raises `PersonErased` if one holds fields about an erased person."""
        forms = [_FORMS[entry.event.TOPIC] for entry in entries]
        persons = {
            getattr(entry.event, name)
            for entry, form in zip(entries, forms, strict=True)
            for subjects in form.sealed
            for name in subjects
        }
        keys: Mapping[UUID, AESGCM] = {}
        if persons:
            if self._keys is None:
                raise RuntimeError("a process without keys cannot write what is personal")
            keys = self._keys.find_or_make(persons)
        return [
            StoredEvent(entry.stream, entry.version, form.topic, self._write(entry, form, keys))
            for entry, form in zip(entries, forms, strict=True)
        ]

    def read(self, records: Sequence[Record]) -> list[Entry]:
        """Give the entries of stored events. Topics resolve through the closed registry, never by importing."""
        personal = {record.position: _Personal(record) for record in records if _form(record).sealed}
        persons = {person for each in personal.values() for person in each.persons.values()}
        keys = self._keys.find(persons) if persons and self._keys is not None else None
        return [
            Entry(
                stream=record.stream,
                version=record.version,
                event=personal[record.position].event(keys)
                if record.position in personal
                else _FORMS[record.topic].decoder.decode(record.state),
                position=record.position,
                recorded_at=record.recorded_at,
            )
            for record in records
        ]

    def _write(self, entry: Entry, form: _Form, keys: Mapping[UUID, AESGCM]) -> bytes:
        event = entry.event
        if not form.sealed:
            return _ENCODER.encode(event)
        in_the_open = _ENCODER.encode({name: getattr(event, name) for name in form.open})
        sealed = {}
        for subjects, names in form.sealed.items():
            message = _ENCODER.encode({name: getattr(event, name) for name in names})
            for subject in subjects:
                person = getattr(event, subject)
                nonce = self._random_bytes(_NONCE_BYTES)
                bound_to = _bound_to(form.topic, entry.stream, entry.version, person)
                message = nonce + keys[person].encrypt(nonce, message, bound_to)
            sealed["+".join(subjects)] = message
        return in_the_open[:-1] + _MARK + _ENCODER.encode(sealed) + b"}"


def _form(record: Record) -> _Form:
    form = _FORMS.get(record.topic)
    if form is None:
        raise UnknownTopic(f"This version does not know events of type `{record.topic}`.")
    return form


class _Personal:
    """A stored event with personal fields, taken apart: what is in the open, what is sealed, and whose it is."""

    __slots__ = ("_form", "_open", "_record", "_sealed", "persons")

    def __init__(self, record: Record) -> None:
        self._record, self._form = record, _FORMS[record.topic]
        self._open, _, sealed = record.state.rpartition(_MARK)
        try:
            people: Any = self._form.people.decode(self._open + b"}")
            self._sealed = _SEALED.decode(sealed[:-1])
        except msgspec.DecodeError:
            raise Damaged(f"The event at position {record.position} lacks its sealed part.") from None
        self.persons: dict[str, UUID] = msgspec.structs.asdict(people)

    def event(self, keys: Mapping[UUID, AESGCM | None] | None) -> Event:
        """Give the event, with placeholders for what these keys do not open."""
        opened = [self._opened(subjects, keys)[1:-1] for subjects in self._form.sealed]
        return self._form.decoder.decode(b",".join([self._open, *opened]) + b"}")

    def _opened(self, subjects: tuple[str, ...], keys: Mapping[UUID, AESGCM | None] | None) -> bytes:
        record, message = self._record, self._sealed.get("+".join(subjects), b"")
        for subject in reversed(subjects):
            person = self.persons[subject]
            key = None if keys is None else keys[person]
            if key is None:
                return self._form.hidden(subjects, SEALED if keys is None else ERASED)
            bound_to = _bound_to(record.topic, record.stream, record.version, person)
            try:
                message = key.decrypt(message[:_NONCE_BYTES], message[_NONCE_BYTES:], bound_to)
            except (InvalidTag, ValueError):  # changed, or too short to be one
                raise Damaged(f"The event at position {record.position} is not what was stored there.") from None
        return message


def _bound_to(topic: str, stream: UUID, version: int, person: UUID) -> bytes:
    return f"{topic}|{stream}|{version}|{person}".encode()
