"""The lab: simulate a community day by day, move its levers, and fork its future.

    timeline = Timeline(comsim.load_scenario("scenarios/brand_launch.toml"), seed=1)
    timeline.go_to(200)
    timeline.set("ad_pressure", 3)       # from this morning on
    other = timeline.fork()              # another future, with the same random seed

Modules, each importing only those before it: limits, moves, timeline, room, phrasebook (text.toml,
stories.toml), dropped, saved, shelf, trace, story, futures, claim, lesson (lessons/*.toml), view,
visit, wire, door, page, server.
"""
