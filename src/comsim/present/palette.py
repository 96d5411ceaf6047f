"""The colours of figures, reports and the lab, and what each stands for.

The hues follow seaborn's "colorblind" palette, changed so that each can also be used for text: it
has a contrast of at least 4.5 to 1 on white and 3 to 1 on a dark page (WCAG 2.2, criteria 1.4.3 and
1.4.11), and the five hues stay apart for all three kinds of colour blindness
(`tests/unit/test_palette.py` measures both). Stages are tints, pale enough to draw upon. Lines and
stages are also labelled directly, since a printer may turn different colours into the same grey.
"""

from __future__ import annotations

PAPER, GROUND, FAINT, SOFT, INK = "#ffffff", "#f6f7f9", "#e3e6eb", "#5d6675", "#1d2430"
BLUE, ORANGE, GREEN, RED, PINK = "#0a6bd0", "#b35a00", "#02805d", "#cf1a50", "#b04a97"
BROWN, GREY = "#8a5a3c", "#6b7280"
SKY, SAND, PALE = "#3193d1", "#a8923c", "#a9cbe3"  # for areas and dots, never for text
LOW, HIGH = "#f4f8fb", "#08406e"  # the ends of the scale for shares, 0 and 1

COLOURS = {
    "paper": PAPER, "ground": GROUND, "faint": FAINT, "soft": SOFT, "ink": INK,
    "blue": BLUE, "orange": ORANGE, "green": GREEN, "red": RED, "pink": PINK,
    "brown": BROWN, "grey": GREY, "sky": SKY, "sand": SAND, "pale": PALE,
}  # fmt: skip

# Policies of a comparison and futures of the lab, in their order.
SERIES = ("blue", "orange", "green", "pink", "red", "brown", "sky", "grey")

STAGES = {
    "seeding": "#eef3e2",
    "growth": "#d3ead9",
    "activity": "#fff3cf",
    "decline": "#fbdccb",
    "dormancy": "#e3e3e8",
}

# What is drawn over days, and the states of members.
METRICS = {
    "wau": "blue", "dau": "orange", "mau": "sky", "members": "grey", "muted": "red",
    "trust": "green", "interest": "blue", "novelty": "pink",
    "posts": "green", "official_posts": "blue",
    "profit": "ink", "revenue": "blue", "cost": "red",
}  # fmt: skip

# What a member is, or what became of them.
MEMBERS = {
    "lurker": "grey", "contributor": "sky", "expert": "blue", "evangelist": "green",
    "coordinator": "pink", "volunteer": "orange", "muted": "red", "dormant": "sand", "gone": "ink",
}  # fmt: skip

# What a factor is: something to choose, or something unknown.
FACTORS = {"lever": "blue", "uncertainty": "orange"}


def metric(name: str) -> str:
    """The colour of a metric, as #rrggbb."""
    return COLOURS[METRICS[name]]


def css() -> str:
    """The palette as CSS variables: --ink, --blue, ..., and --growth, ... for stages."""
    variables = {**COLOURS, **STAGES, "low": LOW, "high": HIGH}
    return ":root { " + " ".join(f"--{name}: {value};" for name, value in variables.items()) + " }"
