"""What does a believable roster of any size look like? Seeded, with the scarcities that real ones have."""

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from api.roster import sample_population as population
from api.roster.forms import MEMBERS, MENTORS
from api.roster.sample_draws import Draws, Weights, fill_empty, joined, taken
from api.roster.sample_people import Table, contact, names, people, shared_columns
from api.roster.sample_population import COMMUNITIES, PLACES, Community
from domain.values import NEED_FACETS, Facet, Role

_CODES: Final = tuple(NEED_FACETS)
_STRENGTHS: Final = {Role.MENTOR: Facet.EMOTIONAL, Role.PEER_NAVIGATOR: Facet.PRACTICAL}


def write_sample(folder: Path, *, members: int, mentors: int, seed: int, today: date) -> tuple[Path, Path]:
    """Write `members.csv` and `mentors.csv` into the folder, made if need be, and give their paths.

    The same numbers of people, seed and day give the same bytes everywhere; who the mentors are does not depend on the
    number of members. Nobody in it exists. `seed` is a whole number from 0 on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    member_path, mentor_path = folder / "members.csv", folder / "mentors.csv"
    _write(member_path, _members(Draws(seed, 1, members), today), [column.name for column in MEMBERS.columns])
    _write(mentor_path, _mentors(Draws(seed, 2, mentors), today), [column.name for column in MENTORS.columns])
    return member_path, mentor_path


def _write(path: Path, table: Table, columns: list[str]) -> None:
    header = [column for column in columns if column in table]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(zip(*(table[column] for column in header), strict=True))


def _members(draws: Draws, today: date) -> Table:
    members = people(draws, lambda kind: kind.members)
    languages = [place.languages for place in PLACES]
    needs = draws.flags(_CODES, [community.needs for community in COMMUNITIES], members.community)
    commonest = [_CODES.index(max(community.needs, key=community.needs.__getitem__)) for community in COMMUNITIES]
    fill_empty(needs, np.array(commonest)[members.community])
    return {
        # Odd numbers here and even ones below, so that no member is called as a mentor is.
        **names(draws, "S", range(1, 2 * draws.count, 2)),
        **shared_columns(draws, members, languages, ("avoid_topics", population.PERCENT_OF_MEMBERS_WITH_BOUNDARY)),
        "needs": joined(_CODES, needs),
        "urgency": draws.word_in([community.urgency for community in COMMUNITIES], members.community),
        "mentor_gender": draws.word_in(tuple(population.MENTOR_GENDER.values()), members.gender),
        "waiting_since": _waiting_since(draws, today),
        **contact(draws, "S"),
    }


def _mentors(draws: Draws, today: date) -> Table:
    mentors = people(draws, lambda kind: kind.mentors)
    languages = [_trained_in_english(place.languages) for place in PLACES]
    role = draws.percent(population.PERCENT_NAVIGATORS).astype(np.int64)
    percents = [_offers(facet, community) for facet in _STRENGTHS.values() for community in COMMUNITIES]
    offers = draws.flags(_CODES, percents, role * len(COMMUNITIES) + mentors.community)
    fill_empty(offers, draws.below(len(_CODES)))
    return {
        **names(draws, "T", range(2, 2 * draws.count + 1, 2)),
        **shared_columns(draws, mentors, languages, ("declines", population.PERCENT_OF_MENTORS_WITH_BOUNDARY)),
        "role": taken(tuple(_STRENGTHS), role),
        "offers": joined(_CODES, offers),
        "capacity": draws.word(population.CAPACITY),
        "trained_until": _trained_until(draws, today),
        "supervisor": _supervisors(draws),
        **contact(draws, "T"),
    }


def _waiting_since(draws: Draws, today: date) -> list[str]:
    weights = [1_000_000]
    while len(weights) <= population.LONGEST_WAIT_DAYS:
        weights.append(weights[-1] * population.PERCENT_STILL_WAITING_A_DAY_LATER // 100)
    days = [(today - timedelta(days=ago)).isoformat() for ago in range(len(weights))]
    return taken(days, draws.pick(weights))


def _trained_in_english(languages: Weights) -> Weights:
    among_mentors = population.ENGLISH_AMONG_MENTORS
    return {
        spoken: weight * (among_mentors if "en" in spoken.split(";") else 1) for spoken, weight in languages.items()
    }


def _offers(strength: Facet, community: Community) -> Weights:
    """Give the percentage of a community's mentors who offer help with each need; their own ways are at hand to all."""
    return {
        code: population.PERCENT_OFFERED_BY_ANYONE
        + community.needs.get(code, 0) * (population.STRENGTH if facet is strength else 1)
        for code, facet in NEED_FACETS.items()
    }


def _trained_until(draws: Draws, today: date) -> list[str]:
    lapse, longest = population.LONGEST_LAPSE_DAYS, population.LONGEST_TRAINING_DAYS
    has_lapsed = draws.percent(population.PERCENT_LAPSED)
    days = [(today + timedelta(days=ahead)).isoformat() for ahead in range(-lapse, longest + 1)]
    return taken(days, np.where(has_lapsed, draws.below(lapse), lapse + draws.below(longest + 1)))


def _supervisors(draws: Draws) -> list[str]:
    """Give every supervisor the same number of places, a few more than there are mentors, and fill them at random."""
    most, usual = population.MOST_MENTORS_A_SUPERVISOR, population.USUAL_MENTORS_A_SUPERVISOR
    supervisors = -(-draws.count // usual)
    places = draws.order(supervisors * most)[: draws.count]
    return taken([f"SUP-{number:04}" for number in range(1, supervisors + 1)], places // most)
