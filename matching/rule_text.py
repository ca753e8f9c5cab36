"""How is a recurrence rule written? As a part of RFC 5545 (section 3.3.10) that says no more than people need.

`FREQ=WEEKLY` falls on days of the week (`BYDAY=TU,TH`; the weekday of the first day if left out), `FREQ=MONTHLY` on
days such as `BYDAY=1SA,-1FR`, from the first to the fifth or the last of the month. Both take `INTERVAL` and an end:
`UNTIL` or `COUNT`. Weeks begin on Monday. A rule has no zone: `UNTIL` is a time on the wall like all others, and a bare
day is meant whole.

A rule is expanded when it is read: `COUNT` becomes the day on which it runs out. Many people keep the same few rules,
so what a text says is remembered.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Final

from matching.people import Recurrence
from matching.recurrence import LAST_DAY, LAST_OF_MONTH, Rule

LONGEST_RULE: Final = 200
MOST_INTERVAL: Final = 52
MOST_COUNT: Final = 100
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PARTS: Final = frozenset({"FREQ", "INTERVAL", "BYDAY", "UNTIL", "COUNT", "WKST"})
_DAY: Final = re.compile(rf"(?:\+?([1-5])|(-1))?({'|'.join(WEEKDAYS)})")
_UNTIL: Final = re.compile(r"(\d{8})(?:T(\d{6}))?", re.ASCII)
_WHOLE_DAY: Final = "235959"


class InvalidRule(ValueError):
    """The rule cannot be read. The message names the part that is wrong and never repeats what stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the text of a rule says; no days: that of the first one."""

    is_monthly: bool
    interval: int
    days: tuple[tuple[int, int], ...]
    count: int | None
    until: datetime | None


def rule_of(recurrence: Recurrence) -> Rule:
    """Read the rule of a recurrence. Raises `InvalidRule`."""
    told, first = _told(recurrence.rule), recurrence.first
    rule = Rule(told.is_monthly, told.interval, told.days or ((0, first.weekday()),), first)
    if told.count is not None:
        return _ended_by_count(rule, told.count)
    if told.until is None:
        return rule
    begins = timedelta(minutes=recurrence.start)
    if not datetime.combine(first, time()) + begins <= told.until <= datetime.combine(LAST_DAY, time.max):
        raise InvalidRule(f"UNTIL: lies before the first day, or beyond the year {LAST_DAY.year}")
    return replace(rule, last=(told.until - begins).date())


def canonical(recurrence: Recurrence) -> str:
    """Write a recurrence's rule in the one form that is kept. Raises `InvalidRule`."""
    rule = rule_of(recurrence)
    days = ",".join(f"{which or ''}{WEEKDAYS[weekday]}" for which, weekday in rule.days)
    end = "" if rule.last == LAST_DAY else f";UNTIL={rule.last:%Y%m%d}T{_WHOLE_DAY}"
    return f"FREQ={'MONTHLY' if rule.is_monthly else 'WEEKLY'};INTERVAL={rule.interval};BYDAY={days}{end}"


@lru_cache(maxsize=4096)
def _ended_by_count(rule: Rule, number: int) -> Rule:
    return replace(rule, last=next(islice(rule.dates(), number - 1, None), LAST_DAY))


@lru_cache(maxsize=16_384)
def _told(text: str) -> _Told:
    parts = _parts(text)
    if parts.get("FREQ") not in {"WEEKLY", "MONTHLY"}:
        raise InvalidRule("FREQ: is not WEEKLY or MONTHLY")
    if parts.get("WKST", "MO") != "MO":
        raise InvalidRule("WKST: is not MO")
    if parts.keys() >= {"UNTIL", "COUNT"}:
        raise InvalidRule("COUNT: stands beside UNTIL")
    is_monthly = parts["FREQ"] == "MONTHLY"
    return _Told(
        is_monthly=is_monthly,
        interval=_number("INTERVAL", parts.get("INTERVAL", "1"), MOST_INTERVAL),
        days=_days(parts.get("BYDAY", ""), is_monthly=is_monthly) if is_monthly or "BYDAY" in parts else (),
        count=_number("COUNT", parts["COUNT"], MOST_COUNT) if "COUNT" in parts else None,
        until=_moment(parts["UNTIL"]) if "UNTIL" in parts else None,
    )


def _parts(text: str) -> dict[str, str]:
    if len(text) > LONGEST_RULE:
        raise InvalidRule(f"is longer than {LONGEST_RULE} characters")
    parts: dict[str, str] = {}
    for piece in text.upper().split(";"):
        name, _, value = piece.partition("=")
        if name not in _PARTS:
            raise InvalidRule("holds something else than FREQ, INTERVAL, BYDAY, UNTIL, COUNT and WKST")
        if name in parts:
            raise InvalidRule(f"{name}: stands more than once")
        parts[name] = value
    return parts


def _days(text: str, *, is_monthly: bool) -> tuple[tuple[int, int], ...]:
    found = set[tuple[int, int]]()
    for piece in text.split(","):
        read = _DAY.fullmatch(piece)
        which = int(read[1] or read[2] or 0) if read else 0
        if read is None or is_monthly != bool(which):
            example = "1SA,-1FR, each from 1 to 5 or -1" if is_monthly else "TU,TH"
            raise InvalidRule(f"BYDAY: does not hold days such as {example}")
        found.add((which, WEEKDAYS.index(read[3])))
    return tuple(sorted(found, key=lambda day: (day[0] == LAST_OF_MONTH, day)))


def _number(name: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and 1 <= int(text) <= most):
        raise InvalidRule(f"{name}: is not a whole number from 1 to {most}")
    return int(text)


def _moment(text: str) -> datetime:
    read = _UNTIL.fullmatch(text)
    try:
        if read is not None:
            return datetime.strptime(f"{read[1]}{read[2] or _WHOLE_DAY}", "%Y%m%d%H%M%S")  # noqa: DTZ007 -- on the wall
    except ValueError:
        pass
    raise InvalidRule("UNTIL: is not a day such as 20260630, or a local time of one such as 20260630T180000")
