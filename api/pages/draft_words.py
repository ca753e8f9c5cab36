"""What did a change of a draft do, in words?"""

from collections.abc import Sequence
from typing import Final

from api.pages import sentences
from api.planning.showing import Done, Moved, Named, Standing
from matching.solution import Objective

_MOST_NAMED: Final = 6
_DONE: Final = {
    "pinned": "{0} is to meet {1}",
    "unpinned": "{0} is free again",
    "kept-apart": "{0} is not to meet {1} this time",
    "swapped": "{0} and {2} exchange mentors: {0} meets {1}, {2} meets {3}",
    "set-aside": "{0} is left out this time",
    "places-tried": "What if {0} had {places}?",
    "policy-tried": "What if the programme's numbers were others?",
}


def done(change: Done) -> str:
    """Say what was changed."""
    return _DONE[change.kind].format(*(each.handle for each in change.who), places=_places(change))


def price(growth: Objective) -> str:
    """Say what a change cost or brought, the first level that differs before the others."""
    said = []
    if growth.served:
        said.append(
            f"{sentences.count(abs(growth.served), 'member')} {'more' if growth.served > 0 else 'fewer'} served"
        )
    elif growth.order_of_serving:
        better = growth.order_of_serving > 0
        said.append(f"somebody {'more' if better else 'less'} pressing is served instead of somebody else")
    if growth.fit:
        said.append(f"fit {growth.fit:+,} points in all".replace("-", "\N{MINUS SIGN}"))
    if growth.evenness and not said:
        said.append("the load is " + ("less even" if growth.evenness > 0 else "more even"))
    return sentences.sentence("; ".join(said) if said else "everything stays as good")


def moves(change: Done) -> list[str]:
    """Say who else moves because of a change; of many, the first and how many more."""
    others = [move for move in change.moves if move.member.id not in {each.id for each in change.who}]
    said = [_move(move) for move in others[:_MOST_NAMED]]
    if len(others) > _MOST_NAMED:
        said.append(f"and {len(others) - _MOST_NAMED} more move.")
    return said


def proven(standing: Standing) -> str:
    """Say whether a plan is the best there is."""
    if standing.optimal:
        return "Checked: with these changes, no other plan is better."
    return "This is the best plan that was found; it is not proven that none is better."


def names(found: Sequence[Named]) -> str:
    """List people by their handles."""
    return sentences.listing([each.handle for each in found])


def _move(move: Moved) -> str:
    before, after = (None if each is None else each.handle for each in (move.before, move.after))
    if after is None:
        return f"{move.member.handle} would wait instead of meeting {before}."
    return f"{move.member.handle} meets {after}" + (f" instead of {before}." if before else " and no longer waits.")


def _places(change: Done) -> str:
    return "" if change.places is None else sentences.count(change.places, "place")
