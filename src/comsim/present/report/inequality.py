"""Inequality of contributions: which share of posts a few authors write."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from comsim.language.phrases import Words
from comsim.measure.metrics.inequality import gini_of, top_share_of
from comsim.measure.record import Record
from comsim.present.report.chart import TextTable, polyline
from comsim.present.report.page import Items, Section

POINTS = 200
BOX = 3_000


@dataclass(frozen=True)
class Lorenz:
    """The curve in a box of BOX x BOX units; shares of the axes in percent."""

    d: str
    x_name: str
    y_name: str
    mark: tuple[float, float, str]
    table: TextTable
    box: int = BOX
    kind: str = "lorenz"


def section(record: Record, words: Words) -> Section:
    """The Lorenz curve of lifetime posts, of authors with at least one."""
    posts = np.sort(record.members["posts"].to_numpy(np.int64))
    posts = posts[posts > 0]
    topic = words("topic.inequality")
    if len(posts) == 0:
        return Section("inequality", topic, words("inequality.none"), half=True)
    gini, top = gini_of(posts), top_share_of(posts)
    title = words("inequality.title", top=words.percent(top), gini=words.number(gini, 2))
    x, y = lorenz(posts)
    at = np.unique(np.round(np.linspace(0, len(x) - 1, POINTS)).astype(int))
    d = polyline(np.round(BOX * x[at]).astype(int), np.round(BOX * (1 - y[at])).astype(int))
    shares = [0.5, 0.75, 0.9, 0.95, 0.99]
    table = TextTable(
        [words("inequality.busiest"), words("inequality.wrote")],
        [[words.percent(1 - s), words.percent(1 - float(np.interp(s, x, y)))] for s in shares],
        [True, True],
    )
    mark = (90.0, round(100 * (1 - float(np.interp(0.9, x, y))), 2),
            words("inequality.mark", top=words.percent(top)))  # fmt: skip
    authors = words("inequality.lead", authors=words.number(len(posts)),
                    share=words.percent(1 - len(posts) / len(record.members)))  # fmt: skip
    curve = Lorenz(d, words("inequality.x"), words("inequality.y"), mark, table)
    return Section("inequality", topic, title, authors,
                   [curve, Items([words("inequality.note")])], half=True)  # fmt: skip


def lorenz(posts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative shares of authors and of posts, from (0, 0) to (1, 1); `posts` is ascending."""
    total = np.r_[0, np.cumsum(posts)]
    return np.linspace(0, 1, len(total)), total / total[-1]
