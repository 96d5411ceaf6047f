"""Compare the brand launch with twice the ads, with releases, and without a welcome gift.

python scripts/brand_launch.py [--worlds 100] [--out results/brand_launch_verdicts]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import comsim
from comsim.model.catalogue import LEVERS

SCENARIO = Path(__file__).parent.parent / "scenarios" / "brand_launch.toml"
RELEASES = {"on": [{"day": day, "value": 0.4} for day in (180, 360, 540)]}


def policies() -> list[comsim.Scenario]:
    """The launch itself, then each variant."""
    launch = comsim.load_scenario(SCENARIO)
    ads = launch.policy.ad_pressure.base
    changes = {
        "Twice the ads": {
            "ad_pressure": 2 * (LEVERS["ad_pressure"].default if ads is None else ads)
        },
        "Releases": {"release": RELEASES},
        "No welcome gift": {"welcome_gift": 0},
    }
    data = launch.to_dict()
    return [launch] + [
        launch.again(data | {"name": name, "policy": data.get("policy", {}) | change})
        for name, change in changes.items()
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--worlds", type=int, default=100)
    parser.add_argument("--out", type=Path, default=Path("results/brand_launch_verdicts"))
    given = parser.parse_args()
    result = comsim.compare(*policies(), worlds=given.worlds)
    result.save(given.out, force=True)
    for policy, sentence in zip(result.policies[1:], result.sentences(), strict=True):
        print(sentence, *result.why(policy), sep="\n  ")
        for outcome in ("wau_mean", "wau", "trust", "roi"):
            row = result.of(outcome, policy)
            print(
                f"  {row['label']}: {row['q05']:+.2g} to {row['q95']:+.2g} (5–95 % of worlds), "
                f"mean {row['difference']:+.2g} [{row['mean_low']:.2g}, {row['mean_high']:.2g}], "
                f"better in {row['wins']} of {row['worlds']} worlds, "
                f"pairing {row['pairing']:.1f}-fold"
            )
    print(f"{result.seconds:.0f} s; tables and pictures: {given.out}")
