from datetime import date

import pytest

from domain.profiles import MemberProfile, MentorProfile
from domain.purposes import Purpose
from domain.values import (
    Boundary,
    ContactMode,
    Facet,
    LivedExperience,
    Need,
    Preferences,
    Role,
    Training,
    Urgency,
    WeeklyWindow,
)


def test_a_sound_roster_becomes_profiles_without_a_word(draft):
    roster = draft.read()

    [member], [mentor] = roster.members, roster.mentors
    assert (roster.faults, roster.warnings) == ((), ())
    assert member.profile == MemberProfile(
        ref="S-000001",
        handle="Olive Crane 1",
        time_zone="Europe/Lisbon",
        languages=("pt", "en"),
        lived_experience=(LivedExperience("anxiety", matchable=False), LivedExperience("long-illness")),
        contact_modes=(ContactMode.VIDEO, ContactMode.PHONE),
        availability=(WeeklyWindow(0, 18 * 60, 20 * 60), WeeklyWindow(5, 10 * 60, 11 * 60 + 30)),
        boundaries=(Boundary("substance-use", sealed=True),),
        gender="woman",
        age=39,
        needs=(
            Need("isolation", Facet.EMOTIONAL, Urgency.SOON),
            Need("benefits", Facet.PRACTICAL, Urgency.SOON),
        ),
        waiting_since=date(2025, 12, 1),
        preferences=Preferences("same"),
        name="Ana Sílva",
        phone="+351 (21) 555-01.23",
        email="ana.silva@example.org",
    )
    assert (member.consented_on, member.line) == (date(2026, 2, 27), 2)
    assert member.consents == (Purpose.MATCH_CONSIDER, Purpose.MATCH_PROPOSE, Purpose.CONTACT_SHARE)
    assert mentor.profile == MentorProfile(
        ref="T-000001",
        handle="Pebble Teal 2",
        time_zone="Europe/Madrid",
        languages=("es", "en"),
        lived_experience=(LivedExperience("long-illness"),),
        contact_modes=(ContactMode.VIDEO, ContactMode.TEXT),
        availability=(WeeklyWindow(1, 19 * 60, 21 * 60),),
        role=Role.PEER_NAVIGATOR,
        offers=("benefits", "medical-leave"),
        capacity=2,
        training=Training(date(2027, 6, 30)),
        supervisor="SUP-012",
    )
    assert (mentor.consents, mentor.consented_on) == ((Purpose.MATCH_CONSIDER,), draft.today)


CODES = "in small letters, digits and hyphens, joined with `;`"
WINDOWS = "windows such as `Mon 18:00-20:00`, whole or half hours, joined with `;`"
PAST_MIDNIGHT = (
    "windows that end after they start; split one that runs past midnight, such as `Mon 22:00-24:00;Tue 00:00-02:00`"
)
LANGUAGES = "language codes of two or three letters, such as `pt;en`, without a region, joined with `;`"
REFERENCE = "the person's reference, such as `S-000123`, not beginning with `=`, `+`, `-` or `@`"
FORMULA = "text that does not begin with `=`, `+`, `-` or `@`"
MODES = "`video`, `phone`, `text` or `in-person`, joined with `;`"
AGE = "nothing or a whole number from 13 to 120"
NAME = "nothing or a name on a single line, of at most 100 characters, not beginning with `=`, `+`, `-` or `@`"
PHONE = (
    "nothing or a phone number of 5 to 15 digits such as +44 7700 900123, with nothing but spaces, hyphens, dots and "
    "brackets between them"
)
EMAIL = "nothing or an e-mail address such as somebody@example.org"
SINCE = "a date such as `2026-03-31`, from 1970 on and not after today"
SIGNED = "nothing or a date such as `2026-03-31`, not after today"
MENTOR_GENDER = "nothing, `any`, a gender such as `woman`, or `same` where the row gives a gender"
OWN_TAGS = "only tags that the row also has in lived_experience"
CAPACITY = "a whole number from 0 to 100"

