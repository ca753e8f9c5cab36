import re
from datetime import date
from pathlib import Path

import pytest

from api.roster import read_roster
from api.roster.columns import CONSENT_WORDS
from api.roster.forms import MEMBERS, MENTORS
from domain.values import NEED_FACETS

GUIDE = (Path(__file__).parents[3] / "docs" / "roster.md").read_text(encoding="utf-8")
DESCRIBED = dict(re.findall(r"^\| `(\w+)` \| (yes|no) \|", GUIDE, re.MULTILINE))


@pytest.mark.parametrize("form", [MEMBERS, MENTORS], ids=["members", "mentors"])
def test_every_column_is_described_as_it_is_read(form):
    assert {column.name: "yes" if column.is_required else "no" for column in form.columns}.items() <= DESCRIBED.items()


def test_no_column_is_described_that_is_not_read():
    assert set(DESCRIBED) == {column.name for form in (MEMBERS, MENTORS) for column in form.columns}


def test_every_known_code_and_consent_is_named():
    assert not [word for word in (*NEED_FACETS, *CONSENT_WORDS) if f"`{word}`" not in GUIDE]


def test_the_example_reads_without_a_fault_or_a_warning(tmp_path):
    members, mentors = re.findall(r"```csv\n(.*?)```", GUIDE, re.DOTALL)
    for name, text in (("members.csv", members), ("mentors.csv", mentors)):
        (tmp_path / name).write_text(text, encoding="utf-8")

    roster = read_roster(tmp_path / "members.csv", tmp_path / "mentors.csv", today=date(2026, 3, 2))

    assert (len(roster.members), len(roster.mentors)) == (1, 1)
    assert (roster.faults, roster.warnings) == ((), ())
