"""Which pairs has a person? All that are feasible, found by comparing them with everybody, and kept; to be compiled.

A person is compared when first asked for, so that memory follows what edits touch. When there is no more room,
all lists are forgotten.
"""

from typing import Any, Final

import numpy as np

from matching.session import comparing
from matching.session.comparing import scan_row, weigh
from matching.session.live import FIT, Lists, LiveMarket, draw

MOST_LISTED: Final = 1 << 24
UNLISTED: Final = -1


def room_for(people: int, others: int) -> Lists:
    """Make room for the pairs of so many people with so many others; what is not used takes no memory."""
    total = max(spare(others), min(people * spare(others), MOST_LISTED))
    begin = np.full(people, UNLISTED, dtype=np.int64)
    length, room = (np.zeros(people, dtype=np.int64) for _ in range(2))
    other, worth = np.empty(total, dtype=np.int32), np.empty((total, 2), dtype=np.int64)
    return Lists(begin, length, room, other, worth, np.zeros(1, dtype=np.int64))


def row_of(i: int, market: LiveMarket) -> int:
    """List the pairs of a member; returns where they begin."""
    rows, row = market.rows, market.row
    if rows.begin[i] == UNLISTED:
        found = scan_row(i, market.packed, market.free, row)
        make_room(found, rows)
        first = rows.used[0]
        for number in range(found):
            put(i, row.mentors[number], row.fits[number], first + number, row.mentors[number], market, rows)
        give(i, found, rows)
    return int(rows.begin[i])


def column_of(j: int, market: LiveMarket) -> int:
    """List the pairs of a mentor; returns where they begin."""
    columns, row = market.columns, market.row
    if columns.begin[j] == UNLISTED:
        look_beside(j, market)
        make_room(len(market.seen), columns)
        first, found = columns.used[0], 0
        for i in range(len(market.seen)):
            if market.seen[i] != 0 and not is_barred(i, j, market):
                row.mentors[0] = j
                if weigh(i, 1, market.packed, market.free, row) == 1:
                    put(i, j, row.fits[0], first + found, i, market, columns)
                    found += 1
        give(j, found, columns)
    return int(columns.begin[j])


def list_all(market: LiveMarket) -> None:
    """List the pairs of everybody: each member's by comparing, each mentor's from those."""
    rows, columns = market.rows, market.columns
    for i in range(len(rows.begin)):
        row_of(i, market)
        for at in range(rows.begin[i], rows.begin[i] + rows.length[i]):
            columns.length[rows.other[at]] += 1
    for j in range(len(columns.begin)):
        make_room(columns.length[j], columns)
        give(j, columns.length[j], columns)
        columns.length[j] = 0
    for i in range(len(rows.begin)):
        for at in range(rows.begin[i], rows.begin[i] + rows.length[i]):
            enlist(rows.other[at], i, rows.worth[at, 0], rows.worth[at, 1], columns)


def put(i: int, j: int, fit: int, at: int, other: int, market: LiveMarket, lists: Lists) -> None:
    """Write a pair into a list."""
    lists.other[at] = other
    lists.worth[at, 0] = market.rank[i] + market.numbers[FIT] * fit
    lists.worth[at, 1] = draw(i, j, market)


def spare(found: int) -> int:
    """Say how much room a list gets, newcomers included."""
    return found + found // 8 + 8


def make_room(found: int, lists: Lists) -> None:
    """Forget all lists if there is no room for one more."""
    if lists.used[0] + spare(found) > len(lists.other):
        for each in range(len(lists.begin)):
            lists.begin[each] = UNLISTED
        lists.used[0] = 0


def give(person: int, found: int, lists: Lists) -> None:
    """Give a person the list that was written where the others end."""
    lists.begin[person] = lists.used[0]
    lists.length[person] = found
    lists.room[person] = spare(found)
    lists.used[0] += spare(found)