BROKEN_MEMBERS = [
    ("ref", "", f"{REFERENCE}; the cell is empty"),
    ("ref", "=A1", FORMULA),
    ("ref", "S-1\nS-2", "text on a single line"),
    ("handle", "@olive", FORMULA),
    ("handle", "Olive\u202eCrane", "text on a single line"),
    ("handle", "Olive\x07Crane", "text without control characters"),
    ("handle", "x" * 501, "at most 500 characters"),
    ("time_zone", "Lisbon", "a time zone of the IANA database, such as `Europe/Lisbon`"),
    ("time_zone", "localtime", "a time zone of the IANA database, such as `Europe/Lisbon`"),
    ("languages", "Portuguese", LANGUAGES),
    ("languages", "en;pt-BR", f"{LANGUAGES} (look at item 2)"),
    ("languages", " ; ", LANGUAGES),
    ("lived_experience", "long illness", f"nothing or codes such as `anxiety;long-illness`, {CODES}"),
    ("not_matchable", "stress", OWN_TAGS),
    ("contact_modes", "video;fax", f"{MODES} (look at item 2)"),
    ("contact_modes", "", f"{MODES}; the cell is empty"),
    ("availability", "Mon 18-20", WINDOWS),
    ("availability", "Mon 18:00-20:00;Moon 18:00-20:00", f"{WINDOWS} (look at item 2)"),
    ("availability", "Mon 18:10-20:00", WINDOWS),
    ("availability", "Mon 18:75-20:00", WINDOWS),
    ("availability", "Mon 24:00-25:00", WINDOWS),
    ("availability", "Mon 24:00-24:00", WINDOWS),
    ("availability", "Mon 22:00-02:00", PAST_MIDNIGHT),
    ("availability", "Sat 10:00-11:00;Mon 18:00-18:00", f"{PAST_MIDNIGHT} (look at item 2)"),
    ("gender", "a woman", "nothing or one word such as `woman`, `man` or `nonbinary`"),
    ("age", "12", AGE),
    ("age", "121", AGE),
    ("age", "thirty", AGE),
    ("age", "\u0663\u0669", AGE),
    ("name", "=Ana", NAME),
    ("name", "Ana\nSilva", NAME),
    ("name", "Ana\u202eSilva", NAME),
    ("name", "x" * 101, NAME),
    ("phone", "1234", PHONE),
    ("phone", "1" * 16, PHONE),
    ("phone", "+44 7700 900123 ext", PHONE),
    ("phone", "\u0660\u0661\u0662\u0663\u0664\u0665", PHONE),
    ("phone", "01234 567890, 01234 567891", PHONE),
    ("email", "ana", EMAIL),
    ("email", "ana@example", EMAIL),
    ("email", "Ana <ana@example.org>", EMAIL),
    ("email", "ana@example.org, ben@example.org", EMAIL),
    ("email", "=ana@example.org", EMAIL),
    ("email", "a" * 243 + "@example.org", EMAIL),
    ("needs", "", f"codes such as `housing;benefits`, {CODES}; the cell is empty"),
    ("needs", "housing;a flat!", f"codes such as `housing;benefits`, {CODES} (look at item 2)"),
    ("urgency", "high", "`urgent`, `soon` or `routine`"),
    ("avoid_topics", "-", f"nothing or codes such as `substance-use`, {CODES}"),
    ("mentor_gender", "wo man", MENTOR_GENDER),
    ("waiting_since", "01.12.2025", SINCE),
    ("waiting_since", "20251201", SINCE),
    ("waiting_since", "2025-02-30", SINCE),
    ("waiting_since", "2026-03-03", SINCE),
    ("waiting_since", "1025-12-01", SINCE),
    (
        "consents",
        "matching;everything",
        "nothing or `matching`, `share-profile` or `share-contact`, joined with `;` (look at item 2)",
    ),
    ("consented_on", "yesterday", SIGNED),
    ("consented_on", "2026-03-03", SIGNED),
]
BROKEN_MENTORS = [
    ("role", "navigator", "`mentor` or `peer-navigator`"),
    ("offers", "", f"codes such as `housing;benefits`, {CODES}; the cell is empty"),
    ("declines", "Too hard", f"nothing or codes such as `substance-use`, {CODES}"),
    ("capacity", "101", CAPACITY),
    ("capacity", "-1", CAPACITY),
    ("capacity", "2.5", CAPACITY),
    ("trained_until", "June 2027", "a date such as `2026-03-31`"),
    ("trained_until", "46203", "a date such as `2026-03-31`"),
    ("supervisor", "+351", FORMULA),
]


@pytest.mark.parametrize(
    ("file", "column", "cell", "expected"),
    [
        *(("members.csv", *broken) for broken in BROKEN_MEMBERS),
        *(("mentors.csv", *broken) for broken in BROKEN_MENTORS),
    ],
)
def test_a_broken_cell_is_refused_with_its_place_and_what_was_expected(draft, file, column, cell, expected):
    [row] = draft.rows(file)
    row[column] = cell

    roster = draft.read()

    assert [str(fault) for fault in roster.faults] == [f"{file}, line 2, column {column}: expected {expected}"]
    assert len(roster.members) + len(roster.mentors) == 1


def test_asking_for_the_same_gender_needs_a_gender_of_ones_own(draft):
    draft.members[0]["gender"] = ""

    [fault] = draft.read().faults

    assert str(fault) == f"members.csv, line 2, column mentor_gender: expected {MENTOR_GENDER}"


def test_every_fault_of_every_row_is_told_at_once(draft):
    sound = draft.members[0]
    draft.members = [
        sound | {"urgency": "high", "age": "7"},
        sound,
        sound | {"languages": "", "ref": "S-000003"},
    ]
    draft.mentors[0]["capacity"] = "many"

    roster = draft.read()

    assert [(fault.file, fault.line, fault.column) for fault in roster.faults] == [
        ("members.csv", 2, "age"),
        ("members.csv", 2, "urgency"),
        ("members.csv", 3, "ref"),
        ("members.csv", 4, "languages"),
        ("mentors.csv", 2, "capacity"),
    ]
    assert (roster.members, roster.mentors) == ((), ())


