"""Figures: functions that take tables and return a matplotlib figure, drawn with seaborn.

    style.py      the theme, and parts that figures share
    headed.py     a figure below its finding
    lifecycle.py, timeline.py, retention.py, small.py     a run
    fans.py       a comparison
    indices.py, boxes.py, tipping.py, robust.py, warning.py     answers of an analysis

Importing seaborn takes about a second, so these modules are imported only where something is drawn,
after results have been printed.
"""

import os

from comsim.model.kernel.compile import cache_folder

# If the home folder is read-only, matplotlib searches for fonts at each start, and warns.
_folder = cache_folder()
if _folder is not None and not os.access(os.path.expanduser("~"), os.W_OK):
    os.environ.setdefault("MPLCONFIGDIR", str(_folder.parent / "matplotlib"))
