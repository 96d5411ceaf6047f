"""The base of all tables of a scenario file, and types that many of them use."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    WithJsonSchema,
    create_model,
    model_validator,
)
from pydantic.fields import FieldInfo

from comsim.common.documentation import documentation
from comsim.scenario.checks import Described, choices, key_name, number, text, wrong

LONGEST_NAME = 60  # characters
Name = text(LONGEST_NAME)
Amount = number(-1e12, 1e12)
Factor = number(0, 5)


def _factors(count: int, about: str) -> Any:
    """The type of a list of `count` factors."""

    def check(factors: tuple[float, ...]) -> tuple[float, ...]:
        if len(factors) != count:
            wrong(Described(f"{len(factors)} numbers"), f"{count} numbers, {about}")
        return factors

    item = {"type": "number", "minimum": 0, "maximum": 5}
    items = {"type": "array", "items": item, "minItems": count, "maxItems": count}
    return Annotated[tuple[Factor, ...], AfterValidator(check), WithJsonSchema(items)]


Week = _factors(7, "Monday to Sunday")
Year = _factors(12, "January to December")


class Table(BaseModel):
    """A table of a file. Unknown keys and missing required keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if sys.flags.optimize == 2:  # the JSON Schema contains the docstring
            cls.__doc__ = documentation(cls) or None

    @model_validator(mode="before")
    @classmethod
    def _keys(cls, data: Any) -> Any:
        if isinstance(data, cls):
            return data
        if not isinstance(data, dict):
            wrong(data, "a table")
        known, required = _keys_of(cls)
        for key in data:
            if key not in known:
                wrong(Described("an unknown key"), choices(key, known), key_name(key))
        for key, description in required.items():
            if key not in data:
                wrong(Described("nothing"), description or "a value", key)
        return data

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Itself, since it is immutable: pydantic would copy a default at each use."""
        return self

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """The keys that were set, without defaults."""
        return ((k, v) for k, v in super().__repr_args__() if k in self.model_fields_set)

    def _exactly_one(self, *names: str) -> str:
        """The one of these keys that is set."""
        given = [name for name in names if getattr(self, name) is not None]
        if len(given) != 1:
            wrong(Described(" and ".join(given) or "none"), f"one of {', '.join(names)}")
        return given[0]


@cache
def _keys_of(table: type[Table]) -> tuple[dict[str, FieldInfo], dict[str, str | None]]:
    """The fields of a table by their keys, and the descriptions of those that are required."""
    fields = {field.alias or name: field for name, field in table.model_fields.items()}
    required = {key: field.description for key, field in fields.items() if field.is_required()}
    return fields, required


def field(default: Table, about: str, shown: Any) -> Any:
    """A field whose JSON Schema shows the default as written in a file."""
    return Field(default, description=about, json_schema_extra={"default": shown})


def from_catalogue(name: str, module: str, base: type[Table], fields: dict[str, Any]) -> Any:
    """A table whose keys are the catalogue's names; `module` is where it can be imported from."""
    return create_model(name, __base__=base, __module__=module, **fields)
