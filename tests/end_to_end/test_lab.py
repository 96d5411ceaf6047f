"""The lab in a real browser: one server for all tests, and a fresh page for each."""

import sys

import numpy as np
import pytest

from comsim.cli import main
from comsim.measure.economy import break_even
from comsim.run.simulation import simulate

from .in_the_lab import (
    ADS,
    BROWSER,
    CARD,
    LAB,
    MOVED,
    begin,
    choose_first,
    column,
    go_to,
    part,
    send_file,
)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium here (apt install chromium)")

WRONG = [
    ("seek", 1e9, "day"), ("speed", 1e300, "speed"), ("choose", 7, "future"),
    ("play", "<img src=x onerror=alert(1)>", "play"), ("member", -1, "member"),
    ("step", None, "step"),
]  # fmt: skip
FILES = [  # and what is said of each
    ("days = 10\nname = '<img src=x onerror=alert(1)>'\n[policy]\nads = 1", "unknown key"),
    ("name = 'Big'\n[community]\nmarket = 10_000_000", "at most"),
    ("name = [", "TOML"),
    ("#" * 300_000, "too big"),
]


def test_a_scenario_is_chosen_and_plays(lab):
    lab.click(f"[data-card='{CARD}']")
    lab.select_option(".speed select", "0")
    lab.click(".play")
    lab.wait_for_function(f"{LAB}.day > 20")
    lab.keyboard.press("Escape")
    lab.click(".play")
    lab.wait_for_function(f"!{LAB}.playing")
    assert column(lab, "members")[20] > 10
    drawn = "[...document.querySelectorAll('.tile canvas')].map(c => c.toDataURL().length)"
    assert min(lab.evaluate(drawn)) > 2000  # every chart has ink on it
    go_to(lab, MOVED)
    lab.focus("body")
    lab.keyboard.press("ArrowRight")
    lab.wait_for_function(f"{LAB}.day === {MOVED + 1}")
    lab.keyboard.press("ArrowLeft")
    lab.wait_for_function(f"{LAB}.day === {MOVED}")
    for sums in [[-2, 3, -1, 0, 4], [-2, 1], [-1, -3], [4, 0, -1]]:
        day = lab.evaluate("async sums => (await import('comsim-lab')).paysAfter(sums)", sums)
        even = break_even(np.array(sums))
        assert day == (None if even is None else even + 1)


def test_what_is_clicked_twice_is_done_once_and_what_is_typed_stays(lab):
    begin(lab, 5)
    lab.click(".play")
    lab.fill(ADS, "6")
    day = lab.evaluate(f"{LAB}.day")
    lab.wait_for_function(f"{LAB}.day > {day + 15}")  # the levers have been told meanwhile
    lab.keyboard.type(".5")
    lab.keyboard.press("Enter")
    lab.wait_for_function(f"{LAB}.marks[0]?.label === 'ad pressure 6.5'")
    lab.keyboard.press("Space")
    lab.click("text=From here, what if")
    lab.dblclick(".q-dialog button.strong")
    lab.wait_for_function(f"{LAB}.chosen === 1")
    lab.fill(ADS, "7")
    lab.press(ADS, "Enter")
    lab.wait_for_function(f"{LAB}.marks.length === 2")
    close = ".future .close:last-child"
    lab.dblclick(close)
    assert lab.inner_text(close) == "Close?"
    lab.click(close)
    lab.wait_for_function(f"{LAB}.futures.length === 1")


def test_two_futures_part_and_are_taken_away(lab, tmp_path):
    part(lab, "<b>more</b> ads")
    assert lab.inner_text(".future.chosen").startswith("<b>more</b> ads")  # said, not run
    assert lab.evaluate(f"{LAB}.marks") == [{"day": MOVED, "future": 1, "label": "ad pressure 6"}]
    go_to(lab, 2 * MOVED)
    trust, otherwise = column(lab, "trust", 1), column(lab, "trust", 0)
    assert trust[:MOVED] == otherwise[:MOVED]
    assert trust[-1] < trust[MOVED - 1]
    assert trust[-1] < otherwise[-1]
    go_to(lab, MOVED)
    assert column(lab, "trust", 1) == trust  # what has been lived stays in sight

    lab.click("text=Take it away")
    with lab.expect_download() as download:
        lab.click("text=The chosen future as a scenario")
    lab.click(".q-dialog >> text=Close")
    choose_first(lab)
    assert download.value.suggested_filename == "ads-doubled-seed-1-b-more-b-ads-scenario.toml"
    download.value.save_as(tmp_path / "mine.toml")
    daily = simulate(tmp_path / "mine.toml").daily
    for name in ("members", "dau", "wau", "mau", "posts", "joined", "left", "official_posts"):
        assert column(lab, name, 1) == daily[name][: 2 * MOVED].tolist(), name
    assert trust == daily["trust_mean"][: 2 * MOVED].round(4).tolist()


