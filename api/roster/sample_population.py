"""Whom does the sample roster describe? Invented proportions, in the range that peer-support programmes report."""

from dataclasses import dataclass
from typing import Final

from api.roster.sample_draws import Weights


@dataclass(frozen=True, slots=True)
class Place:
    """A time zone, how many members and mentors live there beside other places, and what is spoken."""

    zone: str
    members: int
    mentors: int
    languages: Weights


@dataclass(frozen=True, slots=True)
class Community:
    """People with the same main experience: `further` tags and `needs` are percentages, the rest are weights."""

    tag: str
    members: int
    mentors: int
    further: Weights
    needs: Weights
    urgency: Weights
    gender: Weights


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of some days of the week that people tend to be free in, in half hours from midnight."""

    days: range
    percent: int
    earliest: int
    latest: int
    shortest: int = 2
    longest: int = 5

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """Bounds of the start and of the length, in half hours."""
        return self.earliest, self.latest, self.shortest, self.longest


@dataclass(frozen=True, slots=True)
class Pattern:
    """A kind of working week, and how common it is among members and mentors."""

    members: int
    mentors: int
    spells: tuple[Spell, ...]


PLACES: Final = (
    Place("America/New_York", 15, 20, {"en": 76, "en;es": 11, "es": 9, "zh;en": 2, "ht;fr": 2}),
    Place("America/Chicago", 9, 11, {"en": 79, "en;es": 10, "es": 9, "pl;en": 2}),
    Place("America/Los_Angeles", 10, 12, {"en": 66, "en;es": 14, "es": 12, "zh;en": 6, "tl;en": 2}),
    Place("America/Toronto", 4, 5, {"en": 70, "en;fr": 12, "fr": 10, "zh;en": 5, "pa;en": 3}),
    Place("America/Mexico_City", 5, 2, {"es": 84, "es;en": 16}),
    Place("America/Bogota", 3, 1, {"es": 90, "es;en": 10}),
    Place("America/Sao_Paulo", 8, 3, {"pt": 86, "pt;en": 11, "pt;es": 3}),
    Place("Europe/London", 11, 16, {"en": 88, "pl;en": 4, "ur;en": 4, "ar;en": 2, "so;en": 2}),
    Place("Europe/Lisbon", 3, 3, {"pt": 70, "pt;en": 30}),
    Place("Europe/Madrid", 4, 3, {"es": 76, "es;en": 16, "ar;es": 4, "ca;es": 4}),
    Place("Europe/Paris", 5, 5, {"fr": 71, "fr;en": 20, "ar;fr": 9}),
    Place("Europe/Berlin", 5, 6, {"de": 54, "de;en": 32, "tr;de": 8, "ar;de": 6}),
    Place("Africa/Lagos", 4, 2, {"en": 70, "yo;en": 16, "ha;en": 14}),
    Place("Africa/Cairo", 3, 1, {"ar": 82, "ar;en": 18}),
    Place("Africa/Nairobi", 5, 3, {"sw;en": 58, "sw": 28, "en": 14}),
    Place("Africa/Johannesburg", 4, 3, {"en": 50, "zu;en": 28, "af;en": 12, "xh;en": 10}),
    Place("Asia/Kolkata", 8, 5, {"hi;en": 42, "hi": 34, "en": 15, "ta;en": 9}),
    Place("Asia/Shanghai", 3, 1, {"zh": 88, "zh;en": 12}),
    Place("Asia/Manila", 2, 2, {"tl;en": 72, "en": 28}),
    Place("Australia/Sydney", 3, 4, {"en": 91, "zh;en": 5, "ar;en": 4}),
)
# A mentor is trained and supervised in English more often than not.
ENGLISH_AMONG_MENTORS: Final = 3

_MOSTLY_WOMEN: Final = {"woman": 79, "man": 16, "nonbinary": 2, "": 3}
_MORE_WOMEN: Final = {"woman": 56, "man": 36, "nonbinary": 5, "": 3}
_MORE_MEN: Final = {"woman": 35, "man": 58, "nonbinary": 4, "": 3}
_PRESSING: Final = {"urgent": 29, "soon": 41, "routine": 30}
_PATIENT: Final = {"urgent": 14, "soon": 36, "routine": 50}

COMMUNITIES: Final = (
    Community(
        "depression",
        *(32, 28),
        {"anxiety": 64, "stress": 20, "ptsd": 12, "eating": 6},
        {"isolation": 40, "finding-services": 38, "employer-communication": 28, "medical-leave": 24}
        | {"workplace-stigma": 24, "family-communication": 20, "living-with-a-diagnosis": 18},
        _PRESSING,
        _MORE_WOMEN,
    ),
    Community(
        "substance-use",
        *(21, 30),
        {"depression": 36, "anxiety": 28, "ptsd": 20, "hiv": 4},
        {"staying-in-recovery": 68, "isolation": 34, "housing": 27, "family-communication": 27}
        | {"finding-services": 24, "employer-communication": 16, "legal-advice": 14},
        _PRESSING,
        _MORE_MEN,
    ),
    Community(
        "hiv",
        *(16, 18),
        {"depression": 24, "anxiety": 20, "substance-use": 10},
        {"disclosure": 54, "treatment-adherence": 34, "healthcare-navigation": 34, "isolation": 33}
        | {"living-with-a-diagnosis": 32, "family-communication": 18, "benefits": 14, "housing": 10, "legal-advice": 8},
        _PATIENT,
        _MORE_MEN,
    ),
    Community(
        "long-illness",
        *(15, 10),
        {"fatigue": 52, "chronic-pain": 45, "depression": 24, "anxiety": 16},
        {"benefits": 44, "healthcare-navigation": 43, "medical-leave": 38, "living-with-a-diagnosis": 34}
        | {"employer-communication": 28, "isolation": 27, "housing": 9},
        _PATIENT,
        _MORE_WOMEN,
    ),
    Community(
        "epilepsy",
        *(8, 7),
        {"anxiety": 22, "depression": 20},
        {"disclosure": 42, "employer-communication": 39, "living-with-a-diagnosis": 38, "treatment-adherence": 25}
        | {"workplace-stigma": 24, "benefits": 21},
        _PATIENT,
        _MORE_WOMEN,
    ),
    Community(
        "infertility",
        *(8, 7),
        {"pregnancy-loss": 40, "anxiety": 26, "depression": 18},
        {"isolation": 44, "family-communication": 35, "bereavement": 34, "healthcare-navigation": 29}
        | {"finding-services": 26, "medical-leave": 12},
        _PATIENT,
        _MOSTLY_WOMEN,
    ),
)

_WEEKDAYS: Final = range(5)
_WEEKEND: Final = range(5, 7)
_WEEK: Final = range(7)
PATTERNS: Final = (
    Pattern(45, 50, (Spell(range(4), 52, 35, 40), Spell(range(4, 5), 26, 35, 40), Spell(_WEEKEND, 20, 20, 34))),
    Pattern(20, 25, (Spell(_WEEKDAYS, 10, 36, 40), Spell(_WEEKEND, 84, 18, 32, 3, 7))),
    Pattern(20, 8, (Spell(_WEEK, 40, 12, 42, 2, 6),)),
    Pattern(15, 17, (Spell(_WEEKDAYS, 58, 18, 28, 2, 6), Spell(_WEEKEND, 4, 20, 30))),
)

CONTACT_MODES: Final[Weights] = {
    "video;phone;text": 33,
    "video;phone": 15,
    "video;text": 14,
    "phone;text": 12,
    "video": 9,
    "phone": 6,
    "text": 5,
    "video;phone;text;in-person": 4,
    "phone;in-person": 2,
}
AGE_GROUPS: Final = {range(18, 25): 14, range(25, 35): 30, range(35, 45): 25, range(45, 55): 17, range(55, 80): 14}
PERCENT_WITHOUT_AGE: Final = 4
MENTOR_GENDER: Final[dict[str, Weights]] = {
    "woman": {"any": 74, "same": 14, "woman": 12},
    "man": {"any": 93, "same": 6, "woman": 1},
    "nonbinary": {"any": 78, "same": 14, "woman": 8},
    "": {"any": 100},
}
CONSENTS: Final[Weights] = {"matching;share-profile;share-contact": 80, "matching;share-profile": 15, "": 5}
PERCENT_WITH: Final = {"name": 85, "phone": 80, "email": 60}
PERCENT_OF_MEMBERS_WITH_BOUNDARY: Final = 9
PERCENT_OF_MENTORS_WITH_BOUNDARY: Final = 11
PERCENT_NOT_MATCHABLE: Final = 5

LONGEST_WAIT_DAYS: Final = 365
PERCENT_STILL_WAITING_A_DAY_LATER: Final = 99  # a mean wait of a hundred days, before the year's end cuts it off

PERCENT_NAVIGATORS: Final = 45
PERCENT_OFFERED_BY_ANYONE: Final = 5
STRENGTH: Final = 2  # how much likelier an offer is that suits the role
CAPACITY: Final[Weights] = {"1": 40, "2": 30, "3": 18, "4": 8, "5": 4}
PERCENT_LAPSED: Final = 4
LONGEST_TRAINING_DAYS: Final = 730
LONGEST_LAPSE_DAYS: Final = 120
MOST_MENTORS_A_SUPERVISOR: Final = 8
USUAL_MENTORS_A_SUPERVISOR: Final = 6

COLOURS: Final = (
    *(
        "Amber",
        "Ash",
        "Azure",
        "Birch",
        "Bronze",
        "Cedar",
        "Cobalt",
        "Copper",
        "Coral",
        "Dune",
        "Ember",
        "Fern",
        "Flint",
    ),
    *(
        "Golden",
        "Hazel",
        "Indigo",
        "Ivory",
        "Jade",
        "Larch",
        "Lilac",
        "Maple",
        "Mint",
        "Moss",
        "Ochre",
        "Olive",
        "Opal",
    ),
    *("Pearl", "Pebble", "Plum", "Quartz", "Russet", "Sage", "Sienna", "Silver", "Slate", "Teal", "Umber", "Willow"),
)
ANIMALS: Final = (
    *(
        "Badger",
        "Bison",
        "Crane",
        "Curlew",
        "Deer",
        "Dove",
        "Egret",
        "Falcon",
        "Finch",
        "Gull",
        "Hare",
        "Heron",
        "Ibis",
    ),
    *("Jay", "Kite", "Lark", "Linnet", "Lynx", "Marten", "Mole", "Newt", "Otter", "Owl", "Plover", "Puffin", "Quail"),
    *("Raven", "Robin", "Seal", "Snipe", "Sparrow", "Stoat", "Swan", "Swift", "Tern", "Thrush", "Vole", "Wren"),
)
GIVEN_NAMES: Final = (
    *("Ada", "Amara", "Ana", "Anil", "Aylin", "Ben", "Camille", "Chidi", "Dara", "Elif", "Emre", "Farid", "Grace"),
    *("Hana", "Ines", "Jamal", "Jonas", "Kemal", "Lena", "Lucia", "Malik", "Mei", "Nadia", "Noor", "Olu", "Paula"),
    *("Pedro", "Priya", "Rosa", "Ravi", "Sami", "Sofia", "Tomas", "Wanjiru", "Yusuf", "Zofia"),
)
FAMILY_NAMES: Final = (
    *("Abara", "Acker", "Bellamy", "Brandt", "Castel", "Dalton", "Duarte", "Ekwall", "Farrow", "Fontes", "Greer"),
    *("Haddad", "Hollis", "Iversen", "Jansen", "Kamau", "Keller", "Lindqvist", "Lobo", "Marsh", "Moreau", "Nakano"),
    *("Okafor", "Ortega", "Pascal", "Quist", "Rahman", "Reyes", "Sandoval", "Silva", "Tanaka", "Thorne", "Vidal"),
)
