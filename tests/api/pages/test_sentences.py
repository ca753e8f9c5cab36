from datetime import date, timedelta

import msgspec
import pytest

from api.pages import sentences
from domain.errors import ConsentMissing, KeyReused
from tests.scenarios import EXPLANATION, FINDINGS


def explained(**changes):
    facts = msgspec.to_builtins(msgspec.structs.replace(EXPLANATION, **changes))
    return sentences.explanation(facts)


def test_all_needs_covered_leaves_nothing_out():
    said = explained(covered_needs=("housing", "isolation"))

    assert said[0] == "Covers 2 of 2 needs: housing and isolation."


def test_nothing_in_common_is_said_as_well():
    said = explained(shared_experience=())

    assert "No lived experience in common that both offered for matching." in said


def test_what_brought_no_points_is_not_praised():
    said = " ".join(explained(first_language_shared=False, points={"age": 0}))

    assert "first language" not in said
    assert "ages" not in said


def test_a_pair_that_was_proposed_before_is_said_to_be():
    assert explained(keep_bonus=25)[-1] == "The round before proposed the same two."
    assert explained(keep_bonus=0)[-1] == "It takes place 1 of 2 at this mentor."


def test_a_language_without_a_name_here_keeps_its_code():
    assert "Both speak tlh and English." in explained(shared_languages=("tlh", "en"), first_language_shared=False)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 minutes"), (15, "15 minutes"), (60, "1 hour"), (75, "1 hour and 15 minutes"), (240, "4 hours")],
)
def test_a_length_of_time_is_said_in_hours_and_minutes(minutes, said):
    assert sentences.duration(minutes) == said


@pytest.mark.parametrize(
    ("words", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (list("abc"), "a, b and c")]
)
def test_words_are_joined_as_one_says_them(words, said):
    assert sentences.listing(words) == said


@pytest.mark.parametrize(("number", "said"), [(0, "0 days"), (1, "1 day"), (1234, "1\N{NO-BREAK SPACE}234 days")])
def test_a_number_agrees_with_its_noun(number, said):
    assert sentences.count(number, "day") == said


def test_a_plan_that_was_not_proven_is_not_praised():
    findings = msgspec.to_builtins(msgspec.structs.replace(FINDINGS, optimal=False))

    assert "checked" not in " ".join(sentences.round_findings(1, date(2026, 3, 2), findings))


def test_a_missing_consent_is_told_without_its_code():
    assert "MATCH" not in sentences.refusal(ConsentMissing("There is no live consent to MATCH-PROPOSE (withdrawn)."))
    assert sentences.refusal(KeyReused("Used before.")) == "Used before."


@pytest.mark.parametrize(("days", "said"), [(365, "one year"), (30, "30 days"), (1, "1 day")])
def test_the_life_of_a_consent_is_said_in_words(days, said):
    assert sentences.life(timedelta(days=days)) == said
