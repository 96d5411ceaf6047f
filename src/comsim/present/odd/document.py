"""Fill in the ODD's text (`text.md`) from the code: numbers, states, levers, functions.

The submodels are the docstrings of the readable reference, in the order of the day.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.resources import files
from string import Template
from types import ModuleType
from typing import Any

from comsim import reference
from comsim.common.documentation import documentation
from comsim.model.catalogue import COLUMNS, FIELDS, LEVERS, LEVERS_BY_GROUP, PARAMETERS, TRAITS
from comsim.model.declare import grade_of, origin
from comsim.reference import community, member, people
from comsim.reference.day import DAY


def odd() -> str:
    """The whole document, as Markdown."""
    text = Template(files("comsim.present.odd").joinpath("text.md").read_text(encoding="utf-8"))
    return text.substitute({name: part() for name, part in PARTS.items()})


def levers_by_group() -> str:
    """The README's table of levers, as Markdown."""
    rows = [
        f"| {group} | {', '.join(_code(lever.name) for lever in levers)} |"
        for group, levers in LEVERS_BY_GROUP.items()
    ]
    return "\n".join(["| | levers |", "|---|---|", *rows])


def _table(heads: str, rows: Iterable[Iterable[Any]]) -> str:
    names = heads.split(", ")
    lines = [names, ["---"] * len(names), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: Any) -> str:
    plain = f"{value:g}" if isinstance(value, float | int) else str(value)
    return plain.replace("|", "/").replace("\n", " ")


def _code(name: str) -> str:
    return f"`{name}`"


def _parameters() -> str:
    return _table(
        "parameter, default, unit, range, meaning, source, evidence",
        (
            (_code(p.name), p.value, p.unit, f"{p.low:g} to {p.high:g}", p.meaning, origin(p),
             grade_of(p))
            for p in PARAMETERS.values()
        ),
    )  # fmt: skip


def _traits() -> str:
    return _table(
        "trait, distribution, default, spread, unit, range, meaning, source, evidence",
        (
            (_code(t.name), t.shape, t.value, t.spread, t.unit, f"{t.low:g} to {t.high:g}",
             t.meaning, origin(t), grade_of(t))
            for t in TRAITS.values()
        ),
    )  # fmt: skip


def _levers() -> str:
    return _table(
        "lever, default, unit, range, set for, meaning, cost, evidence",
        (
            (_code(x.name), f"{x.default:g}{' on day 0' if x.once else ''}", x.unit,
             f"{x.low:g} to {x.high:g}", "groups" if x.scope == "member" else "all", x.meaning,
             x.price, x.evidence)
            for x in LEVERS.values()
        ),
    )  # fmt: skip


def _states() -> str:
    return _table(
        "state, kept as, meaning",
        (
            (_code(f.name), f.dtype + (f" x {f.width}" if f.width > 1 else ""), f.meaning)
            for f in FIELDS.values()
        ),
    )


def _columns() -> str:
    return _table(
        "count, unit, meaning",
        ((_code(c.name), c.unit, c.meaning) for c in COLUMNS.values()),
    )


def _day() -> str:
    return "\n".join(f"{number}. {_step(function)}" for number, function in enumerate(DAY))


def _step(function: Callable[..., None]) -> str:
    """The chapter and name of a step, and the first line of its docstring.

    A step without a docstring gets the first line of its chapter instead. (The chapter's line is
    not always used, since a chapter may have two steps.)
    """
    chapter, name = _name(_chapter(function)), function.__name__.replace("_", " ")
    head = chapter.capitalize() if chapter == name else f"{chapter.capitalize()}, {name}"
    said = documentation(function) or documentation(_chapter(function))
    return f"**{head}.** {said.splitlines()[0]}"


def _submodels() -> str:
    chapters = list(dict.fromkeys(_chapter(function) for function in DAY))  # each but once
    others = [
        import_module(found.name)
        for found in pkgutil.walk_packages(reference.__path__, f"{reference.__name__}.")
        if not found.name.endswith((".day", ".rounding", ".mechanisms"))
    ]
    first = [people, member, community]
    rest = [module for module in others if module not in chapters and module not in first]
    return "\n\n".join(map(_chapter_text, [*first, *chapters, *sorted(rest, key=_name)]))


def _chapter(function: Callable[..., None]) -> ModuleType:
    return import_module(function.__module__)


def _name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def _chapter_text(module: ModuleType) -> str:
    """A heading, the docstring of the chapter, and the docstrings of its functions."""
    parts = [f"### {_name(module).capitalize()}", documentation(module)]
    for name, item in _documented(module):
        parts.append(f"**{name}.** {_prose(documentation(item))}")
    return "\n\n".join(parts)


def _documented(module: ModuleType) -> Iterable[tuple[str, Any]]:
    """Functions and classes of a module, with their methods and properties, in order.

    Constructors are included, since the state of a new member is part of the model.
    """
    for name, item in vars(module).items():
        if getattr(item, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(item) and documentation(item):
            yield name.replace("_", " "), item
        elif inspect.isclass(item):
            if documentation(item):
                yield name, item
            for inner, member in vars(item).items():
                if not (inspect.isfunction(member) or isinstance(member, property)):
                    continue
                if inner.startswith("_") and inner != "__init__":
                    continue
                if documentation(member):
                    yield f"{name}, {inner.strip('_').replace('_', ' ')}", member


def _prose(text: str) -> str:
    """Paragraphs with an equation become code blocks."""
    blocks = text.split("\n\n")
    return "\n\n".join(
        f"```\n{block}\n```" if at and "=" in block else block for at, block in enumerate(blocks)
    )


PARTS: dict[str, Callable[[], str]] = {
    "parameters": _parameters,
    "traits": _traits,
    "levers": _levers,
    "states": _states,
    "columns": _columns,
    "day": _day,
    "submodels": _submodels,
}
