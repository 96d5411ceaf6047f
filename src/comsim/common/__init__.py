"""What every room may use: errors, checked arguments, copies for the user, progress, the version.

Imports `language` and libraries only.
"""
