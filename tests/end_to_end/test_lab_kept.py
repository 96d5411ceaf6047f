"""Nothing is lost in the lab by sleep, a reload or a restart; and nothing large gets in."""

import socket
import sys
from http.client import HTTPResponse
from itertools import pairwise
from select import select
from urllib.parse import urlsplit

import pytest

from .in_the_lab import (
    ADS,
    BROWSER,
    LAB,
    MOVED,
    begin,
    choose_first,
    free_port,
    go_to,
    part,
    send_file,
    serving,
)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium here (apt install chromium)")

SHORT = "from comsim.lab.server import serve; serve(None, None, '127.0.0.1', {port}, False, away=1)"
STANDS = f"""() => {{
  const lab = {LAB}, columns = [...lab.lives.values()].map((life) => life.columns.trust);
  return JSON.stringify([
    lab.day, lab.chosen, lab.pace, lab.futures, lab.marks, lab.touched, columns,
    document.querySelector("h1").innerText, document.documentElement.lang,
    document.querySelector("{ADS}").value,
  ]);
}}"""
FORM = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.toml"\r\n\r\n'
CHUNK = b"10000\r\n" + b"#" * 0x10000 + b"\r\n"
MUCH = 400_000_000  # bytes


def stand(page):
    """All that a visitor sees of what is theirs, once a page shows it at rest."""
    page.wait_for_function(f"document.querySelector('.world')?.lab?.day > 0 && !{LAB}.playing")
    page.wait_for_function(f"{LAB}.marks.length && {LAB}.futures.every(f => f.name)")
    return page.evaluate(STANDS)


def part_in_chinese(page):
    part(page, "more ads")
    page.select_option(".speed select", "60")
    page.click("text=中文")
    page.wait_for_function("document.documentElement.lang === 'zh'")
    page.wait_for_function("document.querySelector('.world')?.lab?.futures.length === 2")
    go_to(page, MOVED + 30)


@pytest.mark.long  # starts two labs
def test_a_browser_that_was_away_or_outlives_its_lab_has_everything_back(browser):
    port, questions = free_port(), []
    page = browser.new_page()
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))
    with serving(port, [sys.executable, "-c", SHORT.format(port=port)]) as address:
        page.goto(address)
        part_in_chinese(page)
        before = stand(page)
        page.evaluate("window.here = true")
        page.context.set_offline(True)
        page.evaluate("window.socket.io.engine.close()")
        page.wait_for_function("document.querySelector('.lab').inert")  # who would hear of it?
        page.wait_for_selector("#popup >> text=已保留")
        page.wait_for_timeout(2000)  # until the server has let go of the page
        page.context.set_offline(False)
        page.wait_for_function("!window.here")
        assert stand(page) == before
        page.wait_for_selector(".q-notification >> text=一切照旧")
        page.evaluate("window.here = true")
    with serving(port):
        page.wait_for_function("!window.here")
        assert stand(page) == before
    assert questions == []  # whether to leave the page
    page.close()


def test_a_page_that_is_loaded_again_is_as_it_was_and_its_moves_can_be_taken_back(lab):
    part_in_chinese(lab)
    before = stand(lab)
    lab.reload()
    assert stand(lab) == before
    choose_first(lab)
    lab.reload()
    stand(lab)
    assert lab.evaluate(f"{LAB}.chosen") == 0
    lab.click(".future button >> nth=2")
    lab.wait_for_function(f"{LAB}.chosen === 1")
    lab.keyboard.press("Control+z")
    lab.wait_for_function(f"{LAB}.marks.length === 0 && {LAB}.day === {MOVED}")
    lab.click("text=换一个社群")
    lab.click(".q-dialog button >> nth=1")
    lab.wait_for_selector(".shelf")
    lab.reload()
    lab.wait_for_selector("text=入门")  # and not what was left


def test_a_lesson_goes_on_after_its_page_is_loaded_again(lab):
    lab.click("[data-lesson=birth]")
    step = ".lesson .hint >> nth=0"
    while not lab.locator(".options").count():
        before = lab.inner_text(step)
        lab.click("[data-way=next]")
        lab.wait_for_function(
            "old => document.querySelector('.lesson .hint').innerText !== old", arg=before
        )
    lab.click(".options button >> nth=1")
    lab.wait_for_selector(".options .taken")
    lab.wait_for_function("sessionStorage['comsim-lab'].includes('guesses = [\\n')")
    said, marks = lab.inner_text(".lesson"), lab.evaluate(f"{LAB}.marks")
    lab.reload()
    lab.wait_for_selector(".options .taken")
    assert lab.inner_text(".lesson") == said
    lab.wait_for_function("document.querySelector('.world')?.lab?.futures.length")
    assert lab.evaluate(f"{LAB}.marks") == marks  # nothing was done twice


def test_what_can_not_come_back_is_told_and_the_shelf_is_there(lab):
    lab.evaluate("sessionStorage['comsim-lab'] = 'name = ['")
    lab.reload()
    lab.wait_for_selector(".q-notification >> text=can't be restored")
    assert lab.locator(".shelf").count()


