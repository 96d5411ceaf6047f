"""Reports: what every page keeps to, whatever the scenario is called and however it goes."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pandas as pd
import pytest

import comsim
from comsim import compare
from comsim.cli.compare import _report
from comsim.language.amounts import rounded
from comsim.language.phrases import Words
from comsim.present.report import LANGUAGES, run_report
from comsim.results.run import as_record, load, save
from comsim.scenario import Scenario
from comsim.studies.comparison.finding import PolicyFinding, spread
from comsim.studies.comparison.words.sentences import title, verdict

from .page import Page

HOSTILE = {
    "name": "<script>alert(1)</script>",
    "description": "</title></style></svg>\n<img src=x onerror=\"document.body.id='x'\"> & 'more'",
    "days": 120,
    "community": {"market": 400},
    "segments": [
        {"name": '"><img src=x onerror=alert(1)>', "share": 0.4, "power": 2},
        {"name": "</svg><script>alert(2)</script>", "share": 0.6},
    ],
    "arms": [
        {"name": "javascript:alert(3)", "share": 0.5},
        {"name": "{{ 7*7 }}{% raw %}", "share": 0.5},
    ],
    "policy": {
        "ad_pressure": {
            "base": 1,
            "steps": [{"day": 40, "value": 2}],
            "groups": {"arm:javascript:alert(3)": 0, "newcomers": {"base": 0}},
        },
        "release": {"on": [{"day": 60, "value": 0.3}]},
    },
    "rules": [
        {"name": "</script><script>alert(4)", "when": [{"metric": "members", "above": 1}],
         "do": [{"lever": "official_posts", "add": 1, "group": "segment:</svg><script>alert(2)"
                 "</script>"}], "days": 20, "cooldown": 5},
        {"name": "品牌 ]]> -->", "when": [{"metric": "wau", "window": 7, "falls": 1}],
         "do": [{"lever": "coupon", "set": 0.1}], "days": 3},
    ],
    "parameters": {"invitation_rate": {"low": 0.5, "high": 0.9}},
    "shocks": [{"kind": "leak", "day": 70, "severity": 0.25, "reach": 0.5},
               {"kind": "rival", "day": 80, "severity": 0.1}],
}  # fmt: skip
ODD = {
    "nobody": {"policy": {"seed_group": 0, "intake": 0}, "days": 20},
    "one day": {"days": 1},
    "two days": {"days": 2},
    "never born": {"policy": {"seed_group": 2, "intake": 0}, "days": 200},
    "twenty years": {"days": 7300, "community": {"market": 60}},
    "long ago": {"start": "1900-01-01", "days": 40},
    "every day another": {
        "days": 300,
        "policy": {"content_quality": {"steps": [
            {"day": day, "value": (day * 7 % 10) / 10} for day in range(1, 300)
        ]}},
    },
}  # fmt: skip


def scenario(**more: object) -> Scenario:
    return Scenario.from_dict({"name": "Odd", "community": {"market": 300}} | more)


@pytest.fixture(scope="module")
def hostile():
    return comsim.simulate(Scenario.from_dict(HOSTILE), seed=1)


@pytest.fixture(scope="module")
def compared():
    calm = Scenario.from_dict(HOSTILE | {"arms": [{"name": "all"}], "policy": {}})
    loud = HOSTILE | {"name": "</h1><script>alert(5)</script>", "arms": [{"name": "all"}],
                      "policy": {"ad_pressure": 4}}  # fmt: skip
    other = HOSTILE | {"name": "'\"><b onmouseover=alert(6)>", "arms": [{"name": "all"}],
                       "policy": {"seed_group": 60}}  # fmt: skip
    return compare(calm, Scenario.from_dict(loud), Scenario.from_dict(other), worlds=20, seed=1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_text_and_nothing_more(hostile, language):
    page = Page(hostile.report(language))
    page.check()
    names = [HOSTILE["name"], *(x["name"] for key in ("segments", "rules") for x in HOSTILE[key])]
    for name in names:
        assert name in page.words
    assert HOSTILE["description"].split("\n")[1] in page.words
    assert "javascript:alert(3)" in page.words


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_policies_are_text_and_nothing_more(compared, language):
    page = Page(compared.report(language))
    page.check()
    assert all(name in page.words for name in compared.policies)


@pytest.mark.parametrize("name", ODD)
def test_every_life_has_a_report(name):
    run = comsim.simulate(scenario(**ODD[name]), seed=1)
    for language in LANGUAGES:
        page = Page(run.report(language))
        page.check()
        assert len(page.html.encode()) < 600_000
        assert not re.search(r"\b(nan|None|inf)\b", page.words)


def test_the_same_run_gives_the_same_bytes(hostile):
    again = comsim.simulate(Scenario.from_dict(HOSTILE), seed=1)
    assert hostile.report("zh") == again.report("zh")


def test_a_report_made_again_from_its_folder_is_the_same(hostile, tmp_path):
    hostile.save(tmp_path / "run", language="zh")
    record = load(tmp_path / "run")
    assert run_report(record, "zh") == (tmp_path / "run" / "report.html").read_text("utf-8")
    assert run_report(record, "en") == hostile.report("en")


def test_it_says_what_the_run_found(hostile):
    summary = as_record(hostile).summary
    words = Page(hostile.report()).words
    peak = summary["peak"]["wau"]
    assert f"Weekly members peak at {peak['value']:,} on" in words
    assert f"(day {peak['day']})" in words
    for kept in summary["retention"][:2]:
        first, last = kept["days"]
        assert f"{100 * kept['share']:.0f}% on days {first}–{last}" in words
    assert f"revenue {summary['money']['revenue']:,.0f}" in words
    assert "comsim compare" in words  # one world is one of many


def test_trust_and_money_never_stand_without_their_warning(hostile, compared):
    badge = '<abbr class="badge"'
    for html, sections in (
        (hostile.report(), ("finding", "life", "money")),
        (compared.report(), ("verdicts", "variance", "fan-trust", "fan-profit")),
    ):
        parts = dict(re.findall(r'<section id="([^"]+)".*?>(.*?)</section>', html, re.S))
        assert all(badge in parts[name] for name in sections)
        assert "not validated against data" in parts["limits"]
        assert badge not in parts.get("retention", "") + parts.get("fan-wau", "")
    # Each figure of money has one of its own.
    tiles = re.findall(r'<div class="tile">(.*?)</div>', hostile.report(), re.S)
    assert [badge in tile for tile in tiles] == [False] * 4 + [True] * 7


def test_tables_stand_behind_the_charts(hostile):
    page = Page(hostile.report())
    figures = sum(tag == "figure" for tag, _ in page.tags)
    assert figures >= 5
    assert sum(tag == "details" for tag, _ in page.tags) == figures


def test_real_series_are_shown_and_kept(tmp_path):
    observed = pd.DataFrame({"day": [3, 10, 20], "wau": [10.0, 20.0, 30.0]})
    run = comsim.simulate(scenario(days=60), seed=1)
    save(run, tmp_path / "run", observed=observed)
    html = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert 'class="dots blue"' in html and "WAU, observed" in html
    assert run_report(load(tmp_path / "run")) == html
    assert 'class="dots' not in run_report(as_record(run))


def test_the_sentences_of_a_verdict_are_the_same_everywhere(compared, tmp_path):
    folder = compared.save(tmp_path / "out")
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    assert summary["sentence"] == compared.sentence == "\n".join(compared.sentences("en"))
    terminal = " ".join(_report(compared, folder).split())
    for language in LANGUAGES:
        page = Page(compared.report(language)).words
        for policy, line in zip(compared.policies[1:], compared.sentences(language), strict=True):
            *ends, how = spread(compared.of("wau_mean", policy))
            scale, unit = (100, "%") if how == "relative" else (1, "")
            for shown in rounded(*(scale * end for end in ends), sign=True):
                assert shown + unit in line
            for text in (line, *compared.why(policy, language), *compared.limits(language)):
                assert text in page
            assert summary["why"][policy] == list(compared.why(policy))
        said = (*compared.limits(), title(compared.findings, Words("en")))
        assert all(" ".join(text.split()) in terminal for text in said)
    known = compared.key_drivers.dropna(subset=["correlation"])
    named = known.loc[known["outcome"] == "wau_mean", "parameter"]
    assert len(named) > 20 and all(name in page for name in named)  # the table has them all
    assert "95% confidence interval of the mean" in Page(compared.report()).words
    assert "均值的 95% 置信区间" in page


SENTENCES = {
    "better": ("“B” is better than “A”: mean weekly members +12% (+3% to +27% in nine of ten "
               "worlds), at least +5% in 80% of worlds",
               "“B”优于“A”：平均周活 +12%（十分之九的世界在 +3% 至 +27% 之间），"
               "80% 的世界中至少 +5%"),
    "not clear": ("Not clear whether “B” is better or worse than “A”: mean weekly members +12% "
                  "(+3% to +27% in nine of ten worlds), at least +5% in 80% of worlds",
                  "“B”与“A”孰优孰劣尚不明确：平均周活 +12%（十分之九的世界在 +3% 至 +27% 之间），"
                  "80% 的世界中至少 +5%"),
}  # fmt: skip


def found(row: dict, policy: str = "B") -> PolicyFinding:
    """A finding about mean weekly members, with an unclear profit."""
    profit = {"verdict": "not clear"}
    return PolicyFinding(policy, "A", row, profit, 0, 0.05, 100, 50, False, None, None)


@pytest.mark.parametrize("kind", SENTENCES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_word_for_word(kind, language):
    row = {"verdict": kind, "worlds": 100, "unit": "people", "gains": 0.8, "loses": 0.0,
           "q50": 12.0, "relative": 0.12, "relative_mean_low": 0.08, "relative_mean_high": 0.16,
           "relative_q05": 0.03, "relative_q50": 0.12, "relative_q95": 0.27}  # fmt: skip
    assert verdict(found(row), Words(language)) == SENTENCES[kind][LANGUAGES.index(language)]


ALONE = {"policy": {"seed_group": 0, "intake": 0}}
FEW = {"policy": {"seed_group": 2, "intake": 0}}
ODD_PAIRS = {
    "against itself": ({}, {}, {}),
    "nobody": ({}, ALONE),
    "nobody twice": (ALONE, ALONE),
    "nobody and one who dies": (FEW, ALONE, {}),
    "one day": ({"days": 1}, {"days": 1, "policy": {"welcome_gift": 5}}),
    "no time to stay": ({"days": 20}, {"days": 20, "policy": {"ad_pressure": 3}}),
}


@pytest.mark.parametrize("sample", ["plausible", "default"])
@pytest.mark.parametrize("name", ODD_PAIRS)
def test_every_comparison_has_a_report(name, sample, tmp_path):
    forms = [scenario(**({"days": 100} | more)) for more in ODD_PAIRS[name]]
    pair = compare(*forms, worlds=4, sample=sample)
    for language in LANGUAGES:
        page = Page(pair.report(language))
        page.check()
        assert not re.search(r"\b(nan|None|inf)\b", page.words)
        assert not re.search(r"– (to|至) –|– pts|– 个百分点|–%", page.words)
    assert "nan" not in "\n".join((pair.sentence, *pair.cannot_say)).lower()
    pair.save(tmp_path / "out")


def test_what_does_not_exist_is_not_counted_among_what_is_told_apart():
    found = compare(scenario(days=100), scenario(days=100, **ALONE), worlds=4)
    rows = found.verdicts
    there = (rows["verdict"] != "does not exist").sum()
    assert there < len(rows)
    words = Page(found.report()).words
    assert re.search(rf"The policies differ clearly in \w+ of {there} outcomes", words)
    assert "does not exist" in words and "不存在" in Page(found.report("zh")).words


@pytest.mark.parametrize("gains, untested, en, zh", [
    ((-30, -10), False, "No policy is probably better than “A”; “C” comes closest: weekly members",
     "没有哪种策略很可能优于“A”；最接近的是“C”：周活"),
    ((-10, 20), False, "“C” is better: weekly members", "“C”更好：周活"),
    ((-10, 20), True, "Test “C” first, because nobody has measured its effect: weekly members",
     "请先测试“C”，其效果尚无人测量：周活"),
    ((0, 0), False, "No difference from “A” in any of 100 worlds",
     "在 100 个世界中与“A”都没有差异"),
])  # fmt: skip
def test_the_title_is_what_to_do(gains, untested, en, zh):
    def row(policy):
        gain = dict(zip("BC", gains, strict=True))[policy]
        verdict = "better" if gain > 0 else "worse" if gain else "no difference"
        relative = {f"relative{end}": gain / 100 + way
                    for end, way in (("", 0), ("_mean_low", -0.01), ("_mean_high", 0.01),
                                     ("_q05", -0.05), ("_q50", 0), ("_q95", 0.05))}  # fmt: skip
        return relative | {
            "verdict": verdict,
            "gains": float(gain > 0),
            "loses": float(gain < 0),
            "worlds": 100,
            "unit": "people",
            "q50": gain,
        }

    findings = [replace(found(row(policy), policy), untested=untested) for policy in "BC"]
    assert title(findings, Words("en")).startswith(en)
    assert title(findings, Words("zh")).startswith(zh)
