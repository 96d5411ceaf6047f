"""Docstrings of functions, classes and modules, read from their source, since `python -OO` strips
them."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any


def documentation(item: Any) -> str:
    """The docstring of a module, class, function or property; empty if there is none."""
    if isinstance(item, property):
        item = item.fget
    if isinstance(item, ModuleType):
        return _docstrings(item.__file__).get("", "")
    module = sys.modules[item.__module__]
    return _docstrings(module.__file__).get(inspect.unwrap(item).__qualname__, "")


@cache
def _docstrings(file: str) -> dict[str, str]:
    """The docstrings of a source file by qualified name; that of the module under ''."""
    return dict(_within(ast.parse(Path(file).read_text("utf-8")), ""))


def _within(node: ast.AST, name: str) -> Iterator[tuple[str, str]]:
    if text := ast.get_docstring(node):
        yield name, text
    for inner in node.body:
        if isinstance(inner, ast.FunctionDef | ast.ClassDef):
            whole = f"{name}.{inner.name}" if name else inner.name
            if isinstance(inner, ast.ClassDef):
                yield from _within(inner, whole)
            elif text := ast.get_docstring(inner):
                yield whole, text
