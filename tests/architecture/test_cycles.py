"""No import cycles, counting imports for types only and imports inside functions."""

from pathlib import Path

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from .test_imports import PACKAGE, imports, modules

ROOT = "comsim"  # binds the public names; importing it is no edge


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(name: str, path: Path, names: set[str]) -> set[str]:
    """The modules of the package that a module imports, anywhere in the file."""
    # What is imported is a module, or a name in one.
    targets = {full if full in names else full.rpartition(".")[0] for full in imports(path)}
    return targets & names - {ROOT, name}


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The groups of modules that import one another, directly or through others."""
    names = sorted(graph)
    place = {name: at for at, name in enumerate(names)}
    edges = [(place[name], place[other]) for name, others in graph.items() for other in others]
    rows, columns = np.array(edges).T
    matrix = coo_matrix((np.ones(len(edges)), (rows, columns)), shape=(len(names), len(names)))
    count, group = connected_components(matrix, connection="strong")
    groups = [[name for name, g in zip(names, group, strict=True) if g == k] for k in range(count)]
    return [group for group in groups if len(group) > 1]


def test_no_import_cycles():
    paths = {module_name(path): path for path in modules()}
    graph = {name: imports_of(name, path, set(paths)) for name, path in paths.items()}
    assert not cycles(graph)


def test_a_cycle_is_found():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}
    assert cycles(graph) == [["b", "c"]]
