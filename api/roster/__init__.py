"""How does a roster come in: two spreadsheets of members and mentors, read whole or refused with reasons?"""

from api.roster.faults import Fault, UnreadableFile
from api.roster.reading import Roster, read_roster
from api.roster.rows import Enrolment
from api.roster.sample import write_sample

__all__ = ["Enrolment", "Fault", "Roster", "UnreadableFile", "read_roster", "write_sample"]
