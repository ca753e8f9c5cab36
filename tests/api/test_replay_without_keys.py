"""Can an auditor, who has no keys, replay consents, and do they learn nothing else?"""

import msgspec
import pytest
from scenarios import approved_match

from api.auditing.replaying import replay
from domain.application import Alongside
from domain.member import Member
from eventlog.encoding import Encoding
from eventlog.postgres import PostgresLog
from eventlog.schema import Role


@pytest.fixture
def audited(databases):
    engine = databases.engine(Role.AUDITOR, connections=2)
    log = PostgresLog(engine, Encoding(None))
    yield Alongside(log)
    log.close()
    engine.dispose()


def test_consents_replayed_without_keys_are_those_replayed_with_them(service, moment, audited):
    match = approved_match(service, moment)
    for person in (match.member_person_id, match.mentor_person_id):
        with_keys = replay(service.alongside, person, moment.at).report()
        assert replay(audited, person, moment.at).report() == with_keys
        assert any(consent["permitted"] for consent in with_keys["consents"])


def test_whoever_has_no_keys_reads_nothing_personal(service, moment, audited):
    match = approved_match(service, moment)
    member = service.alongside.load(Member, match.member_id)

    found = audited.load(Member, match.member_id)

    assert found.profile.handle == "[sealed]"
    read = b"".join(msgspec.json.encode(entry.event) for entry in audited.log.read())
    assert member.profile.handle.encode() not in read
    assert member.profile.handle.encode() in msgspec.json.encode(member.profile)
