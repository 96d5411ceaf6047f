"""The stage rules against stages read by eye from six real communities (tests/data).

`pytest -s` prints the table of docs/stages.md.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from comsim.model.stages import FEW, RULE, STAGES, causal_stages, retrospective_stages, stage_spans

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
LABELS = pd.read_csv(
    ROOT / "tests" / "data" / "stage_labels.csv", comment="#", parse_dates=["date"]
)
GAMES = ("valheim", "new_world", "cyberpunk_2077")
TOLERANCE = 21  # days
# Peak players of a day need no week to fill, and at R4DS nobody was there before the first day.
FULL = (*GAMES, "r4ds")

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"needs the real communities in {DATA.parent.name}/data"
)


class Found(NamedTuple):
    community: str
    stage: str
    labelled: pd.Timestamp
    retrospective: int | None  # days from the label to the nearest start of that stage
    causal: int | None  # days from the label to the causal rule's first start within that stage


def weekly_members(times: pd.Series, members: pd.Series) -> pd.Series:
    """Members with an event in the seven days ending on each day (UTC)."""
    day = times // 86400
    first, days = day.min(), day.max() - day.min() + 1
    seen: list[set[int]] = [set() for _ in range(days)]
    for d, member in zip(day - first, members, strict=True):
        seen[d].add(member)
    counts = [len(set().union(*seen[max(0, d - 6) : d + 1])) for d in range(days)]
    index = pd.date_range(pd.Timestamp(first * 86400, unit="s"), periods=days)
    return pd.Series(counts, index, dtype=float)


@pytest.fixture(scope="module")
def curves() -> dict[str, pd.Series]:
    r4ds = pd.read_csv(DATA / "r4ds" / "daily.csv", index_col="date", parse_dates=True)
    messages = pd.read_csv(DATA / "collegemsg" / "messages.csv")
    ratings = pd.read_csv(DATA / "bitcoinotc" / "ratings.csv")
    players = pd.read_csv(
        DATA / "launches" / "peak_players_daily.csv", index_col="date", parse_dates=True
    )
    return {
        "r4ds": r4ds["weekly_active_members"],
        "collegemsg": weekly_members(messages["unix_time"], messages["sender"]),
        "bitcoinotc": weekly_members(ratings["unix_time"], ratings["rater"]),
    } | {game: players[game].dropna() for game in GAMES}


def told(read, community: str, curve: pd.Series) -> np.ndarray:
    """Stage codes of a community, by one of the two ways to use the rule."""
    return read(curve, FEW, RULE._replace(filling=1.0) if community in FULL else RULE)


def find(community: str, curve: pd.Series) -> list[Found]:
    labels = LABELS[LABELS["community"] == community]
    begins = [(date - curve.index[0]).days for date in labels["date"]]
    ends = [*begins[1:], len(curve)]
    known, seen = (
        stage_spans(told(read, community, curve)) for read in (retrospective_stages, causal_stages)
    )
    found = []
    for stage, date, begin, end in zip(labels["stage"], labels["date"], begins, ends, strict=True):
        starts = [first - begin for name, first, _ in known if name == stage]
        alarms = [
            first - begin
            for name, first, last in seen
            if name == stage and first < end and last >= begin
        ]
        found.append(
            Found(
                community,
                stage,
                date,
                min(starts, key=abs, default=None),
                alarms[0] if alarms else None,
            )
        )
    return found


def agreement(community: str, curve: pd.Series, read) -> np.ndarray:
    """Whether the rule and the eye agree, for each day from the first label on."""
    labels = LABELS[LABELS["community"] == community]
    codes = pd.Series(labels["stage"].map(STAGES.index).to_numpy(), labels["date"].to_numpy())
    eye = codes.reindex(curve.index, method="ffill")
    return (told(read, community, curve) == eye)[eye.notna()].to_numpy()


@pytest.fixture(scope="module")
def found(curves) -> list[Found]:
    rows = [row for community, curve in curves.items() for row in find(community, curve)]
    print("\n| community | stage | by eye | retrospective | causal |\n|---|---|---|---|---|")
    for community, stage, date, known, causal in rows:
        cells = ["none" if days is None else f"{days:+d}" for days in (known, causal)]
        print(f"| {community} | {stage} | {date:%Y-%m-%d} | {' | '.join(cells)} |")
    return rows


def test_stages_in_retrospect_date_at_least_four_stages_in_five_as_the_eye_does(found):
    near = [row.retrospective is not None and abs(row.retrospective) <= TOLERANCE for row in found]
    print(f"retrospective: {sum(near)} of {len(near)} labels within {TOLERANCE} days")
    assert len(near) == len(LABELS) == 36
    assert sum(near) >= 0.8 * len(near)


def test_stages_in_retrospect_agree_with_the_eye_on_most_days_and_does_not_flicker(curves):
    days = np.concatenate([agreement(*item, retrospective_stages) for item in curves.items()])
    spans = sum(len(stage_spans(told(retrospective_stages, *item))) for item in curves.items())
    print(f"retrospective: {days.mean():.0%} of {len(days)} days, {spans} spells")
    assert days.mean() >= 0.8
    assert spans <= 1.5 * len(LABELS)


def test_stages_as_seen_that_day_are_about_two_weeks_behind(found, curves):
    # The first day is seeding by definition: a label of seeding says nothing about delay.
    rows = [row for row in found if row.stage != "seeding"]
    delays = [row.causal for row in rows if row.causal is not None]
    days = np.concatenate([agreement(*item, causal_stages) for item in curves.items()])
    spans = sum(len(stage_spans(told(causal_stages, *item))) for item in curves.items())
    print(
        f"causal: median delay {np.median(delays):.0f} days, from {min(delays)} to {max(delays)},"
        f" {len(rows) - len(delays)} of {len(rows)} never seen; {days.mean():.0%} of days,"
        f" {spans} spells"
    )
    assert 0 <= np.median(delays) <= 21
    assert len(delays) >= 0.7 * len(rows)
    assert days.mean() >= 0.7
    assert spans <= 1.5 * len(LABELS)


def test_more_days_move_no_date(curves):
    for item in curves.items():
        community, curve = item
        whole = stage_spans(told(retrospective_stages, *item))
        for days in range(60, len(curve), 45):
            so_far = stage_spans(told(retrospective_stages, community, curve[:days]))
            assert [span[:2] for span in so_far] == [span[:2] for span in whole[: len(so_far)]]
