"""What stands on the coordinator's page of proposals?"""

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import Connection

from api.moment import Moment
from api.pages import sentences
from api.pages.forms import new_key
from domain.match import MatchStatus
from projections import mentor_directory, programmes, proposals, waiting_list
from projections.proposals import Proposed

QueueStatus = Literal["proposed", "approved", "declined"]

CARDS_A_PAGE: Final = 20


@dataclass(frozen=True)
class Card:
    """A proposal, why it was made, and where its points come from; `key` makes a decision on it happen once."""

    proposal: Proposed
    reasons: list[str]
    points: dict[str, int]
    key: str


@dataclass(frozen=True)
class Figures:
    """How the programme stands, and what its last round found."""

    waiting: int
    places: int
    open_proposals: int
    last_round: list[str]


@dataclass(frozen=True)
class Queue:
    """One page of the proposals of a status; `page` counts from 1. `decided` is the one decided just now."""

    status: QueueStatus
    cards: list[Card]
    found: int
    page: int
    pages: int
    figures: Figures
    decided: Proposed | None


def queue_of(
    read_models: Connection,
    programme: UUID,
    moment: Moment,
    *,
    status: QueueStatus = "proposed",
    page: int = 1,
    decided: UUID | None = None,
) -> Queue:
    """Read one page of a programme's proposals. A page past the end is the last one."""
    found = proposals.listed(read_models, programme, MatchStatus(status))
    pages = max(1, -(-len(found) // CARDS_A_PAGE))
    page = min(page, pages)
    shown = found[(page - 1) * CARDS_A_PAGE : page * CARDS_A_PAGE]
    return Queue(
        status=status,
        cards=[_card(proposal) for proposal in shown],
        found=len(found),
        page=page,
        pages=pages,
        figures=_figures(read_models, programme, moment),
        decided=proposals.one(read_models, programme, decided) if decided else None,
    )


def _card(proposal: Proposed) -> Card:
    facts = proposal.explanation
    reasons = [] if facts is None else sentences.explanation(facts)
    points = (
        {} if facts is None else {sentences.TERMS.get(str(term), str(term)): n for term, n in facts["points"].items()}
    )
    return Card(proposal, reasons, points, new_key())


def _figures(read_models: Connection, programme: UUID, moment: Moment) -> Figures:
    mentors = mentor_directory.listings(read_models, programme, today=moment.today)
    rounds = programmes.held_rounds(read_models, programme)
    return Figures(
        waiting=len(waiting_list.waiting(read_models, programme, at=moment.at)),
        places=sum(mentor.places for mentor in mentors if mentor.standing == "available"),
        open_proposals=proposals.number_open(read_models, programme),
        last_round=sentences.round_findings(rounds[0].number, rounds[0].today, rounds[0].findings) if rounds else [],
    )
