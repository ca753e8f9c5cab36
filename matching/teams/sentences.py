"""How is it said in plain words who supports a member in a team, or why nobody does? With the ids of the problem."""

from typing import Final

from matching.sentences import RULE_WORDS, why
from matching.teams.solve import TeamSolution

REASON_WORDS: Final = {
    "no-feasible-mentor": "No mentor is possible.",
    "no-feasible-navigator": "No navigator is possible.",
    "no-feasible-team": "There are possible mentors and navigators, and none of them can work together.",
    "places-short": "A team is possible. Places are short, and the best plan serves others.",
}


def why_team(solution: TeamSolution, member: str) -> list[str]:
    """Say what speaks for a member's team, or why there is none. Raises KeyError if nobody has the id."""
    for team in solution.teams:
        if team.member == member:
            return [said for half in (team.mentor, team.navigator) if half for said in why(half)]
    waiting = solution.waiting[member]
    said = [REASON_WORDS[waiting.reason]]
    for rules, helpers in waiting.nearest.items():
        said.append(f"Possible were it not that {' and '.join(RULE_WORDS[rule] for rule in rules)}: {helpers}.")
    return said
