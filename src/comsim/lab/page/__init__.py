"""The page: NiceGUI for the layout, and a canvas for what moves.

`page` assembles the parts. They share a `state`, and get the functions of the page that they need
as arguments. Modules, each importing only those before it: pieces, state, controls, world, away,
head, choose, guide, kept, compare, stories, page.
"""
