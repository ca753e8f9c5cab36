"""May this be told? Decided from an exported bundle of FHIR R5 Consents alone; the ledger it came from is not asked.

Each Consent is read by the rules of R5: what it says at its head holds, except where one of its provisions applies, in
turn except where one nested in that applies. Over all Consents: without one the answer is no, any bar wins, and a
consent that needs somebody else's beside it counts only with that. What is not known here is refused, not passed over.
Whom a block is about is in no file: they are among nobody who may be told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from api.exchange import codes
from api.exchange.handles import handle

Resource = Mapping[str, Any]

_BARS: Final = {codes.FREEZE, codes.ERASURE}
_READ: Final = {"modifierExtension", "period", "actor", "action", "securityLabel", "purpose", "code", "provision"}


class NotUnderstood(Exception):
    """The bundle says something that cannot be decided on here."""


@dataclass(frozen=True)
class Asked:
    """Who asks to be told which field for which purpose, and when, by the codes of the bundle and by their own ids."""

    purpose: str
    field: str
    audience: str
    at: datetime
    named: str | None = None
    match: str | None = None
    person: str | None = None


@dataclass(frozen=True)
class Answer:
    """Whether it may be told, and what whoever is told has to keep to."""

    permit: bool
    obligations: frozenset[str] = frozenset()


def decide(exported: Resource, asked: Asked) -> Answer:
    """Decide a question of the bundle's own time or later. Raises `NotUnderstood`."""
    if asked.at < _instant(exported["timestamp"]):
        raise NotUnderstood("The export says how things stood later than what is asked.")
    resources = [entry["resource"] for entry in exported.get("entry", ())]
    active = [each for each in resources if each["resourceType"] == "Consent" and each["status"] == "active"]
    kinds = frozenset[str]().union(*map(_kinds, active))
    if kinds & _BARS:
        return Answer(permit=False)
    if codes.BLOCK in kinds and asked.person is not None and asked.audience != codes.OTHER_SIDE:
        raise NotUnderstood("Whom a block is about is not said: it is known only of the other side of a match.")
    asked = _by_handles(asked, _salt(exported))
    permitting = [each for each in active if permits(each, asked)]
    givers = {_giver(each) for each in permitting}
    counting = [each for each in permitting if _needs(each) <= givers]
    labels = (_obligations(each, asked) for each in counting)
    return Answer(permit=bool(counting), obligations=frozenset[str]().union(*labels))


def permits(consent: Resource, asked: Asked) -> bool:
    """Read one Consent by itself, by the rules of R5, of somebody who asks by the handles of the bundle."""
    return bool(consent["decision"] == "permit") != _is_exception(consent.get("provision", ()), asked)


def _is_exception(provisions: Sequence[Resource], asked: Asked) -> bool:
    return any(_applies(each, asked) and not _is_exception(each.get("provision", ()), asked) for each in provisions)


def _applies(provision: Resource, asked: Asked) -> bool:
    if unknown := provision.keys() - _READ:
        raise NotUnderstood(f"A provision says something by {', '.join(sorted(unknown))}.")
    return (
        _is_within(provision.get("period", {}), asked.at)
        and _names(provision.get("purpose"), codes.PURPOSES, asked.purpose)
        and _names(_codings(provision.get("code")), codes.FIELDS, asked.field)
        and _names(_codings(provision.get("action")), codes.ACTIONS, codes.DISCLOSE)
        and ("actor" not in provision or any(_is_actor(each, asked) for each in provision["actor"]))
        and all(_allows(each, asked) for each in provision.get("modifierExtension", ()))
    )


def _is_actor(actor: Resource, asked: Asked) -> bool:
    identifier = actor.get("reference", {}).get("identifier")
    own = {codes.PERSONS: asked.person, codes.NAMES: asked.named}
    return (
        ("role" not in actor or _names(actor["role"]["coding"], codes.AUDIENCES, asked.audience))
        and (identifier is None or own.get(identifier["system"]) == identifier["value"])
        and all(_allows(each, asked) for each in actor.get("modifierExtension", ()))
    )


def _allows(modifier: Resource, asked: Asked) -> bool:
    match modifier["url"]:
        case codes.MATCH:
            return bool(modifier["valueId"] == asked.match)
        case codes.ALSO_NAMED:
            return bool(modifier["valueString"] == asked.named)
        case codes.NOT_FOR:
            return bool(modifier["valueString"] != asked.named)
        case url:
            raise NotUnderstood(f"Nothing is known here of {url}.")


def _by_handles(asked: Asked, salt: str) -> Asked:
    named, match, person = (each and handle(salt, each) for each in (asked.named, asked.match, asked.person))
    return replace(asked, named=named, match=match, person=person)


def _salt(exported: Resource) -> str:
    for each in exported["meta"]["extension"]:
        if each["url"] == codes.SALT:
            return str(each["valueString"])
    raise NotUnderstood("The export does not say by which salt it names people.")


def _kinds(consent: Resource) -> set[str]:
    return {coding["code"] for coding in _codings(consent["category"]) or () if coding["system"] == codes.KINDS}


def _needs(consent: Resource) -> set[Any]:
    modifiers = consent.get("modifierExtension", ())
    if any(each["url"] != codes.TOGETHER_WITH for each in modifiers):
        raise NotUnderstood("A consent says something that is not known here.")
    return {each["valueCode"] for each in modifiers}


def _obligations(consent: Resource, asked: Asked) -> Iterator[str]:
    for provision in consent.get("provision", ()):
        if _applies(provision, asked):
            yield from (label["code"] for label in provision.get("securityLabel", ()))


def _giver(consent: Resource) -> str | None:
    return next((each["valueCode"] for each in consent.get("extension", ()) if each["url"] == codes.GIVER), None)


def _codings(concepts: Sequence[Resource] | None) -> list[Resource] | None:
    return None if concepts is None else [coding for concept in concepts for coding in concept["coding"]]


def _names(codings: Sequence[Resource] | None, system: str, code: str) -> bool:
    """Say whether one of these is meant; what names none means all."""
    return codings is None or any(each["system"] == system and each["code"] == code for each in codings)


def _is_within(period: Resource, at: datetime) -> bool:
    """Both ends are part of a period."""
    begins, ends = period.get("start"), period.get("end")
    return (begins is None or _instant(begins) <= at) and (ends is None or at <= _instant(ends))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
