import hashlib
from collections import Counter
from datetime import date
from statistics import mean

import pytest

from api.roster import read_roster, write_sample
from domain.purposes import Purpose
from domain.values import NEED_FACETS, Role, Urgency

TODAY = date(2026, 3, 2)
# Of three thousand members and six hundred mentors; a change of the population is a change of these.
DIGESTS = [
    "e3c9d424d375373395095161842f268663bfad68b73c228a3643f58b166d7cf4",
    "2710b9e1451a5bd56882e9a430cfcd63c494363624e430b3a1853009e78902af",
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    return write_sample(folder, members=3000, mentors=600, seed=7, today=TODAY)


@pytest.fixture(scope="module")
def roster(sample):
    return read_roster(*sample, today=TODAY)


@pytest.fixture(scope="module")
def members(roster):
    return [member.profile for member in roster.members]


@pytest.fixture(scope="module")
def mentors(roster):
    return [mentor.profile for mentor in roster.mentors]


def share(people, holds):
    return sum(map(holds, people)) / len(people)


def written(folder, **changes):
    numbers = {"members": 40, "mentors": 8, "seed": 7, "today": TODAY} | changes
    return [path.read_bytes() for path in write_sample(folder, **numbers)]


def test_a_sample_reads_back_without_a_fault_or_a_warning(roster):
    assert (len(roster.members), len(roster.mentors)) == (3000, 600)
    assert (roster.faults, roster.warnings) == ((), ())


def test_one_seed_gives_the_same_bytes_on_every_machine(sample):
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in sample]

    assert digests == DIGESTS


def test_another_seed_gives_other_people(tmp_path):
    one, same, other = (written(tmp_path, seed=seed) for seed in (7, 7, 8))

    assert one == same
    assert one[0] != other[0]
    assert one[1] != other[1]


def test_the_mentors_do_not_depend_on_the_number_of_members(tmp_path):
    few, many = written(tmp_path, members=3), written(tmp_path, members=90)

    assert few[0] != many[0]
    assert few[1] == many[1]


@pytest.mark.parametrize(("members", "mentors"), [(0, 0), (1, 0), (0, 1), (1, 1)])
def test_the_smallest_samples_read_back_too(tmp_path, members, mentors):
    paths = write_sample(tmp_path / "new" / "folder", members=members, mentors=mentors, seed=0, today=TODAY)

    roster = read_roster(*paths, today=TODAY)

    assert (len(roster.members), len(roster.mentors), roster.faults) == (members, mentors, ())


def test_references_and_handles_are_unique_over_both_files(members, mentors):
    everyone = members + mentors

    assert members[0].ref == "S-000001"
    assert len({person.ref for person in everyone}) == len(everyone)
    assert len({person.handle for person in everyone}) == len(everyone)


def test_places_are_scarce_at_five_members_a_mentor(members, mentors):
    places = sum(mentor.capacity for mentor in mentors)

    assert 0.3 < places / len(members) < 0.5
    assert {mentor.capacity for mentor in mentors} == {1, 2, 3, 4, 5}
    assert share(mentors, lambda mentor: mentor.capacity == 1) > share(mentors, lambda mentor: mentor.capacity >= 3)


def test_languages_depend_on_where_people_live(members):
    def speaks(language, zone):
        return share([member for member in members if member.time_zone == zone], lambda m: language in m.languages)

    assert speaks("pt", "America/Sao_Paulo") == 1
    assert speaks("pt", "Europe/London") == 0
    assert speaks("en", "Europe/London") > 2 * speaks("en", "America/Sao_Paulo") > 0
    assert speaks("es", "America/Los_Angeles") > 2 * speaks("es", "Europe/London")


def test_people_live_on_several_continents_in_unequal_numbers(members):
    zones = Counter(member.time_zone.split("/")[0] for member in members)

    assert set(zones) == {"Africa", "America", "Asia", "Australia", "Europe"}
    assert zones["America"] > zones["Australia"]


