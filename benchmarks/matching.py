"""How fast is a round found and proven, beside others who solve the same instance?

    ./run python -m benchmarks.matching [--sizes 1000 10000 50000 100000] [--limit-s 300] [--save RESULTS.json]

A size is a number of members; there is one mentor to five of them, from the seeded sample. Everything runs in a process
of its own, one after the other: `ours` twice in one process, the first time with what compiled loops take to load, and
the second time as in a service that is up. Peers get all feasible pairs for nothing and only their solving is timed;
whoever does not finish a size is not asked for a larger one. The limit below is one pass over the packed words of all
pairs that stores and decides nothing. `benchmarks.picture` draws what was saved.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from api.roster import read_roster, write_sample
from domain.profiles import MemberProfile, MentorProfile
from domain.purposes import Purpose
from matching.arrays import Words
from matching.comparing import feasible_pairs
from matching.compiling import compiled
from matching.instance import instance_in
from matching.pairs import Listed
from matching.pool import pool_of
from matching.problem import Member, Mentor, Problem, Window
from matching.scanning import CALLEES, shared
from matching.solve import THREADS, solve
from matching.survey import Survey
from matching.week import SLOTS

TODAY = date(2026, 3, 2)
SEED = 1
MOST_BYTES = 20 << 30
PREPARING_S = 60
OURS, LIMIT = "ours", "one bare pass"
ALSO = ("first come, first served", "SimpleMinCostFlow", "GLOP", "HiGHS", "SciPy, dense", "SciPy, sparse", "CP-SAT")


def sampled(members: int, mentors: int | None = None, seed: int = SEED) -> Problem:
    """Make a problem of the sample, with whoever may be considered and is trained; one mentor to five, if not told."""
    with tempfile.TemporaryDirectory() as folder:
        paths = write_sample(Path(folder), members=members, mentors=mentors or members // 5, seed=seed, today=TODAY)
        roster = read_roster(*paths, today=TODAY)
    asked = [each.profile for each in roster.members if Purpose.MATCH_CONSIDER in each.consents]
    offered = [each.profile for each in roster.mentors if Purpose.MATCH_CONSIDER in each.consents]
    trained = (profile for profile in offered if profile.training.valid_until >= TODAY)
    return Problem(today=TODAY, members=tuple(map(_member, asked)), mentors=tuple(map(_mentor, trained)))


def _member(profile: MemberProfile) -> Member:
    return Member(
        urgency=profile.urgency,
        waiting_since=profile.waiting_since,
        needs=tuple(need.code for need in profile.needs),
        avoid_topics=frozenset(boundary.topic for boundary in profile.boundaries),
        mentor_gender=profile.preferences.mentor_gender,
        **_person(profile),
    )


def _mentor(profile: MentorProfile) -> Mentor:
    return Mentor(
        offers=frozenset(profile.offers),
        declined_topics=frozenset(boundary.topic for boundary in profile.boundaries),
        capacity=profile.capacity,
        open=0,
        **_person(profile),
    )


def _person(profile: MemberProfile | MentorProfile) -> dict[str, Any]:
    return {
        "id": profile.ref,
        "person": profile.ref,
        "lived_experience": frozenset(lived.tag for lived in profile.lived_experience),
        "matchable": frozenset(lived.tag for lived in profile.lived_experience if lived.matchable),
        "languages": profile.languages,
        "contact_modes": frozenset(map(str, profile.contact_modes)),
        "availability": tuple(
            Window(day=window.day, start=window.start_minute, end=window.end_minute) for window in profile.availability
        ),
        "time_zone": profile.time_zone,
        "gender": profile.gender,
        "age": profile.age,
    }


def ours(members: int) -> dict[str, Any]:
    """Solve twice; phases are those of the second time."""
    problem = sampled(members)
    before = _peak_mb()
    times = []
    for _ in range(2):
        start = perf_counter()
        solution = solve(problem)
        times.append(perf_counter() - start)
    assert solution.optimal
    return {
        "seconds": times[1],
        "first": times[0],
        "phases": {phase: round(seconds, 3) for phase, seconds in solution.seconds.items()},
        "all_pairs": len(problem.members) * len(problem.mentors),
        "feasible_pairs": solution.feasible_pairs,
        "before_mb": before,
        "objective": asdict(solution.objective),
    }


def bare_pass(members: int) -> dict[str, Any]:
    """Compare the words of all pairs on one processor, and divide by how many there are."""
    pool = pool_of(sampled(members))
    sets = [pool.languages, pool.contact_modes, pool.needs, pool.avoided, pool.declined]
    mine, theirs = ([getattr(each, side)[0] for each in sets] for side in ("members", "mentors"))
    coarse, weeks = (
        [made(getattr(pool.week, side)) for side in ("members", "mentors")] for made in (_coarse, _by_person)
    )
    loop = compiled(pass_over, *CALLEES)
    edges, seen = np.array([0, weeks[0].shape[1]]), np.zeros(len(pool.mentors), dtype=np.uint8)
    sides = np.stack([*mine, coarse[0]]), np.stack([*theirs, coarse[1]])
    loop(1, *sides, *weeks, edges, seen)
    start = perf_counter()
    loop(len(pool.members), *sides, *weeks, edges, seen)
    return {"seconds": (perf_counter() - start) / THREADS, "all_pairs": len(pool.members) * len(pool.mentors)}


def _by_person(words: Words) -> Words:
    return np.ascontiguousarray(words.T)


def _coarse(week: Words) -> Words:
    """Say in which stretches of three hours somebody has any time."""
    octets = np.ascontiguousarray(week.T).astype("<u8").view(np.uint8)
    slots = np.unpackbits(octets, axis=1, bitorder="little")[:, :SLOTS].reshape(len(octets), -1, 12)
    coarse: Words = slots.any(axis=2).astype(np.uint64) @ (np.uint64(1) << np.arange(SLOTS // 12, dtype=np.uint64))
    return coarse


def pass_over(rows: int, mine: Words, theirs: Words, my_weeks: Words, their_weeks: Words, edges: Any, seen: Any) -> int:
    """Look at all pairs, one word of each kind, and at the whole week of each pair that this leaves."""
    # One name a row, or the loop is not turned into vectors.
    languages, modes, needs, avoided, declined, coarse = (
        theirs[0],
        theirs[1],
        theirs[2],
        theirs[3],
        theirs[4],
        theirs[5],
    )
    met = 0
    for i in range(rows):
        for j in range(len(seen)):
            seen[j] = (
                ((mine[0, i] & languages[j]) != 0)
                & ((mine[1, i] & modes[j]) != 0)
                & ((mine[2, i] & needs[j]) != 0)
                & ((mine[3, i] & avoided[j]) == 0)
                & ((mine[4, i] & declined[j]) == 0)
                & ((mine[5, i] & coarse[j]) != 0)
            )
        for j in range(len(seen)):
            if seen[j] != 0:
                met += shared(0, i, j, my_weeks, their_weeks, edges)
    return met


def peer(name: str, members: int) -> dict[str, Any]:
    """Let a peer solve the instance with all pairs."""
    from benchmarks.matching_peers import reached  # noqa: PLC0415 - ours must not pay for them

    pool = pool_of(sampled(members))
    instance = instance_in(pool)
    pairs = instance.candidates.everything() if isinstance(instance.candidates, Survey) else feasible_pairs(pool)
    instance = replace(instance, candidates=Listed(pairs, instance.n, instance.m))
    start = perf_counter()
    objective = reached(name, instance, pairs)
    return {"seconds": perf_counter() - start, "objective": asdict(objective)}


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def measured(name: str, members: int, limit_s: float) -> dict[str, Any]:
    """Run one contender in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.matching", "--one", name, "--sizes", str(members)]
    try:
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=False, timeout=limit_s + PREPARING_S
        )
    except subprocess.TimeoutExpired:
        return {"failed": f"not done in {limit_s:.0f} s"}
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["?"])[-1][:60]}
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def run_one(name: str, members: int) -> None:
    """Measure in this process and print the result."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    contenders = {OURS: ours, LIMIT: bare_pass}
    result = contenders[name](members) if name in contenders else peer(name, members)
    print(json.dumps(result | {"peak_mb": _peak_mb()}))


def compare(sizes: list[int], limit_s: float) -> dict[str, dict[str, Any]]:
    """Measure everybody at each size and print a table; gives the results by size and name."""
    console, names, found = Console(width=150), [OURS, LIMIT, *ALSO], dict[str, dict[str, Any]]()
    for members in sorted(sizes):
        results = {name: measured(name, members, limit_s) for name in names}
        names = [name for name in names if "failed" not in results[name]]
        found[str(members)], best = results, results[OURS]
        table = Table(title=f"{members:,} members, {members // 5:,} mentors")
        for column in ("", "seconds", "times ours", "peak MB", "order of serving", "served", "fit", "evenness"):
            table.add_column(column, justify="right" if column else "left")
        for name, result in results.items():
            table.add_row(name, *_cells(result, best))
        console.print(table)
        console.print({key: value for key, value in best.items() if key != "objective"})
        console.print(f"certificate: {best['phases']['certificate'] / results[LIMIT]['seconds']:.1f} bare passes")
    return found


def _cells(result: dict[str, Any], best: dict[str, Any]) -> list[str]:
    if "failed" in result:
        return [result["failed"]]
    times = result["seconds"] / best["seconds"] if "seconds" in best else 0
    levels = result.get("objective", {}).values()
    return [f"{result['seconds']:.3f}", f"{times:.2f}", f"{result['peak_mb']:.0f}", *(f"{level:,}" for level in levels)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 50_000, 100_000])
    parser.add_argument("--limit-s", type=float, default=300)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        run_one(asked.one, asked.sizes[0])
    else:
        results = compare(asked.sizes, asked.limit_s)
        if asked.save:
            asked.save.write_text(json.dumps(results, indent=2) + "\n")
