"""Limits of the lab, so that one machine can serve several visitors. Exceeding one is an error.

The lab is made for a meeting or a class, not for large experiments: `comsim run` and `comsim sweep`
have no such limits.
"""

from __future__ import annotations

MEMBERS = 400_000  # people of a market: a day takes about 50 ms, which still looks smooth
SMALLER = 100_000  # people; scenarios with more open in a market of this size
MEMORY = 4_000_000_000  # bytes, of all futures of all visitors
PERSON = 4_000  # bytes per person in a market, with snapshots (measured)
BRANCHES = 4  # futures side by side; a fifth line would be hard to distinguish
VISITORS = 20  # with a world at the same time
BYTES = 200_000  # of a scenario file; the longest of ours has 4,000
KEPT = 400_000  # bytes that a browser keeps of a visit: a scenario and a few thousand moves
MESSAGE = 1_000_000  # bytes of a message from a page; the longest returns what the browser kept
REQUESTS = 200  # requests of a page that wait for their turn; more are dropped
PAGES = 200  # pages open or being sent to a browser
CONNECTIONS = 400  # at once; a visitor's browser opens seven
DOTS = 5_000  # members drawn one by one
PICKED = 400  # of more members, how many can be clicked
NAME = 40  # letters of a branch's name
FRAMES = 30  # a second
FIELDS = 10  # pictures of the field a second
SPEEDS = (1, 7, 30, 60, 120, 0)  # days a second; 0 is as fast as it goes
SPEED, LESSON_SPEED = 30, 60  # at first
