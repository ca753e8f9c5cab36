"""How is it said in plain words why somebody is in a circle, or in none? With the ids of the problem."""

from calendar import day_name
from typing import Final

from matching.circles.hours import HOURS_A_DAY
from matching.circles.solve import Circle, CircleSolution, Place
from matching.circles.waiting import OTHERS

REASON_WORDS: Final = {
    "no-feasible-facilitator": "No facilitator is possible.",
    "too-few": "A facilitator is possible, and too few others could meet with them on a topic at any hour.",
    "composition": "Enough could meet at some hour, and the rules about who meets together leave no circle.",
    "places-short": "A circle is possible, and the best plan serves others.",
}

RULE_WORDS: Final = {
    "topic": "they facilitate none of the member's topics",
    "language": "they share no language",
    "contact-mode": "they share no way to meet",
    "hour": "no hour is free for both all year",
    "member-boundary": "it is not possible for the member",
    "mentor-boundary": "it is not possible for the facilitator",
    "preference": "the facilitator is not of the gender on which the member insists",
    "relation": "they are kept apart, or are one person",
    "place": "the facilitator has no room for a circle",
}
"""What is said of a rule that fails. Of boundaries no more is said than that."""


def why_circle(solution: CircleSolution, member: str) -> list[str]:
    """Say why a member is in their circle, or in none. Raises KeyError if the member is not in the problem."""
    for circle in solution.circles:
        for place in circle.places:
            if place.member == member:
                return _of_place(circle, place)
    waiting = solution.waiting[member]
    said = [REASON_WORDS[waiting.reason]]
    for rules, facilitators in waiting.nearest.items():
        said.append(f"Possible were it not that {' and '.join(RULE_WORDS[rule] for rule in rules)}: {facilitators}.")
    for rule in waiting.rules:
        what = "who may not meet whom" if rule == OTHERS else rule
        said.append(f"Possible without the rule about {what}.")
    return said


def _of_place(circle: Circle, place: Place) -> list[str]:
    day, hour = divmod(circle.hour, HOURS_A_DAY)
    shared = ", ".join(place.shared_experience) or "nothing"
    return [
        f"{place.member} fits the circle of {circle.facilitator} on {circle.topic} with {place.fit} of 1,000 points.",
        f"It meets by {circle.contact_mode} in {circle.language}, {day_name[day]} at {hour:02}:00, {circle.time_zone}.",
        f"{place.points['topic']} for the topic, {place.points['first-language']} for the first language.",
        f"{place.points['lived-experience']} for experience in common with the facilitator: {shared}.",
        f"{len(circle.places)} are in it; the member's rank is {place.rank}.",
    ]