def test_a_reference_stands_once_in_a_file_and_the_first_line_is_named(draft):
    draft.members = [draft.members[0] | {"ref": ref} for ref in ("S-1", "S-2", "S-1", " S-1 ")]

    roster = draft.read()

    assert [str(fault) for fault in roster.faults] == [
        f"members.csv, line {line}, column ref: expected a reference that no other row has; line 2 has the same"
        for line in (4, 5)
    ]
    assert [member.profile.ref for member in roster.members] == ["S-1", "S-2"]


def test_a_person_may_be_member_and_mentor_under_one_reference(draft):
    draft.mentors[0]["ref"] = draft.members[0]["ref"]

    roster = draft.read()

    assert roster.faults == ()
    assert roster.members[0].profile.ref == roster.mentors[0].profile.ref


@pytest.mark.parametrize(
    ("cell", "windows"),
    [
        ("Mon 18:00-20:00;Mon 19:00-21:00", ["Mon 18:00-21:00"]),
        ("Mon 18:00-20:00;Mon 20:00-21:00", ["Mon 18:00-21:00"]),
        ("Mon 18:00-22:00;Mon 19:00-20:00;Mon 21:30-22:30", ["Mon 18:00-22:30"]),
        ("Mon 18:00-20:00;Mon 20:30-21:00", ["Mon 18:00-20:00", "Mon 20:30-21:00"]),
        ("Mon 22:00-24:00;Tue 00:00-02:00", ["Mon 22:00-24:00", "Tue 00:00-02:00"]),
        ("Sun 09:15-10:45;Wed 08:00-09:00", ["Wed 08:00-09:00", "Sun 09:15-10:45"]),
        ("mon  9:00 \u2013 10:00 ;", ["Mon 09:00-10:00"]),
    ],
)
def test_windows_come_in_the_order_of_the_week_and_overlapping_ones_become_one(draft, cell, windows):
    draft.members[0]["availability"] = cell

    [member] = draft.read().members

    assert [str(window) for window in member.profile.availability] == windows


def test_blanks_capitals_and_repeated_items_do_not_matter(draft):
    draft.members[0] |= {"languages": " EN ; pt;en; ", "urgency": "Soon", "time_zone": "europe/LISBON"}
    draft.members[0] |= {"needs": "Housing;\nhousing", "gender": " Woman"}

    [member] = draft.read().members

    assert member.profile.languages == ("en", "pt")
    assert member.profile.urgency == Urgency.SOON
    assert member.profile.time_zone == "Europe/Lisbon"
    assert [need.code for need in member.profile.needs] == ["housing"]
    assert member.profile.gender == "woman"


def test_letters_composed_in_two_ways_are_one_reference(draft):
    draft.members = [draft.members[0] | {"ref": ref} for ref in ("caf\u00e9", "cafe\u0301")]

    [fault] = draft.read().faults

    assert fault.line == 3


def test_empty_optional_cells_leave_the_defaults(draft):
    optional = ("lived_experience", "not_matchable", "gender", "age", "avoid_topics", "mentor_gender")
    draft.members[0] |= dict.fromkeys((*optional, "consents", "consented_on"), "")

    [member] = draft.read().members

    assert (member.profile.gender, member.profile.age) == (None, None)
    assert (member.profile.lived_experience, member.profile.boundaries) == ((), ())
    assert member.profile.preferences == Preferences("any")
    assert (member.consents, member.consented_on) == ((), None)


def test_unknown_codes_of_needs_count_as_practical_and_are_named_once_with_their_rows(draft):
    sound = draft.members[0]
    draft.members = [
        sound | {"ref": f"S-{n}", "needs": needs} for n, needs in enumerate(("pets;housing", "pets", "moot"))
    ]
    draft.members.append(sound | {"ref": "S-9", "needs": "in-a-broken-row", "age": "old"})
    draft.mentors[0]["offers"] = "pets"

    roster = draft.read()

    assert roster.members[0].profile.needs[0].facet == Facet.PRACTICAL
    assert roster.warnings == (
        "members.csv, column needs: `pets` is not a known code and counts as practical (2 rows)",
        "members.csv, column needs: `moot` is not a known code and counts as practical (1 row)",
        "mentors.csv, column offers: `pets` is not a known code and counts as practical (1 row)",
    )


def test_no_more_than_twenty_unknown_codes_are_named(draft):
    draft.members[0]["needs"] = ";".join(f"code-{n}" for n in range(23))

    warnings = draft.read().warnings

    assert len(warnings) == 21
    assert warnings[-1] == "members.csv, column needs: 3 more codes are not known and count as practical"


def test_a_file_with_no_sound_row_is_worth_a_warning(draft):
    draft.write()
    draft.mentor_path.write_text(draft.text("mentors.csv").splitlines()[0], encoding="utf-8")

    roster = draft.read_files()

    assert roster.mentors == ()
    assert roster.warnings == ("mentors.csv: there is no row that can be read below the header",)
