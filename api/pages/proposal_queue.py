"""What stands on the coordinator's page of proposals?"""

from dataclasses import dataclass
from functools import partial
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import Connection

from api.moment import Moment
from api.pages import sentences
from api.pages.forms import new_key
from api.showing import Reader, page_or_last, proposals
from domain.match import MatchStatus
from projections import mentor_directory, programmes, waiting_list
from projections import proposals as read
from projections.proposals import Proposed

QueueStatus = Literal["proposed", "approved", "accepted", "declined"]

CARDS_A_PAGE: Final = 20


@dataclass(frozen=True)
class Card:
    """A proposal, why it was made, and where its points come from; `key` makes a decision on it happen once."""

    proposal: Proposed
    reasons: list[str]
    points: dict[str, str]
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
    page: int
    pages: int
    figures: Figures
    decided: Proposed | None


def queue_of(
    reader: Reader,
    read_models: Connection,
    moment: Moment,
    *,
    status: QueueStatus = "proposed",
    page: int = 1,
    decided: UUID | None = None,
) -> Queue:
    """Read one page of a programme's proposals, as far as may be told. A page past the end is the last one."""
    shown = page_or_last(partial(proposals, reader, read_models, MatchStatus(status)), page, CARDS_A_PAGE)
    return Queue(
        status=status,
        cards=[_card(proposal) for proposal in shown.rows],
        page=shown.number,
        pages=shown.pages,
        figures=_figures(read_models, reader.programme, moment),
        decided=read.one(read_models, reader.programme, decided) if decided else None,
    )


def _card(proposal: Proposed) -> Card:
    facts = proposal.explanation
    reasons = [sentences.NO_LONGER_SHARED] if facts is None else sentences.explanation(facts)
    points = {} if facts is None else {_term(str(term)): sentences.points(n) for term, n in facts["points"].items()}
    return Card(proposal, reasons, points, new_key())


def _term(term: str) -> str:
    return sentences.TERMS.get(term, term)


def _figures(read_models: Connection, programme: UUID, moment: Moment) -> Figures:
    rounds = programmes.held_rounds(read_models, programme)
    return Figures(
        waiting=waiting_list.number_waiting(read_models, programme),
        places=mentor_directory.places(read_models, programme, today=moment.today),
        open_proposals=read.number(read_models, programme, MatchStatus.PROPOSED),
        last_round=sentences.round_findings(rounds[0].number, rounds[0].today, rounds[0].findings) if rounds else [],
    )
