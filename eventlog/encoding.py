"""How an entry is written down: its topic, and its fields as JSON."""

from typing import Final

import msgspec
from eventsourcing.persistence import StoredEvent

from domain.events import Entry, Event
from domain.registry import EVENT_TYPES

_ENCODER: Final = msgspec.json.Encoder()
_DECODERS: Final = {topic: msgspec.json.Decoder(event_type) for topic, event_type in EVENT_TYPES.items()}


class UnknownTopic(Exception):
    """The log holds an event of a type that this version does not know: it was written by a newer one."""


def write(entry: Entry) -> StoredEvent:
    """Give the stored form of an entry."""
    return StoredEvent(entry.stream, entry.version, entry.event.TOPIC, _ENCODER.encode(entry.event))


def read(topic: str, state: bytes) -> Event:
    """Give the event of a stored form. Topics resolve through the closed registry, never by importing."""
    try:
        decoder = _DECODERS[topic]
    except KeyError:
        raise UnknownTopic(f"This version does not know events of type `{topic}`.") from None
    return decoder.decode(state)
