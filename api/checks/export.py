"""Does what is handed over say what the ledger says, to whoever reads it by the rules of the forms that it is in?

Each made-up ledger is exported, read and written again by somebody else's FHIR library; then it is decided from what
came out what each audience may be told, of every field for every purpose. The control nests what is exported one
deeper, as an example of HL7's own does: R5 then reads the opposite. A folder of others' Consents, such as HL7's
examples, shows that the library leaves what it reads as it is.
"""

import json
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.util import find_spec
from itertools import islice
from operator import ne
from pathlib import Path
from typing import Any, Final

import msgspec

from api.checks.check import Check, Result
from api.checks.consent_histories import Question, answerable
from api.checks.consent_oracle import QUESTIONS_A_LEDGER, SALT, Case, cases, from_file
from api.exchange import dpv, fhir
from domain.purposes import TERMS, Field

FULL_EXPORTS: Final = 1_000
SMALL_EXPORTS: Final = 25


def run(_server_url: str, full: bool) -> Result:  # noqa: FBT001 - the registry calls it by position
    """Export, read elsewhere, decide, and compare with the ledger."""
    return _tried(full, "no others' Consents were given to read")


def run_with(_server_url: str, full: bool, folder: Path) -> Result:  # noqa: FBT001 - see `run`
    """Do the same, and read the Consents of a folder and write them again."""
    files = sorted(folder.glob("*.json"))
    changed = [file.name for file in files if not _comes_back(file)]
    read = f"{len(files) - len(changed)} of {len(files)} Consents of others come back as they were"
    return _tried(full, read, all_read=bool(files) and not changed)


def _tried(full: bool, others: str, *, all_read: bool = True) -> Result:  # noqa: FBT001 - see `run`
    exports = FULL_EXPORTS if full else SMALL_EXPORTS
    seen = Counter[str]()
    for case in islice(cases(exports * QUESTIONS_A_LEDGER), None, None, QUESTIONS_A_LEDGER):
        for name, counted in _seen(case).items():
            seen[name] += counted
    records = f"{seen['triples']:,} statements of DPV" if seen["triples"] else "DPV not parsed, as rdflib is missing"
    return Result(
        figure=f"{exports:,} exports are valid FHIR R5 ({seen['consents']:,} Consents, {seen['disclosures']:,} "
        f"AuditEvents) and {records}: {seen['wrong']:,} of {seen['decisions']:,} decisions from them differ, "
        f"{seen['permits']:,} permitted; {others}",
        kept=seen["permits"] > 0 and seen["wrong"] == 0 and seen["disclosures"] > 0 and all_read,
        control=f"with each provision nested in another, {seen['nested']:,} differ",
        control_caught=seen["nested"] > 0,
    )


def _seen(case: Case) -> dict[str, int]:
    """Export as of one question, and count what there is and what is decided otherwise."""
    as_of = (case.asked_for, case.question.known_at)
    exported = fhir.export(case.history.ledger, case.history.entries, *as_of, salt=SALT)
    kinds = Counter(entry["resource"]["resourceType"] for entry in exported.get("entry", ()))
    questions = list(_questions(case))
    decided = [Case(case.history, question, case.asked_for).decided() for question in questions]
    read, nested = _read_elsewhere(exported), msgspec.json.encode(_nested(exported))
    return {
        "consents": kinds["Consent"],
        "disclosures": kinds["AuditEvent"],
        "decisions": len(decided),
        "permits": sum(decided),
        "wrong": sum(map(ne, from_file(read, questions), decided)),
        "nested": sum(map(ne, from_file(nested, questions), decided)),
        "triples": _triples(dpv.export(case.history.ledger, *as_of, salt=SALT)),
    }


def _questions(case: Case) -> Iterator[Question]:
    """Ask the same of every field, for every purpose and the audiences that it has."""
    for purpose, terms in TERMS.items():
        for kind in terms.audiences:
            audience = msgspec.structs.replace(case.question.audience, kind=kind)
            audience = answerable(case.history.ledger, audience)
            yield from (replace(case.question, purpose=purpose, field=field, audience=audience) for field in Field)


def _read_elsewhere(exported: Mapping[str, Any]) -> bytes:
    """Have FHIR's library read the export, which it refuses if that is not valid, and write it again."""
    from fhir.resources.bundle import Bundle  # noqa: PLC0415 - slow to import

    return Bundle.model_validate_json(msgspec.json.encode(exported)).model_dump_json().encode()


def _nested(exported: Mapping[str, Any]) -> Mapping[str, Any]:
    copied: Mapping[str, Any] = msgspec.json.decode(msgspec.json.encode(exported))
    for entry in copied.get("entry", ()):
        if "provision" in entry["resource"]:
            entry["resource"]["provision"] = [{"provision": entry["resource"]["provision"]}]
    return copied


def _triples(record: Mapping[str, Any]) -> int:
    """Parse a record as JSON-LD and count its statements; none where the parser is not installed."""
    if find_spec("rdflib") is None:
        return 0
    from rdflib import Graph  # noqa: PLC0415 - for development alone

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # its parser uses what it advises against
        return len(Graph().parse(data=msgspec.json.encode(record), format="json-ld"))


def _comes_back(file: Path) -> bool:
    from fhir.resources.consent import Consent  # noqa: PLC0415 - slow to import

    text = file.read_text("utf-8")
    return bool(json.loads(Consent.model_validate_json(text).model_dump_json()) == json.loads(text))


CHECK: Final = Check("export", "What is handed over is valid, and decides as the ledger does.", run, run_with)
