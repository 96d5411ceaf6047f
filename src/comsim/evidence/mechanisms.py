"""Ablations: switching off a mechanism must change the outcome named by its source in the direction
stated there.

    python -m comsim.evidence.mechanisms [NAME ...] [--worlds 20] [--seed 1] [--write [FILE]]

Each ablation is a file in `ablations/`. It states the claim of the source, the scenario in which
the mechanism is tested (as changes to the defaults), and what switches the mechanism off. Both arms
run in the same worlds; each world has its own random seed and parameter sample. The effect is
mean(on) / mean(off) - 1 or, with `difference = true`, for outcomes that are almost zero without the
mechanism, mean(on) - mean(off). It is as expected if its 95 % interval lies on the side that the
source names, and the effect is large enough for a person to notice (`notable`, fixed before the
first run). `--write` rewrites docs/mechanisms.md; `--seed 2` uses other worlds.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from comsim.common.errors import InputError, nearest
from comsim.common.progress import reporting
from comsim.files.aside import write_text
from comsim.model.catalogue import COLUMNS
from comsim.scenario import Scenario
from comsim.scenario.worlds import make_worlds
from comsim.statistics.intervals import Interval, mean, relative
from comsim.studies.comparison.choices.policies import Policy
from comsim.studies.comparison.runs import run_each

PAGE = Path("docs", "mechanisms.md")
EXPECTED = "as expected"
OVER = {"sum": np.sum, "mean": np.mean, "last": lambda days: days[-1], "max": np.max}
INTRODUCTION = """# Mechanisms

