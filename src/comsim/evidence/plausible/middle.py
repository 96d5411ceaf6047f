"""How near the defaults are to the middle of the plausible worlds.

    python -m comsim.evidence.plausible.middle [--worlds FILE]

The middle is the weighted median of each number that mimicry chooses, where people talk. Distances
are measured in the standard deviations of the prior. In so many dimensions, even the nearest row
lies far from the middle.
"""

from __future__ import annotations

import argparse

import numpy as np

from comsim.evidence.plausible.likelihood import COMMUNITY
from comsim.evidence.plausible.mimicry import positions
from comsim.model.catalogue import PARAMETERS, TRAITS
from comsim.scenario.rows import PLAUSIBLE, quantiles, rows_of


def distances(sample: str = PLAUSIBLE) -> tuple[float, float]:
    """The distance of the defaults from the middle, and that of the nearest row."""
    rows = rows_of(sample, "middle")
    assert rows is not None, "a sample with rows"
    places = np.array([positions(rows.row(at), COMMUNITY) for at in range(len(rows.values))])
    middle = np.array([quantiles(column, rows.weights, (0.5,))[0] for column in places.T])
    numbers = PARAMETERS | TRAITS
    default = positions({name: numbers[name].value for name in COMMUNITY}, COMMUNITY)
    apart = np.linalg.norm(np.vstack([default, places]) - middle, axis=1)
    return float(apart[0]), float(apart[1:].min())


def main() -> None:
    """Print both distances."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--worlds", default=PLAUSIBLE, metavar="FILE")
    default, nearest = distances(parser.parse_args().worlds)
    print(f"Distance from the middle: defaults {default:.2f}, nearest row {nearest:.2f}")


if __name__ == "__main__":
    main()
