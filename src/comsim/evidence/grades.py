"""How well the effect of each lever is known, and what nobody has measured.

    python -m comsim.evidence.grades [--write [FILE]]     # docs/evidence.md

The grades are in the declarations of levers, parameters and traits (`comsim.model.declare`). The
studies are in `effects.toml`. `--write` rewrites docs/evidence.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from comsim.evidence.data import data
from comsim.evidence.levers import WORLDS, stored
from comsim.files.aside import write_text
from comsim.model.catalogue import LEVERS, LEVERS_BY_GROUP, PARAMETERS, TRAITS
from comsim.model.declare import GRADES, GROUPS, doubt, grade_of

PAGE = Path("docs", "evidence.md")
FORMS = {
    "relative": (100, "{} %"),
    "share": (100, "{} points"),
    "odds": (100, "{} % of the odds"),
    "elasticity": (1, "elasticity {}"),
    "level": (1, "{}"),
}
DIRECTIONS = {1: "up", -1: "down", 0: "no clear direction"}
KINDS = (
    "levers",
    "parameters: effects of levers",
    "parameters: members and market",
    "parameters: known to operators",
    "traits",
)
TEXT = """# Evidence

How well is the effect of each lever known? There are four grades:

- **measured**: a randomised or otherwise identified study measured the size of the effect, for this
  lever and this outcome, in an online community.
- **elsewhere**: the size is known for another outcome, another population (customers, donors, users
  of an app) or a closely related lever; or a number was fitted to real data.
- **sign only**: only the direction is known.
- **none**: we know of no study that shows what the lever does, or how large a number is.
  Observational studies that contradict one another do not count.

A grade does not judge the model, which may get a well-known effect wrong: `comsim validate`
compares the two. `python -m comsim.evidence.grades --write` generates this page from the
declarations and `src/comsim/evidence/effects.toml`.

{counts}

Operators know some of their numbers, such as prices; the defaults of these are examples.

## Levers

*Random half*: a random half of the people get the lever, at this level, for the first year of a
launch (a market of 200,000; more than 20,000 members at the end). The effect is on visits per
member, compared with the other half. If the lever first acts on something else, such as orders,
that effect follows. *Everybody*: everybody gets the lever. The effect is on weekly members (mean
over the year), compared with the same community without the lever. *Ratio*: the effect for
everybody divided by the effect on visits. It shows how much the model amplifies a lever, mostly by
word of mouth. Brackets show the 95 % confidence interval over {worlds} worlds with all parameters
at their defaults; they do not include parameter uncertainty. A lever that is the same for everybody
has no effect for a random half. `python -m comsim.evidence.levers --write` makes these columns.

{levers}

## Studies

The table lists all published effects of each lever, including those that do not support its grade.
Effects are relative (%), differences between shares (points), or only a direction if no size was
verified. Brackets show the 95 % interval, "to" a range over cases. *What* is what the study changed
or compared. Observational and matched studies may be confounded.

{studies}

Studies of interventions and events for which the model has no lever:

{others}

## What nobody has measured

Levers: {unmeasured_levers}.

Parameters that describe the effect of a lever on members: {unmeasured_effects}.

