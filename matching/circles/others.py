"""Who may not be in one circle with whom?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matching.circles.candidates import wishes_for
from matching.circles.problem import CircleMember
from matching.people import ANY_GENDER


@dataclass(frozen=True, slots=True)
class Rift:
    """Nobody on the left may be in a circle with anybody on the right. Nobody stands on both sides."""

    left: frozenset[int]
    right: frozenset[int]


def may_meet(one: CircleMember, other: CircleMember, apart: frozenset[tuple[str, str]]) -> bool:
    """Tell whether two members may be in one circle: boundaries, wishes for one gender, and who is kept apart."""
    return (
        not one.avoid_topics & other.lived_experience
        and not other.avoid_topics & one.lived_experience
        and wishes_for(one, other.gender)
        and wishes_for(other, one.gender)
        and not {(one.id, other.id), (other.id, one.id)} & apart
    )


def rifts(members: Sequence[CircleMember], apart: frozenset[tuple[str, str]]) -> list[Rift]:
    """Put all pairs who may not meet into few rifts: one for each topic that is avoided, and each gender wished for."""
    found = [rift for topic in _avoided(members) for rift in _around(members, topic)]
    for wish in sorted({(member.circle_gender, member.gender or "") for member in members if _wishes(member)}):
        left = frozenset(i for i, each in enumerate(members) if (each.circle_gender, each.gender or "") == wish)
        some = members[min(left)]
        found.append(Rift(left, frozenset(i for i, each in enumerate(members) if not wishes_for(some, each.gender))))
    i = {member.id: index for index, member in enumerate(members)}
    pairs = {frozenset((i[one], i[other])) for one, other in apart if one in i and other in i and one != other}
    found += [Rift(frozenset((min(pair),)), frozenset((max(pair),))) for pair in pairs]
    return sorted(
        {each for rift in found for each in _parted(rift)}, key=lambda each: (sorted(each.left), sorted(each.right))
    )


def _wishes(member: CircleMember) -> bool:
    return member.circle_gender != ANY_GENDER


def _avoided(members: Sequence[CircleMember]) -> list[str]:
    return sorted(frozenset().union(*(member.avoid_topics for member in members)))


def _around(members: Sequence[CircleMember], topic: str) -> Iterator[Rift]:
    avoid = frozenset(i for i, member in enumerate(members) if topic in member.avoid_topics)
    lived = frozenset(i for i, member in enumerate(members) if topic in member.lived_experience)
    if lived:
        yield Rift(avoid, lived)


def _parted(rift: Rift) -> Iterator[Rift]:
    """Take out those on both sides: they keep away from everybody on either, but not from themselves."""
    both = rift.left & rift.right
    left, right = rift.left - both, rift.right - both
    if left and right:
        yield Rift(left, right)
    for i in sorted(both):
        yield Rift(frozenset((i,)), (rift.left | rift.right) - {i})
