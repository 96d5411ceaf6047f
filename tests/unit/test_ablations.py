"""Ablations are data: each switches something off, and its claim can be checked."""

from __future__ import annotations

import numpy as np
import pytest

from comsim.common.errors import InputError
from comsim.evidence.mechanisms import Ablation, ablations, line
from comsim.model.catalogue import COLUMNS
from comsim.statistics.intervals import Interval


@pytest.mark.parametrize("ablation", ablations(), ids=lambda one: one.name)
def test_an_ablation_switches_something_off(ablation):
    on, off = ablation.policies()
    assert on.scenario.to_dict() != off.scenario.to_dict() | {"name": "on"}
    assert ablation.outcome.column in COLUMNS
    assert ablation.data["expect"] in ("more", "less") and ablation.data["notable"] > 0


def test_an_unknown_name_is_an_error():
    with pytest.raises(InputError, match="greeting"):
        ablations(["greting"])


@pytest.mark.parametrize("ends,verdict", [
    ((0.2, 0.1, 0.3), "as expected"), ((0.02, 0.01, 0.03), "too small"),
    ((0.1, -0.1, 0.3), "unclear"), ((-0.2, -0.3, -0.1), "the opposite"),
    ((np.nan, np.nan, np.nan), "does not exist"),
])  # fmt: skip
def test_the_verdict_compares_the_interval_with_the_claim(ends, verdict):
    data = ablations(["greeting"])[0].data | {"expect": "more", "notable": 0.05}
    assert Ablation("greeting", data).verdict(Interval(*ends)) == verdict
    mirrored = Interval(-ends[0], -ends[2], -ends[1])
    assert Ablation("greeting", data | {"expect": "less"}).verdict(mirrored) == verdict
    assert verdict in line(Ablation("greeting", data), Interval(*ends))
