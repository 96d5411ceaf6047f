"""Numbers don't change without anybody noticing."""

from .make import BASELINE, LAUNCH, baseline, mark


def test_the_brand_launch_gives_the_numbers_it_gave():
    assert baseline() == BASELINE.read_text()


def test_a_new_baseline_is_in_the_changelog():
    log = (LAUNCH.parents[1] / "CHANGELOG.md").read_text()
    changed = log.partition("Output changed")[2]
    assert f"baseline {mark(BASELINE.read_text())}" in changed
