"""The ODD document of the model (Grimm et al. 2020); tables and submodels come from the code."""

from comsim.present.odd.document import levers_by_group, odd

__all__ = ["levers_by_group", "odd"]
