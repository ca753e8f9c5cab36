"""Where on a drawing do a person's consents stand? One lane a purpose, time from left to right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from api.auditing.lines import purposes_of
from api.auditing.replaying import Replay, said_at
from api.pages import sentences
from domain.consent import ConsentLedger
from domain.events import Entry, Event
from domain.purposes import Purpose

WIDTH: Final = 820
LEFT: Final = 175
RIGHT: Final = 790
TOP: Final = 36
LANE: Final = 34
AXIS: Final = 32
MOST_TICKS: Final = 6

_IS_USE: Final = (ConsentLedger.ReliedOn, ConsentLedger.Disclosed)
_IS_ASKING: Final = (ConsentLedger.Requested, ConsentLedger.Deferred)


@dataclass(frozen=True)
class Span:
    """A time during which a consent was live, from `x` on."""

    x: float
    width: float


@dataclass(frozen=True)
class Mark:
    """Something that happened; `kind` is granted, refused, withdrawn, revoked, relied-on, disclosed, ..."""

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
    about = {
        purpose: [entry for entry in replayed.entries if purpose in purposes_of(entry.event)] for purpose in Purpose
    }
    lanes = [
        Lane(
            purpose=purpose,
            y=TOP + LANE * (place + 0.5),
            spans=[
                Span(scale(start), round(scale(end) - scale(start), 1)) for start, end in _live(entries, replayed.at)
            ],
            marks=[_mark(entry, scale) for entry in entries if not isinstance(entry.event, _IS_ASKING)],
        )
        for place, (purpose, entries) in enumerate((p, entries) for p, entries in about.items() if entries)
    ]
    bottom = TOP + LANE * len(lanes)
    return Timeline(lanes, _ticks(scale), scale(replayed.at), bottom, bottom + AXIS)


def _live(entries: Sequence[Entry], at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Give the times during which a consent to one purpose stood, as known at an instant."""
    said = [(said_at(entry), entry.version, entry.event) for entry in entries if not isinstance(entry.event, _IS_USE)]
    for when, version, event in said:
        if isinstance(event, ConsentLedger.Granted):
            begins = max(when, event.not_before or when)
            ends = [since for since, later, after in said if _ends(after, event) and (later > version or since > when)]
            end = min(event.expires_at, at, *ends)
            if begins < end:
                yield begins, end


def _ends(after: Event, grant: ConsentLedger.Granted) -> bool:
    """Say whether what was said at another time ends a consent: a word against it, or a later consent."""
    if isinstance(after, ConsentLedger.Revoked | ConsentLedger.Invalidated):
        return after.consent_id == grant.consent_id
    return not isinstance(after, _IS_ASKING) and after is not grant


def _mark(entry: Entry, scale: Scale) -> Mark:
    said = sentences.ledger_line(entry)
    return Mark(scale(said_at(entry)), said.kind.replace(" ", "-"), f"{said.what}, {sentences.instant(said_at(entry))}")


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