def test_a_dot_tells_its_story(lab):
    begin(lab, MOVED)
    dots = f"{LAB}.dots"
    lab.evaluate(f"{LAB}.$refs.field.scrollIntoView({{block: 'center'}})")
    at = lab.evaluate(f"[{dots}.x[7] / 255, {dots}.y[7] / 255]")
    box = lab.locator("canvas.square").bounding_box()
    em = lab.evaluate("0.86 * parseFloat(getComputedStyle(document.documentElement).fontSize)")
    x = box["x"] + 3.5 * em + at[0] * (box["width"] - 3.5 * em - 10)
    y = box["y"] + box["height"] - 2.7 * em - at[1] * (box["height"] - 3.4 * em)
    lab.mouse.click(x, y)
    lab.wait_for_selector(".story >> text=Came on")
    lab.wait_for_selector(".story >> text=Trust was")
    lab.click(".story >> text=Close")
    lab.wait_for_selector(".story", state="hidden")
    lab.focus("canvas.square")
    for key in ("ArrowUp", "ArrowRight", "Enter"):
        lab.keyboard.press(key)
    lab.wait_for_selector(".story:focus >> text=Came on")
    lab.wait_for_selector(".story .hint", state="detached")  # the causes of changes have come
    lab.keyboard.press("Escape")
    lab.wait_for_selector(".story", state="hidden")
    lab.wait_for_selector("canvas.square:focus")


def test_a_hostile_message_gets_one_line(lab):
    begin(lab, 0)
    for request, message, key in WRONG:
        lab.evaluate(f"message => {LAB}.$emit('{request}', message)", message)
        lab.wait_for_selector(f".q-notification >> text=/the page: {key}: found .*; allowed: /")
        assert not lab.evaluate(f"{LAB}.playing")


def test_it_speaks_chinese_and_loses_nothing_without_a_question(lab):
    part(lab, "more ads")
    choose_first(lab)
    lab.click("text=中文")
    lab.wait_for_selector("text=有多少成员，有多少人来")
    lab.wait_for_function(f"{LAB}.day === {MOVED} && {LAB}.futures.length === 2")
    assert lab.evaluate(f"{LAB}.marks[0].label") == "广告压力 6"
    lab.click("text=English")
    lab.wait_for_selector("text=How many belong, and how many come")

    lab.click("[aria-label=rename]")
    lab.keyboard.type("as planned")
    lab.keyboard.press("Enter")
    lab.wait_for_function(f"{LAB}.futures[0].name === 'as planned'")
    lab.click(".future button >> nth=2")
    lab.wait_for_function(f"{LAB}.chosen === 1")
    lab.keyboard.press("Control+z")
    lab.wait_for_function(f"{LAB}.marks.length === 0")
    lab.click("text=Another community")
    lab.wait_for_selector("text=Leave this community?")
    lab.keyboard.press("Escape")
    lab.wait_for_selector(".q-dialog", state="detached")
    lab.keyboard.press("Space")  # plays, rather than ask again
    lab.wait_for_function(f"{LAB}.day > {MOVED}")
    asked = []
    lab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    lab.reload()
    assert asked == ["beforeunload"]


def test_a_lesson_is_gone_through(lab):
    lab.click("[data-lesson=birth]")
    lab.wait_for_selector(".lesson")
    lab.select_option(".speed select", "0")
    said = []
    for _ in range(30):
        if lab.locator("[data-way=finish]").count():
            break
        said.append(lab.inner_text(".lesson"))
        if lab.locator(".options button:not([disabled])").count():
            lab.click(".options button >> nth=0")
            lab.wait_for_selector(".options .taken")
        elif lab.locator("[data-way=play]").count():
            lab.wait_for_timeout(1500)  # time enough to tell the difference
            assert not lab.locator("[data-chart=difference]").count()
            lab.click("[data-way=play]")
            lab.wait_for_selector("[data-way=next]")
        else:
            before = lab.inner_text(".lesson .hint >> nth=0")
            lab.click("[data-way=next]")
            lab.wait_for_function(
                "old => ![null, undefined, old].includes("
                "document.querySelector('.lesson .hint')?.innerText)", arg=before
            )  # fmt: skip
    assert "weekly members with a core" in " ".join(said)
    lab.wait_for_selector(".lesson h2:focus")
    lab.wait_for_selector("[data-chart=difference]")  # now that it has been played
    lab.click("[data-way=finish]")
    lab.wait_for_selector(".lesson", state="detached")


def test_a_bad_file_is_told_and_the_server_lives(lab):
    for text, line in FILES:
        send_file(lab, text)
        lab.wait_for_selector(f".q-notification >> text={line}")
        assert lab.locator(".shelf").count()


def test_a_port_that_is_taken_is_told(address, capsys):
    with pytest.raises(SystemExit):
        main(["lab", "--no-browser", "--port", address.rstrip("/").rpartition(":")[2]])
    assert "allowed: a free address" in capsys.readouterr().err


def test_without_nicegui_one_line_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "nicegui", None)
    with pytest.raises(SystemExit):
        main(["lab"])
    assert capsys.readouterr().err == "comsim lab needs NiceGUI: pip install 'comsim[lab]'\n"
