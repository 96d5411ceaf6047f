"""Everything that a reader sees: figures, reports and the ODD document.

palette.py  the colours of figures, reports and the lab
series.py   numbers over days, prepared for figures and reports
figures/    PNG pictures (seaborn, and matplotlib where seaborn has nothing)
report/     one HTML file, in English or Chinese
odd/        the model described by the ODD protocol
"""
