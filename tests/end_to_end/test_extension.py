"""The worked examples of CONTRIBUTING.md, carried out in a copy of the package."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from comsim.present.odd import levers_by_group

from ..calm import CALM

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "tests" / "contract" / "test_declarations.py"

TRY = """
import gc
gc.disable()  # compiles sooner
import json, comsim
from comsim.measure.describe import describe
from comsim.scenario.worlds import make_worlds
from comsim.studies.comparison.choices.budget import equalised
from comsim.studies.comparison.choices.policies import policies_of

def scenario(share):
    return comsim.Scenario.from_dict({
        "name": f"cards {share}", "days": 366, "community": {"market": 100},
        "parameters": CALM | {"invitation_rate": 0, "trust_healing": 0},
        "policy": {"seed_group": 40, "intake": 0, "anniversary_card": share},
    })

none, all_ = (comsim.simulate(scenario(share), seed=1) for share in (0, 1))
_, (budget,) = equalised(policies_of([scenario(0.5), scenario(1)]), make_worlds(1, 2), 1, 1)
members = all_.members
first = (members["left_day"] < 0) | (members["left_day"] >= 365)
print(json.dumps({
    "cards": [int(r.daily["cards"].sum()) for r in (none, all_)],
    "first": int(first.sum()),
    "trust": [float(r.members["trust"][first].mean()) for r in (none, all_)],
    "cost": float(all_.daily["cost_cards"].sum()),
    "scaled": list(budget.levers),
    "stayed": float(describe(all_.events()).set_index("metric").loc["stayed", "value"]),
}))
"""


def blocks() -> dict[str, str]:
    """The code of the document by the file that it belongs to."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
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

    def python(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    seen = json.loads(python("-c", f"CALM = {CALM}\n{TRY}"))
    assert seen["cards"] == [0, seen["first"]] and seen["first"] > 10
    assert seen["cost"] == 2.0 * seen["first"] and seen["scaled"] == ["anniversary_card"]
    none, cards = seen["trust"]
    assert cards > none + 0.15 * (1 - none)
    assert 0 < seen["stayed"] <= 1

    # The new lever is in the schema, the lab, reports, the ODD document and the README's table.
    copied = tmp_path / "tests" / "contract" / CONTRACT.name
    copied.parent.mkdir(parents=True)
    shutil.copy(CONTRACT, copied)
    table = python("-m", "comsim.cli", "odd", "--levers")
    readme = (ROOT / "README.md").read_text()
    (tmp_path / "README.md").write_text(readme.replace(levers_by_group() + "\n", table))
    names = "anniversary_card or readme or paid or label"
    python("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", names, str(copied))
