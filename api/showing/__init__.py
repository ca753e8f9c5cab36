"""What coordinators are shown of people: asked of each ledger, and recorded in it before anything shows it.

Names are shown without asking, as people are known by them; so is what is the programme's own business: places,
training, how a match stands.
"""

from api.showing.mentors import hours_of, mentors
from api.showing.page import LONGEST_PAGE, Page, Paging, every_row, page_or_last
from api.showing.proposals import facts_told, proposal, proposals
from api.showing.reader import Reader
from api.showing.waiting import waiting

__all__ = [
    "LONGEST_PAGE",
    "Page",
    "Paging",
    "Reader",
    "every_row",
    "facts_told",
    "hours_of",
    "mentors",
    "page_or_last",
    "proposal",
    "proposals",
    "waiting",
]
