"""Who are the people of the sample, whether they seek support or give it?"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from api.roster import sample_population as population
from api.roster.sample_draws import Draws, Numbers, Weights, fill_empty, joined, taken
from api.roster.sample_population import COMMUNITIES, PATTERNS, PLACES, Community, Pattern, Place, Spell
from domain.values import DAYS, MINUTES_A_DAY, WeeklyWindow

Table = dict[str, list[str]]  # the cells of each column
Share = Callable[[Place | Community | Pattern], int]

_HALF_HOUR: Final = 30
_HALF_HOURS_A_DAY: Final = MINUTES_A_DAY // _HALF_HOUR
_MAIN_TAGS: Final = tuple(community.tag for community in COMMUNITIES)
_TAGS: Final = tuple(dict.fromkeys([*_MAIN_TAGS, *(tag for community in COMMUNITIES for tag in community.further)]))
_GENDERS: Final = tuple(population.MENTOR_GENDER)


@dataclass(frozen=True, slots=True)
class People:
    """Where each person stands in the lists of the population."""

    place: Numbers
    community: Numbers
    pattern: Numbers
    gender: Numbers


def people(draws: Draws, share: Share) -> People:
    """Draw people; `share` says how many of a kind there are beside the others."""
    community = draws.pick([share(community) for community in COMMUNITIES])
    genders = [[community.gender[gender] for gender in _GENDERS] for community in COMMUNITIES]
    return People(
        place=draws.pick([share(place) for place in PLACES]),
        community=community,
        pattern=draws.pick([share(pattern) for pattern in PATTERNS]),
        gender=draws.pick_in(genders, community),
    )


def shared_columns(draws: Draws, whose: People, languages: Sequence[Weights], boundaries: tuple[str, int]) -> Table:
    """Fill the columns that both files have; `boundaries` is the name of their column and how many in 100 have one."""
    percents = [{**community.further, community.tag: 100} for community in COMMUNITIES]
    tags = draws.flags(_TAGS, percents, whose.community)
    lived = joined(_TAGS, tags)
    hidden = tags & draws.percent(population.PERCENT_NOT_MATCHABLE)[:, np.newaxis]
    column, percent = boundaries
    return {
        "time_zone": taken([place.zone for place in PLACES], whose.place),
        "languages": draws.word_in(languages, whose.place),
        "lived_experience": lived,
        "not_matchable": joined(_TAGS, hidden),
        "contact_modes": draws.word(population.CONTACT_MODES),
        "availability": _availability(draws, whose.pattern),
        "gender": taken(_GENDERS, whose.gender),
        "age": _ages(draws),
        column: _boundaries(draws, whose.community, lived, percent),
        "consents": draws.word(population.CONSENTS),
    }


def names(draws: Draws, letter: str, numbers: Iterable[int]) -> Table:
    """Make references from the letter and a running number, and handles from the `numbers`, which no two share."""
    colours = draws.below(len(population.COLOURS)).tolist()
    animals = draws.below(len(population.ANIMALS)).tolist()
    return {
        "ref": [f"{letter}-{number:06}" for number in range(1, draws.count + 1)],
        "handle": [
            f"{population.COLOURS[colour]} {population.ANIMALS[animal]} {number}"
            for colour, animal, number in zip(colours, animals, numbers, strict=True)
        ],
    }


def contact(draws: Draws, letter: str) -> Table:
    """Give most people a name, a number and an address, of which nobody anywhere has one.

    The numbers are from a range that is kept for drama, the addresses of a domain that is kept for examples.
    """
    given = taken(population.GIVEN_NAMES, draws.below(len(population.GIVEN_NAMES)))
    family = taken(population.FAMILY_NAMES, draws.below(len(population.FAMILY_NAMES)))
    made_up = {
        "name": [" ".join(both) for both in zip(given, family, strict=True)],
        "phone": [f"+44 7700 900{number:03}" for number in draws.below(1000).tolist()],
        "email": [f"{letter.lower()}-{number:06}@sample.example" for number in range(1, draws.count + 1)],
    }
    is_given = {column: draws.percent(population.PERCENT_WITH[column]).tolist() for column in made_up}
    return {
        column: [cell if is_there else "" for cell, is_there in zip(cells, is_given[column], strict=True)]
        for column, cells in made_up.items()
    }


def _ages(draws: Draws) -> list[str]:
    groups = tuple(population.AGE_GROUPS)
    group = draws.pick(tuple(population.AGE_GROUPS.values()))
    youngest, oldest = (np.array([ages[end] for ages in groups])[group] for end in (0, -1))
    given = ~draws.percent(population.PERCENT_WITHOUT_AGE)
    ages = draws.between(youngest, oldest)
    return [str(age) if is_given else "" for age, is_given in zip(ages.tolist(), given.tolist(), strict=True)]


def _boundaries(draws: Draws, community: Numbers, lived: list[str], percent: int) -> list[str]:
    """Let some people stay away from what another community lives with, unless they live with it too."""
    has_one = draws.percent(percent)
    other = (community + draws.between(1, len(COMMUNITIES) - 1)) % len(COMMUNITIES)
    topics = taken(["", *_MAIN_TAGS], np.where(has_one, 1 + other, 0))
    return ["" if topic in tags.split(";") else topic for topic, tags in zip(topics, lived, strict=True)]


def _availability(draws: Draws, pattern: Numbers) -> list[str]:
    weeks = [[_spell(kind, day) for day in range(len(DAYS))] for kind in PATTERNS]
    percents = [{name: spell.percent for name, spell in zip(DAYS, week, strict=True)} for week in weeks]
    free = draws.flags(DAYS, percents, pattern)
    fill_empty(free, draws.below(len(DAYS)))
    columns = []
    for day in range(len(DAYS)):
        bounds = np.array([week[day].bounds for week in weeks])[pattern].T
        start = draws.between(bounds[0], bounds[1])
        end = np.minimum(start + draws.between(bounds[2], bounds[3]), _HALF_HOURS_A_DAY)
        days = zip(free[:, day].tolist(), start.tolist(), end.tolist(), strict=True)
        columns.append([_window(day, begins, ends) if is_free else "" for is_free, begins, ends in days])
    return [";".join(filter(None, windows)) for windows in zip(*columns, strict=True)]


def _spell(pattern: Pattern, day: int) -> Spell:
    return next(spell for spell in pattern.spells if day in spell.days)


@cache
def _window(day: int, start: int, end: int) -> str:
    return str(WeeklyWindow(day, start * _HALF_HOUR, end * _HALF_HOUR))
