"""The code of a page of the documentation, carried out as a notebook would."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs"
CELL = re.compile(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```)?", re.DOTALL)


def cells(page: str) -> list[tuple[str, str]]:
    """Each block of code of a page, with the text that stands right below it, if any."""
    return CELL.findall((DOCS / page).read_text("utf-8"))


def played(page: str, scope: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Carry out block after block; of each the code, what it shows, and what the page says."""
    for code, said in cells(page):
        tree = ast.parse(code)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        with redirect_stdout(StringIO()) as shown:
            exec(compile(tree, page, "exec"), scope)
            if last is not None:
                value = eval(compile(ast.Expression(last.value), page, "eval"), scope)
                if value is not None:
                    print(repr(value))
        yield code, shown.getvalue(), said
