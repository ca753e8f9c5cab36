"""Draw what `benchmarks.matching --save RESULTS.json` measured, and what greed costs where places are scarce.

    ./run python -m benchmarks.picture RESULTS.json FOLDER

Writes `matching-time.svg` (seconds and memory against the number of pairs, ours and the peers') and
`matching-greed.svg` (what first come, first served loses on each level against the best plan, for ever fewer places).
Both follow the reader's light or dark setting.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from benchmarks.matching import OURS, sampled
from benchmarks.matching_peers import reached
from matching.instance import LISTED_UP_TO_PAIRS, instance_of
from matching.pairs import Listed
from matching.solve import solve

Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 560, 360, 64, 170, 44, 52
STYLE: Final = """
text { font: 12px system-ui, sans-serif; fill: #333 } .title { font-weight: 600; font-size: 14px }
.grid { stroke: #ddd } .line { fill: none; stroke: #888; stroke-width: 1.5 } .dot { fill: #888 }
.ours .line { stroke: #0a6e5c; stroke-width: 3 } .ours .dot { fill: #0a6e5c }
.ours text { fill: #0a6e5c; font-weight: 600 }
@media (prefers-color-scheme: dark) {
  text { fill: #ddd } .grid { stroke: #444 } .line { stroke: #999 } .dot { fill: #999 }
  .ours .line { stroke: #5fd3bc } .ours .dot, .ours text { fill: #5fd3bc }
}
"""
LINE, LABEL = 15, 120
STEPS: Final = (1, 2, 5, 10, 20, 50, 100)
MOST_TICKS: Final = 8
SCARCITY_MEMBERS: Final = 1_000
SCARCITY_MENTORS: Final = (40, 60, 90, 130, 200, 300, 450, 650)


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Lines in a plane; the first of `series` is ours. Where an axis is in powers of ten, points must be above 0."""

    title: str
    across: str
    up: str
    series: Mapping[str, Points]
    is_log: bool


def drawn(panels: Sequence[Panel]) -> str:
    """Put panels beside each other into one picture."""
    inner = "".join(
        f'<g transform="translate({number * WIDTH} 0)">{_panel(panel)}</g>' for number, panel in enumerate(panels)
    )
    size = f'viewBox="0 0 {WIDTH * len(panels)} {HEIGHT}" width="{WIDTH * len(panels)}" height="{HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"><style>{STYLE}</style>{inner}</svg>\n'


def _panel(panel: Panel) -> str:
    points = [point for line in panel.series.values() for point in line]
    across, up = (_Axis.around([point[axis] for point in points], is_log=panel.is_log) for axis in (0, 1))
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = [f'<text class="title" x="{LEFT}" y="20">{escape(panel.title)}</text>']
    for tick in across.ticks:
        x = LEFT + across.at(tick) * (right - LEFT)
        parts.append(f'<path class="grid" d="M{x:.1f} {TOP}V{bottom}"/>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{_number(tick)}</text>')
    for tick in up.ticks:
        y = bottom - up.at(tick) * (bottom - TOP)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{right}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_number(tick)}</text>')
    parts.append(f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 10}" text-anchor="middle">{escape(panel.across)}</text>')
    parts.append(f'<text x="{LEFT}" y="{TOP - 8}">{escape(panel.up)}</text>')
    placed = {
        name: [(LEFT + across.at(x) * (right - LEFT), bottom - up.at(y) * (bottom - TOP)) for x, y in line]
        for name, line in panel.series.items()
    }
    heights = _apart({name: line[-1] for name, line in placed.items()})
    for number, (name, line) in enumerate(placed.items()):
        way = "L".join(f"{x:.1f} {y:.1f}" for x, y in line)
        dots = "".join(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in line)
        label = f'<text x="{line[-1][0] + 8:.1f}" y="{heights[name] + 4:.1f}">{escape(name)}</text>'
        parts.append(f'<g class="{"peer" if number else "ours"}"><path class="line" d="M{way}"/>{dots}{label}</g>')
    return "".join(parts)


@dataclass(frozen=True, kw_only=True)
class _Axis:
    """A scale from the first tick to the last."""

    ticks: Sequence[float]
    is_log: bool

    @classmethod
    def around(cls, values: Sequence[float], *, is_log: bool) -> "_Axis":
        least, most = min(values), max(values)
        if is_log:
            return cls(ticks=[10.0**power for power in range(floor(log10(least)), ceil(log10(most)) + 1)], is_log=True)
        step = next(step for step in STEPS if (most - min(0, least)) / step <= MOST_TICKS)
        return cls(
            ticks=[step * count for count in range(floor(min(0, least) / step), ceil(most / step) + 1)], is_log=False
        )

    def at(self, value: float) -> float:
        """Say where a value lies, from 0 to 1."""
        first, last, here = (log10(each) if self.is_log else each for each in (self.ticks[0], self.ticks[-1], value))
        return (here - first) / (last - first)


def _apart(ends: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Move labels down until none covers another that begins near it."""
    apart: dict[str, float] = {}
    for name, (x, y) in sorted(ends.items(), key=lambda each: each[1][1]):
        above = (apart[other] + LINE for other in apart if abs(ends[other][0] - x) < LABEL)
        apart[name] = max([y, *above])
    return apart


def _number(value: float) -> str:
    for unit, name in ((1e9, " bn"), (1e6, " m"), (1e3, " k")):
        if value >= unit:
            return f"{value / unit:g}{name}"
    return f"{value:g}"


def costs(results: Mapping[str, Mapping[str, Any]]) -> list[Panel]:
    """Draw seconds and memory against pairs."""
    names = list(dict.fromkeys(name for each in results.values() for name in each))

    def lines(figure: str) -> dict[str, Points]:
        told = {
            name: [
                (float(each[OURS]["all_pairs"]), float(each[name][figure]))
                for each in results.values()
                if figure in each.get(name, {})
            ]
            for name in names
        }
        return {name: line for name, line in told.items() if line}

    return [
        Panel(
            title="Time", across="pairs of a member and a mentor", up="seconds", series=lines("seconds"), is_log=True
        ),
        Panel(title="Memory", across="pairs of a member and a mentor", up="MB", series=lines("peak_mb"), is_log=True),
    ]


def greed() -> Panel:
    """Draw what first come, first served loses, in parts of a hundred, against members for each place."""
    lost: dict[str, list[tuple[float, float]]] = {"order of serving": [], "people served": [], "fit in all": []}
    for mentors in reversed(SCARCITY_MENTORS):
        problem = sampled(SCARCITY_MEMBERS, mentors)
        best, instance = solve(problem).objective, instance_of(problem)
        assert instance.n * instance.m <= LISTED_UP_TO_PAIRS
        assert isinstance(instance.candidates, Listed)
        found = reached("first come, first served", instance, instance.candidates.pairs)
        scarcity = instance.n / int(instance.free_places().sum())
        lost["order of serving"].append((scarcity, 100 * (1 - found.order_of_serving / best.order_of_serving)))
        lost["people served"].append((scarcity, 100 * (1 - found.served / best.served)))
        lost["fit in all"].append((scarcity, 100 * (1 - found.fit / best.fit)))
    return Panel(
        title="What first come, first served loses",
        across="members who wait for each free place",
        up="% of the best plan",
        series=lost,
        is_log=False,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    (asked.folder / "matching-time.svg").write_text(drawn(costs(json.loads(asked.results.read_text()))))
    (asked.folder / "matching-greed.svg").write_text(drawn([greed()]))
