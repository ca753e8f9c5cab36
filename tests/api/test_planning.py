"""Does a draft come to what was asked for, tell its price, lose nothing, and propose nobody without consent?"""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.auditing.drawing import held_round, verify_draw
from api.moment import Moment
from api.planning import Plans
from api.service import Service
from domain.access import Actor
from domain.consent import Channel, ConsentLedger, Ground, Method
from domain.draft import Draft
from domain.member import Member
from domain.mentor import Mentor
from domain.purposes import Field, Purpose
from domain.values import Boundary, LivedExperience, WeeklyWindow
from eventlog.schema import Role
from eventlog.transparency.rooting import hashed_anew
from matching.solve import solve
from tests.scenarios import HARBOUR, enrolled_member, enrolled_mentor, token_of
from tests.scenarios import programme as a_programme

WHY = "They asked for it."


@pytest.fixture
def people(service: Service, moment: Moment) -> tuple[list[Member], list[Mentor]]:
    """Four members, three mentors with a place each; the first of either fit better, and the last two may not meet."""
    members = [enrolled_member(service, moment, ref=f"S-{n}", handle=f"Raven {n}", age=40 + n) for n in range(3)]
    members.append(enrolled_member(service, moment, ref="S-9", handle="Finch 9", boundaries=(Boundary("war"),)))
    mentors = [enrolled_mentor(service, moment, ref=f"T-{n}", handle=f"Owl {n}", capacity=1, age=40) for n in range(2)]
    lived = (LivedExperience("anxiety"), LivedExperience("war"))
    mentors.append(enrolled_mentor(service, moment, ref="T-9", handle="Owl 9", capacity=1, lived_experience=lived))
    return members, mentors