def test_days_wait_while_nothing_is_drawn(lab):
    begin(lab, 5)
    lab.evaluate("window.draw = requestAnimationFrame; window.requestAnimationFrame = () => {}")
    lab.click(".play")
    lab.wait_for_function(f"{LAB}.playing")
    lab.wait_for_timeout(200)
    day = lab.evaluate(f"{LAB}.day")
    lab.wait_for_timeout(1500)
    assert lab.evaluate(f"{LAB}.day") == day
    lab.evaluate(f"window.requestAnimationFrame = draw; {LAB}.waiting = false; {LAB}.redraw()")
    lab.wait_for_function(f"{LAB}.day > {day + 20}")


def posted(address, headers, chunks):
    """What a lab answers to a request that goes on until it is answered, and the bytes sent."""
    url, sent = urlsplit(address), 0
    with socket.create_connection((url.hostname, url.port), timeout=30) as line:
        head = f"POST {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\n{headers}\r\n"
        line.sendall(head.encode())
        for chunk in chunks:
            line.sendall(chunk)
            sent += len(chunk)
            if select([line], [], [], 0)[0]:
                break
        answer = HTTPResponse(line)
        answer.begin()
        return answer.status, answer.read().decode(), sent


def test_400_megabytes_are_refused_before_they_have_come(lab, address):
    send_file(lab, "name = [")
    lab.wait_for_selector(".q-notification >> text=TOML")
    upload = next(url for url in lab.asked if "/upload/" in url)
    form = "Content-Type: multipart/form-data; boundary=x\r\n"
    for to in (upload, f"{address}_nicegui_ws/socket.io/?EIO=4&transport=polling"):
        assert posted(to, f"{form}Content-Length: {MUCH}\r\n", [FORM])[0] == 413
    chunks = [b"%x\r\n%s\r\n" % (len(FORM), FORM), *[CHUNK] * (MUCH // len(CHUNK))]
    status, answer, sent = posted(upload, f"{form}Transfer-Encoding: chunked\r\n", chunks)
    assert status == 413 and sent < 50_000_000  # of which most was on its way
    assert "file: found more than 210,000 bytes; allowed: at most 200,000 bytes" in answer
    whole = FORM + b"#" * 205_000 + b"\r\n--x--\r\n"
    assert posted(upload, f"{form}Content-Length: {len(whole)}\r\n", [whole])[0] == 200
    lab.wait_for_selector(".q-notification >> text=too big")


def test_a_future_is_named_by_typing_over_its_default_name(lab):
    begin(lab, 20)
    lab.focus("header button >> nth=0")
    lab.keyboard.press("Enter")
    lab.wait_for_selector(".q-dialog input:focus")
    lab.wait_for_function("getSelection().toString() === 'what if 1'")
    lab.keyboard.press("Escape")
    lab.wait_for_selector(".q-dialog", state="detached")
    lab.wait_for_selector("header button:focus")  # where the keys were
    lab.keyboard.press("Enter")
    lab.wait_for_selector(".q-dialog input:focus")
    lab.wait_for_function("getSelection().toString() === 'what if 1'")
    lab.keyboard.type("fewer posts")
    lab.keyboard.press("Enter")
    lab.wait_for_function(f"{LAB}.futures[1]?.name === 'fewer posts'")


NAMED = {
    "button", "textbox", "spinbutton", "slider", "combobox", "checkbox", "link", "image", "dialog",
    "region", "Canvas", "application", "progressbar",
}  # fmt: skip
HEADINGS = "[...document.querySelectorAll('h1, h2, h3, h4')].map(h => Number(h.tagName[1]))"
NESTED = "document.querySelectorAll(':is(main, aside, nav) :is(main, aside, nav)').length"


def unnamed(page):
    """What a screen reader finds without a name, of all that should have one; and main's number."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    nodes = [node for node in tree if not node["ignored"]]
    roles = [node["role"]["value"] for node in nodes]
    without = [node for node in nodes if not node.get("name", {}).get("value", "").strip()]
    return [r["role"]["value"] for r in without if r["role"]["value"] in NAMED], roles.count("main")


def looked_at(page):
    assert unnamed(page) == ([], 1)
    levels = page.evaluate(HEADINGS)
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.evaluate(NESTED) == 0


def test_whatever_a_screen_reader_meets_has_a_name(lab):
    lab.wait_for_selector(".drop input[tabindex='0']")  # keys reach it
    looked_at(lab)
    lab.click("text=中文")
    lab.wait_for_function("document.documentElement.lang === 'zh'")
    looked_at(lab)
    lab.click("text=English")
    lab.wait_for_selector("text=Lessons")
    part(lab, "more ads")
    looked_at(lab)
    for button in ("Take it away", "Another community", "From here, what if"):
        lab.click(f"text={button}")
        lab.wait_for_selector(".q-dialog input" if "if" in button else ".q-dialog button")
        assert unnamed(lab)[0] == []
        lab.keyboard.press("Escape")
        lab.wait_for_selector(".q-dialog", state="detached")
    lab.evaluate("sessionStorage.clear()")
    lab.reload()
    lab.click("[data-lesson=birth]")
    lab.wait_for_selector(".lesson")
    looked_at(lab)
