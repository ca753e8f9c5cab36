"""Who is on a roster of two spreadsheets, members and mentors?"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from api.roster.faults import Fault, UnreadableFile
from api.roster.forms import MEMBERS, MENTORS, Form
from api.roster.rows import Enrolment, People, read_people
from api.roster.sheet import open_sheet
from domain.profiles import MemberProfile, MentorProfile, Profile

P = TypeVar("P", bound=Profile)


@dataclass(frozen=True, slots=True)
class Roster:
    """The people of all sound rows, in the order of the files, the faults of all other rows, and warnings to show."""

    members: tuple[Enrolment[MemberProfile], ...]
    mentors: tuple[Enrolment[MentorProfile], ...]
    faults: tuple[Fault, ...]
    warnings: tuple[str, ...]


def read_roster(members: Path, mentors: Path, *, today: date, encoding: str | None = None) -> Roster:
    """Read both files whole, each a CSV file (UTF-8, or in `encoding`) or an .xlsx or .ods workbook.

    Raises:
        UnreadableFile: one file or both cannot be taken in; the message has a line for each.

    """
    member_people = _attempt(members, MEMBERS, MENTORS, today, encoding)
    mentor_people = _attempt(mentors, MENTORS, MEMBERS, today, encoding)
    if isinstance(member_people, UnreadableFile) or isinstance(mentor_people, UnreadableFile):
        refusals = (people for people in (member_people, mentor_people) if isinstance(people, UnreadableFile))
        raise UnreadableFile("\n".join(map(str, refusals)))
    return Roster(
        member_people.enrolments,
        mentor_people.enrolments,
        member_people.faults + mentor_people.faults,
        member_people.warnings + mentor_people.warnings,
    )


def _attempt(
    path: Path, form: Form[P], other: Form[Any], today: date, encoding: str | None
) -> People[P] | UnreadableFile:
    try:
        return read_people(open_sheet(path, encoding), form, other, today)
    except UnreadableFile as refusal:
        return refusal