Such parameters for which only the direction of the effect is known: {signs}.
"""


def lever_table() -> pd.DataFrame:
    """One row per lever, by group: its name, label, group and grade, the sources of the grade, the
    ids of all its studies in effects.toml, and its effects in the model."""
    levers = [lever for group in LEVERS_BY_GROUP.values() for lever in group]
    simulated, tried = stored(), data("levers.toml")
    return pd.DataFrame(
        {
            "lever": lever.name,
            "label": lever.called("en"),
            "group": GROUPS[lever.group].called("en"),
            "grade": lever.grade,
            "sources": "; ".join(lever.sources),
            "studies": [id for id, effect in effects().items() if effect["lever"] == lever.name],
            **in_the_model(simulated.loc[lever.name], tried[lever.name].get("acts_on")),
        }
        for lever in levers
    )


def in_the_model(simulated: pd.Series, acts_on: str | None) -> dict[str, str]:
    """The effects of a lever in the model: if a random half of the people get it (on visits, and on
    what it acts on first), and if everybody gets it."""

    def percent(name: str) -> str:
        ends = [simulated[one] for one in (name, f"{name}_low", f"{name}_high")]
        if pd.isna(ends[0]):
            return "–"
        value, low, high = (f"{x:+.0f}" if abs(x) >= 9.95 else f"{x:+.1f}" for x in ends)
        return f"{value} % [{low}, {high}]".replace("-", "−")

    by_lot = percent("visits")
    if acts_on:
        by_lot += f"; {acts_on} {percent(acts_on)}"
    return {
        "level": simulated["level"],
        "random half": by_lot,
        "everybody": percent("whole"),
        "ratio": _times(simulated) if not acts_on else "–",
    }


def _times(simulated: pd.Series) -> str:
    """The effect for everybody divided by the effect for a random half, if the latter is clear."""
    ends = [simulated[one] for one in ("times", "times_low", "times_high")]
    if pd.isna(ends[0]) or not simulated["visits_low"] > 0:
        return "–"
    value, low, high = (f"{x:.0f}" if x >= 9.95 else f"{x:.1f}" for x in ends)
    return f"{value} [{low}, {high}]"


def study_table() -> pd.DataFrame:
    """One row per published effect, with its id as index: the lever (empty if the model has none),
    what the study varied, the outcome, the effect in words, the population, the design and the
    citation."""
    rows = {
        id: {
            "lever": effect["lever"],
            "what": effect.get("varied", {"en": ""})["en"],
            "outcome": effect["outcome"]["en"],
            "effect": published(effect),
            "population": effect["population"]["en"],
            "design": effect["design"],
            "study": _linked(effect),
        }
        for id, effect in effects().items()
    }
    return pd.DataFrame.from_dict(rows, orient="index")


@cache
def effects() -> dict[str, Any]:
    """The published effects of levers, by id."""
    return {id: fact for id, fact in data("effects.toml").items() if fact["kind"] == "E"}


def published(effect: Mapping[str, Any]) -> str:
    """A published effect in words. A size that was recalled but not read is not printed."""
    figure = effect["published"]
    if "effect" not in figure or effect["seen"] != "V":
        return DIRECTIONS[effect["sign"]]
    scale, form = FORMS[figure["unit"]]

    def signed(value: float) -> str:
        sign = "" if figure["unit"] == "level" or value == 0 else "+"
        return f"{scale * value:{sign}.3g}".replace("-", "−")

    if "range" in figure:
        return form.format(" to ".join(map(signed, figure["range"])))
    text = form.format(signed(figure["effect"]))
    if "low" in figure:
        text += f" [{signed(figure['low'])}, {signed(figure['high'])}]"
    return text


def _linked(effect: Mapping[str, Any]) -> str:
    """The citation, as a link to the study."""
    doi = effect.get("doi")
    return f"[{effect['citation']}]({f'https://doi.org/{doi}' if doi else effect['url']})"


def grade_table() -> pd.DataFrame:
    """How many levers, parameters and traits have each grade."""
    numbers = [*PARAMETERS.values(), *TRAITS.values()]
    graded = [("levers", lever.grade) for lever in LEVERS.values()]
    graded += [(_kind(number), grade_of(number)) for number in numbers]
    counts = pd.DataFrame(graded, columns=["kind", "grade"]).value_counts()
    return counts.unstack("grade", fill_value=0).reindex(
        index=list(KINDS), columns=list(GRADES), fill_value=0
    )


def _kind(number: Any) -> str:
    if number.name in TRAITS:
        return "traits"
    if doubt(number) == 1:
        return "parameters: known to operators"
    return f"parameters: {'effects of levers' if number.effect else 'members and market'}"


def page() -> str:
    """The text of docs/evidence.md."""
    levers, studies = lever_table(), study_table()
    by_lever = levers.drop(columns=["studies", "group"]).assign(lever=_code(levers["lever"]))
    bearing = levers[["lever"]].merge(studies)  # in the order of the levers
    bearing = bearing.assign(lever=_code(bearing["lever"]))
    others = studies[studies["lever"] == ""].drop(columns="lever")
    by_grade = {grade: [name for name, p in PARAMETERS.items() if p.effect and grade_of(p) == grade]
                for grade in GRADES}  # fmt: skip
    return TEXT.format(
        counts=markdown(grade_table().rename_axis("").reset_index()),
        levers=markdown(by_lever),
        worlds=WORLDS,
        studies=markdown(bearing),
        others=markdown(others),
        unmeasured_levers=", ".join(_code(levers["lever"][levers["grade"] == "none"])),
        unmeasured_effects=", ".join(_code(by_grade["none"])),
        signs=", ".join(_code(by_grade["sign only"])),
    )


def markdown(table: pd.DataFrame) -> str:
    """A table in Markdown, without its index."""
    rows = [list(table.columns), ["---"] * len(table.columns), *table.values.tolist()]
    cells = [[str(cell).replace("|", "/") for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in cells)


def _code(names: Iterable[str]) -> list[str]:
    return [f"`{name}`" for name in names]


def main() -> None:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--write", type=Path, nargs="?", const=PAGE, metavar="FILE")
    file = parser.parse_args().write
    if file is None:
        print(page(), end="")
    elif not file.parent.is_dir():
        parser.exit(2, f"{file}: no such folder\n")
    else:
        write_text(file, page())


if __name__ == "__main__":
    main()
