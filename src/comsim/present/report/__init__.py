"""The report: one HTML file that reads well alone, offline, on paper, in English or Chinese.

    run_report(record, "zh")            the page of one run, from what its folder holds
    comparison_report(comparison, …)    the page of a comparison
    validation_report(validation, …)    the page of a validation
    analysis_report(…)                  the page of a sweep's answers

Modules, each importing only those before it: chart, strips, gauges, page (`templates/`), calendar,
then one for each part of a page, then run, comparison, validation and analysis.
"""

from comsim.language.phrases import LANGUAGES
from comsim.measure.record import Record
from comsim.present.report.analysis import analysis_report
from comsim.present.report.comparison import comparison_report
from comsim.present.report.run import run_report
from comsim.present.report.validation import validation_report

__all__ = [
    "LANGUAGES", "Record", "analysis_report", "comparison_report", "run_report",
    "validation_report",
]  # fmt: skip
