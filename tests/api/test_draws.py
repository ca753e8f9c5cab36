"""Is it drawn by what was committed to before, can everybody check it, and is anything else caught?"""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from uuid import uuid4

import msgspec
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.auditing.drawing import (
    COMMITTED_BEFORE,
    OPENS,
    ROOT,
    SAME_PLAN,
    SAME_PROBLEM,
    Verified,
    held_round,
    verify_draw,
)
from api.draws import own_draw
from api.moment import Moment
from api.rounds import hold_round
from api.service import Service
from domain.access import Actor
from domain.application import Alongside
from domain.consent import Ground
from domain.errors import UnknownDraw
from domain.match import Match
from domain.member import Member
from domain.programme import Policy, Programme
from domain.round import Round
from eventlog.memory import MemoryLog
from eventlog.schema import Role
from eventlog.transparency.note import Signer
from eventlog.transparency.reading import read_records
from eventlog.transparency.rooting import hashed_anew, root_at
from eventlog.transparency.sealer import Sealer
from matching.lots import lot
from tests.scenarios import (
    HARBOUR,
    a_member,
    a_mentor,
    enrolled_member,
    enrolled_mentor,
    open_match,
    token_of,
)
from tests.scenarios import programme as a_programme


def sha(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@pytest.fixture
def held(service: Service, moment: Moment) -> Round.Held:
    """A round over three members and two mentors who all fit alike."""
    for number in range(3):
        enrolled_member(service, moment, ref=f"S-{number}", handle=f"Raven {number}")
    for number in range(2):
        enrolled_mentor(service, moment, ref=f"T-{number}", handle=f"Owl {number}", capacity=1)
    hold_round(service.alongside, HARBOUR, moment, by="coordinator-1")
    return held_round(service.alongside, service.alongside.programme(HARBOUR).id, 1)


@pytest.fixture
def ask(service: Service, moment: Moment) -> Callable[..., TestClient]:
    app = create_app(service, clock=lambda: moment)

    def client(role: Actor, whom: Programme | Member) -> TestClient:
        return TestClient(app, headers={"Authorization": f"Bearer {token_of(service, moment, role, whom)}"})

    return client


def verified(service: Service, held: Round.Held) -> Verified:
    return verify_draw(service.alongside, held, partial(hashed_anew, service.engines[Role.AUDITOR]))


def failed(found: Verified) -> set[str]:
    return {finding.what for finding in found.findings if not finding.holds}


def test_a_round_draws_by_what_was_committed_to_before_and_commits_anew(service: Service, held: Round.Held) -> None:
    programme = service.alongside.programme(HARBOUR)
    commits = [e for e in service.alongside.log.stream(programme.id) if isinstance(e.event, Programme.SeedCommitted)]
    revealed = held.drawn
    assert revealed is not None

    assert [entry.event.number for entry in commits] == [1, 2]
    assert commits[0].position <= held.position < commits[1].position
    assert commits[0].event.digest == sha(revealed.secret)
    assert revealed.seed == sha(revealed.secret + revealed.root)
    assert programme.commitment is not None
    assert programme.commitment.digest != sha(revealed.secret)


def test_a_secret_is_nowhere_in_the_log_in_clear_until_its_round(service: Service, moment: Moment) -> None:
    programme = a_programme(service, moment)
    assert programme.commitment is not None
    secret = programme.commitment.secret.encode()

    def in_clear() -> bool:
        return any(secret in record.state for record in read_records(service.engines[Role.AUDITOR]))

    before = in_clear()
    hold_round(service.alongside, HARBOUR, moment, by="coordinator-1")

    assert (before, in_clear()) == (False, True)


def test_a_programme_of_the_first_versions_commits_itself_before_its_pool_is_read(
    service: Service, moment: Moment
) -> None:
    old = Programme.start("quay", uuid4(), Policy(), at=moment.at, by="administrator")
    service.alongside.save(old)

    hold_round(service.alongside, "quay", moment, by="coordinator-1")

    assert failed(verified(service, held_round(service.alongside, old.id, 1))) == set()


def test_the_same_secrets_draw_the_same(moment: Moment) -> None:
    def seed(secret: str) -> str:
        alongside = Alongside(MemoryLog(lambda: moment.at), new_secret=lambda: secret)
        members = [a_member(ref=f"S-{number}") for number in range(4)]
        mentors = [a_mentor(ref=f"T-{number}", capacity=1) for number in range(3)]
        alongside.enrol(HARBOUR, members, mentors, at=moment.at, by="administrator")
        held = hold_round(alongside, HARBOUR, moment, by="coordinator-1")
        assert held.outcome.drawn is not None
        return held.outcome.drawn.seed

    assert seed("ab" * 32) == seed("ab" * 32) == sha("ab" * 32 + "0" * 64)
    assert seed("ab" * 32) != seed("cd" * 32)


def test_a_true_draw_is_verified(service: Service, held: Round.Held) -> None:
    assert failed(verified(service, held)) == set()
    assert not verified(service, held).is_refused


def another_secret(held: Round.Held) -> Round.Held:
    return msgspec.structs.replace(held, drawn=msgspec.structs.replace(held.drawn, secret="ef" * 32))


def another_root(held: Round.Held) -> Round.Held:
    return msgspec.structs.replace(held, drawn=msgspec.structs.replace(held.drawn, root="ef" * 32))


def a_later_commitment(held: Round.Held) -> Round.Held:
    return msgspec.structs.replace(held, drawn=msgspec.structs.replace(held.drawn, number=2))


def another_problem(held: Round.Held) -> Round.Held:
    return msgspec.structs.replace(held, findings=msgspec.structs.replace(held.findings, problem_sha256="0" * 64))


def another_plan(held: Round.Held) -> Round.Held:
    values = {member: value + 1 for member, value in held.findings.member_values.items()}
    return msgspec.structs.replace(held, findings=msgspec.structs.replace(held.findings, member_values=values))


@pytest.mark.parametrize(
    ("forged", "caught"),
    [
        (another_secret, {OPENS, SAME_PROBLEM}),
        (another_root, {ROOT, SAME_PROBLEM}),
        (a_later_commitment, {COMMITTED_BEFORE, OPENS}),
        (another_problem, {SAME_PROBLEM}),
        (another_plan, {SAME_PLAN}),
    ],
)
def test_a_draw_that_was_steered_is_refused(
    service: Service, held: Round.Held, forged: Callable[[Round.Held], Round.Held], caught: set[str]
) -> None:
    found = verified(service, forged(held))

    assert caught <= failed(found)
    assert found.is_refused


def test_after_an_erasure_the_draw_is_still_verified_but_not_solved_again(
    service: Service, moment: Moment, held: Round.Held
) -> None:
    alongside = service.alongside
    programme = alongside.programme(HARBOUR)
    person = next(iter(alongside.pool(programme.id).members.values())).person_id
    alongside.request_erasure(person, Ground.OBJECTION, at=moment.at, by="member")
    alongside.erase(programme.id, person, at=moment.at, by="coordinator-2")
    service.keys.erase([person], at=moment.at)

    found = {finding.what: finding.holds for finding in verified(service, held).findings}

    assert found == {COMMITTED_BEFORE: True, OPENS: True, ROOT: True, SAME_PROBLEM: None, SAME_PLAN: None}


def test_the_root_is_the_same_from_what_is_sealed_and_from_the_events(service: Service, moment: Moment) -> None:
    a_programme(service, moment)
    engine = service.engines[Role.AUDITOR]
    sealing = service.engines[Role.PROJECTOR]
    Sealer(sealing, partial(read_records, sealing), Signer.make("alongside/draws")).seal()
    enrolled_member(service, moment)
    head = service.alongside.log.head()

    assert [root_at(engine, position) for position in range(1, head + 1)] == [
        hashed_anew(engine, position) for position in range(1, head + 1)
    ]


def test_everybody_in_the_programme_reads_its_draws_and_nobody_elses(
    service: Service, moment: Moment, held: Round.Held, ask: Callable[..., TestClient]
) -> None:
    programme, elsewhere = service.alongside.programme(HARBOUR), a_programme(service, moment, "quay")
    member = next(iter(service.alongside.pool(programme.id).members.values()))
    revealed = held.drawn
    assert revealed is not None
    following, used = ask(Actor.MEMBER, member).get("/api/draws").json()

    assert (used["secret"], used["root"], used["seed"]) == (revealed.secret, revealed.root, revealed.seed)
    assert (used["digest"], used["round"]) == (sha(revealed.secret), 1)
    assert {following[name] for name in ("round", "secret", "root", "seed")} == {None}
    for role in (Actor.COORDINATOR, Actor.AUDITOR):
        assert ask(role, programme).get("/api/draws").json() == [following, used]
    assert len(ask(Actor.COORDINATOR, elsewhere).get("/api/draws").json()) == 1
    page = ask(Actor.MEMBER, member).get("/draws").text
    assert all(part in page for part in (used["digest"], used["secret"], used["seed"], following["digest"]))


def test_each_of_the_two_of_a_match_finds_their_lot_and_nobody_else_does(
    service: Service, moment: Moment, held: Round.Held, ask: Callable[..., TestClient]
) -> None:
    match = service.alongside.approve(held.matches[0], at=moment.at, by="coordinator-1")
    member = service.alongside.load(Member, match.member_id)
    other = next(m for m in service.alongside.pool(match.programme_id).members.values() if m.id != member.id)
    path = f"/api/people/{member.person_id}/matches/{match.id}/draw"
    found = ask(Actor.MEMBER, member).get(path).json()

    assert held.drawn is not None
    assert found["seed"] == held.drawn.seed
    assert found["lot"] == str(lot(found["seed"], found["member"], found["mentor"]))
    assert str(member.id) not in str(found)
    assert found["lot"] in ask(Actor.MEMBER, member).get(f"/my-match/{match.id}").text
    assert ask(Actor.MEMBER, other).get(path).status_code == 404


def test_a_match_that_was_not_drawn_has_no_lot(service: Service, moment: Moment) -> None:
    match = open_match(service, moment)

    with pytest.raises(UnknownDraw):
        own_draw(service.alongside, service.alongside.load(Match, match.id))
