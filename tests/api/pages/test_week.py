from hypothesis import given
from hypothesis import strategies as st

from api.pages.week import hours_by_day, week_of, windows_from
from domain.values import WeeklyWindow, windows_of

QUARTERS = 24 * 4
SPANS = st.tuples(st.integers(0, 6), st.integers(0, QUARTERS - 1), st.integers(1, QUARTERS)).filter(
    lambda span: span[1] < span[2]
)
WEEKS = st.lists(SPANS, max_size=20).map(lambda spans: windows_of((d, 15 * a, 15 * b) for d, a, b in spans))


def boxes(week):
    return [box for row in (*week.night, *week.day) for box in row.boxes]


@given(WEEKS)
def test_what_is_ticked_is_what_was_there(windows):
    assert windows_from(box.value for box in boxes(week_of(windows)) if box.is_ticked) == windows


@given(WEEKS)
def test_the_boxes_cover_the_whole_week_once(windows):
    assert windows_from(box.value for box in boxes(week_of(windows))) == tuple(
        WeeklyWindow(day, 0, 24 * 60) for day in range(7)
    )
    assert len({box.value for box in boxes(week_of(windows))}) == len(boxes(week_of(windows)))


def test_a_usual_week_is_in_half_hours_from_six():
    week = week_of([WeeklyWindow(0, 18 * 60, 20 * 60)])

    assert [len(week.night), len(week.day)] == [12, 36]
    assert not week.night_is_used


def test_a_half_hour_is_cut_where_a_window_ends_in_it():
    week = week_of([WeeklyWindow(0, 5 * 60, 18 * 60 + 15)])
    starts = [row.begins for row in week.day if row.begins.startswith("18")]

    assert starts == ["18:00", "18:15", "18:30"]
    assert week.night_is_used


def test_hours_are_listed_by_day():
    assert hours_by_day([WeeklyWindow(1, 540, 600), WeeklyWindow(1, 1380, 1440)])[:2] == [
        ("Monday", []),
        ("Tuesday", ["09:00 to 10:00", "23:00 to 24:00"]),
    ]
