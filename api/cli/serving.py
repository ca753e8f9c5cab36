"""The command that serves the API and the pages."""

import logging
import signal
import sys
import tempfile
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from types import FrameType
from typing import Annotated, Final

import typer
import uvicorn

from api import transparency
from api.app import create_app
from api.cli.options import Today, moment
from api.cli.output import say, show
from api.erasing import finish
from api.moment import Moment, now
from api.roster import read_roster, write_sample
from api.rounds import hold_round
from api.service import Service, running
from api.settings import Settings
from domain.errors import InvalidValue
from eventlog.schema import Role
from eventlog.transparency.note import Signer
from eventlog.transparency.signing_key import NoSigningKey
from projections import programmes
from projections.follower import Follower
from projections.stopping import ReadModelStopped

logger = logging.getLogger(__name__)

DEMO: Final = "harbour"
MEMBERS, MENTORS, SEED = 120, 40, 2026
PATIENCE_S: Final = 3


def serve(
    *,
    demo: Annotated[bool, typer.Option("--demo", help="With a sample programme that anyone here may enter.")] = False,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    today: Today = None,
) -> None:
    """Serve the API and the pages until Ctrl-C."""
    settings = Settings()
    if demo and (settings.database_url or not _is_loopback(host)):
        raise InvalidValue("--demo lets anyone in: it serves only this machine, and only its own database.")
    stop_in_order()
    with running(settings, say, second_clock=today is None) as service:
        if demo:
            _fill(service, moment(today))
        _finish_erasures(service)
        app = create_app(service, clock=_clock(today), demo=DEMO if demo else None, signer=_signer(settings))
        config = uvicorn.Config(
            app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=PATIENCE_S, server_header=False
        )
        server = uvicorn.Server(config)
        show(f"Alongside is at http://{host}:{port}/  (Ctrl-C stops it)")
        sys.stdout.flush()
        with Follower(service.projector, service.alongside.log), _sealing(service, settings):
            server.run()


def _finish_erasures(service: Service) -> None:
    """Carry out what was interrupted; what keeps that from being known keeps nobody from being served."""
    try:
        finish(service)
    except ReadModelStopped as stopped:
        say(f"Whether an erasure was interrupted is not known. {stopped}")


def _signer(settings: Settings) -> Signer | None:
    """Give what signs receipts, if there is a key. That there is none is said where the log is sealed."""
    try:
        return transparency.signing_key(settings)
    except NoSigningKey:
        return None


def _sealing(service: Service, settings: Settings) -> AbstractContextManager[object]:
    """Give what seals the log while it is served, if there is a key to seal it with."""
    try:
        return transparency.Sealing(transparency.sealer(service.engines[Role.PROJECTOR], settings, _report))
    except NoSigningKey as missing:
        say(f"The log is not sealed. {missing}")
        return nullcontext()


def _report(publisher: str, fault: Exception) -> None:
    logger.error("a checkpoint was not published to %s: %s", publisher, fault)


def _clock(today: datetime | None) -> "partial[Moment]":
    return partial(now) if today is None else partial(moment, today)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def stop_in_order() -> None:
    """Turn a request to end into an ordinary exit, so that the database is stopped too."""

    def leave(_: int, __: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, leave)


def _fill(service: Service, when: Moment) -> None:
    """Import the sample programme and hold its first round, where that was not done before."""
    with service.reading() as read_models:
        known = programmes.slugs(read_models)
    if DEMO in known:
        return
    say("Importing a sample programme and solving its first round")
    with tempfile.TemporaryDirectory() as folder:
        files = write_sample(Path(folder), members=MEMBERS, mentors=MENTORS, seed=SEED, today=when.today)
        roster = read_roster(*files, today=when.today)
    service.alongside.enrol(DEMO, roster.members, roster.mentors, at=when.at, by="demo")
    hold_round(service.alongside, DEMO, when, by="demo")
