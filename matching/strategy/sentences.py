"""How is it said in plain words who could gain by a misreport? With the ids of the problem."""

from collections.abc import Sequence
from typing import Final

from matching.strategy.misreports import MEMBER, MENTOR
from matching.strategy.search import Attempt, Finding, Standing

MORE: Final = {MEMBER: "are served for it", MENTOR: "get more members"}


def of_findings(findings: Sequence[Finding]) -> list[str]:
    """Say of each kind how many were tried and gained, and then what the largest gains are."""
    tried = sum(each.attempts for each in findings)
    said = [f"{tried:,} misreports were tried."]
    said += [_counted(each) for each in findings if each.attempts]
    count = max((each.most_count for each in findings if each.most_count), key=_count, default=None)
    said += [f"The largest gain in people: {_story(count)}" if count else "Nobody gains people."]
    fit = max((each.most_fit for each in findings if each.most_fit), key=_fit, default=None)
    return [*said, f"The largest gain in fit: {_story(fit)}" if fit else "Nobody gains fit."]


def _count(attempt: Attempt) -> int:
    return attempt.gain_in_count


def _fit(attempt: Attempt) -> int:
    return attempt.gain_in_fit


def _counted(finding: Finding) -> str:
    more = MORE[finding.side]
    said = f"{finding.side} {finding.kind}: of {finding.attempts:,}, {finding.gained_count:,} {more}"
    said += f" and {finding.gained_fit:,} get a better fit"
    if finding.most_fit:
        said += f", by {finding.most_fit.gain_in_fit} points at most"
    return f"{said}."


def _story(attempt: Attempt) -> str:
    met, otherwise = _met(attempt.after), _met(attempt.before)
    served, fit = _grown(attempt.others_served), _grown(attempt.others_fit)
    return (
        f"by {attempt.kind}, {attempt.side} {attempt.person} meets {met} instead of {otherwise}. "
        f"Of the other members, {served} are served, with {fit} points of fit in all."
    )


def _met(standing: Standing) -> str:
    if not standing.meets:
        return "nobody"
    return f"{', '.join(standing.meets)} (mean fit {standing.mean_fit})"


def _grown(by: int) -> str:
    return f"{abs(by):,} {'more' if by > 0 else 'fewer'}" if by else "as many"
