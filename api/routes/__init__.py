"""The resources of the API, one module a noun."""

from api.routes import (
    auditing,
    blocks,
    consents,
    drafts,
    draws,
    emergencies,
    erasures,
    exchange,
    matches,
    meeting,
    mentors,
    notices,
    receipts,
    rounds,
    standings,
    waiting,
)

routers = (
    matches.router,
    rounds.router,
    draws.router,
    drafts.router,
    waiting.router,
    mentors.router,
    consents.router,
    erasures.router,
    receipts.router,
    notices.router,
    standings.router,
    emergencies.router,
    blocks.router,
    meeting.router,
    auditing.router,
    exchange.router,
)
