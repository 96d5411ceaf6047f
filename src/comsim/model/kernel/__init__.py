"""The day of a community, compiled.

`day` has the order of the day. Each function of the day has its own file: `decide`, `arrive`,
`visit`, `publish`, `read` (with `feed` and `ties`), `learn`, `leave`, `settle`, `observe`,
`record`. `mechanisms` has the optional mechanisms. The other files serve these: `people` (who could
join), `basics`, `states` and `random`, and, for speed, `bundle`, `compile`, `linked` and
`prefetch`.
"""