class Drafting:
    """A coordinator who plans through the API; `process` begins a new process, which knows nothing but the log."""

    def __init__(self, service: Service, moment: Moment, programme: Any) -> None:
        self._service, self._moment = service, moment
        self._token = token_of(service, moment, Actor.COORDINATOR, programme)
        self.process()
        self.path = "/api/drafts"

    def process(self) -> None:
        app = create_app(self._service, clock=lambda: self._moment)
        self.client = TestClient(app, headers={"Authorization": f"Bearer {self._token}"})

    def open(self) -> "Drafting":
        answer = self.client.post("/api/drafts", headers={"Idempotency-Key": uuid4().hex})
        assert answer.status_code == 201, answer.text
        self.path, self.version = f"/api/drafts/{answer.json()['draft']}", answer.json()["version"]
        return self

    def send(self, method: str, part: str, status: int, **body: Any) -> Any:
        how = {"json": body} if body else {}
        answer = self.client.request(
            method,
            f"{self.path}{part}",
            headers={"If-Match": f'"{self.version}"'},
            **how,  # type: ignore[arg-type]
        )
        assert answer.status_code == status, answer.text
        self.version = answer.json().get("version", self.version)
        return answer.json()

    def edit(self, kind: str, *, status: int = 201, **said: Any) -> Any:
        said = {name: str(value) if isinstance(value, UUID) else value for name, value in said.items()}
        return self.send("POST", "/edits", status, kind=kind, **said)

    @property
    def seen(self) -> Any:
        answer = self.client.get(self.path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @property
    def plan(self) -> dict[str, str]:
        return {pair["member"]["handle"]: pair["mentor"]["handle"] for pair in self.seen["pairs"]}


@pytest.fixture
def drafting(service: Service, moment: Moment, people: Any) -> Drafting:
    assert people
    return Drafting(service, moment, service.alongside.programme(HARBOUR)).open()


def proposed(service: Service) -> set[tuple[str, str]]:
    pool = service.alongside.pool(service.alongside.programme(HARBOUR).id)
    return {
        (pool.members[member].profile.handle, pool.mentors[mentor].profile.handle)
        for member, mentor in pool.open_proposals()
    }


def of(someone: Any) -> str:
    handle: str = someone.profile.handle
    return handle


def other_mentor(drafting: Drafting, mentors: list[Mentor], member: Member) -> Mentor:
    return next(each for each in mentors[:2] if drafting.plan.get(of(member)) != of(each))


def test_a_draft_begins_with_the_best_plan_and_proposes_nobody(service: Service, drafting: Drafting) -> None:
    standing = drafting.seen["standing"]

    assert standing["optimal"]
    assert standing["served"] == len(drafting.plan) == 3
    assert standing["changes"] == []
    assert proposed(service) == set()


def test_a_pin_is_kept_and_tells_what_it_costs(drafting: Drafting, people: Any) -> None:
    members, mentors = people
    mentor = other_mentor(drafting, mentors, members[0])
    before = drafting.seen["standing"]["objective"]
    drafting.edit("pin", member=members[0].id, mentor=mentor.id, why=WHY)
    after = drafting.seen["standing"]
    (change,) = after["changes"]

    assert drafting.plan[of(members[0])] == of(mentor)
    assert after["growth"] == change["growth"] == {name: after["objective"][name] - before[name] for name in before}
    assert (change["kind"], change["why"], change["by"]) == ("pinned", WHY, "coordinator-1")
    assert {move["member"]["handle"] for move in change["moves"]} >= {of(members[0])}
    assert after["optimal"]


def test_two_members_swap_and_undo_takes_both_back(drafting: Drafting, people: Any) -> None:
    before = drafting.plan
    one, other = (next(m for m in people[0] if of(m) == handle) for handle in sorted(before)[1:])
    drafting.edit("swap", member=one.id, other=other.id, why=WHY, status=201)
    swapped = drafting.plan
    drafting.send("DELETE", "/edits/last", 200)

    assert (swapped[of(one)], swapped[of(other)]) == (before[of(other)], before[of(one)])
    assert drafting.plan == before


def test_every_kind_of_change_can_be_made_and_undone_and_comes_again_in_another_process(
    drafting: Drafting, people: Any
) -> None:
    members, mentors = people
    first = drafting.seen
    seen = []
    member = next(m for m in members if of(m) in drafting.plan)
    with_whom = next(m for m in mentors if of(m) == drafting.plan[of(member)])
    for kind, said in (
        ("keep-apart", {"member": member.id, "mentor": with_whom.id, "why": WHY}),
        ("set-aside", {"side": "member", "id": members[1].id, "why": WHY}),
        ("set-aside", {"side": "mentor", "id": mentors[2].id, "why": WHY}),
        ("places", {"mentor": mentors[0].id, "places": 2}),
        ("policy", {"numbers": {"min_shared_minutes": 30}}),
    ):
        drafting.edit(kind, **said)
        here = drafting.seen
        drafting.process()
        assert drafting.seen == here
        seen.append(here)
    for expected in [*seen[-2::-1], first]:
        drafting.send("DELETE", "/edits/last", 200)
        assert drafting.seen | {"version": 0} == expected | {"version": 0}
    drafting.send("DELETE", "/edits/last", 409)


def test_a_kept_plan_equals_a_cold_solve_after_each_change(service: Service, drafting: Drafting, people: Any) -> None:
    members, mentors = people
    plans, draft_id = Plans(), UUID(drafting.path.rsplit("/", 1)[1])
    for number, member in enumerate(members[:3]):
        drafting.edit("pin", member=member.id, mentor=mentors[number % 2].id, why=WHY, status=201)
        plan = plans.plan(service.alongside, service.alongside.load(Draft, draft_id))
        again = Plans().plan(service.alongside, service.alongside.load(Draft, draft_id))
        assert plan.solution == again.solution
        assert plan.solution.optimal
        if number % 2:
            break
    assert solve(plan.question.problem).objective == plan.first.objective


def test_two_members_of_one_mentor_have_nothing_to_exchange(drafting: Drafting, people: Any) -> None:
    members, mentors = people
    drafting.edit("places", mentor=mentors[0].id, places=2)
    for member in members[:2]:
        drafting.edit("pin", member=member.id, mentor=mentors[0].id, why=WHY)

    drafting.edit("swap", member=members[0].id, other=members[1].id, why=WHY, status=409)


def refusal(drafting: Drafting, member: Member, mentor: Mentor) -> Any:
    answer = drafting.edit("pin", member=member.id, mentor=mentor.id, why=WHY, status=409)
    return {name: answer[name] for name in ("type", "title", "status", "detail")}


def test_a_boundary_a_block_and_a_missing_language_read_alike(
    service: Service, moment: Moment, drafting: Drafting, people: Any
) -> None:
    members, mentors = people
    boundary = refusal(drafting, members[3], mentors[2])
    service.alongside.block(members[0].person_id, of(mentors[1]), None, method=Method.WEB, at=moment.at, by="member")
    stranger = enrolled_mentor(service, moment, ref="T-5", handle="Owl 5", languages=("de",))
    drafting.open()

    assert refusal(drafting, members[0], mentors[1]) == boundary
    assert refusal(drafting, members[0], stranger) == boundary
    for member, mentor in ((members[3], mentors[2]), (members[0], mentors[1]), (members[0], stranger)):
        answer = drafting.edit("keep-apart", member=member.id, mentor=mentor.id, why=WHY, status=409)
        assert answer["detail"] == "These two are not together in this plan."


def test_what_is_not_possible_changes_nothing(drafting: Drafting, people: Any) -> None:
    members, mentors = people
    before = drafting.seen
    refusal(drafting, members[3], mentors[2])
    drafting.edit("pin", member=uuid4(), mentor=mentors[0].id, why=WHY, status=409)
    drafting.edit("unpin", member=members[0].id, status=409)
    drafting.edit("policy", numbers={"min_shared_minutes": -1}, status=422)
    drafting.edit("policy", numbers={"kindness": 3}, status=422)
    drafting.edit("pin", member=members[0].id, mentor=mentors[0].id, why=" ", status=422)

    assert drafting.seen == before


def test_of_two_who_change_the_same_version_one_is_refused(drafting: Drafting, people: Any) -> None:
    mentors = people[1]
    drafting.edit("places", mentor=mentors[0].id, places=2)
    drafting.version -= 1
    drafting.edit("places", mentor=mentors[0].id, places=5, status=412)

    assert [change["places"] for change in drafting.seen["standing"]["changes"]] == [2]


def test_an_adopted_draft_is_a_round_with_its_pins_and_is_verified(
    service: Service, drafting: Drafting, people: Any
) -> None:
    members, mentors = people
    mentor = other_mentor(drafting, mentors, members[0])
    drafting.edit("pin", member=members[0].id, mentor=mentor.id, why=WHY)
    drafting.edit("set-aside", side="member", id=str(members[2].id), why=WHY)
    plan = drafting.plan
    adopted = drafting.send("PUT", "/adoption", 200)
    held = held_round(service.alongside, service.alongside.programme(HARBOUR).id, 1)

    assert (of(members[0]), of(mentor)) in proposed(service)
    assert of(members[2]) not in dict(proposed(service))
    assert len(proposed(service)) == adopted["proposals"] == len(plan)
    assert len(proposed(service) - set(plan.items())) == adopted["drawn_otherwise"]
    assert held.draft_id == UUID(drafting.path.rsplit("/", 1)[1])
    assert held.findings.excluded == {"set-aside": 1}
    root = lambda position: hashed_anew(service.engines[Role.AUDITOR], position)  # noqa: E731
    assert not verify_draw(service.alongside, held, root).is_refused
    drafting.send("PUT", "/adoption", 412)
    drafting.version += 1
    drafting.send("PUT", "/adoption", 409)
    drafting.edit("places", mentor=mentors[0].id, places=2, status=409)


def test_a_draft_that_supposes_places_is_not_adopted(service: Service, drafting: Drafting, people: Any) -> None:
    drafting.edit("places", mentor=people[1][0].id, places=2)
    drafting.send("PUT", "/adoption", 409)

    assert proposed(service) == set()


MEANWHILE: dict[str, Callable[[Service, Moment, Any], object]] = {
    "a withdrawal": lambda service, moment, people: service.alongside.withdraw(
        people[0][0].person_id, Purpose.MATCH_CONSIDER, method=Method.WEB, at=moment.at, by="member"
    ),
    "a block": lambda service, moment, people: service.alongside.block(
        people[0][0].person_id, of(people[1][0]), None, method=Method.WEB, at=moment.at, by="member"
    ),
    "other hours": lambda service, moment, people: service.alongside.change_availability(
        people[1][0].id, (WeeklyWindow(0, 18 * 60, 21 * 60),), at=moment.at, by="mentor-1"
    ),
    "a newcomer": lambda service, moment, _: enrolled_member(service, moment, ref="S-7", handle="Wren 7"),
}


@pytest.mark.parametrize("meanwhile", MEANWHILE.values(), ids=MEANWHILE)
@pytest.mark.parametrize("is_new_process", [False, True])
def test_on_a_pool_that_has_changed_nothing_is_shown_changed_or_adopted_until_it_is_brought_up_to_date(
    service: Service,
    moment: Moment,
    drafting: Drafting,
    people: Any,
    meanwhile: Callable[..., object],
    *,
    is_new_process: bool,
) -> None:
    assert drafting.seen
    meanwhile(service, moment, people)
    if is_new_process:
        drafting.process()

    assert drafting.client.get(drafting.path).status_code == 409
    drafting.edit("places", mentor=people[1][0].id, places=2, status=409)
    drafting.send("PUT", "/adoption", 409)
    drafting.send("PUT", "/pool", 200)
    assert drafting.seen["standing"]["optimal"]
    assert drafting.send("PUT", "/adoption", 200)["proposals"] == 3


def test_edits_that_are_no_longer_possible_fall_away_and_the_others_stand(
    service: Service, moment: Moment, drafting: Drafting, people: Any
) -> None:
    members, mentors = people
    drafting.edit("pin", member=members[0].id, mentor=mentors[0].id, why=WHY)
    drafting.edit("pin", member=members[1].id, mentor=mentors[1].id, why=WHY)
    MEANWHILE["a withdrawal"](service, moment, people)
    drafting.send("PUT", "/pool", 200)

    assert [change["who"][0]["handle"] for change in drafting.seen["standing"]["changes"]] == [of(members[1])]


def test_a_draft_with_somebody_who_was_erased_is_rebuilt_by_nobody(
    service: Service, moment: Moment, drafting: Drafting, people: Any
) -> None:
    person = people[0][0].person_id
    drafting.edit("pin", member=people[0][0].id, mentor=people[1][0].id, why=WHY)
    service.alongside.request_erasure(person, Ground.OBJECTION, at=moment.at, by="member")
    service.alongside.erase(service.alongside.programme(HARBOUR).id, person, at=moment.at, by="coordinator-2")
    service.keys.erase([person], at=moment.at)
    drafting.process()

    assert drafting.client.get(drafting.path).status_code == 409
    drafting.send("PUT", "/pool", 200)
    assert of(people[0][0]) not in drafting.plan


def test_what_is_shown_of_a_pair_is_recorded_with_both_before_it_is_shown(
    service: Service, people: Any, drafting: Drafting
) -> None:
    (pair, *_) = drafting.seen["pairs"]
    member = next(each for each in people[0] if of(each) == pair["member"]["handle"])
    entries = service.alongside.ledger_entries(member.person_id)
    told = [entry.event for entry in entries if isinstance(entry.event, ConsentLedger.Disclosed)]

    assert pair["explanation"]["shared_languages"]
    assert {event.channel for event in told} == {Channel.API}
    assert Field.LANGUAGES in {field for event in told for field in event.fields}


def test_drafts_are_for_coordinators_of_the_programme(
    service: Service, moment: Moment, drafting: Drafting, people: Any
) -> None:
    app = create_app(service, clock=lambda: moment)
    elsewhere = a_programme(service, moment, "quay")

    def status(role: Actor, whom: Any, path: str) -> int:
        token = token_of(service, moment, role, whom)
        return TestClient(app, headers={"Authorization": f"Bearer {token}"}).get(path).status_code

    assert status(Actor.COORDINATOR, elsewhere, drafting.path) == 404
    assert status(Actor.MEMBER, people[0][0], drafting.path) == 403
    assert status(Actor.AUDITOR, service.alongside.programme(HARBOUR), "/api/drafts") == 403
    (listed,) = drafting.client.get("/api/drafts").json()
    assert (listed["status"], listed["opened_by"]) == ("open", "coordinator-1")


def test_a_discarded_draft_is_listed_as_such_and_closed(drafting: Drafting) -> None:
    drafting.send("DELETE", "", 200)
    drafting.send("PUT", "/pool", 409)

    (listed,) = drafting.client.get("/api/drafts").json()
    assert (listed["status"], listed["ended_by"], listed["round_id"]) == ("discarded", "coordinator-1", None)
