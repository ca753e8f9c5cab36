"""Where on a drawing do a person's consents stand? One lane a purpose, time from left to right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from api.consents import Replay
from api.pages import sentences
from domain.consent import ConsentLedger
from domain.events import Entry
from domain.purposes import Purpose

WIDTH: Final = 820
LEFT: Final = 175
RIGHT: Final = 790
TOP: Final = 36
LANE: Final = 34
AXIS: Final = 32
MOST_TICKS: Final = 6


@dataclass(frozen=True)
class Span:
    """A time during which a consent was live, from `x` on."""

    x: float
    width: float


@dataclass(frozen=True)
class Mark:
    """Something that happened; `kind` is granted, refused, withdrawn, relied-on or erased."""

    x: float
    kind: str
    title: str


@dataclass(frozen=True)
class Lane:
    """One purpose; `y` is the middle of its lane."""

    purpose: Purpose
    y: float
    spans: list[Span]
    marks: list[Mark]


@dataclass(frozen=True)
class Tick:
    """A day on the axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Timeline:
    """A drawing: the plot lies between `left` and `right`, `top` and `bottom`; `at_x` is the instant of the replay."""

    lanes: list[Lane]
    ticks: list[Tick]
    at_x: float
    bottom: float
    height: float
    width: float = WIDTH
    left: float = LEFT
    right: float = RIGHT
    top: float = TOP


class Scale:
    """Puts an instant on the axis; what lies outside stands at the edge."""

    def __init__(self, begins: datetime, ends: datetime) -> None:
        self.begins, self.length = begins, max(ends - begins, timedelta(seconds=1))

    def __call__(self, at: datetime) -> float:
        """Give x."""
        part = min(max((at - self.begins) / self.length, 0), 1)
        return round(LEFT + part * (RIGHT - LEFT), 1)


def timeline_of(replayed: Replay, *, begins: datetime, ends: datetime) -> Timeline:
    """Draw what a replay knows; the axis is as long as needed to show its instant."""
    scale = Scale(min(begins, replayed.at), max(ends, replayed.at))
    about = {purpose: [entry for entry in replayed.entries if purpose in purposes_of(entry)] for purpose in Purpose}
    lanes = [
        Lane(
            purpose=purpose,
            y=TOP + LANE * (place + 0.5),
            spans=[
                Span(scale(start), round(scale(end) - scale(start), 1)) for start, end in _live(entries, replayed.at)
            ],
            marks=[_mark(entry, scale) for entry in entries],
        )
        for place, (purpose, entries) in enumerate((p, entries) for p, entries in about.items() if entries)
    ]
    bottom = TOP + LANE * len(lanes)
    return Timeline(lanes, _ticks(scale), scale(replayed.at), bottom, bottom + AXIS)


def purposes_of(entry: Entry) -> set[Purpose]:
    """Give the purposes that an event of a ledger is about."""
    event = entry.event
    if isinstance(event, ConsentLedger.ReliedOn):
        return {used.purpose for used in event.consents}
    if isinstance(event, ConsentLedger.Granted | ConsentLedger.Refused | ConsentLedger.Withdrawn):
        return {event.purpose}
    if isinstance(event, ConsentLedger.Erased):
        return set(Purpose)  # it ends every consent
    return set()


def _live(entries: Sequence[Entry], at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Give the times during which one purpose was permitted, as known at an instant."""
    grant: ConsentLedger.Granted | None = None
    for event in (entry.event for entry in entries):
        if isinstance(event, ConsentLedger.ReliedOn):
            continue
        if grant is not None:
            yield grant.at, min(grant.expires_at, event.at)
        grant = event if isinstance(event, ConsentLedger.Granted) else None
    if grant is not None:
        yield grant.at, min(grant.expires_at, at)


def _mark(entry: Entry, scale: Scale) -> Mark:
    said = sentences.ledger_line(entry)
    return Mark(scale(entry.event.at), said.kind.replace(" ", "-"), f"{said.what}, {sentences.instant(entry.event.at)}")


def _ticks(scale: Scale) -> list[Tick]:
    """Mark the first days of months, as many as there is room for; on a short axis, its first day."""
    ends = scale.begins + scale.length
    first = scale.begins.astimezone(UTC)
    months = (ends.year - first.year) * 12 + ends.month - first.month
    step = -(-months // MOST_TICKS) or 1
    found = []
    for ahead in range(step, months + 1, step):
        year, month = divmod(first.year * 12 + first.month - 1 + ahead, 12)
        found.append(datetime(year, month + 1, 1, tzinfo=UTC))
    if not found:
        return [Tick(scale(first), sentences.day(first))]
    return [Tick(scale(at), f"{at:%b %Y}") for at in found]
