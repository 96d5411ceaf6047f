"""Result folders: written whole or not at all, verified when they are read back.

    run, comparison, analysis, validation

Each attaches to the class that it writes the methods that draw, report and save.
"""
