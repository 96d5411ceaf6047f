"""The mechanisms that a scenario may use, one a file; those it does not use cost nothing."""
