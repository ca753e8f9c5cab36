"""Can somebody whom another keeps away tell it from what the service answers? They and their twins ask for the same.

What both are answered must look the same, and take as long: see `api.checks.two_samples`.
"""

import http.client
import json
import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from random import Random
from statistics import median
from time import perf_counter
from typing import Final

from api.checks.serving import HOST
from api.checks.twins import Twins
from api.checks.two_samples import probability

LEAST_PROBABILITY: Final = 0.01

_PATIENCE_S: Final = 20.0
_OF_EACH_ANSWER: Final = {"date", "x-request-id", "content-length"}
_POSITION: Final = re.compile(rb'"position":\d+')  # it has no more digits for the one than for the other, but by chance

Asked = tuple[str, str]
"""A situation, and what is asked for in it."""


@dataclass
class Samples:
    """How long both waited for an answer, in seconds, and in how many rounds the answers looked different."""

    kept_away: list[float] = field(default_factory=list)
    twin: list[float] = field(default_factory=list)
    differing: int = 0

    @property
    def alike(self) -> float:
        """The chance that two who are treated alike would wait so differently."""
        return probability(self.kept_away, self.twin)

    def finds_a_delay(self, part: float) -> bool:
        """Say whether it would be found if one of the two waited longer by a part of what is usual."""
        late = part * median(self.twin)
        return probability([each + late for each in self.kept_away], self.twin) <= LEAST_PROBABILITY


class Asking:
    """Both twins ask for the same, in an order that is drawn, one after another on one connection."""

    def __init__(self, port: int, twins: Sequence[Twins], random: Random) -> None:
        self._port, self._twins, self._random, self._said = port, twins, random, 0

    def ask(self, rounds: int, which: Callable[[Asked], bool] = lambda _: True) -> dict[Asked, Samples]:
        """Let both ask so many times for everything, or for some of it."""
        found: dict[Asked, Samples] = {}
        with closing(http.client.HTTPConnection(HOST, self._port, timeout=_PATIENCE_S)) as connection:
            for _ in range(rounds):
                for twins in self._twins:
                    for index, request in enumerate(twins.requests):
                        asked = twins.situation, request
                        if which(asked):
                            self._both(connection, twins, index, found.setdefault(asked, Samples()))
        return found

    def _both(self, connection: http.client.HTTPConnection, twins: Twins, index: int, samples: Samples) -> None:
        turns = [(twins.kept_away, samples.kept_away), (twins.twin, samples.twin)]
        self._random.shuffle(turns)
        self._said += 1
        looks = []
        for visitor, times in turns:
            begun = perf_counter()
            looks.append(_look(connection, visitor.token, visitor.requests[index], self._said))
            times.append(perf_counter() - begun)
        samples.differing += looks[0] != looks[1]


def _look(connection: http.client.HTTPConnection, token: str, request: str, number: int) -> tuple[object, ...]:
    """Ask, and give all that is to be seen of an answer but its words. What is said has a number in it, to be new."""
    method, _, address = request.rpartition(" ")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    if not address.startswith("/api/"):
        headers["Accept"] = "text/html"
    said = {"granted": number % 2 == 0, "phone": f"+44 7700 {900_000 + number}"}
    connection.request(method or "GET", address, json.dumps(said) if method else None, headers)
    response = connection.getresponse()
    body = _POSITION.sub(b'"position":0', response.read())
    told = sorted((name.lower(), value) for name, value in response.getheaders())
    same = [(name, value) for name, value in told if name not in _OF_EACH_ANSWER]
    return response.status, tuple(same), len(body)
