"""JSON without NaN, of Python's own numbers."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any


def as_json(data: dict[str, Any]) -> str:
    """The text of a JSON file; null for missing numbers."""
    return json.dumps(strict(data), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Write a JSON file."""
    path.write_text(as_json(data), encoding="utf-8")


def strict(value: Any) -> Any:
    """Python's own numbers, and None for missing ones: JSON has no NaN."""
    if isinstance(value, dict):
        return {str(key): strict(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [strict(part) for part in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