def look_beside(j: int, market: LiveMarket) -> None:
    """Mark the members that a first look leaves beside a mentor."""
    mine, theirs, seen = market.packed.mentors.glance, market.packed.members.glance, market.seen
    languages, modes, needs, week, hindrances = mine[0, j], mine[1, j], mine[2, j], mine[3, j], mine[4, j]
    # One name a row, or the loop is not turned into vectors.
    their_languages, their_modes, their_needs, their_week, their_hindrances = (
        theirs[0],
        theirs[1],
        theirs[2],
        theirs[3],
        theirs[4],
    )
    for i in range(len(seen)):
        seen[i] = (
            ((languages & their_languages[i]) != 0)
            & ((modes & their_modes[i]) != 0)
            & ((needs & their_needs[i]) != 0)
            & ((week & their_week[i]) != 0)
            & ((hindrances & their_hindrances[i]) == 0)
        )


def is_barred(i: int, j: int, market: LiveMarket) -> bool:
    """Tell whether the rule `relation` forbids a pair."""
    exceptions = market.packed.exceptions
    for barred in range(exceptions.barred_from[i], exceptions.barred_from[i + 1]):
        if exceptions.barred[barred] == j:
            return True
    return False


def enlist(person: int, other: int, first: int, second: int, lists: Lists) -> None:
    """Add a pair to a person's list, if they have one; if it is full, it is to be made anew."""
    if lists.begin[person] == UNLISTED:
        return
    if lists.length[person] == lists.room[person]:
        lists.begin[person] = UNLISTED
        return
    end = lists.begin[person] + lists.length[person]
    lists.other[end], lists.worth[end, 0], lists.worth[end, 1] = other, first, second
    lists.length[person] += 1


def unlist(person: int, other: int, lists: Lists) -> None:
    """Take a pair from a person's list, if it is there."""
    first = lists.begin[person]
    if first == UNLISTED:
        return
    last = first + lists.length[person] - 1
    for at in range(first, last + 1):
        if lists.other[at] == other:
            lists.other[at], lists.worth[at, 0], lists.worth[at, 1] = (
                lists.other[last],
                lists.worth[last, 0],
                lists.worth[last, 1],
            )
            lists.length[person] -= 1
            return


def exchange_member(i: int, is_new: bool, market: LiveMarket) -> None:  # noqa: FBT001 - compiled
    """Add a member to the lists of mentors, or take them from there and forget their own."""
    begin, rows = row_of(i, market), market.rows
    for at in range(begin, begin + rows.length[i]):
        if is_new:
            enlist(rows.other[at], i, rows.worth[at, 0], rows.worth[at, 1], market.columns)
        else:
            unlist(rows.other[at], i, market.columns)
    if not is_new:
        rows.begin[i] = UNLISTED


def exchange_mentor(j: int, is_new: bool, market: LiveMarket) -> None:  # noqa: FBT001 - compiled
    """Add a mentor to the lists of members, or take them from there and forget their own."""
    begin, columns = column_of(j, market), market.columns
    for at in range(begin, begin + columns.length[j]):
        if is_new:
            enlist(columns.other[at], j, columns.worth[at, 0], columns.worth[at, 1], market.rows)
        else:
            unlist(columns.other[at], j, market.rows)
    if not is_new:
        columns.begin[j] = UNLISTED


def exchange_pair(i: int, j: int, fit: int, is_new: bool, market: LiveMarket) -> None:  # noqa: FBT001 - compiled
    """Add a pair to both lists, or take it from there."""
    if is_new:
        first, second = market.rank[i] + market.numbers[FIT] * fit, draw(i, j, market)
        enlist(i, j, first, second, market.rows)
        enlist(j, i, first, second, market.columns)
    else:
        unlist(i, j, market.rows)
        unlist(j, i, market.columns)


CALLEES: Final[tuple[Any, ...]] = (
    *comparing.CALLEES,
    put,
    spare,
    make_room,
    give,
    is_barred,
    look_beside,
    row_of,
    column_of,
    enlist,
    unlist,
)
