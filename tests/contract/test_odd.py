"""The ODD document says what the code says."""

from pathlib import Path

from comsim.present.odd import odd
from comsim.reference.day import DAY

DOCUMENT = Path(__file__).parents[2] / "docs" / "odd.md"


def test_the_document_is_up_to_date():
    """If not: `comsim odd > docs/odd.md`."""
    assert DOCUMENT.read_text(encoding="utf-8") == odd()


def test_each_step_of_the_day_is_told_apart():
    day = odd().split("A day, in order:")[1].split("\n\n")[1].splitlines()
    told = [step.split("** ")[1] for step in day]
    assert len(day) == len(set(told)) == len(DAY)


def test_each_submodel_stands_once():
    headings = [line for line in odd().splitlines() if line.startswith("### ")]
    assert len(headings) == len(set(headings))
