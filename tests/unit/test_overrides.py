"""Values laid over a scenario's tables by path."""

from __future__ import annotations

import copy

import pytest

from comsim.common.errors import InputError
from comsim.studies.experiments.overrides import flat, overridden, parts, written

BASE = {
    "community": {"market": 100},
    "policy": {
        "ad_pressure": 1,
        "release": {"on": [{"day": 5, "value": 1}, {"day": 9, "value": 1}]},
    },
    "segments": [
        {"name": "fans", "share": 0.2, "contribution": {"value": 0.4, "spread": 1.2}},
        {"name": "others", "share": 0.6},
        {"name": "the rest", "share": 0.2},
    ],
    "parameters": {"wear": 0.01},
}  # fmt: skip


def lay(**values):
    return overridden(BASE, {parts(path): value for path, value in values.items()}, "base.toml")


@pytest.mark.parametrize(("path", "value", "where", "expected"), [
    ("policy.ad_pressure", 3, ("policy", "ad_pressure"), 3),
    ("policy.coupon", 0.1, ("policy", "coupon"), 0.1),
    ("calendar.weekday", [1] * 7, ("calendar", "weekday"), [1] * 7),
    ("policy.release.on[1].day", 7, ("policy", "release", "on", 1, "day"), 7),
    # A lever's number is the whole of it; to change where it starts, one says so.
    ("policy.release", 0.5, ("policy", "release"), 0.5),
    ("policy.ad_pressure.steps", [], ("policy", "ad_pressure"), {"base": 1, "steps": []}),
    ("policy.ad_pressure.groups.newcomers", 0, ("policy", "ad_pressure"),
     {"base": 1, "groups": {"newcomers": 0}}),
    ("parameters.wear.high", 0.02, ("parameters", "wear"), {"low": 0.01, "high": 0.02}),
    # A trait's number is its value; the spread is kept.
    ("segments.fans.contribution", 0.8, ("segments", 0, "contribution"),
     {"value": 0.8, "spread": 1.2}),
    ("segments[0].contribution.spread", 2, ("segments", 0, "contribution"),
     {"value": 0.4, "spread": 2}),
    ('segments."the rest".activity', 0.1, ("segments", 2, "activity"), 0.1),
    ("arms.all.share", 1.0, ("arms", 0, "share"), 1.0),  # the one arm that nobody wrote down
])  # fmt: skip
def test_a_value_is_laid_where_the_path_leads(path, value, where, expected):
    before = copy.deepcopy(BASE)
    found = lay(**{path: value})
    for part in where:
        found = found[part]
    assert found == expected
    assert before == BASE  # nothing was changed in place


def test_other_shares_are_scaled_to_what_is_left():
    shares = [segment["share"] for segment in lay(**{"segments.fans.share": 0.6})["segments"]]
    assert shares == pytest.approx([0.6, 0.3, 0.1])
    both = lay(**{"segments.fans.share": 0.6, "segments[1].share": 0.1})["segments"]
    assert [segment["share"] for segment in both] == pytest.approx([0.6, 0.1, 0.3])


@pytest.mark.parametrize(("values", "key", "said"), [
    ({"segments.fans.share": 0.6, "segments.others.share": 0.6}, "segments", "add up to 1.2"),
    ({"segments.fan.share": 0.6}, "segments.fan.share", "fans (the nearest)"),
    ({"shocks[0].day": 6}, "shocks[0].day", "shocks"),
    ({"policy.release.on[2].day": 6}, "policy.release.on[2].day", "positions 0 to 1"),
    ({"segments.fans.name.first": "a"}, "segments.fans.name.first", "'fans'"),
])  # fmt: skip
def test_a_path_that_leads_nowhere_is_refused(values, key, said):
    with pytest.raises(InputError) as caught:
        lay(**values)
    assert caught.value.key == key and said in str(caught.value)


@pytest.mark.parametrize("path", ["", ".a", "a.", "a..b", "[0].a", "a b", "a[x]", 'a."b', "a[-1]"])
def test_what_is_no_path(path):
    assert parts(path) is None


@pytest.mark.parametrize("path", ["days", "a[0].b", 'policy.x.groups."segment:fans"', "a-b.c_d"])
def test_a_path_is_written_as_it_was_read(path):
    assert written(parts(path)) == path


def test_changes_may_be_written_as_tables():
    said = {"community": {"market": 9}, "policy.ad_pressure": {"base": 1}, "days": 9}
    assert flat(said) == {"community.market": 9, "policy.ad_pressure": {"base": 1}, "days": 9}
