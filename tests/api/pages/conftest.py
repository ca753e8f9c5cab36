"""The pages as a browser sees them: HTML, cookies, and redirects that are not followed."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.access import COOKIE
from api.app import create_app
from api.moment import Moment
from api.service import Service
from tests.api.pages.browsing import browser
from tests.scenarios import token_of


@pytest.fixture
def app(service: Service, moment: Moment) -> FastAPI:
    """The application, with the programme `harbour` to try it on."""
    return create_app(service, clock=lambda: moment, demo="harbour")


@pytest.fixture
def visitor(app: FastAPI) -> TestClient:
    """A browser on this machine that nobody has signed in with."""
    return browser(app)


@pytest.fixture
def enter(app: FastAPI, service: Service, moment: Moment) -> Callable[..., TestClient]:
    """Signs in as a role of a programme, or as a person, and gives the browser."""

    def signed_in(role, whom):
        client = browser(app)
        client.cookies.set(COOKIE, token_of(service, moment, role, whom))
        return client

    return signed_in
