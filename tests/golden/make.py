"""Make the baseline anew: `python tests/golden/make.py`, then say why in the changelog.

The test wants the new baseline's mark in CHANGELOG.md, under "Output changed".
"""

import hashlib
from pathlib import Path

import comsim

BASELINE = Path(__file__).parent / "brand_launch.csv"
LAUNCH = Path(__file__).parents[2] / "scenarios" / "brand_launch.toml"
COLUMNS = [
    "day", "members", "wau", "dau", "posters", "posts", "replies", "ad_impressions", "orders",
    "revenue", "cost", "interest_mean", "interest_visitors", "trust_mean", "novelty", "stage",
    "stage_seen",
]  # fmt: skip


def baseline() -> str:
    """The brand launch under seed 1, each 60th day, in full precision."""
    daily = comsim.simulate(LAUNCH, seed=1).daily
    return daily.loc[::60, COLUMNS].to_csv(index=False, lineterminator="\n")


def mark(text: str) -> str:
    """A short name of a baseline."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


if __name__ == "__main__":
    BASELINE.write_text(baseline())
    print(f"baseline {mark(BASELINE.read_text())}: name it in CHANGELOG.md, and say what changed")
