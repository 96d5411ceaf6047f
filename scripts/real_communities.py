"""Measure the real communities that simulated ones are compared with (evidence/real.csv).

    .venv/bin/python scripts/real_communities.py ../shared/data > src/comsim/evidence/real.csv

DATA holds logs of posts: communities/TYPE_NAME.parquet (ts, member and, for some, kind) and the
four older ones in LOGS. The table has one row for each community for which the features or F5 can
be computed, without its name: `comsim.evidence.real` explains the columns.

Logs that begin in mid-life (CUT) are left out, since a first post in them is no arrival. So is what
is not a post (SILENT).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from comsim.evidence import real
from comsim.logs.events import event_table

SOURCES = {
    "git": "git", "mail": "mail", "irc": "chat", "slack": "chat", "zulip": "chat",
    "se": "stack exchange", "ratings": "ratings",
}  # fmt: skip
LOGS = {
    "collegemsg/messages.csv": ("chat", "sender", "unix_time"),
    "bitcoinotc/ratings.csv": ("ratings", "rater", "unix_time"),
    "git_coffeescript/events.csv": ("git", "member", "ts"),
    "git_bower/events.csv": ("git", "member", "ts"),
}
CUT = {
    "mail_r_help_1997_2006", "mail_r_help_2015_2026", "slack_clojurians_2019",
    "slack_elm_general_2019", "slack_racket_2018", "slack_racket_2019",
}  # fmt: skip
SILENT = {"join", "visit", "leave", "mute", "badge"}
DAY = 86_400  # seconds


def logs(data: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    """The type of source and the posts (ts, member) of each log."""
    for path in sorted((data / "communities").glob("*.parquet")):
        if path.stem in CUT:
            continue
        log = pd.read_parquet(path)
        if "kind" in log:
            log = log[~log["kind"].astype(str).isin(SILENT)]
        yield SOURCES[path.stem.split("_")[0]], log
    for name, (source, member, time) in LOGS.items():
        log = pd.read_csv(data / name)
        yield source, log.rename(columns={member: "member", time: "ts"})


def table(data: Path) -> pd.DataFrame:
    """A row per community, numbered by size within its type of source."""
    rows = []
    for source, log in logs(data):
        day = (log["ts"] - log["ts"].min()) // DAY
        seen = real.measured(event_table(day, log["member"], "post"))
        if seen:
            rows.append({"source": source} | seen)
    found = pd.DataFrame(rows).sort_values(["source", "joiners", "authors"], ignore_index=True)
    number = found.groupby("source").cumcount() + 1
    found.insert(0, "id", found["source"].str.replace(" ", "-") + "-" + number.astype(str))
    return found[list(real.COLUMNS)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    found = table(parser.parse_args().data)
    for name in found.columns.drop(["id", "source"]):
        found[name] = [f"{x:.5g}" if np.isfinite(x) else "" for x in found[name]]
    found.to_csv(sys.stdout, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
