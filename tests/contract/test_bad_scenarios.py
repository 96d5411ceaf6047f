"""Every broken scenario file gives one line: the file, the key, what was found, what is allowed."""

from __future__ import annotations

import tempfile
import tracemalloc
from contextlib import nullcontext
from pathlib import Path

import pytest

from comsim.common.errors import InputError
from comsim.scenario import load_scenario, observed, plan

from .bad_scenarios import CASES, HEAD, Case, materialise, unprivileged


@pytest.fixture
def folder():
    """A folder that everybody may enter, which pytest's own is not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def use(path: Path) -> None:
    """All that a run does with its scenario file before the first day."""
    scenario = load_scenario(path)
    plan(scenario)
    observed(scenario)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_line_says_what_is_wrong(case: Case, folder: Path):
    path = materialise(case, folder)
    with unprivileged() if case.private else nullcontext(), pytest.raises(InputError) as caught:
        use(path)
    message = str(caught.value)
    assert message.isprintable()  # so it is one line, and writes nothing strange to a terminal
    assert len(message) < 1000
    file, rest = message.split(": ", 1)
    assert Path(file).name == case.named
    assert ("found " in rest and "; allowed: " in rest) or rest.startswith("file not found; ")
    for part in case.said:
        assert part in rest


def test_names_are_their_own():
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) >= 60


def test_the_head_alone_is_good(folder: Path):
    path = folder / "good.toml"
    path.write_bytes(HEAD)
    use(path)


def test_a_huge_file_is_not_read(folder: Path):
    case = next(case for case in CASES if case.name == "huge")
    path = materialise(case, folder)
    tracemalloc.start()
    try:
        with pytest.raises(InputError):
            load_scenario(path)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
