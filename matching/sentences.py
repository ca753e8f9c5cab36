"""How are reasons said in plain words? With the ids of the problem; whoever knows names puts them in."""

from collections.abc import Mapping, Sequence
from typing import Final

from matching.backups import Backups
from matching.one_more import NextPlace
from matching.recruiting import Profile, Recruit
from matching.side.climbing import SEARCH
from matching.solution import Objective, Proof, Proposal
from matching.waiting import Waiting
from matching.what_if import PLACES, Alternative, Effect, WhyNot

RULE_WORDS: Final = {
    "language": "they share no language",
    "contact-mode": "they share no way to meet",
    "time": "they have too little time in common",
    "standing-hour": "they share no hour that is free every week of the year",
    "need": "the mentor offers nothing that the member needs",
    "member-boundary": "it is not possible for the member",
    "mentor-boundary": "it is not possible for the mentor",
    "preference": "the mentor is not of the gender on which the member insists",
    "relation": "they are kept apart, or are one person, or would support each other",
    PLACES: "the mentor has no place left",
}
"""What is said of a rule that fails. Of boundaries no more is said than that."""


def why(proposal: Proposal) -> list[str]:
    """Say what speaks for a proposal: every point of the fit, the rank and the place."""
    reasons, points = proposal.explanation, proposal.explanation.points
    minutes = reasons.shared_minutes
    said = [
        f"{proposal.member} and {proposal.mentor} fit with {proposal.fit} of 1,000 points.",
        f"{points['needs']} for help with {_listed(reasons.covered_needs)}.",
        f"{points['lived-experience']} for experience in common: {_listed(reasons.shared_experience)}.",
        f"{points['time']} for {minutes // 60} h {minutes % 60:02} min a week in which both are free.",
        f"{points['contact-modes']} for meeting by {_listed(reasons.shared_contact_modes)}.",
        f"{points['first-language']} for the member's first language, {points['age']} for their ages.",
    ]
    if reasons.keep_bonus:
        said.append(f"{reasons.keep_bonus} more, because they were proposed before.")
    return [*said, f"It is place {reasons.place} of {reasons.capacity}; the member's rank is {reasons.rank}."]


def why_not(refusal: WhyNot) -> list[str]:
    """Say why a pair is not proposed, or what forcing it would cost."""
    if refusal.forcing is None:
        return [f"They cannot be matched: {RULE_WORDS[rule]}." for rule in refusal.failing]
    return ["They could be matched.", *of_effect(refusal.forcing)]


def of_effect(effect: Effect) -> list[str]:
    """Say what a change does on each level, and who moves."""
    said = [of_growth(effect.growth)]
    for move in effect.moves:
        if move.after is None:
            said.append(f"{move.member} waits, who would meet {move.before}.")
        else:
            said.append(f"{move.member} meets {move.after}" + (f" and not {move.before}." if move.before else "."))
    return said


def of_growth(growth: Objective) -> str:
    """Say by how much each level grows or falls."""
    levels = {
        "served": growth.served,
        "order of serving": growth.order_of_serving,
        "fit": growth.fit,
        "unevenness": growth.evenness,
    }
    changed = [f"{name} {'grows' if by > 0 else 'falls'} by {abs(by):,}" for name, by in levels.items() if by]
    return f"{_listed(changed).capitalize()}." if changed else "It costs nothing."


def of_next_places(places: Sequence[NextPlace]) -> list[str]:
    """Say what one more place of each mentor would bring, and whose would bring nothing."""
    worth_it = [each for each in places if each.order_of_serving or each.fit]
    said = [
        f"{each.mentor}: {'one more is served' if each.served else 'nobody more is served'}, "
        f"order of serving {each.order_of_serving:+,}, fit {each.fit:+,}."
        for each in worth_it
    ]
    return [*said, f"One more place of others brings nothing: {len(places) - len(worth_it)}."]


def of_recruits(recruits: Sequence[Recruit]) -> list[str]:
    """Say whom to look for, in this order, and what each brings after those before."""
    return [f"{of_profile(each.profile)} {of_growth(each.growth)}" for each in recruits] or [
        "Nobody in the catalogue would bring anything more."
    ]


def of_profile(profile: Profile) -> str:
    """Say what a mentor to look for is like."""
    traits = [f"speaks {profile.language}", f"offers {profile.offer}", f"is free on {profile.time}"]
    if profile.experience is not None:
        traits.insert(2, f"has lived through {profile.experience}")
    if profile.gender is not None:
        traits.append(f"has the gender {profile.gender}")
    return f"Somebody who {_listed(traits)}."


def of_backups(found: Backups) -> list[str]:
    """Say who takes over from whom, and who would be missed most."""
    said = [f"{member}: {mentor}." for member, mentor in found.mentors.items()]
    worst = found.most_stranded
    missed = [mentor for mentor, stranded in found.stranded.items() if stranded == worst and worst]
    if missed:
        said.append(f"Most are left alone, {worst}, if one of these leaves: {_listed(missed)}.")
    return [*said, f"Nobody else could take: {sum(found.stranded.values())} of {_taken(found)}."]


def _taken(found: Backups) -> int:
    return len(found.mentors) + sum(found.stranded.values())


def of_waiting(waiting: Waiting) -> list[str]:
    """Say why somebody waits, and what would help."""
    if waiting.mentors:
        mentors, ahead = len(waiting.mentors), len(waiting.ahead)
        return [
            f"Places are short. Possible mentors: {mentors}. Who has their places and comes before or with: {ahead}."
        ]
    said = ["No mentor is possible."]
    for rules, mentors in waiting.nearest.items():
        words = " and ".join(RULE_WORDS[rule] for rule in rules)
        said.append(f"Possible were it not that {words}: {mentors}.")
    return said


def of_side(places: Mapping[str, str]) -> list[str]:
    """Say which side constraints keep somebody waiting, by their places, and whom they would meet without each."""
    return [f"Without {place} they would meet {mentor}." for place, mentor in places.items()]


def of_gaps(proofs: Sequence[Proof]) -> list[str]:
    """Say where a plan with side constraints is not proven best, and by how much another could at most be better."""
    return [
        f"{_level(each)}: {each.value:,} is reached, and no plan reaches more than {each.bound:,}."
        for each in proofs
        if each.value != each.bound
    ]


def of_searches(proofs: Sequence[Proof]) -> list[str]:
    """Say for which levels the solver's word was taken, and about how many pairs."""
    return [
        f"{_level(each)}: of {each.kernel:,} pairs it is the solver's word that they hold nothing better."
        for each in proofs
        if each.by == SEARCH
    ]


def _level(proof: Proof) -> str:
    return proof.goal.replace("_", " ").capitalize()


def of_alternatives(alternatives: Sequence[Alternative]) -> list[str]:
    """Say what other mentors would cost, the cheapest first."""
    return [
        f"{each.mentor} (fit {each.fit}): {' '.join(of_effect(each.effect)[:1])} {len(each.effect.moves)} would move."
        for each in alternatives
    ]


def _listed(words: Sequence[str]) -> str:
    if len(words) > 1:
        return f"{', '.join(words[:-1])} and {words[-1]}"
    return words[0] if words else "nothing"
