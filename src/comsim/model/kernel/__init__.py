"""The day of a community, compiled.

`day` has the order of the day. One file a function of the day: `decide`, `arrive`, `visit`,
`publish`, `read` (with `feed` and `ties`), `learn`, `leave`, `settle`, `observe`, `record`. In
`mechanisms`, what a scenario may use besides. The rest serves them: `people`, who could join;
`basics`, `states`, `random`; `bundle`, `compile` and `prefetch`, for speed.
"""
