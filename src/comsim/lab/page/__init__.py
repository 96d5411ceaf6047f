"""The page: NiceGUI for what is laid out, and a canvas for what moves.

Modules, each importing only those before it: pieces, controls, world, away, panels, choose, guide,
kept, compare, page.
"""
