"""Does the list of those who were erased hold them for good, and say so when it cannot?"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from api.erasures import Erasure, ErasureList, ErasuresUnreadable

AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def erasures(tmp_path):
    return ErasureList(tmp_path / "home" / "erasures.jsonl")


def test_nobody_is_erased_before_somebody_is(erasures):
    assert erasures.read() == []


def test_erasures_are_read_in_the_order_in_which_they_were_made(erasures):
    people = [uuid4(), uuid4(), uuid4()]
    for person in people:
        erasures.append(person, AT)

    assert erasures.read() == [Erasure(person, AT) for person in people]


def test_a_line_that_was_cut_off_does_not_count_and_is_not_in_the_way(erasures):
    first, second = uuid4(), uuid4()
    erasures.append(first, AT)
    with erasures.path.open("ab") as file:
        file.write(b'{"person":"7f')

    assert erasures.read() == [Erasure(first, AT)]
    erasures.append(second, AT)
    assert erasures.read() == [Erasure(first, AT), Erasure(second, AT)]


@pytest.mark.parametrize("damaged", [b'"persin"', b'"p\xb5rson"', b'"person'])
def test_a_damaged_line_is_named_and_nobody_is_passed_over(erasures, damaged):
    erasures.append(uuid4(), AT)
    erasures.append(uuid4(), AT)
    erasures.path.write_bytes(erasures.path.read_bytes().replace(b'"person"', damaged, 1))

    with pytest.raises(ErasuresUnreadable, match="Line 1 of"):
        erasures.read()


def test_many_may_write_at_once(erasures):
    people = [uuid4() for _ in range(60)]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda person: erasures.append(person, AT), people))

    assert {erasure.person for erasure in erasures.read()} == set(people)
