"""No import cycles, counting imports for types only and imports inside functions."""

import ast
from pathlib import Path

import pytest

import comsim

PACKAGE = Path(comsim.__file__).parent
ROOT = "comsim"  # binds the public names; importing it is no edge

CLEAN_ROOMS = [
    "cli", "common", "evidence", "files", "lab", "mesa_model", "present", "publication",
    "reference", "results", "run", "statistics",
]  # fmt: skip


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules() -> dict[str, Path]:
    return {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imports_of(name: str, path: Path, names: set[str]) -> set[str]:
    """The modules of the package that a module imports, anywhere in the file."""
    targets = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            targets += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            # `from package import module` imports that module, not only the package.
            targets += [
                full if (full := f"{node.module}.{alias.name}") in names else node.module
                for alias in node.names
            ]
    return {target for target in targets if target in names} - {ROOT, name}


def import_graph() -> dict[str, set[str]]:
    paths = modules()
    return {name: imports_of(name, path, set(paths)) for name, path in paths.items()}


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Strongly connected components of more than one module (Tarjan 1972)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    components: list[list[str]] = []

    def visit(node: str) -> None:
        order[node] = lowest[node] = len(order)
        stack.append(node)
        for other in graph[node]:
            if other not in order:
                visit(other)
                lowest[node] = min(lowest[node], lowest[other])
            elif other in stack:
                lowest[node] = min(lowest[node], order[other])
        if lowest[node] == order[node]:
            at = stack.index(node)
            component = stack[at:]
            del stack[at:]
            if len(component) > 1:
                components.append(sorted(component))

    for node in graph:
        if node not in order:
            visit(node)
    return components


GRAPH = import_graph()


@pytest.mark.parametrize("room", CLEAN_ROOMS)
def test_no_import_cycles(room):
    inside = [cycle for cycle in cycles(GRAPH) if room in {name.split(".")[1] for name in cycle}]
    assert not inside, "\n".join(" <-> ".join(cycle) for cycle in inside)


def test_a_cycle_is_found():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}
    assert cycles(graph) == [["b", "c"]]
