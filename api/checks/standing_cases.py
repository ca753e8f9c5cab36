"""Every way in which somebody may or may not speak for a person, and what is right in each, from the rules in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Final


class Age(StrEnum):
    """How old the person is."""

    ADULT = "adult"
    MINOR = "minor"
    ALONE = "minor who consents alone"
    GROWN = "minor when it was said, of age since"


class Speaker(StrEnum):
    """As what somebody speaks for the person."""

    NOBODY = "nobody"
    GUARDIAN = "guardian"
    DELEGATE = "delegate"


class Standing(StrEnum):
    """How the standing is, when the word is given and after."""

    LIVE = "live"
    OTHER_PURPOSE = "for another purpose"
    UNCONFIRMED = "unconfirmed"
    TURNED_DOWN = "turned down"
    ENDED_BEFORE = "ended before the word"
    ENDED_AFTER = "ended after the word"
    EXPIRED_BEFORE = "expired before the word"
    EXPIRED_AFTER = "expired after the word"


class Harm(StrEnum):
    """Whether and when it is recorded that whoever speaks does harm."""

    NONE = "none"
    FIRST = "before the standing was asked for"
    BEFORE = "before the word"
    AFTER = "after the word"


class Own(StrEnum):
    """What the person says themselves."""

    UNASKED = "unasked"
    YES = "yes"
    NO = "no"
    YES_THEN_NO = "yes, and no after the other's word"
    YES_LATER = "yes after the other's word"


class Theirs(StrEnum):
    """What is said for them."""

    NOTHING = "nothing"
    YES = "yes"
    NO = "no"
    TAKEN_BACK = "yes, then taken back"


@dataclass(frozen=True)
class Case:
    """One combination."""

    age: Age
    speaker: Speaker
    standing: Standing
    harm: Harm
    own: Own
    theirs: Theirs

    def __str__(self) -> str:
        """Name it by its values."""
        return ", ".join(f"{name}: {value}" for name, value in vars(self).items())


def cases() -> Iterator[Case]:
    """Give all combinations; where nobody speaks, the rest has nothing to vary."""
    for values in product(Age, Speaker, Standing, Harm, Own, Theirs):
        case = Case(*values)
        nothing = (case.standing, case.harm, case.theirs) == (Standing.LIVE, Harm.NONE, Theirs.NOTHING)
        if case.speaker != Speaker.NOBODY or nothing:
            yield case


# The rules, one a row: what it says in words, and whether it lets this case pass.
_OWN_YES: Final = {Own.YES, Own.YES_LATER}
_YES_WHEN_ASKED: Final = {Own.YES, Own.YES_THEN_NO}
_HAD_STANDING: Final = {Standing.LIVE, Standing.ENDED_AFTER, Standing.EXPIRED_AFTER}

MAY_BE_SAID_FOR_THEM: Final[dict[str, Callable[[Case], bool]]] = {
    "somebody speaks": lambda case: case.speaker != Speaker.NOBODY,
    "on a standing that two people recorded, about this purpose, that has not ended or run out": lambda case: (
        case.standing in _HAD_STANDING
    ),
    "a person's own no is never spoken over": lambda case: case.own != Own.NO,
    "a minor is asked before their guardian": lambda case: (
        case.speaker != Speaker.GUARDIAN or case.own in _YES_WHEN_ASKED
    ),
    "adults have no guardian": lambda case: not (case.age == Age.ADULT and case.speaker == Speaker.GUARDIAN),
    "a delegate does not speak for a minor who needs a guardian": lambda case: (
        not (case.age in {Age.MINOR, Age.GROWN} and case.speaker == Speaker.DELEGATE)
    ),
}
COUNTS_NOW: Final[dict[str, Callable[[Case], bool]]] = {
    "they said yes, and have not taken it back": lambda case: case.theirs == Theirs.YES,
    "the standing still is": lambda case: case.standing == Standing.LIVE,
    "no harm is recorded, whenever it was recorded": lambda case: case.harm == Harm.NONE,
    "the person has not said no since": lambda case: case.own != Own.YES_THEN_NO,
}


def permits(case: Case) -> bool:
    """Say whether the person's data may be used, by the rules."""
    own = case.own in _OWN_YES
    other = all(rule(case) for rule in (*MAY_BE_SAID_FOR_THEM.values(), *COUNTS_NOW.values()))
    by = {
        Age.ADULT: own or other,
        Age.MINOR: own and other and case.speaker == Speaker.GUARDIAN,
        Age.ALONE: own or (other and case.speaker == Speaker.DELEGATE),
        Age.GROWN: False,  # what was said for or by a child does not bind a grown-up: they are asked anew
    }
    return by[case.age]
