"""The ODD document says what the code says."""

from pathlib import Path

from comsim.odd import odd

DOCUMENT = Path(__file__).parents[2] / "docs" / "odd.md"


def test_the_document_is_up_to_date():
    """If not: `comsim odd > docs/odd.md`."""
    assert DOCUMENT.read_text(encoding="utf-8") == odd()
