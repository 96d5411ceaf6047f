"""The lab: a community that is lived day by day, with levers in one's hand, and futures that fork.

    timeline = Timeline(comsim.load_scenario("scenarios/brand_launch.toml"), seed=1)
    timeline.go_to(200)
    timeline.set("ad_pressure", 3)       # from this morning on
    other = timeline.fork()              # another future, on the same luck

Modules, each importing only those before it: limits, moves, timeline, room, words (text.toml,
told.toml), dropped, saved, shelf, trace, story, futures, claim, lesson (lessons/*.toml), view,
visit, wire, door, page, server.
"""
