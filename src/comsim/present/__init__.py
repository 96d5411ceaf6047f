"""Everything that a reader sees: figures, reports and the ODD document.

    figures/  PNG pictures (seaborn, matplotlib)
    report/   one HTML file, in English or Chinese
    odd/      the model described by the ODD protocol
"""
