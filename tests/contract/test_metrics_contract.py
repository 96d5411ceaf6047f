"""Every registered metric keeps the promises of `comsim.measure.metrics`, on any event table."""

import numpy as np
import pytest

from comsim.logs.events import KINDS, event_table
from comsim.measure.metrics import DAILY, FACTS, METRICS, about


def simple():
    rng = np.random.default_rng(1)
    day = np.sort(rng.integers(0, 200, 3000))
    return event_table(day, rng.integers(0, 80, 3000), rng.integers(0, 8, 3000), start="2024-01-01")


TABLES = {
    "simple": simple(),
    "empty": event_table([], [], []),
    "empty, watched": event_table([], [], [], start="2024-01-01", days=100),
    **{f"one {kind}": event_table(0, 3, kind, start="2024-01-01") for kind in KINDS},
}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("name", DAILY)
def test_a_series_has_a_whole_number_for_each_day(name, table):
    events = TABLES[table]
    before = events.copy()
    for days in (None, 0, 50, 300):
        series = DAILY[name](events, days)
        covered = {"simple": 200, "empty": 0, "empty, watched": 100}.get(table, 1)
        assert series.shape == (covered if days is None else days,)
        assert series.dtype == np.int64
        assert name == "members" or (series >= 0).all()  # these tables have leaves without joins
    assert before.equals(events)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("name", METRICS)
def test_a_metric_is_a_finite_number_or_none(name, table):
    value = METRICS[name](TABLES[table])
    assert value is None or (type(value) in (int, float) and np.isfinite(value))


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_depends_neither_on_ids_nor_on_the_order_of_members(name):
    events = TABLES["simple"]
    rows = events.sort_values(["day", "member"], ascending=[True, False])  # stable
    other = event_table(
        rows["day"], 10_000 - rows["member"], rows["kind"].cat.codes, start="2024-01-01"
    )
    assert METRICS[name](other) == METRICS[name](events)


@pytest.mark.parametrize("name", [*METRICS, *DAILY])
def test_a_metric_states_what_it_counts(name):
    facts = about({**METRICS, **DAILY}[name])
    assert tuple(facts) == FACTS
    assert all(facts.values())
