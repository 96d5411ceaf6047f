"""Each mechanism earns its place: switched off in paired worlds, the outcome that its source names
must change in the direction that the source says.

python experiments/mechanisms.py [NAME ...] [--worlds 20] [--seed 1] [--write]

An ablation is a file of `experiments/mechanisms`. It says what its source claims, in which scenario
the mechanism is looked at (laid over the defaults), and what switches it off. Both arms are run in
the same worlds, each a draw of luck and of what nobody knows. The effect is that of the mechanism:
mean(on) / mean(off) - 1, or with `difference = true`, where there is next to nothing without it,
mean(on) - mean(off), with its 95 % interval. It is as said if the interval lies on the side
that the source names, and the effect is at least what a person would notice (`notable`, written
down before it was run). `--write` makes docs/mechanisms.md anew; `--seed 2` takes fresh worlds.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from comsim.cli.progress import bar
from comsim.model.catalogue import COLUMNS
from comsim.scenario import Scenario, plan
from comsim.scenario.worlds import make_worlds
from comsim.statistics.intervals import Interval, mean, relative
from comsim.studies.comparison.policies import Policy
from comsim.studies.comparison.runs import run_each

FOLDER = Path(__file__).parent / "mechanisms"
PAGE = Path(__file__).parent.parent / "docs" / "mechanisms.md"
OVER = {"sum": np.sum, "mean": np.mean, "last": lambda days: days[-1], "max": np.max}
INTRODUCTION = """# Mechanisms

What each mechanism does, one ablation a line: it is switched off in the same worlds, and an
outcome that its source names is compared. The effect is what the mechanism adds, relative to being
without it (or in the outcome's own unit, where there is next to nothing without it), with the
95 % confidence interval of its mean over {worlds} worlds that draw luck and every uncertain
parameter. It counts as *as said* if the interval lies on the side that the source says and the
effect is at least the size that a person would notice. Sources in brackets are listed in
[design](design.md#sources). That a mechanism does what it was built to do is no evidence that
people do.

Made by `python experiments/mechanisms.py --write`, from the files of `experiments/mechanisms`.

| system | mechanism | source | outcome | effect | notable | |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Outcome:
    """What is compared in each world: a daily column over a window of days."""

    column: str
    over: str
    first: int = 0
    stop: int | None = None
    per: str | None = None
    words: str = ""

    @classmethod
    def of(cls, table: dict[str, Any]) -> Outcome:
        """From the file's table; `words` is how the page names it."""
        return cls(table["column"], table["over"], table.get("from", 0), table.get("to"),
                   table.get("per"), table.get("words", ""))  # fmt: skip

    def value(self, daily: np.ndarray) -> float:
        """The outcome of a world, NaN where it does not exist."""
        days = slice(self.first, self.stop)
        amount = OVER[self.over](daily[self.column][days] / COLUMNS[self.column].scale)
        if self.per is None:
            return float(amount)
        total = OVER[self.over](daily[self.per][days] / COLUMNS[self.per].scale)
        return float(amount / total) if total else np.nan

    def __str__(self) -> str:
        per = f" per {self.per}" if self.per else ""
        days = "" if self.stop is None and not self.first else f", days {self.first}-{self.stop}"
        return self.words or f"{self.column}{per} ({self.over}{days})"


@dataclass(frozen=True)
class Ablation:
    """A mechanism, and what is claimed of it."""

    name: str
    says: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> Ablation:
        return cls(path.stem, tomllib.loads(path.read_text()))

    @property
    def outcome(self) -> Outcome:
        return Outcome.of(self.says["outcome"])

    @property
    def difference(self) -> bool:
        """Whether the effect is in the outcome's own unit, and not a share of what is without."""
        return self.says.get("difference", False)

    def policies(self) -> list[Policy]:
        """With the mechanism, and without it."""
        scenario = self.says["scenario"]
        return [
            Policy(arm, made := Scenario.from_dict(data | {"name": arm}, self.name), plan(made))
            for arm, data in (("on", scenario), ("off", laid_over(scenario, self.says["without"])))
        ]

    def effect(self, worlds: int, seed: int, progress: Any = None) -> Interval:
        """What the mechanism adds, with its 95 % interval, over paired worlds."""
        values = np.empty((2, worlds, 1))

        def keep(arm: int, world: int, arrays: Any) -> None:
            values[arm, world] = self.outcome.value(arrays.daily)

        run_each(self.policies(), make_worlds(seed, 2 * worlds)[::2], seed, keep, None, progress)
        there = ~np.isnan(values).any(axis=(0, 2))
        on, off = values[:, there]
        return mean(on - off) if self.difference else relative(off, on)

    def verdict(self, effect: Interval) -> str:
        """In words: as said, too small, not resolved, or the other way round."""
        side = 1 if self.says["expect"] == "more" else -1
        low, high = sorted((side * effect.low, side * effect.high))
        if not low <= high:
            return "does not exist"
        if low > 0:
            return "as said" if side * effect.value >= self.says["notable"] else "too small"
        return "the other way round" if high < 0 else "not resolved"


def laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Nested tables, the second over the first."""
    both = {
        key: laid_over(below[key], value)
        if isinstance(value, dict) and isinstance(below.get(key), dict)
        else value
        for key, value in above.items()
    }
    return below | both


def told(ablation: Ablation, effect: Interval) -> str:
    """An effect and its interval, as the page writes it."""
    form = "{:+.2g}" if ablation.difference else "{:+.0%}"
    value, low, high = map(form.format, effect)
    return f"{value} [{low}, {high}]".replace("-", "−")


def line(ablation: Ablation, effect: Interval) -> str:
    """A row of the page."""
    says, verdict = ablation.says, ablation.verdict(effect)
    cells = (
        says["system"],
        f"{says['mechanism']}: {says['on']}, or {says['off']}",
        says["source"],
        f"{ablation.outcome}, {says['expect']}",
        told(ablation, effect),
        format(says["notable"], "g" if ablation.difference else ".0%"),
        verdict if verdict == "as said" else f"**{verdict}**",
    )
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def ablations(names: Sequence[str]) -> list[Ablation]:
    """Those of these names, or all, by system."""
    paths = [FOLDER / f"{name}.toml" for name in names] or sorted(FOLDER.glob("*.toml"))
    return sorted(map(Ablation.read, paths), key=lambda a: (a.says["system"], a.name))


def main() -> int:
    """Run the ablations; exit 1 where one is not as said."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    rows, failed = [], 0
    for ablation in ablations(given.names):
        with bar("simulating", ablation.name) as progress:
            effect = ablation.effect(given.worlds, given.seed, progress)
        verdict = ablation.verdict(effect)
        failed += verdict != "as said"
        rows.append(line(ablation, effect))
        cells = f"{ablation.name:<28} {ablation.outcome!s:<44} {told(ablation, effect):<24}"
        print(cells, verdict, flush=True)
    summed = f"{len(rows) - failed} of {len(rows)} as said."
    print(summed)
    if given.write:
        head = INTRODUCTION.format(worlds=given.worlds)
        PAGE.write_text(head + "\n".join([*rows, "", summed]) + "\n")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