def test_few_mentors_do_without_english(members, mentors):
    def without_english(person):
        return "en" not in person.languages

    assert share(mentors, without_english) < 0.7 * share(members, without_english)
    assert share(mentors, lambda mentor: "ar" in mentor.languages) < share(members, lambda m: "ar" in m.languages)


def test_needs_go_with_what_people_live_with(members):
    def needs(code, tag):
        living_with = [m for m in members if tag in {lived.tag for lived in m.lived_experience}]
        return share(living_with, lambda member: code in {need.code for need in member.needs})

    assert needs("staying-in-recovery", "substance-use") > 3 * needs("staying-in-recovery", "epilepsy")
    assert needs("disclosure", "hiv") > 3 * needs("disclosure", "long-illness")
    assert needs("benefits", "long-illness") > 3 * needs("benefits", "depression")


def test_every_need_is_known_and_offered_by_somebody(members, mentors):
    asked = {need.code for member in members for need in member.needs}
    offered = {code for mentor in mentors for code in mentor.offers}

    assert asked == offered == set(NEED_FACETS)


def test_navigators_offer_know_how_and_mentors_company(mentors):
    def practical(role):
        offers = [code for mentor in mentors if mentor.role == role for code in mentor.offers]
        return share(offers, lambda code: NEED_FACETS[code] == "practical")

    assert practical(Role.PEER_NAVIGATOR) > practical(Role.MENTOR) + 0.15


def test_a_minority_is_urgent_and_waits_trail_off_over_a_year(members):
    waits = sorted((TODAY - member.waiting_since).days for member in members)

    assert 0.12 < share(members, lambda member: member.urgency == Urgency.URGENT) < 0.35
    assert (waits[0], waits[-1] <= 365) == (0, True)
    assert 50 < waits[len(waits) // 2] < 85 < mean(waits) < 100


def test_most_people_have_consented_to_all_some_to_less_and_a_few_to_nothing(roster):
    people = [*roster.members, *roster.mentors]

    assert 0.03 < share(people, lambda person: person.consents == ()) < 0.07
    assert 0.12 < share(people, lambda person: len(person.consents) == 2) < 0.18
    assert share(people, lambda person: Purpose.CONTACT_SHARE in person.consents) > 0.75


def test_a_few_people_have_boundaries_wishes_and_tags_that_do_not_count(members, mentors):
    hidden = share(members, lambda member: any(not lived.matchable for lived in member.lived_experience))

    assert 0.05 < share(members, lambda member: member.boundaries != ()) < 0.12
    assert 0.05 < share(mentors, lambda mentor: mentor.boundaries != ()) < 0.15
    assert 0.1 < share(members, lambda member: member.preferences.mentor_gender != "any") < 0.25
    assert 0.02 < hidden < 0.08


def test_nobody_has_a_boundary_against_what_they_live_with(members, mentors):
    for person in members + mentors:
        tags = {lived.tag for lived in person.lived_experience}

        assert not [boundary for boundary in person.boundaries if boundary.topic in tags]


def test_some_training_has_lapsed_and_no_supervisor_has_more_than_eight(mentors):
    load = Counter(mentor.supervisor for mentor in mentors)

    assert 0.02 < share(mentors, lambda mentor: mentor.training.valid_until < TODAY) < 0.06
    assert max(load.values()) == 8
    assert len(load) == 100


def test_some_are_free_on_weekends_only_and_some_never(members):
    def days(member):
        return {window.day for window in member.availability}

    assert 0.05 < share(members, lambda member: days(member) <= {5, 6}) < 0.35
    assert 0.2 < share(members, lambda member: not days(member) & {5, 6}) < 0.7


def test_most_people_can_be_reached_and_nobody_who_exists_is(members, mentors):
    for person in members + mentors:
        assert person.phone is None or person.phone.startswith("+44 7700 900")
        assert person.email is None or person.email.endswith("@sample.example")
    assert 0.8 < share(members, lambda member: member.name is not None) < 0.9
    assert 0.02 < share(members, lambda member: member.phone is None and member.email is None) < 0.15
