"""What may a programme be called, and how does it count?"""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from domain.errors import InvalidValue
from domain.identity import round_id
from domain.programme import Policy, Programme

WHEN = {"at": datetime(2026, 3, 2, tzinfo=UTC), "by": "administrator"}


def start(slug: str) -> Programme:
    return Programme.start(slug, uuid4(), Policy(), **WHEN)


@pytest.mark.parametrize("slug", ["h", "0", "harbour-2026", "a" * 50])
def test_a_short_name_of_small_letters_digits_and_hyphens_is_taken(slug: str) -> None:
    assert start(slug).slug == slug


@pytest.mark.parametrize("slug", ["", "-harbour", "Harbour", "har bour", "harbour\n", "hafen_1", "häfen", "a" * 51])
def test_any_other_name_is_refused(slug: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        start(slug)
    assert not slug or repr(slug) not in str(refused.value)


def test_policies_and_rounds_are_numbered_from_one() -> None:
    programme = start("harbour")
    programme.adopt(Policy(keep_bonus=0), **WHEN)

    assert (programme.policy_version, programme.policy.keep_bonus) == (2, 0)
    held = [programme.hold_round(**WHEN) for _ in range(2)]
    assert held == [(number, round_id(programme.id, number)) for number in (1, 2)]
