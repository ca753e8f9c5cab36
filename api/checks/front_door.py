"""What do people hear at the front door? The same acts for somebody who does harm and for anybody else."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Final
from uuid import UUID

import msgspec

from api.access import COOKIE
from api.app import create_app
from api.checks.asgi import Answer, ask
from api.checks.people import AT, MEMBER
from api.checks.scratch import scratch_service
from api.checks.standing_cases import Harm
from api.moment import Moment
from api.service import Service
from domain.access import Actor
from domain.consent import Giver, consent_at
from domain.identity import person_id
from domain.profiles import MemberProfile
from domain.purposes import Purpose

PURPOSE: Final = Purpose.MATCH_CONSIDER
PROGRAMME: Final = "check"
HOLDER: Final = {"name": "Ana Costa", "phone": "+351 912 345 678"}
HARM: Final = {"name": "somebody", "phone": "00351 912345678"}  # the same number, written in another way
YOUNG: Final = 15
GROWN: Final = 40

# What is random in every answer, and so says nothing: the request's id, and the keys of forms.
_RANDOM_HEADER: Final = b"x-request-id"
_FORM_KEY: Final = re.compile(rb'name="key" value="[^"]*"')


@dataclass
class Heard:
    """How many answers were compared, how many told something, and how many people were used against the rules."""

    compared: int = 0
    telling: int = 0
    permits: int = 0
    wrong_permits: int = 0


@dataclass(frozen=True)
class _Way:
    """As what somebody asks to speak, whether it is confirmed and ended, what the person says, and what they say."""

    giver: Giver
    is_confirmed: bool
    is_ended: bool
    own: bool
    said: tuple[str, ...]


@dataclass(frozen=True)
class _Applicant:
    profile: MemberProfile
    consents: tuple[Purpose, ...]
    consented_on: None = None


def answers_at_the_front_door(server_url: str, *, full: bool) -> Heard:
    """Ask, confirm and speak by the API and open the page, for every time at which harm may be recorded; compare."""
    heard = Heard()
    ways = list(_ways(full=full))
    with scratch_service(server_url, connections=4) as service:
        service.alongside.enrol(PROGRAMME, list(_members(ways)), [], at=AT, by="administrator")
        visitors = _Visitors(service)
        for number, way in enumerate(ways):
            usual = visitors.act(number, way, Harm.NONE)
            heard.permits += visitors.is_permitted(number, Harm.NONE)
            for harm in list(Harm)[1:]:
                answers = visitors.act(number, way, harm)
                heard.compared += len(answers)
                heard.telling += sum(one != other for one, other in zip(usual, answers, strict=True))
                own_word_is_enough = way.own and way.giver == Giver.DELEGATE
                heard.wrong_permits += visitors.is_permitted(number, harm) and not own_word_is_enough
    return heard


def _ways(*, full: bool) -> Iterator[_Way]:
    said = (("yes",), ("yes", "taken back"), ("no",))
    for values in product((Giver.GUARDIAN, Giver.DELEGATE), (True, False), (False, True), (True, False), said):
        way = _Way(*values)
        if full or (way.own == (way.giver == Giver.GUARDIAN) and not way.is_ended and way.said != ("no",)):
            yield way


def _members(ways: Sequence[_Way]) -> Iterator[_Applicant]:
    """Give somebody for every way and every time of harm: of fifteen where a guardian asks, of forty else."""
    for (number, way), harm in product(enumerate(ways), Harm):
        age = YOUNG if way.giver == Giver.GUARDIAN else GROWN
        profile = msgspec.structs.replace(MEMBER, ref=_ref(number, harm), age=age)
        yield _Applicant(profile, (PURPOSE,) if way.own else ())


def _ref(number: int, harm: Harm) -> str:
    return f"S-{number}-{harm}"


class _Visitors:
    """Two coordinators, one of whom asks and the other confirms, while somebody listens."""

    def __init__(self, service: Service) -> None:
        self._alongside = service.alongside
        self._programme = service.alongside.programme(PROGRAMME)
        self._app = create_app(service, clock=lambda: Moment(AT, AT.date()))
        self._secrets = {name: self._token(name) for name in ("one", "two")}

    def act(self, number: int, way: _Way, harm: Harm) -> list[Answer]:
        """Do all acts of one way, with harm recorded at its time; give what is answered, without names."""
        person = self._person(number, harm)
        path = f"/api/people/{person}"
        asked = {"giver": way.giver, "evidence": "a letter", "purposes": [PURPOSE], **HOLDER}
        self._record(harm == Harm.FIRST, path)
        answers = [self._ask("one", "POST", f"{path}/standings", asked)]
        standing: str = json.loads(answers[0][2])["standing"]
        spoken = f"{path}/standings/{standing}"
        if way.is_confirmed:
            answers.append(self._ask("two", "PUT", f"{spoken}/confirmation"))
        if way.is_ended:
            answers.append(self._ask("two", "DELETE", spoken))
        self._record(harm == Harm.BEFORE, path)
        answers += [self._ask("one", "POST", f"{spoken}/consents/{PURPOSE}", {"said": said}) for said in way.said]
        self._record(harm == Harm.AFTER, path)
        answers += [self._ask("two", "GET", f"{path}/standings"), self._ask("two", "GET", f"/people/{person}/speaking")]
        return [_without(answer, str(person), standing) for answer in answers]

    def is_permitted(self, number: int, harm: Harm) -> bool:
        """Decide, from what is stored."""
        ledger = self._alongside.ledger(self._person(number, harm))
        return consent_at(ledger, PURPOSE, at=AT).permit

    def _record(self, is_time: bool, path: str) -> None:  # noqa: FBT001 - a condition, not a switch
        if is_time:
            self._ask("one", "POST", f"{path}/harm", HARM)

    def _ask(self, account: str, method: str, address: str, said: object = None) -> Answer:
        headers = {"Accept": "text/html", "Cookie": f"{COOKIE}={self._secrets[account]}"}
        if said is not None:
            headers["Content-Type"] = "application/json"
        return ask(self._app, method, address, headers, b"" if said is None else msgspec.json.encode(said))

    def _person(self, number: int, harm: Harm) -> UUID:
        return person_id(self._programme.namespace, _ref(number, harm))

    def _token(self, name: str) -> str:
        expires_at = AT + timedelta(days=1)
        return self._alongside.issue_token(
            Actor.COORDINATOR, name, self._programme.id, expires_at=expires_at, at=AT, by="administrator"
        )


def _without(answer: Answer, *names: str) -> Answer:
    """Take from an answer what is another for every person and every request, and no longer or shorter for any."""
    status, headers, body = answer
    for name in names:
        body = body.replace(name.encode(), b"-" * len(name))
    kept = tuple((name, value) for name, value in headers if name != _RANDOM_HEADER)
    return status, kept, _FORM_KEY.sub(b'name="key"', body)
