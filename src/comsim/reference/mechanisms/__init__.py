"""The mechanisms that a scenario may use, one a file, as in `comsim.kernel.mechanisms`."""
