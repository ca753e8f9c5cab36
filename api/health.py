"""Is the process alive, and can it serve? The two routes that need no token."""

from fastapi import APIRouter, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.access import ServiceDep
from eventlog.schema import Role

router = APIRouter(tags=["health"])


@router.get("/healthz")
def alive() -> dict[str, str]:
    """Say that the process runs."""
    return {"status": "alive"}


@router.get("/readyz")
def ready(service: ServiceDep, response: Response) -> dict[str, str]:
    """Say whether the databases answer and the read models follow the log; 503 names the part that does not.

    A read model that has stopped before an event is named too, but does not make the process unfit: the others go on,
    and every other process has the same trouble.
    """
    parts = {"database": "ready", "read_models": "ready"}
    try:
        for role in (Role.READER, Role.KEY_KEEPER):
            with service.engines[role].connect() as connection:
                connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        parts = {"database": "failed", "read_models": "unknown"}
    else:
        try:
            stopped = service.projector.catch_up().stopped
        except Exception:  # noqa: BLE001 - whatever it is, the answer is the same
            parts["read_models"] = "failed"
        else:
            parts |= {f"read_models/{standing.projection}": "stopped" for standing in stopped}
    response.status_code = 200 if set(parts.values()) <= {"ready", "stopped"} else 503
    return parts