Each line is an ablation: a mechanism is switched off in the same worlds, and an outcome that its
source names is compared. The effect is what the mechanism adds, relative to the community without
it (or in the outcome's own unit, if the outcome is almost zero without it). The brackets show the
95 % confidence interval of its mean over {worlds} worlds, each with its own random seed and
parameter sample. The effect is *as expected* if the interval lies on the side that the source
names and the effect is at least as large as a person would notice. Sources in brackets are listed
in [design](design.md#sources). An ablation shows that a mechanism does what it was built to do. It
is no evidence that people behave this way.

Made by `python -m comsim.evidence.mechanisms --write` from the files in
`src/comsim/evidence/ablations`.

| system | mechanism | source | outcome | effect | notable | |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class WindowedColumn:
    """The outcome of an ablation: a daily column over a window of days."""

    column: str
    over: str
    first: int = 0
    stop: int | None = None
    per: str | None = None
    label: str = ""

    @classmethod
    def of(cls, table: dict[str, Any]) -> WindowedColumn:
        """From the table [outcome] of a file; `words` is its label on the page."""
        return cls(table["column"], table["over"], table.get("from", 0), table.get("to"),
                   table.get("per"), table.get("words", ""))  # fmt: skip

    def value(self, daily: np.ndarray) -> float:
        """The outcome in one world, NaN if it does not exist."""
        days = slice(self.first, self.stop)
        amount = OVER[self.over](daily[self.column][days] / COLUMNS[self.column].scale)
        if self.per is None:
            return float(amount)
        total = OVER[self.over](daily[self.per][days] / COLUMNS[self.per].scale)
        return float(amount / total) if total else np.nan

    def __str__(self) -> str:
        per = f" per {self.per}" if self.per else ""
        days = "" if self.stop is None and not self.first else f", days {self.first}-{self.stop}"
        return self.label or f"{self.column}{per} ({self.over}{days})"


@dataclass(frozen=True)
class Ablation:
    """A mechanism and the claim about it."""

    name: str
    data: dict[str, Any]

    @cached_property
    def outcome(self) -> WindowedColumn:
        return WindowedColumn.of(self.data["outcome"])

    @property
    def difference(self) -> bool:
        """Whether the effect is in the outcome's own unit instead of relative."""
        return self.data.get("difference", False)

    def policies(self) -> list[Policy]:
        """With the mechanism, and without it."""
        scenario = self.data["scenario"]
        arms = {"on": scenario, "off": overridden(scenario, self.data["without"])}
        made = {
            arm: Scenario.from_dict(data | {"name": arm}, self.name) for arm, data in arms.items()
        }
        return [Policy.of(scenario, arm) for arm, scenario in made.items()]

    def effect(
        self, worlds: int, seed: int, progress: Callable[[int, int], None] | None = None
    ) -> Interval:
        """The effect of the mechanism, with its 95 % interval over paired worlds."""
        values = np.empty((2, worlds, 1))

        def keep(arm: int, world: int, arrays: Any) -> None:
            values[arm, world] = self.outcome.value(arrays.daily)

        run_each(self.policies(), make_worlds(seed, 2 * worlds)[::2], seed, keep, None, progress)
        exists = ~np.isnan(values).any(axis=(0, 2))
        on, off = values[:, exists]
        return mean(on - off) if self.difference else relative(off, on)

    def verdict(self, effect: Interval) -> str:
        """The verdict: as expected, too small, unclear, the opposite, or does not exist."""
        side = 1 if self.data["expect"] == "more" else -1
        low, high = sorted((side * effect.low, side * effect.high))
        if not low <= high:
            return "does not exist"
        if low > 0:
            return EXPECTED if side * effect.value >= self.data["notable"] else "too small"
        return "the opposite" if high < 0 else "unclear"


def overridden(table: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    """A nested table with overrides applied."""
    changed = {
        key: overridden(table[key], value)
        if isinstance(value, dict) and isinstance(table.get(key), dict)
        else value
        for key, value in overrides.items()
    }
    return table | changed


def in_words(ablation: Ablation, effect: Interval) -> str:
    """An effect and its interval, as on the page."""
    form = "{:+.2g}" if ablation.difference else "{:+.0%}"
    value, low, high = map(form.format, effect)
    return f"{value} [{low}, {high}]".replace("-", "−")


def line(ablation: Ablation, effect: Interval) -> str:
    """A row of the page."""
    data, verdict = ablation.data, ablation.verdict(effect)
    cells = (
        data["system"],
        f"{data['mechanism']}: {data['on']}, or {data['off']}",
        data["source"],
        f"{ablation.outcome}, {data['expect']}",
        in_words(ablation, effect),
        format(data["notable"], "g" if ablation.difference else ".0%"),
        verdict if verdict == EXPECTED else f"**{verdict}**",
    )
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def ablations(names: Sequence[str] = ()) -> list[Ablation]:
    """The ablations with these names, or all, sorted by system; InputError for an unknown name."""
    folder = files(__package__).joinpath("ablations")
    known = {
        path.name.removesuffix(".toml"): path
        for path in sorted(folder.iterdir(), key=lambda path: path.name)
        if path.name.endswith(".toml")
    }
    for name in names:
        if name not in known:
            raise InputError.at("mechanisms", "NAME", repr(name), nearest(name, known))
    chosen = [
        Ablation(name, tomllib.loads(known[name].read_text("utf-8"))) for name in names or known
    ]
    return sorted(chosen, key=lambda one: (one.data["system"], one.name))


def main() -> int:
    """Run the ablations. Exit code 1 if one is not as expected, 2 for an invalid argument."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, nargs="?", const=PAGE, metavar="FILE")
    given = parser.parse_args()
    try:
        chosen = ablations(given.names)
    except InputError as error:
        parser.exit(2, f"{error}\n")
    if given.write and not given.write.parent.is_dir():
        parser.exit(2, f"{given.write}: no such folder\n")
    rows, missed = [], 0
    for ablation in chosen:
        with reporting(sys.stderr.isatty() or None, f"runs of {ablation.name}") as progress:
            effect = ablation.effect(given.worlds, given.seed, progress)
        verdict = ablation.verdict(effect)
        missed += verdict != EXPECTED
        rows.append(line(ablation, effect))
        cells = f"{ablation.name:<28} {ablation.outcome!s:<44} {in_words(ablation, effect):<24}"
        print(cells, verdict, flush=True)
    summary = f"{len(rows) - missed} of {len(rows)} are as expected."
    print(summary)
    if given.write:
        head = INTRODUCTION.format(worlds=given.worlds)
        write_text(given.write, head + "\n".join([*rows, "", summary]) + "\n")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
