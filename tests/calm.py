"""Parameters without noise and without people who come by themselves, for tests of other things."""

CALM = {
    # Nobody walks in, and the seed group comes at once.
    "walk_in_rate": 0, "founder_days": 1, "joining_lag": 0, "mention_spread": 0, "burst_rate": 0,
    # Everybody is as keen as their traits say, and first visits hook everybody.
    "keenness": 0, "bounce": 0,
    # No weather, no idle spells, no replies that bring people back, no overload.
    "weather_spread": 0, "idle_chance": 0, "recall": 0, "talk_back": 0, "overload": 0,
}  # fmt: skip
