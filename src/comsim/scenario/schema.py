"""JSON Schema of a scenario file (or another), so that editors complete and explain it."""

from __future__ import annotations

from typing import Any

from comsim.scenario.scenario import Scenario
from comsim.scenario.table import Table

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema(form: type[Table] = Scenario) -> dict[str, Any]:
    """The JSON Schema of scenario files, with the unit, range, meaning and default of every lever,
    parameter and trait; or that of another kind of file."""
    written = _tidy(form.model_json_schema(by_alias=True))
    return {"$schema": DRAFT, **written, "title": f"comsim {form.__name__.lower()}"}


def _tidy(node: Any) -> Any:
    """Remove null, which TOML does not have, and defaults of whole tables."""
    if isinstance(node, list):
        return [_tidy(item) for item in node if item != {"type": "null"}]
    if not isinstance(node, dict):
        return node
    node = {key: _tidy(item) for key, item in node.items()}
    if "default" in node and (node["default"] is None or isinstance(node["default"], (dict, list))):
        del node["default"]
    if len(node.get("anyOf", [])) == 1:
        node |= node.pop("anyOf")[0]
    return node
