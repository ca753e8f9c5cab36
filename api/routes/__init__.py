"""The resources of the API, one module a noun."""

from api.routes import consents, erasures, matches, mentors, rounds, waiting

routers = (matches.router, rounds.router, waiting.router, mentors.router, consents.router, erasures.router)
