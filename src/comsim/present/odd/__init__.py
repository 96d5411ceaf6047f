"""The ODD document of the model (Grimm et al. 2020); tables and submodels come from the code."""

from comsim.present.odd.document import odd

__all__ = ["odd"]
