"""What else could somebody say, alone, than what is true of them?

A misreport takes the true problem and one person and gives the problems that others would see. What a person cannot
say is not among them: since when they wait, or what others say.

Many of these only take pairs or places away, make a pair look worse, or add pairs that the truth forbids. They never
get a waiting member served, or a mentor more members: `UNAVAILING` names them, and docs/strategy.md has the proof. They
can get somebody another mentor, or other members.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np

from matching.instance import every_pair, instance_of
from matching.people import ANY_GENDER, URGENCIES, Member, Mentor
from matching.problem import Problem

OfMember = Callable[[Problem, Member], Iterator[Problem]]
OfMentor = Callable[[Problem, Mentor], Iterator[Problem]]


def list_one_window_as_member(problem: Problem, member: Member) -> Iterator[Problem]:
    """List one of several windows."""
    if len(member.availability) > 1:
        yield from (_said(problem, member, availability=(window,)) for window in member.availability)


def hide_a_language_as_member(problem: Problem, member: Member) -> Iterator[Problem]:
    """Leave out a language, but not the one that stands first."""
    yield from (
        _said(problem, member, languages=_without(member.languages, language)) for language in member.languages[1:]
    )


def hide_the_first_language(problem: Problem, member: Member) -> Iterator[Problem]:
    """Leave out the language that stands first, so that the next does."""
    if len(member.languages) > 1:
        yield _said(problem, member, languages=member.languages[1:])


def hide_a_contact_mode_as_member(problem: Problem, member: Member) -> Iterator[Problem]:
    """Leave out a way to meet; the rest is then a greater part of what is asked for."""
    if len(member.contact_modes) > 1:
        for mode in sorted(member.contact_modes):
            yield _said(problem, member, contact_modes=member.contact_modes - {mode})


def insist_on_a_gender(problem: Problem, member: Member) -> Iterator[Problem]:
    """Insist where it does not matter."""
    if member.mentor_gender == ANY_GENDER:
        genders = {mentor.gender for mentor in problem.mentors if mentor.gender is not None}
        yield from (_said(problem, member, mentor_gender=gender) for gender in sorted(genders))


def keep_away_all_but_the_best(problem: Problem, member: Member) -> Iterator[Problem]:
    """Keep every mentor away but one of those who fit best."""
    alone = instance_of(replace(problem, members=(member,), pins=()))
    pairs = every_pair(alone)
    for j in pairs.j[np.argsort(-pairs.f, kind="stable")[:FAVOURITES]].tolist():
        others = {(member.id, mentor.id) for mentor in problem.mentors if mentor.id != alone.mentor_ids[j]}
        yield replace(problem, barred=problem.barred | others)


def overstate_urgency(problem: Problem, member: Member) -> Iterator[Problem]:
    """Say that it is more urgent."""
    for urgency in URGENCIES[: URGENCIES.index(member.urgency)]:
        yield _said(problem, member, urgency=urgency)


def add_a_need(problem: Problem, member: Member) -> Iterator[Problem]:
    """Ask for something that is not needed, of what most mentors offer."""
    for need in _commonest(mentor.offers.difference(member.needs) for mentor in problem.mentors):
        yield _said(problem, member, needs=(*member.needs, need))


def drop_a_need(problem: Problem, member: Member) -> Iterator[Problem]:
    """Leave out something that is needed; the rest is then a greater part of what is asked for."""
    if len(member.needs) > 1:
        yield from (_said(problem, member, needs=_without(member.needs, need)) for need in member.needs)


def drop_boundaries(problem: Problem, member: Member) -> Iterator[Problem]:
    """Say that there is nothing to avoid, and no gender on which to insist."""
    if member.avoid_topics or member.mentor_gender != ANY_GENDER:
        yield _said(problem, member, avoid_topics=frozenset(), mentor_gender=ANY_GENDER)


def hide_experience(problem: Problem, member: Member) -> Iterator[Problem]:
    """Say nothing of what was lived through, on which mentors might have a boundary."""
    if member.lived_experience:
        yield _said(problem, member, lived_experience=frozenset(), matchable=frozenset())


def understate_capacity(problem: Problem, mentor: Mentor) -> Iterator[Problem]:
    """Have room for one less, or for one only."""
    fewer = {mentor.capacity - 1, mentor.open + 1}
    for capacity in sorted(each for each in fewer if mentor.open < each < mentor.capacity):
        yield _said(problem, mentor, capacity=capacity)


def list_one_window_as_mentor(problem: Problem, mentor: Mentor) -> Iterator[Problem]:
    """List one of several windows."""
    if len(mentor.availability) > 1:
        yield from (_said(problem, mentor, availability=(window,)) for window in mentor.availability)


def hide_a_language_as_mentor(problem: Problem, mentor: Mentor) -> Iterator[Problem]:
    """Leave out a language."""
    if len(mentor.languages) > 1:
        for language in mentor.languages:
            yield _said(problem, mentor, languages=_without(mentor.languages, language))


def hide_a_contact_mode_as_mentor(problem: Problem, mentor: Mentor) -> Iterator[Problem]:
    """Leave out a way to meet."""
    if len(mentor.contact_modes) > 1:
        for mode in sorted(mentor.contact_modes):
            yield _said(problem, mentor, contact_modes=mentor.contact_modes - {mode})


def hide_an_offer(problem: Problem, mentor: Mentor) -> Iterator[Problem]:
    """Leave out something that is offered, which members might want to avoid."""
    if len(mentor.offers) > 1:
        yield from (_said(problem, mentor, offers=mentor.offers - {offer}) for offer in sorted(mentor.offers))


def decline_a_topic(problem: Problem, mentor: Mentor) -> Iterator[Problem]:
    """Have a boundary that is none, about what most members live with or need."""
    about = (member.lived_experience.union(member.needs) for member in problem.members)
    for topic in _commonest(topics - mentor.declined_topics for topics in about):
        yield _said(problem, mentor, declined_topics=mentor.declined_topics | {topic})


FAVOURITES: Final = 3
MOST_CODES: Final = 6

MEMBER_MISREPORTS: Final[dict[str, OfMember]] = {
    "list-one-window": list_one_window_as_member,
    "hide-language": hide_a_language_as_member,
    "hide-first-language": hide_the_first_language,
    "hide-contact-mode": hide_a_contact_mode_as_member,
    "insist-on-gender": insist_on_a_gender,
    "keep-all-but-one-away": keep_away_all_but_the_best,
    "overstate-urgency": overstate_urgency,
    "add-need": add_a_need,
    "drop-need": drop_a_need,
    "drop-boundaries": drop_boundaries,
    "hide-experience": hide_experience,
}
MENTOR_MISREPORTS: Final[dict[str, OfMentor]] = {
    "understate-capacity": understate_capacity,
    "list-one-window": list_one_window_as_mentor,
    "hide-language": hide_a_language_as_mentor,
    "hide-contact-mode": hide_a_contact_mode_as_mentor,
    "hide-offer": hide_an_offer,
    "decline-topic": decline_a_topic,
}
MEMBER, MENTOR = "member", "mentor"
UNAVAILING: Final = {
    MEMBER: frozenset(MEMBER_MISREPORTS)
    - {"hide-first-language", "hide-contact-mode", "overstate-urgency", "add-need", "drop-need"},
    MENTOR: frozenset(MENTOR_MISREPORTS) - {"hide-offer"},
}
"""Which kinds never gain people, by side. Not among them is whatever can make a pair look better."""


def _said(problem: Problem, person: Member | Mentor, **otherwise: Any) -> Problem:
    """Have one person say something else."""
    if isinstance(person, Member):
        return replace(problem, members=_with(problem.members, replace(person, **otherwise)))
    return replace(problem, mentors=_with(problem.mentors, replace(person, **otherwise)))


def _with(people: Iterable[Any], changed: Member | Mentor) -> tuple[Any, ...]:
    return tuple(changed if each.id == changed.id else each for each in people)


def _commonest(sets: Iterable[frozenset[str]]) -> list[str]:
    counted = Counter(code for codes in sets for code in codes)
    return sorted(counted, key=lambda code: (-counted[code], code))[:MOST_CODES]


def _without(codes: tuple[str, ...], code: str) -> tuple[str, ...]:
    return tuple(each for each in codes if each != code)
