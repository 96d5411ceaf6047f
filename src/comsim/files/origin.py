"""The origin of a result: versions, a hash of the code, and the date."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from comsim.common.errors import InputError
from comsim.common.version import __version__

PACKAGES = ("numba", "numpy", "pandas", "pyarrow", "pydantic", "matplotlib", "seaborn",
            "scipy", "SALib", "jinja2")  # fmt: skip

# Outcomes that changed their meaning, by the number of the definitions that changed it. Results
# of before have the old numbers under the same names.
REDEFINED = {
    2: ("retention_30", "retention_90"),  # until then: in that month or later
    # until then: over all members, and by a rule that looked at the whole curve
    3: ("interest", "thriving", "growth", "activity", "decline", "dormancy"),
}
DEFINITIONS = max(REDEFINED)


def origin() -> dict[str, Any]:
    """The versions of everything that affects a result, and the date."""
    return {
        "comsim": __version__,
        "code": code_hash(),
        "definitions": DEFINITIONS,
        "packages": {name: _version(name) for name in PACKAGES},
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def check_definitions(folder: Path, made: Mapping[str, Any], outcomes: Iterable[str]) -> None:
    """Raise InputError if an outcome has been redefined since a result was `made`."""
    known = made.get("definitions", 1)
    changed = {name for number, names in REDEFINED.items() if number > known for name in names}
    if old := sorted(changed.intersection(outcomes)):
        raise InputError.at(
            folder, "definitions", f"{old[0]} as an earlier version defined it",
            "results of this version; run it again",
        )  # fmt: skip


def code_hash(*rooms: str) -> str:
    """A hash of the sources in some rooms of the package; by default, of all."""
    package = Path(__file__).parent.parent
    folders = [package / room for room in rooms] or [package]
    files = sorted(file for folder in folders for file in folder.rglob("*.py"))
    return hash_of(b"".join(hash_of(file.read_bytes()).encode() for file in files))


def parts_hash(*parts: str) -> str:
    """A hash of some folders and files of the package, with their data in TOML and CSV."""
    package, files = Path(__file__).parent.parent, set()
    for part in parts:
        path = package / part
        kinds = ("*.py", "*.toml", "*.csv")
        files |= {path} if path.is_file() else {f for kind in kinds for f in path.rglob(kind)}
    return hash_of(b"".join(hash_of(file.read_bytes()).encode() for file in sorted(files)))


def hash_of(data: bytes) -> str:
    """A short hash of some bytes."""
    return hashlib.sha256(data).hexdigest()[:16]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
