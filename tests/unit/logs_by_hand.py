"""Logs written by hand, for the tests of reading them."""

import pytest

from comsim.common.errors import InputError


def refused(read, rows, **how):
    with pytest.raises(InputError) as caught:
        read(rows, **how)
    line = str(caught.value)
    assert "\n" not in line and len(line) < 600
    return line.partition(": ")[2]


def posts(events):
    return events[events["kind"] == "post"]


def notes(events, about):
    return [note for note in events.attrs["notes"] if note.startswith(about)]
