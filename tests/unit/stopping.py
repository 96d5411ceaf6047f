"""Works that are stopped on the way."""

from __future__ import annotations

import pytest

from comsim.common.errors import InputError
from comsim.studies.shards.carry_out import carry_out

from ..works import Ishigami

WORK = Ishigami(fails=6)


class Stops:
    """A serial engine that is stopped after some shards, and notes what it was asked for."""

    name = "stops"

    def __init__(self, after: int, error: type[BaseException] = KeyboardInterrupt):
        self.after, self.error, self.asked = after, error, []

    def each(self, task, shards):
        for shard in shards:
            if len(self.asked) == self.after:
                raise self.error
            self.asked.append(shard.number)
            yield task(shard)


def stopped(folder, after: int = 3):
    with pytest.raises(KeyboardInterrupt):
        carry_out(WORK, folder, Stops(after))
    return folder


def refused(*arguments, **options) -> str:
    with pytest.raises(InputError) as error:
        carry_out(*arguments, **options)
    assert "\n" not in str(error.value)
    return str(error.value)
