"""Broken experiment files, and what the one line about each must say.

`CASES` is a table; `materialise` makes the files of a case in a folder: the experiment, the
scenario that it varies, and its CSV.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

BASE = """
name = "base"
days = 30
community.market = 200
policy.release = { on = [{ day = 9, value = 0.5 }] }
[[segments]]
name = "fans"
share = 0.3
[[segments]]
name = "others"
share = 0.7
"""
# An experiment without fault, in parts that a case replaces.
GOOD = {
    "name": 'name = "x"',
    "scenario": 'scenario = "base.toml"',
    "outcomes": 'outcomes = ["wau_mean"]',
    "changes": "",
    "factor": 'path = "policy.ad_pressure"\nname = "ads"\nkind = "lever"\nvalues = [0, 2]',
    "second": 'path = "policy.official_posts"\nname = "posts"\nkind = "lever"\nrange = [0, 4]',
    "design": 'kind = "grid"\nlevels = 3',
    "worlds": "number = 2",
    "more": "",
}
FACTOR = 'path = "policy.ad_pressure"\nkind = "lever"\n'
ROWS = 'kind = "list"\nrows = '


@dataclass(frozen=True)
class Case:
    """`said`: what the message must hold, the file's name aside; `parts` replace those of GOOD,
    `whole` all of them. `csv` is written as `points.csv`, and is then the file that is named."""

    name: str
    said: tuple[str, ...]
    parts: tuple[tuple[str, str], ...] = ()
    whole: str | None = None
    csv: str | None = None

    @property
    def named(self) -> str:
        """The file that the message must name."""
        return f"{self.name}.toml" if self.csv is None else "points.csv"


def text(parts: dict[str, str]) -> str:
    """An experiment file of its parts."""
    said = GOOD | parts
    return "\n".join([
        said["name"], said["scenario"], said["outcomes"], said["more"],
        "[changes]", said["changes"], "[[factors]]", said["factor"], "[[factors]]", said["second"],
        "[design]", said["design"], "[worlds]", said["worlds"],
    ])  # fmt: skip


def materialise(case: Case, folder: Path) -> Path:
    """Write a case in a folder; returns the path to load."""
    path = folder / f"{case.name}.toml"
    path.write_text(text(dict(case.parts)) if case.whole is None else case.whole, "utf-8")
    (folder / "base.toml").write_text(BASE, "utf-8")
    (folder / "broken.toml").write_text('name = "x"\ndais = 9', "utf-8")
    if case.csv is not None:
        (folder / "points.csv").write_text(case.csv, "utf-8")
    return path


def bad(name: str, /, *said: str, **parts: str) -> Case:
    return Case(name, said, tuple(parts.items()))


def points(name: str, csv: str, *said: str) -> Case:
    return Case(name, said, (("design", 'kind = "csv"\ncsv = "points.csv"'),), csv=csv)


CASES = [
    # The file, and the scenario that it names
    bad("days_without_end", "changes: found days: inf", "1 to 7300", changes="days = inf"),
    Case("no_toml", ("TOML", "line 1", "valid TOML"), whole="what if"),
    Case("empty", ("name: found nothing", "a name"), whole=""),
    bad("no_name", "name: found nothing", name=""),
    bad("unknown_key", "outcome: found an unknown key", "outcomes (the n", more="outcome = 1"),
    bad("no_scenario", "scenario: found nothing", "a scenario file", scenario=""),
    bad("scenario_missing", "scenario", "bse.toml (file not found", "(.toml)",
        scenario='scenario = "bse.toml"'),
    bad("scenario_broken", "scenario", "broken.toml: dais", "unknown key", "days (the nearest)",
        scenario='scenario = "broken.toml"'),
    # Outcomes
    bad("no_outcomes", "outcomes: found nothing", "a list of outcomes", outcomes=""),
    bad("outcomes_empty", "outcomes: found 0 items", "at least 1", outcomes="outcomes = []"),
    bad("outcome_unknown", "outcomes[0]", "'wau_men'", "wau_mean",
        outcomes='outcomes = ["wau_men"]'),
    bad("outcome_twice", "outcomes[1].name", "'wau' twice", outcomes='outcomes = ["wau", "wau"]'),
    bad("outcome_number", "outcomes[0]: found 3", "a table", outcomes="outcomes = [3]"),
    bad("outcome_metric", "outcomes[0].metric", "metric 'wua'", "wau",
        outcomes='outcomes = [{ name = "a", metric = "wua", day = 3 }]'),
    bad("outcome_no_metric", "outcomes[0].metric", "neither", "one of metric, stage",
        outcomes='outcomes = [{ name = "a", day = 3 }]'),
    bad("outcome_late", "outcomes[0]", "day 30", "days 0 to 29",
        outcomes='outcomes = [{ name = "a", metric = "wau", day = 30 }]'),
    bad("outcome_backwards", "outcomes[0].to", "from 9 to 3", "from before to",
        outcomes='outcomes = [{ name = "a", metric = "wau", from = 9, to = 3 }]'),
    bad("outcome_two_ways", "outcomes[0].take", "take together with a day",
        outcomes='outcomes = [{ name = "a", metric = "wau", day = 3, take = "sum" }]'),
    bad("outcome_take", "outcomes[0].take", "'max'", "most",
        outcomes='outcomes = [{ name = "a", metric = "wau", take = "max" }]'),
    bad("outcome_stage", "outcomes[0].stage", "'decay'", "decline",
        outcomes='outcomes = [{ name = "a", stage = "decay" }]'),
    bad("outcome_taken", "outcomes[0].name", "'profit'", "another name",
        outcomes='outcomes = [{ name = "profit", metric = "wau", day = 3 }]'),
    # Changes
    bad("change_unknown", "changes", "community.markt", "unknown key", "market (the nearest)",
        changes='"community.markt" = 9'),
    bad("change_high", "changes", "policy.ad_pressure: 99", "0 to 20",
        changes='"policy.ad_pressure" = 99'),
    bad("change_no_path", "changes", "'a..b'", "a path", changes='"a..b" = 9'),
    # Factors
    bad("no_kind", "factors[0].kind: found nothing", "lever",
        factor='path = "days"\nvalues = [9, 20]'),
    bad("kind", "factors[0].kind", "'choice'", "lever, uncertainty",
        factor='path = "days"\nvalues = [9, 20]\nkind = "choice"'),
    bad("no_path", "factors[0]", "neither", "one of path, scenarios",
        factor='kind = "lever"\nvalues = [1, 2]'),
    bad("path_odd", "factors[0].path", "'policy..ads'", "a path into the scenario",
        factor='kind = "lever"\nvalues = [1, 2]\npath = "policy..ads"'),
    bad("path_unknown", "factors[0].path", "policy.ad_presure", "unknown key",
        "ad_pressure (the nearest)",
        factor='kind = "lever"\nvalues = [1, 2]\npath = "policy.ad_presure"'),
    bad("path_segment", "factors[0].path", "no fan in segments", "fans (the nearest)",
        factor='kind = "lever"\nvalues = [0.1, 0.2]\npath = "segments.fan.share"'),
    bad("path_place", "factors[0].path", "no 1 in policy.release.on", "positions 0 to 0",
        factor='kind = "lever"\nvalues = [1, 2]\npath = "policy.release.on[1].day"'),
    bad("path_twice", "factors[1].path", "policy.ad_pressure, which overlaps with policy.ad",
        "of factors[0].path", second=FACTOR + 'name = "b"\nvalues = [1, 2]'),
    bad("path_below", "factors[1].path", "policy.ad_pressure.base, which overlaps with",
        second='path = "policy.ad_pressure.base"\nkind = "lever"\nvalues = [1, 2]'),
    bad("path_above", "factors[1].path", "policy.release.on, which overlaps with policy.rel",
        factor='path = "policy.release.on[0].day"\nkind = "lever"\nrange = [1, 9]\nwhole = true',
        second='path = "policy.release.on"\nkind = "lever"\nvalues = [[], [{day=3, value=1}]]'),
    bad("path_of_a_name", "factors[1].path", "segments[0].share, which overlaps with segm",
        factor='path = "segments.fans.share"\nkind = "uncertainty"\nvalues = [0.1, 0.2]',
        second='path = "segments[0].share"\nname = "b"\nkind = "uncertainty"\nvalues = [0.1, 0.2]'),
    bad("path_of_a_trait", "factors[1].path", "segments.fans.activity.value, which over",
        factor='path = "segments.fans.activity"\nkind = "uncertainty"\nvalues = [0.1, 0.2]',
        second='path = "segments.fans.activity.value"\nname = "b"\nkind = "uncertainty"\n'
               "values = [0.1, 0.2]"),
    bad("changes_overlap", "changes", "policy.coupon.base, which overlaps with policy.coupon",
        changes='"policy.coupon" = 0.1\n"policy.coupon.base" = 0.2'),
    bad("changes_twice", "changes", "policy.coupon, which overlaps with policy.coupon",
        changes='"policy.coupon" = 0.1\npolicy = { coupon = 0.2 }'),
    bad("name_twice", "factors[1].name", "'ads' twice", "factors[0].name",
        second='path = "policy.official_posts"\nname = "ads"\nkind = "lever"\nvalues = [1, 2]'),
    bad("name_of_outcome", "outcomes[0].name", "'ads' twice",
        outcomes='outcomes = [{ name = "ads", metric = "wau", day = 3 }]'),
    bad("name_reserved", "factors[0].name", "'world'", "another name",
        factor=FACTOR + 'name = "world"\nvalues = [1, 2]'),
    bad("name_left_out", "factors[0]", "'seed'", "another name",
        factor='path = "seed"\nkind = "uncertainty"\nvalues = [1, 2]'),
    bad("name_odd", "factors[0].name", "'ad pressure'", "a word",
        factor=FACTOR + 'name = "ad pressure"\nvalues = [1, 2]'),
    bad("no_values", "factors[0]", "neither", "one of range, values", factor=FACTOR),
    bad("both", "factors[0].range", "range together with a list of values",
        factor=FACTOR + "range = [0, 1]\nvalues = [1, 2]"),
    bad("one_value", "factors[0].values", "1 of them", "at least 2",
        factor=FACTOR + "values = [1]"),
    bad("value_alike", "factors[0].values[1]", "1.0 twice", factor=FACTOR + "values = [1, 1.0]"),
    bad("value_twice", "factors[0].values[2]", "1 twice", factor=FACTOR + "values = [1, 2, 1]"),
    bad("value_high", "factors[0].values[1]", "policy.ad_pressure = 50", "0 to 20",
        factor=FACTOR + "values = [1, 50]"),
    bad("value_text", "factors[0].values[1]", "'many'", "0 to 20",
        factor=FACTOR + 'values = [1, "many"]'),
    bad("range_three", "factors[0].range", "3 numbers", "low and high",
        factor=FACTOR + "range = [1, 2, 3]"),
    bad("range_backwards", "factors[0].range", "3 to 1", "low below high",
        factor=FACTOR + "range = [3, 1]"),
    bad("range_high", "factors[0].range[1]", "policy.ad_pressure = 50", "0 to 20",
        factor=FACTOR + "range = [3, 50]"),
    bad("range_log", "factors[0].range[0]", "found 0", "above 0",
        factor=FACTOR + 'range = [0, 5]\nscale = "log"'),
    bad("range_half", "factors[0].range", "0.5 to 4", "whole",
        factor=FACTOR + "range = [0.5, 4]\nwhole = true"),
    bad("not_whole", "factors[0].range[0]", "days = 9", "whole = true",
        factor='path = "days"\nkind = "lever"\nrange = [9, 20]'),
    bad("labels", "factors[0].labels", "1 labels", "2, as values",
        factor=FACTOR + 'values = [1, 2]\nlabels = ["few"]'),
    bad("choice_missing", "factors[0].scenarios[1]", "b.toml (file not found",
        scenario="", factor='kind = "lever"\nscenarios = ["base.toml", "b.toml"]'),
    bad("choice_and_scenario", "scenario", "both", factor='kind = "lever"\nscenarios = ["a", "b"]'),
    # Designs
    bad("design_kind", "design.kind", "'random'", "grid, list, csv", design='kind = "random"'),
    bad("design_key", "design.points", "points in a design of kind grid", "kind, levels",
        design='kind = "grid"\npoints = 9'),
    bad("design_no_points", "design.points: found nothing", "points",
        design='kind = "latin_hypercube"'),
    bad("sobol_power", "design.points: found 100", "a power of two, such as 64 or 128",
        design='kind = "sobol"\npoints = 100'),
    bad("morris_odd", "design.levels: found 5", "an even number",
        design='kind = "morris"\ntrajectories = 4\nlevels = 5'),
    bad("too_many", "design", "12,000,000 runs", "at most 10,000,000",
        design='kind = "latin_hypercube"\npoints = 6_000_000'),
    bad("row_name", "design.rows[0]", "'adds'", "ads", design=ROWS + "[{ adds = 2, posts = 1 }]"),
    bad("row_short", "design.rows[0]", "no posts", "a value for each factor",
        design=ROWS + "[{ ads = 2 }]"),
    bad("row_value", "design.rows[1].ads: found 3", "0, 2",
        design=ROWS + "[{ ads = 2, posts = 1 }, { ads = 3, posts = 1 }]"),
    bad("row_range", "design.rows[0].posts: found 9", "0 to 4",
        design=ROWS + "[{ ads = 2, posts = 9 }]"),
    bad("csv_missing", "file not found; expected a CSV file",
        design='kind = "csv"\ncsv = "none.csv"'),
    points("csv_empty", "", "an empty file", "a CSV file"),
    points("csv_column", "ads,post\n0,1\n", "column 'posts'", "no such col", "post (the nearest)"),
    points("csv_value", "ads,posts\n0,1\n0,many\n", "line 3.posts: found many", "0 to 4"),
    points("csv_no_factor", "ads,posts,adds\n0,1,2\n", "header", "adds, which is not a factor",
           "ads (the nearest)"),
    points("csv_short", "ads,posts\n0\n", "1 cell in line 2", "2, as in the header"),
    # Worlds, stop, series
    bad("worlds_none", "worlds.number: found 0", "1 to", worlds="number = 0"),
    bad("worlds_odd", "worlds.number: found 3", "even", worlds="number = 3\nsample = 'plausible'"),
    bad("stop_metric", "stop.metric", "'wauu'", "wau",
        more='stop = { metric = "wauu", below = 1 }'),
    bad("stop_late", "stop.from: found day 30", "days 0 to 29",
        more='stop = { metric = "wau", below = 1, from = 30 }'),
    bad("stop_never", "stop: found none", "one of above, below", more='stop = { metric = "wau" }'),
    bad("series_twice", "series.metrics[1]", "wau twice",
        more='series = { metrics = ["wau", "wau"] }'),
    bad("series_metric", "series.metrics[0]", "'stage'",
        more='series = { metrics = ["stage"] }'),
]  # fmt: skip
