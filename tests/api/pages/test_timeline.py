from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from api.auditing.replaying import Replay
from api.pages.timeline import LEFT, RIGHT, timeline_of
from domain.consent import ConsentLedger, Method, Scope
from domain.events import Entry
from domain.purposes import Purpose

BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
ENDS = BEGINS + timedelta(days=100)
ANYBODY = UUID(int=1)


def day(number):
    return BEGINS + timedelta(days=number)


def drawn(*acts, at=100):
    """The drawing of a ledger; an act is what was done and on which day, with a day of expiry if need be."""
    ledger = ConsentLedger.of(ANYBODY)
    for what, on, *until in acts:
        how = {"method": Method.WEB, "at": day(on), "by": "member"}
        if what == "rely":
            ledger.rely_on(
                (Purpose.STATS,),
                act="match.approved",
                reference=ANYBODY,
                at=day(on),
                judged_at=day(on),
                by="coordinator-1",
            )
        elif until:
            ledger.grant(Purpose.STATS, scope=Scope(expires_at=day(*until)), **how)
        else:
            getattr(ledger, what)(Purpose.STATS, **how)
    entries = [
        Entry(stream=e.stream, version=e.version, event=e.event) for e in ledger.collect() if e.event.at <= day(at)
    ]
    return timeline_of(Replay(ANYBODY, day(at), {}, entries), begins=BEGINS, ends=ENDS)


def days_of(timeline):
    """The bars of the only lane as days from and to."""
    return [(to_day(span.x), to_day(span.x + span.width)) for span in timeline.lanes[0].spans]


def to_day(x):
    return round((x - LEFT) / (RIGHT - LEFT) * 100)


@pytest.mark.parametrize(
    ("acts", "bars"),
    [
        ([("grant", 10)], [(10, 100)]),
        ([("grant", 10, 40)], [(10, 40)]),
        ([("grant", 10), ("withdraw", 30)], [(10, 30)]),
        ([("grant", 10, 20), ("withdraw", 30)], [(10, 20)]),
        ([("grant", 10, 40), ("grant", 20, 60)], [(10, 20), (20, 60)]),
        ([("grant", 10), ("refuse", 30), ("grant", 50)], [(10, 30), (50, 100)]),
        ([("grant", 10), ("rely", 20)], [(10, 100)]),
        ([("refuse", 10)], []),
    ],
)
def test_a_bar_is_the_time_during_which_it_was_permitted(acts, bars):
    assert days_of(drawn(*acts)) == bars


def test_a_bar_ends_where_the_replay_does():
    timeline = drawn(("grant", 10), ("withdraw", 60), at=40)

    assert days_of(timeline) == [(10, 40)]
    assert to_day(timeline.at_x) == 40


def test_each_event_has_a_mark_of_its_kind():
    marks = drawn(("grant", 10), ("rely", 20), ("withdraw", 30), ("refuse", 40)).lanes[0].marks

    assert [(to_day(mark.x), mark.kind) for mark in marks] == [
        (10, "granted"),
        (20, "relied-on"),
        (30, "withdrawn"),
        (40, "refused"),
    ]


def test_what_was_never_spoken_of_has_no_lane():
    assert [lane.purpose for lane in drawn(("grant", 10)).lanes] == [Purpose.STATS]


def test_a_history_of_one_instant_can_be_drawn():
    replay = Replay(ANYBODY, BEGINS, {}, [])
    timeline = timeline_of(replay, begins=BEGINS, ends=BEGINS)

    assert [tick.label for tick in timeline.ticks] == ["1 January 2026"]
    assert timeline.at_x == LEFT


@pytest.mark.parametrize("days", [0, 1, 40, 200, 800, 8000])
def test_an_axis_of_any_length_has_a_few_days_marked(days):
    timeline = timeline_of(Replay(ANYBODY, BEGINS, {}, []), begins=BEGINS, ends=day(days))

    assert 1 <= len(timeline.ticks) <= 6
    assert all(LEFT <= tick.x <= RIGHT for tick in timeline.ticks)
