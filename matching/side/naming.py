"""Do the side constraints name people and groups that are there, each once?"""

from collections.abc import Collection, Iterator, Sequence

from matching.side.constraints import SideConstraints

A_FEW = 2


def complaints_about_side(
    side: SideConstraints, members: Collection[str], mentors: Collection[str], *, with_hours: bool
) -> Iterator[str]:
    """Say what is wrong, with its place as in `side.spans[0].mentors[1]`, and never with what stands there."""
    if side and with_hours:
        yield "side: side constraints and standing hours cannot be solved together"
    groups = [group.name for group in side.groups]
    yield from _repeated("side.groups", ".name", groups)
    for number, group in enumerate(side.groups):
        yield from _known(f"side.groups[{number}].members", group.members, members, "member")
    yield from _about_people(side, members, mentors)
    for number, novice in enumerate(side.novices):
        yield from _one(f"side.novices[{number}].mentor", novice.mentor, mentors, "mentor")
        yield from _one(f"side.novices[{number}].group", novice.group, groups, "group")
    for number, floor in enumerate(side.floors):
        yield from _one(f"side.floors[{number}].group", floor.group, groups, "group")
        if floor.group in groups and floor.least > len(side.members_of(floor.group)):
            yield f"side.floors[{number}].least: is more than the group has members"


def _about_people(side: SideConstraints, members: Collection[str], mentors: Collection[str]) -> Iterator[str]:
    for number, span in enumerate(side.spans):
        yield from _known(f"side.spans[{number}].mentors", span.mentors, mentors, "mentor")
    for number, together in enumerate(side.together):
        yield from _two(f"side.together[{number}].members", together.members, members)
    for number, pair in enumerate(side.apart):
        yield from _two(f"side.apart[{number}]", pair, members)
    for number, caseload in enumerate(side.least_caseloads):
        yield from _one(f"side.least_caseloads[{number}].mentor", caseload.mentor, mentors, "mentor")


def _two(place: str, names: Sequence[str], known: Collection[str]) -> Iterator[str]:
    if len(names) < A_FEW:
        yield f"{place}: are not two or more"
    yield from _known(place, names, known, "member")


def _known(place: str, names: Sequence[str], known: Collection[str], kind: str) -> Iterator[str]:
    for number, name in enumerate(names):
        yield from _one(f"{place}[{number}]", name, known, kind)
    yield from _repeated(place, "", names)


def _one(place: str, name: str, known: Collection[str], kind: str) -> Iterator[str]:
    if name not in known:
        yield f"{place}: is the {'name' if kind == 'group' else 'id'} of no {kind}"


def _repeated(place: str, part: str, names: Sequence[str]) -> Iterator[str]:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            yield f"{place}[{number}]{part}: stands more than once"
        seen.add(name)
