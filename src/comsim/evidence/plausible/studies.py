"""What each study contributes to the plausible worlds.

    python -m comsim.evidence.plausible.studies FOLDER [--write]

FOLDER is that of `comsim.evidence.plausible.sample`. For each figure of a study, the table contains
the published figure with its error, how well the emulator predicts it, and what the emulator
predicts in rows with effects from the prior, in the plausible worlds, and in worlds made without
the study. `--write` rewrites studies.csv.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from comsim.common.progress import reporting
from comsim.evidence.plausible import experiments
from comsim.evidence.plausible.likelihood import Emulator, emulators
from comsim.evidence.plausible.prior import settings
from comsim.evidence.plausible.sample import mimics, training
from comsim.evidence.plausible.weigh import weighed
from comsim.files.aside import write_text
from comsim.scenario.rows import quantiles
from comsim.studies.comparison.runs import Progress

TABLE = Path(__file__).with_name("studies.csv")
ENDS = (0.05, 0.5, 0.95)


def table(
    rows: pd.DataFrame, predictors: Sequence[Emulator], progress: Progress | None = None
) -> pd.DataFrame:
    """A row for each figure: `study`, `figure`, `lever`, `published`, `error`, `explained`, and the
    5, 50 and 95 % quantiles of `prior`, `worlds` and `without`."""
    before, _ = weighed(rows, [])
    after, _ = weighed(rows, predictors)
    without = {}
    names = list(dict.fromkeys(one.study for one in predictors))
    for done, name in enumerate(names, 1):
        without[name], _ = weighed(rows, [one for one in predictors if one.study != name])
        if progress:
            progress(done, len(names))
    found = []
    for one in predictors:
        line = {
            "study": one.study,
            "figure": one.figure,
            "lever": one.lever,
            "published": one.target.value,
            "error": one.target.error,
            "explained": one.explained,
        }
        for name, made in (("prior", before), ("worlds", after), ("without", without[one.study])):
            ends = quantiles(one.predicted(made), made["weight"].to_numpy(), ENDS)
            line |= {f"{name}_{100 * q:02.0f}": x for q, x in zip(ENDS, ends, strict=True)}
        found.append(line)
    return pd.DataFrame(found)


def main() -> None:
    """Print the table, or write it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help=f"rewrite {TABLE.name}")
    given = parser.parse_args()
    rows = mimics(given.folder)
    trained = training(given.folder)
    figures = experiments.simulated(trained, given.folder / "experiments", settings()["seed"])
    with reporting(sys.stderr.isatty() or None, "studies left out", "weighing") as progress:
        found = table(rows, emulators(trained, figures), progress)
    if given.write:
        write_text(TABLE, found.to_csv(index=False, float_format="%.4g"))
    else:
        print(found.round(2).to_string(index=False))


if __name__ == "__main__":
    main()
