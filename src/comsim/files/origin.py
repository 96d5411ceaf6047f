"""The origin of a result: versions, a hash of the code, and the date."""

from __future__ import annotations

import hashlib
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from comsim.common.version import __version__

PACKAGES = ("numba", "numpy", "pandas", "pyarrow", "pydantic", "matplotlib", "scipy", "jinja2")


def origin() -> dict[str, Any]:
    """The versions of everything that affects a result, and the date."""
    return {
        "comsim": __version__,
        "code": code_hash(),
        "packages": {name: _version(name) for name in PACKAGES},
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def code_hash() -> str:
    """A hash of all of the package's sources."""
    package = Path(__file__).parent.parent
    files = sorted(package.rglob("*.py"))
    return hash_of(b"".join(hash_of(file.read_bytes()).encode() for file in files))


def hash_of(data: bytes) -> str:
    """A short hash of some bytes."""
    return hashlib.sha256(data).hexdigest()[:16]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
