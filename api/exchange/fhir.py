"""A person's ledger as FHIR R5: a Bundle of Consents that anybody can decide from, and of the disclosures on them.

Every Consent says `deny` and has one provision, never a nested one, for each kind of audience that may be told: R5
reads a provision as an exception to what stands above it, so that a nested one turns a permit into its opposite. What
would not fit so stands in modifier extensions, which nobody may pass over who does not know them. Freezes and erasures
are Consents of their own, with nothing but `deny`: they win. So are blocks, but whom they are about is not said: those
are left out of every provision, as whoever's match has ended is.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from api.exchange import codes
from api.exchange.as_of import AsOf, Live, Over, audiences, conditions
from api.exchange.audit_events import audit_events
from api.exchange.handles import with_handles
from domain.consent import ConsentLedger, Grant, State
from domain.consent.history import Block, Ending, Place, Stop
from domain.events import Entry
from domain.purposes import TERMS, AudienceKind, Field, Purpose

Resource = dict[str, Any]

_TICK: Final = timedelta(microseconds=1)


def export(
    ledger: ConsentLedger, entries: Sequence[Entry], at: datetime, known_at: int | None = None, *, salt: str
) -> Mapping[str, Any]:
    """Give a person's consents and disclosures as of an instant, on what was known up to a position of the log.

    `entries` are the events of the ledger. The questions of any instant from `at` on can be decided from the bundle.
    `salt` is of this bundle alone, in hexadecimal digits (`handles.new_salt`).
    """
    as_of = AsOf(ledger, at, known_at)
    return bundle(as_of, [*consents(as_of), *audit_events(as_of, entries)], salt)


def bundle(as_of: AsOf, resources: Sequence[Resource], salt: str) -> Mapping[str, Any]:
    """Give resources as one collection that says as of when they are, and names nobody else but by handle."""
    position = {"url": codes.POSITION, "valuePositiveInt": max(as_of.position, 1)}
    hidden = [with_handles(resource, salt, str(as_of.ledger.person_id)) for resource in resources]
    return {
        "resourceType": "Bundle",
        "meta": {"extension": [position, {"url": codes.SALT, "valueString": salt}]},
        "identifier": {"system": codes.EXPORTS, "value": f"{as_of.ledger.id}:{as_of.position}"},
        "type": "collection",
        "timestamp": as_of.at.isoformat(),
        **_unless_empty(
            "entry", [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in hidden]
        ),
    }


def validate(exported: Mapping[str, Any]) -> None:
    """Raise `pydantic.ValidationError` if something is no valid FHIR R5."""
    # It takes a second to import, and is needed by nobody else.
    from fhir.resources.bundle import Bundle  # noqa: PLC0415

    Bundle.model_validate(exported)


def consents(as_of: AsOf) -> Iterator[Resource]:
    """Give what was asked, consented to, refused and barred, in this order."""
    yield from _unanswered(as_of)
    for grant in as_of.grants:
        yield _granted(as_of, as_of.fate(grant))
    for stop in as_of.stops:
        if stop.ending == Ending.REFUSED:
            yield _refused(as_of, stop)
    for block, stands in as_of.blocks():
        yield _blocked(as_of, block, stands=stands)
    if as_of.freezes and as_of.freezes[-1].is_on:
        yield _bar(as_of, codes.FREEZE, as_of.freezes[-1].place, as_of.freezes[-1].said)
    for erasure in as_of.erasures[-1:]:
        yield _bar(as_of, codes.ERASURE, erasure.place, erasure.said)


def _unanswered(as_of: AsOf) -> Iterator[Resource]:
    latest = {asking.purpose: asking for asking in as_of.askings}
    for purpose, asking in latest.items():
        words: list[Grant | Stop] = [*as_of.grants, *as_of.stops]
        if not any(word.purpose == purpose and word.place.version > asking.place.version for word in words):
            state = State.DEFERRED if asking.is_deferred else State.REQUESTED
            yield {
                **_resource(as_of, asking.place, asking.said, "draft", purpose=purpose),
                **_extended(asking.place, {codes.STATE: {"valueCode": state}}),
            }


def _refused(as_of: AsOf, stop: Stop) -> Resource:
    said: dict[str, Resource] = {
        codes.STATE: {"valueCode": State.REFUSED},
        codes.GIVER: {"valueCode": stop.giver},
        codes.SAID_AT: {"valueDateTime": stop.said.isoformat()},
    }
    return {
        **_resource(as_of, stop.place, stop.said, "not-done", purpose=stop.purpose),
        **({} if stop.named is None else {"grantee": [_identified(codes.NAMES, stop.named)]}),
        **_extended(stop.place, said),
    }


def _blocked(as_of: AsOf, block: Block, *, stands: bool) -> Resource:
    """Give a block, of whomever it stands for: it is the same file whoever that is."""
    return {
        **_bar(as_of, codes.BLOCK, block.place, block.said, status="active" if stands else "inactive"),
        "grantee": [_identified(codes.BLOCKS, str(block.block_id))],
    }


def _bar(as_of: AsOf, kind: str, place: Place, said: datetime, status: str = "active") -> Resource:
    return {**_resource(as_of, place, said, status, kind=kind), **_extended(place, {})}


def _granted(as_of: AsOf, fate: Live | Over) -> Resource:
    grant = fate.grant
    speaker = (codes.PERSONS, as_of.ledger.person_id) if grant.authority is None else (codes.STANDINGS, grant.authority)
    last = grant.expires_at - _TICK
    found = {
        **_resource(as_of, grant.place, grant.said, _status(fate), purpose=grant.purpose),
        "id": str(grant.consent_id),
        "grantor": [_identified(speaker[0], str(speaker[1]))],
        **_wording(grant),
    }
    if grant.at <= last:
        found["period"] = {"start": grant.at.isoformat(), "end": last.isoformat()}
    said: dict[str, Resource] = {
        codes.GIVER: {"valueCode": grant.giver},
        codes.SAID_AT: {"valueDateTime": grant.said.isoformat()},
    }
    if isinstance(fate, Over):
        said |= {} if fate.state is None else {codes.STATE: {"valueCode": fate.state}}
        said |= {} if fate.stop is None else {codes.ENDED_AT: {"valueDateTime": fate.stop.said.isoformat()}}
        return found | _extended(grant.place, said)
    said[codes.STATE] = {"valueCode": State.GIVEN if grant.supersedes is None else State.RENEWED}
    if fate.together_with is not None:
        found["modifierExtension"] = [{"url": codes.TOGETHER_WITH, "valueCode": fate.together_with}]
    return found | _extended(grant.place, said) | _provided(as_of, fate)


def _status(fate: Live | Over) -> str:
    if isinstance(fate, Live):
        return "active"
    return "entered-in-error" if fate.state == State.INVALIDATED else "inactive"


def _provided(as_of: AsOf, live: Live) -> Resource:
    """Give the exceptions from `deny`; none where the condition for all of them has not come about."""
    kinds = audiences(live.grant).items()
    found = [provision(as_of, live, kind, fields) for kind, fields in kinds]
    return _unless_empty("provision", [each for each in found if each is not None])


def provision(as_of: AsOf, live: Live, kind: AudienceKind, fields: frozenset[Field]) -> Resource | None:
    """Give what one kind of audience may be told, and when; none if there is nobody yet to be told."""
    grant, obligations = live.grant, TERMS[live.grant.purpose].obligations
    actors = _actors(as_of, grant, kind)
    if not actors:
        return None
    return {
        **_unless_empty("modifierExtension", [_not_for(name) for name in sorted(live.not_for)]),
        "period": {"start": grant.at.isoformat(), "end": (live.ends - _TICK).isoformat()},
        "actor": actors,
        "action": [{"coding": [_coding(codes.ACTIONS, codes.DISCLOSE)]}],
        **_unless_empty("securityLabel", [_coding(codes.OBLIGATIONS, each) for each in obligations]),
        "purpose": [_coding(codes.PURPOSES, grant.purpose)],
        "code": [{"coding": [_coding(codes.FIELDS, field)]} for field in sorted(fields)],
    }


def _not_for(name: str) -> Resource:
    return {"url": codes.NOT_FOR, "valueString": name}


def _actors(as_of: AsOf, grant: Grant, kind: AudienceKind) -> list[Resource]:
    role = {"coding": [_coding(codes.AUDIENCES, kind)]}
    needed = conditions(grant)
    if kind == AudienceKind.OTHER_SIDE or needed:
        return [
            {"role": role, "reference": _identified(codes.PERSONS, str(other)), "modifierExtension": _met(match, grant)}
            for match, other in as_of.pairs(needed)
        ]
    return [
        {"role": role} if grant.named is None else {"role": role, "reference": _identified(codes.NAMES, grant.named)}
    ]


def _met(match: UUID, grant: Grant) -> list[Resource]:
    found = [{"url": codes.MATCH, "valueId": str(match)}]
    return found if grant.named is None else [*found, {"url": codes.ALSO_NAMED, "valueString": grant.named}]


def _wording(grant: Grant) -> Resource:
    wording = grant.wording
    if wording is None:
        return {}
    notice = _identified(codes.NOTICES, f"{wording.notice}/{wording.version}/{wording.language}")
    return {"sourceReference": [notice | {"extension": [{"url": codes.WORDING, "valueString": wording.sha256}]}]}


def _resource(
    as_of: AsOf, place: Place, said: datetime, status: str, *, kind: str = codes.CONSENT, purpose: Purpose | None = None
) -> Resource:
    categories = [_coding(codes.KINDS, kind), *([] if purpose is None else [_coding(codes.PURPOSES, purpose)])]
    return {
        "resourceType": "Consent",
        "id": str(uuid5(as_of.ledger.id, f"event:{place.version}")),
        "status": status,
        "category": [{"coding": [category]} for category in categories],
        "subject": _identified(codes.PERSONS, str(as_of.ledger.person_id)),
        "date": said.date().isoformat(),
        "decision": "deny",
    }


def _extended(place: Place, said: Mapping[str, Resource]) -> Resource:
    stands = {codes.POSITION: {"valuePositiveInt": place.position}} if place.position else {}
    return _unless_empty("extension", [{"url": url, **value} for url, value in (dict(said) | stands).items()])


def _unless_empty(name: str, values: list[Resource]) -> Resource:
    """Give an element, if there is one: JSON of FHIR has no empty arrays."""
    return {name: values} if values else {}


def _identified(system: str, value: str) -> Resource:
    return {"identifier": {"system": system, "value": value}}


def _coding(system: str, code: str) -> Resource:
    return {"system": system, "code": str(code)}
