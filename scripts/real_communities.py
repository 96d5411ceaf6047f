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
# Communities that share people, events or a host: an October event that rewards contributions; a
# team; a game; the mailing lists of one language; the sites of one host; the same traders.
KIN = {
    "october": {
        "git_public_apis", "git_tldr", "git_zero_to_mastery", "git_awesome_uses", "git_js_org",
        "git_biodrop",
    },
    "tools": {"git_yeoman_generator", "git_bower/events.csv"},
    "game": {"irc_ddnet", "irc_teeworlds"},
    "lists": {"mail"},
    "sites": {"se"},
    "traders": {"ratings_bitcoinalpha", "bitcoinotc/ratings.csv"},
}  # fmt: skip
SILENT = {"join", "visit", "leave", "mute", "badge"}
DAY = 86_400  # seconds


def logs(data: Path) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """The type of source, the kin and the posts (ts, member) of each log."""
    for path in sorted((data / "communities").glob("*.parquet")):
        if path.stem in CUT:
            continue
        log = pd.read_parquet(path)
        if "kind" in log:
            log = log[~log["kind"].astype(str).isin(SILENT)]
        kind = path.stem.split("_")[0]
        yield SOURCES[kind], kin(path.stem, kind), log
    for name, (source, member, time) in LOGS.items():
        log = pd.read_csv(data / name)
        yield source, kin(name), log.rename(columns={member: "member", time: "ts"})


def kin(*names: str) -> str:
    """The group of a community by its name or its kind of file; empty if it has none."""
    return next((group for group, some in KIN.items() if some & set(names)), "")


def table(data: Path) -> pd.DataFrame:
    """A row per community, numbered by size within its type of source."""
    rows = []
    for source, group, log in logs(data):
        day = (log["ts"] - log["ts"].min()) // DAY
        seen = real.measured(event_table(day, log["member"], "post"))
        if seen:
            rows.append({"source": source, "kin": group} | seen)
    found = pd.DataFrame(rows).sort_values(["source", "joiners", "authors"], ignore_index=True)
    number = found.groupby("source").cumcount() + 1
    found.insert(0, "id", found["source"].str.replace(" ", "-") + "-" + number.astype(str))
    found["kin"] = found["kin"].where(found["kin"] != "", found["id"])
    return found[list(real.COLUMNS)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path)
    found = table(parser.parse_args().data)
    for name in found.columns.drop(["id", "source", "kin"]):
        found[name] = [f"{x:.5g}" if np.isfinite(x) else "" for x in found[name]]
    found.to_csv(sys.stdout, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
