"""Are those who look into people's consents looked at themselves?"""

from datetime import timedelta

from domain.audit_trail import AuditTrail


def noted(world):
    return [entry.event for entry in world.alongside.log.read() if isinstance(entry.event, AuditTrail.Queried)]


def test_a_question_is_noted_with_who_asked_about_whom_and_as_of_when(world):
    world.alongside.note_query(
        "replay",
        programme=world.match.programme_id,
        person=world.person,
        as_of=world.day(1),
        known_at=7,
        at=world.now,
        by="Ada",
    )
    (found,) = noted(world)

    assert (found.query, found.by, found.at) == ("replay", "Ada", world.now)
    assert (found.programme_id, found.person_id) == (world.match.programme_id, world.person)
    assert (found.as_of, found.known_at) == (world.day(1), 7)


def test_each_account_has_a_trail_of_its_own_in_each_month(world):
    later = world.now + timedelta(days=40)
    for by, at in (("Ada", world.now), ("Ada", world.now), ("Noor", world.now), ("Ada", later)):
        world.alongside.note_query("unjustified", at=at, by=by)
    trails = [entry.stream for entry in world.alongside.log.read() if isinstance(entry.event, AuditTrail.Queried)]

    assert len(noted(world)) == 4
    assert trails[0] == trails[1]
    assert len(set(trails)) == 3


def test_what_is_noted_between_reading_and_saving_is_not_lost(world, monkeypatch):
    read, others = world.alongside.log.stream, [1, 2, 3]

    def crowded(stream):
        found = read(stream)
        if others:
            others.pop()
            world.alongside.note_query("replay", at=world.now, by="Ada")
        return found

    monkeypatch.setattr(world.alongside.log, "stream", crowded)
    world.alongside.note_query("replay", at=world.now, by="Ada")

    assert len(noted(world)) == 4
