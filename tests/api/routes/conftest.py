"""The API as a program sees it: a client that carries a token, and the shape of every refusal."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.moment import Moment
from api.service import Service
from tests.scenarios import token_of


@pytest.fixture
def app(service: Service, moment: Moment) -> FastAPI:
    return create_app(service, clock=lambda: moment)


@pytest.fixture
def client_of(app: FastAPI, service: Service, moment: Moment) -> Callable[..., TestClient]:
    """Gives a client with a token of a role in a programme, or of a person."""

    def client(role: Any, whom: Any) -> TestClient:
        token = token_of(service, moment, role, whom)
        return TestClient(app, headers={"Authorization": f"Bearer {token}"})

    return client


@pytest.fixture
def refused() -> Callable[..., dict[str, Any]]:
    """Checks that an answer is a problem of a status and kind, and gives it."""

    def check(response: Any, status: int, kind: str) -> dict[str, Any]:
        assert response.headers["content-type"] == "application/problem+json"
        problem: dict[str, Any] = response.json()
        assert {"type", "title", "status", "detail", "instance"} <= set(problem)
        assert (response.status_code, problem["status"], problem["type"]) == (status, status, f"/problems/{kind}")
        assert problem["instance"] == response.request.url.path
        return problem

    return check
