"""Work in threads, which pays where compiled days release Python's lock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from comsim.common.machine import processors

Item, Result = TypeVar("Item"), TypeVar("Result")


def in_threads(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Result]:
    """The results of work(item) in the order of the items. `jobs`: threads (default: the number of
    processors). `progress` is called after each item, in this order, with the number of items done
    and of all. After Ctrl-C no further item starts."""
    pool, results = ThreadPoolExecutor(jobs or processors()), []
    try:
        for result in pool.map(work, items):
            results.append(result)
            if progress:
                progress(len(results), len(items))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
    return results
