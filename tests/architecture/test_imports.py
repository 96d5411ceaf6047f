"""Data flows one way: a module imports only what stands before it."""

import ast
from pathlib import Path

import pytest

import comsim

PACKAGE = Path(comsim.__file__).parent

# The rooms in their order; a module may import from its own room and from those before it.
ROOMS = [
    "rng", "declare", "documentation", "errors", "arguments", "copies", "stages", "files",
    "folders", "machine", "amounts", "progress", "kernel", "catalogue", "phases", "scenario",
    "world", "logs", "events", "tables", "replay", "ready", "simulation", "snapshots",
    "mesa_model", "reference", "odd", "metrics", "describe", "observed", "economy", "summary",
    "figures", "report", "results", "comparison", "shards", "experiments", "analysis",
    "publication", "validation", "lab", "cli",
]  # fmt: skip
# On purpose the other way round: methods of a run that call what stands after it when asked.
LATE = {("simulation", "results")}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    part = path.relative_to(PACKAGE).parts[0]
    return part.removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Full names of what a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{name.name}" for name in node.names} | {node.module or ""}
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path):
    here = room(path)
    if here == "__init__":
        return
    assert here in ROOMS, f"a new room: give {here} its place in the order"
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "comsim" or len(parts) < 2 or parts[1] not in ROOMS:
            continue
        if (here, parts[1]) not in LATE:
            assert ROOMS.index(parts[1]) <= ROOMS.index(here), f"{here} imports {name}"


def test_each_room_has_a_file():
    assert set(ROOMS) <= {room(path) for path in modules()}


@pytest.mark.parametrize("library,rooms", [
    ("mesa", {"mesa_model", "reference"}),
    ("numba", {"kernel", "simulation"}),
    ("matplotlib", {"figures"}),
    ("jinja2", {"report"}),
    ("SALib", {"experiments", "analysis"}),
    ("typer", {"cli"}),
    ("distributed", {"shards"}),
    ("tomli_w", {"publication", "lab"}),
    ("nicegui", {"lab"}),
])  # fmt: skip
def test_a_library_stays_in_its_room(library, rooms):
    users = {
        room(path) for path in modules() for name in imports(path) if name.split(".")[0] == library
    }
    assert users <= rooms


def test_no_global_random_state():
    for path in modules():
        used = imports(path)
        assert not {"random", "secrets", "numpy.random"} & used, path
        assert "np.random" not in path.read_text(), path
