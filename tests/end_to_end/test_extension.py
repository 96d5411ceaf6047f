"""The worked example of docs/design.md, done to a copy of the package."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

TRY = """
import gc
gc.disable()  # compiles sooner
import json, comsim
from comsim.measure.describe import describe
from comsim.logs.events import event_table

def run(share):
    scenario = comsim.Scenario.from_dict({
        "name": "remembered", "days": 366, "community": {"market": 100},
        "parameters": {"invitation_rate": 0},
        "policy": {"seed_group": 40, "intake": 0, "anniversary_card": share},
    })
    return comsim.simulate(scenario, seed=1)

none, all_ = run(0), run(1)
members = all_.members
first = (members["joined_day"] == 0) & (members["left_day"] < 0) | (members["left_day"] == 365)
print(json.dumps({
    "cards": [int(r.daily["cards"].sum()) for r in (none, all_)],
    "first": int(first.sum()),
    "trust": [float(r.daily["trust_mean"].iloc[-1]) for r in (none, all_)],
    "stayed": float(describe(all_.events()).set_index("metric").loc["stayed", "value"]),
}))
"""


def blocks() -> dict[str, str]:
    """The code of the document by the file that it belongs to."""
    text = (ROOT / "docs" / "design.md").read_text()
    return dict(re.findall(r"```python\n# (src/\S+?\.py.*?)\n(.*?)```", text, re.DOTALL))


@pytest.mark.long
def test_a_mechanism_and_a_metric_are_a_file_and_a_line_each(tmp_path):
    shutil.copytree(ROOT / "src", tmp_path / "src")
    code = blocks()
    for place, text in code.items():
        path = tmp_path / place.split(",")[0]
        if not path.exists():
            path.write_text(text)
            continue
        source = path.read_text()
        if path.name == "day.py":
            source = source.replace("    arrive(w, day)\n", "    arrive(w, day)\n" + text)
            imports = "from comsim.model.kernel.mechanisms.anniversary import anniversary\n"
            source = source.replace("\n\nfrom comsim", f"\n\n{imports}from comsim", 1)
        else:
            source = source.replace('] = {\n    "days"', "] = {\n" + text + '    "days"')
            source = source.replace("    inequality,\n", "    inequality,\n    loyalty,\n")
        path.write_text(source)
    assert len(code) == 4

    environment = os.environ | {
        "PYTHONPATH": str(tmp_path / "src"),
        "COMSIM_COMPILED": "nowhere",  # kept by nobody, so that no second process helps
        "NUMBA_OPT": "0",  # compiles in half the time, and a short run does not miss it
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", TRY], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["cards"] == [0, seen["first"]] and seen["first"] > 10
    none, cards = seen["trust"]
    assert cards > none + 0.15 * (1 - none)
    assert 0 < seen["stayed"] <= 1
