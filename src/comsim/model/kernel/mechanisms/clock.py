"""Clock: the pace of a community. Real communities differ in pace by a factor of about four.

`comsim.scenario.pace` applies it before a run: it multiplies rates per day and divides durations in
days. It does not change what happens on a visit, nor the operator's levers. Some times do not
change either: dormancy begins after 28 days, an answer calls for a visit on the next day, members
visit at most once a day, and lags and idle spells last less than 400 days.
"""

from comsim.model.declare import Parameter

PARAMETERS = [
    Parameter("clock", 1.0, "multiple", 0.1, 10,
              "pace of the community: multiplies members' visits a day and all other daily rates, "
              "and divides durations in days",
              "assumption; real communities differ by a factor of about four", doubt=2,
              label="pace of the community", label_zh="社群节奏"),
]  # fmt: skip
