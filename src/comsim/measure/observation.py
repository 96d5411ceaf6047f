"""The observation layer: what each type of source records of a community.

A git history contains accepted contributions, and a mailing list contains messages. IRC also
records who enters. To compare a simulated community with real ones, observe it as their source
would record it (`observed`, or `tallied` without recording events). `observation.toml` states which
acts each type of source records, which share of them, and on what basis.

Few sources record visits. Among the available real communities, only R4DS, a Slack workspace with
daily numbers of active members, counts readers; some IRC logs list who enters. The model's visits,
and its members who only read, are based on these.

Whether a source records a post or reply is random, but keyed by (seed, member, day, k), where k
counts the member's posts and replies on that day. The random number of a post is therefore the same
in every source, and in the event table and the kernel. Removed posts count as posts, because the
event table does not mark them; a forum would not contain them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from comsim.common import arguments
from comsim.common.errors import InputError, nearest
from comsim.logs.events import CODE, complete
from comsim.measure.shape import Counts
from comsim.model.kernel.tally import POSTED, REPLIED, shown
from comsim.model.periods import MONTH, TWO_YEARS
from comsim.run.simulation import seed_for, whole_life
from comsim.scenario import Scenario, parameter_values, plan

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Source:
    """A type of source, as `observation.toml` describes it."""

    name: str
    label: dict[str, str]
    """The label in each language, `en` and `zh`."""
    acts: frozenset[str]
    """The kinds of events that it records."""
    first: float
    """Share of a member's posts and replies that it records until the first one is recorded."""
    later: float
    """The share after that."""
    basis: str
    """The basis for these values."""

    @property
    def shares(self) -> NDArray[np.float64]:
        """The shares of posts and of replies that it records, until a member's first recorded one
        and after it, shape (2, 2)."""
        both = [self.first, self.later]
        return np.array([both if act in self.acts else [0.0, 0.0] for act in ("post", "reply")])


@cache
def sources() -> dict[str, Source]:
    """All types of sources, by name; `everything` records all events."""
    text = files(__package__).joinpath("observation.toml").read_text("utf-8")
    return {
        name: Source(name, **about | {"acts": frozenset(about["acts"])})
        for name, about in tomllib.loads(text).items()
    }


def source(name: str) -> Source:
    """A type of source by name; InputError if there is none."""
    if name not in sources():
        raise InputError.at("sources", name, "no such source", nearest(name, sources()))
    return sources()[name]


def observed(events: pd.DataFrame, name: str, seed: int) -> pd.DataFrame:
    """The event table of a run with this seed, as a type of source records it. It contains what can
    be read from such a log, completed like any other log (`comsim.logs.events.complete`)."""
    about = source(name)
    kind = events["kind"].cat.codes.to_numpy()
    keep = np.isin(kind, [CODE[act] for act in about.acts])
    acts = np.flatnonzero((kind == CODE["post"]) | (kind == CODE["reply"]))
    keep[acts] = _shown(about, events["day"].to_numpy()[acts], events["member"].to_numpy()[acts],
                        kind[acts], arguments.seed(seed, "observed"))  # fmt: skip
    table = events[keep].reset_index(drop=True)
    table.attrs = dict(events.attrs)
    return complete(table)


def _shown(
    about: Source, day: NDArray, member: NDArray, kind: NDArray, seed: int
) -> NDArray[np.bool_]:
    import pandas as pd

    return shown(
        np.array([seed & 0xFFFFFFFF, seed >> 32], np.uint32), about.shares, day.astype(np.int64),
        member.astype(np.int64), pd.factorize(member)[0].astype(np.int64),
        np.where(kind == CODE["post"], POSTED, REPLIED),
    )  # fmt: skip


def tallied(
    scenario: Scenario,
    seed: int | None = None,
    names: Sequence[str] = ("everything",),
    threads: int | None = None,
) -> list[Counts | None]:
    """The counts of a run's posts as several types of sources record them, from one run without
    recorded events. Each equals `counts(observed(run.events(), name, seed))`, including None."""
    shares = [source(name).shares for name in names]
    seed = seed_for(scenario, seed, "tallied")
    values = parameter_values(scenario, seed)
    world = whole_life(scenario, plan(scenario), values, seed, threads, sources=shares)
    return [counts_in(world, layer) for layer in range(len(shares))]


def counts_in(world: Any, layer: int) -> Counts | None:
    """The counts for one of the sources of a tallied world, on its last evening."""
    tally, weeks = world.tally[layer], world.tallied_weeks[layer]
    if not tally["over"]:
        return None
    authors = authors_in(world, layer)
    early = authors["first"] < TWO_YEARS - 2 * MONTH
    return Counts(
        posters=weeks["posters"].copy(),
        posts=weeks["posts"].copy(),
        newcomers=np.bincount(authors["first"], minlength=TWO_YEARS),
        poster_days=int(tally["poster_days"]),
        per_author=np.sort(authors["posts"]).astype(np.int64),
        early=int(early.sum()),
        again=int((authors["months"][early] >> 1 & 1).sum()),
        first_day=int(tally["first_day"]),
    )


def authors_in(world: Any, layer: int) -> NDArray[np.void]:
    """The records of the authors in such a source (`comsim.model.kernel.tally.AUTHOR`)."""
    rows = world.authors[layer, : int(world.now["rows"][0])]
    return rows[rows["posts"] > 0]
