"""Data flows one way: a module imports only what stands before it."""

import ast
from pathlib import Path

import pytest

import comsim

PACKAGE = Path(comsim.__file__).parent

# The rooms in their order; a module may import from its own room and from those before it, be it
# for types only or inside a function.
ROOMS = [
    "language", "common", "files", "model", "scenario", "reference", "logs", "run", "statistics",
    "today", "mesa_model", "measure", "studies", "evidence", "present", "results",
    "publication", "lab", "cli",
]  # fmt: skip


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
            assert not node.level, f"{path}: relative import"
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_one_way(path):
    here = room(path)
    if here == "__init__":  # binds the public names
        return
    assert here in ROOMS, f"a new room: give {here} its place in the order"
    for name in imports(path):
        package, *parts = name.split(".")
        if package == "comsim":
            assert parts and parts[0] in ROOMS, f"{name}: rooms do not import the public names"
            assert ROOMS.index(parts[0]) <= ROOMS.index(here), f"{here} imports {name}"


def test_each_room_has_a_file():
    assert set(ROOMS) <= {room(path) for path in modules()}


@pytest.mark.parametrize("library,rooms", [
    ("mesa", {"mesa_model", "reference"}),
    ("numba", {"model", "run"}),
    ("matplotlib", {"present"}),
    ("seaborn", {"present"}),
    ("jinja2", {"present"}),
    ("SALib", {"statistics", "studies"}),
    ("typer", {"cli"}),
    ("distributed", {"studies"}),
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
