"""Shared by all tests."""

import os
import sys

# Python keeps the bytecode of what it imports, even where the environment forbids it: the tests
# start more than a hundred processes, and each would compile the libraries again, for 1 to 4 s.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
