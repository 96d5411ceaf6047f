"""Clock: how fast everything goes in a community. Real ones differ by a factor of about four.

It is applied before a run, by `comsim.scenario.pace`: rates a day are multiplied by it, durations
in days divided. What happens on a visit does not change, nor do the operator's levers. Some times
stay as they are: dormancy (28 days), the day between an answer and the visit that it calls for, at
most one visit a day, and the longest lags and spells (400 days).
"""

from comsim.model.declare import Parameter

PARAMETERS = [
    Parameter("clock", 1.0, "multiple", 0.1, 10,
              "pace of the community: multiplies members' visits a day and all other rates a day, "
              "and divides durations in days",
              "assumption; real communities differ by a factor of about four", doubt=2,
              label="pace of the community", label_zh="社群节奏"),
]  # fmt: skip
