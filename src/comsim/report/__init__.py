"""The report: one HTML file that reads well alone, offline, on paper, in English or Chinese.

    run_report(record, "zh")        the page of one run, from the tables and numbers of its folder

Modules, each importing only those before it: words (`text.toml`), chart, page (`templates/`),
record, calendar, then one for each part of the page, then run.
"""

from comsim.report.record import Record
from comsim.report.run import run_report
from comsim.report.words import LANGUAGES

__all__ = ["LANGUAGES", "Record", "run_report"]
