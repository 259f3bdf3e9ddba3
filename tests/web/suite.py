# SPDX-License-Identifier: MIT
"""
suite.py - the claims of tests/web/run

What must stand in a page is computed here from the recorded findings and the lesson's source, by other
code than the command's.
"""
import json
import os
import subprocess
import sys

sys.path.insert(0, "tests/html")

from selenium.common.exceptions import WebDriverException  # noqa: E402

import samples  # noqa: E402 (the path is set above)
from browser import Browser  # noqa: E402

GRIDLOCK = os.environ.get("GRIDLOCK", "build/gridlock")
WORK = "build/tests/web"
AUDIT = open("tests/web/audit.js", encoding="utf-8").read()

# A lesson, what is found in it, who takes turns, and whether nobody can move at the end.
LESSONS = [
    ("deadlocks/abba-lock-order", "lock-order-cycle", {"teller-1", "teller-2"}, True),
    ("deadlocks/lock-cycle-n", "deadlock", {f"philosopher-{i}" for i in range(1, 6)}, True),
    ("deadlocks/circular-channel-wait", "deadlock", {"main", "cook"}, True),
    ("deadlocks/chan-op-under-lock", "deadlock", {"main", "print_lines"}, True),
    ("locks/blocking-while-holding-lock", "deadlock", {"main", "cook"}, True),
    ("channels/close-by-receiver", "send-on-closed", {"main", "auctioneer"}, False),
    ("waiting/lost-wakeup", "deadlock", {"main", "downloader"}, False),
    ("waiting/barrier-misuse", "deadlock", {"rower-1", "rower-2", "rower-3"}, True),
    ("waiting/signal-not-broadcast", "deadlock", {f"passenger-{i}" for i in (1, 2, 3)}, True),
    ("patterns/worker-pool", "deadlock", {"main", "employ", "worker-1", "worker-2", "worker-3"}, True),
    ("locks/double-lock-self", "self-deadlock", set(), False),
    ("lifetime/leak-blocked-send", "leaked-thread", set(), False),
    ("context/forgotten-cancel", "missing-cancel", set(), False),
    ("deadlocks/recursive-read-lock", "recursive-read-lock", set(), False),
    ("channels/nil-channel", "nil-channel", set(), False),
]

passed = failed = 0


def check(what, condition, more=""):
    global passed, failed
    if condition:
        passed += 1
    else:
        failed += 1
        print(f"FAIL web: {what}" + (f": {str(more)[:500]}" if more != "" else ""), flush=True)


def run(*command):
    return subprocess.run(command, capture_output=True, timeout=120, check=False)


def render(name, findings):
    """The address of the page of these findings."""
    file = os.path.abspath(f"{WORK}/{name}.jsonl")
    with open(file, "w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(f) + "\n" for f in findings)
    page = file.replace(".jsonl", ".html")
    run(GRIDLOCK, "report", "--all", "--format=html", f"--output={page}", file)
    return "file://" + page


def record(lesson):
    """Runs the broken program; its findings."""
    program = run("sh", "-c", f". tools/lesson.sh; lesson_program broken/{lesson} gcc-O0")
    done = run(GRIDLOCK, "run", "--format=json", f"--output={WORK}/found", program.stdout.decode().strip())
    check(f"{lesson}: something is found", done.returncode == 66, done)
    with open(f"{WORK}/found", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


# ---------------------------------------------------------------- what a player must show

def takes(step):
    return step["operation"] in ("lock", "read-lock", "write-lock") and not step["waits_for"]


class Story:
    """The turns of a finding, and how things stand after each."""

    def __init__(self, finding):
        self.steps = sorted(finding["interleaving"], key=lambda s: s["turn"])
        self.threads = {t["id"]: t for t in finding["threads"]}
        self.objects = {o["id"]: o["name"] for o in finding["objects"]}
        self.columns = sorted({s["thread"] for s in self.steps})

    def name(self, thread):
        return self.threads[thread]["name"]

    def last(self, thread, at):
        """The thread's last turn up to turn `at`; None before its first one."""
        own = [s for s in self.steps[:at + 1] if s["thread"] == thread]
        return own[-1] if own else None

    def held(self, thread, at):
        return [self.objects[s["object"]] for s in self.steps[:at + 1]
                if s["thread"] == thread and takes(s)]


def source_line(step):
    with open(step["file"], encoding="utf-8") as lines:
        return lines.read().splitlines()[step["line"] - 1].strip()


def check_cards(browser, story, player, at, lesson):
    """Every column tells where its thread is at this turn."""
    where = f"{lesson}, turn {at + 1}"
    cards = browser.all(".card", player)
    heads = [browser.one("h5 span", card).text for card in cards]
    check(f"{where}: a column for each thread", heads == [story.name(t) for t in story.columns], heads)
    for thread, card in zip(story.columns, cards):
        step, text = story.last(thread, at), card.text
        who = f"{where}, {story.name(thread)}"
        if step is None:
            check(f"{who}: has had no turn", "no turn yet" in text and not browser.all("code", card), text)
            continue
        check(f"{who}: its source line", browser.one("code", card).text == source_line(step), text)
        check(f"{who}: its place", f":{step['line']}" in browser.one(".at", card).text, text)
        for lock in story.held(thread, at):
            check(f"{who}: holds {lock}", lock in browser.one(".holds", card).text, text)
        check(f"{who}: holds what it took, no more",
              bool(browser.all(".holds", card)) == bool(story.held(thread, at)), text)
        if step["waits_for"]:
            check(f"{who}: for whom it waits", story.name(step["waits_for"]) in
                  browser.one(".waits", card).text, text)
            check(f"{who}: waits", "blocked" in card.get_attribute("class"))
        check(f"{who}: it is its turn", ("acts" in card.get_attribute("class")) ==
              (story.steps[at]["thread"] == thread))


def check_player(browser, finding, number, names, stuck, lesson):
    story, last = Story(finding), len(finding["interleaving"]) - 1
    player = browser.one(f"#finding-{number} .player")
    say, count = browser.one(".say", player), browser.one(".count", player)
    buttons = {b.text: b for b in browser.all("button", player)}
    check(f"{lesson}: who takes turns", {story.name(t) for t in story.columns} == names)
    check(f"{lesson}: the turn is announced", say.get_attribute("aria-live") == "polite")
    for at in range(last + 1):
        check(f"{lesson}: turn {at + 1} is said", story.name(story.steps[at]["thread"]) in say.text and
              count.text == f"Turn {story.steps[at]['turn']} of {story.steps[-1]['turn']}", say.text)
        check_cards(browser, story, player, at, lesson)
        check(f"{lesson}: the end is said at the end", ("Nobody can move" in say.text) ==
              (stuck and at == last), say.text)
        buttons["Next \u2192"].click()
    check(f"{lesson}: nothing behind the last turn", browser.one("input", player).get_attribute("value")
          == str(last + 1) and buttons["Next \u2192"].get_attribute("aria-disabled") == "true")
    check_lines(browser, number, lesson)
    check_keys(browser, story, player, buttons, lesson)


def check_lines(browser, number, lesson):
    """At the last turn the picture is whole."""
    lines = browser.all(f"#finding-{number} .picture [data-link]")
    faint = [line for line in lines if "later" in line.get_attribute("class")]
    check(f"{lesson}: at the end the picture is whole", not faint and (lines or lesson.startswith("channels")),
          len(faint))


def check_keys(browser, story, player, buttons, lesson):
    last, slider = len(story.steps) - 1, browser.one("input", player)

    def at():
        return int(slider.get_attribute("value")) - 1

    browser.run("arguments[0].focus()", buttons["Next \u2192"])
    for wanted in range(last - 1, -1, -1):
        browser.key("ARROW_LEFT")
        check(f"{lesson}: one turn back by key", at() == wanted, at())
        check_cards(browser, story, player, wanted, lesson)
    browser.key("ARROW_LEFT")
    check(f"{lesson}: nothing before the first turn", at() == 0)
    for key, wanted in (("END", last), ("HOME", 0), ("ARROW_RIGHT", min(1, last))):
        browser.key(key)
        check(f"{lesson}: {key}", at() == wanted, at())
    browser.run("arguments[0].focus()", slider)
    for key, wanted in (("END", last), ("ARROW_LEFT", last - 1), ("HOME", 0), ("ARROW_RIGHT", min(1, last))):
        browser.key(key)
        check(f"{lesson}: {key} at the slider", at() == wanted, at())
        check_cards(browser, story, player, wanted, lesson)
    for name, wanted in (("Last", last), ("\u2190 Back", last - 1), ("First", 0), ("\u2190 Back", 0)):
        buttons[name].click()
        check(f"{lesson}: {name}", at() == wanted, at())


# ---------------------------------------------------------------- for everybody

def unfold(browser):
    browser.run("document.querySelectorAll('details').forEach(function (d) { d.open = true; })")


def check_audits(browser, url, name):
    for scheme in ("light", "dark"):
        for width in (360, 800, 1400):
            browser.window(width)
            browser.media(scheme)
            browser.open(url)
            browser.run("document.querySelectorAll('.player button:nth-of-type(4)')"
                        ".forEach(function (b) { b.click(); })")
            if width != 800:
                browser.screenshot(f"{WORK}/{name}-{width}-{scheme}.png")
            unfold(browser)
            complaints = browser.run(AUDIT)
            check(f"{name}, {width}, {scheme}: nothing to complain of", not complaints, complaints)
    browser.media()


def check_names(browser, name):
    controls = {"button", "link", "slider", "image", "navigation", "heading", "group", "DisclosureTriangle",
                "article", "table"}
    nameless = [role for role, text in browser.names()
                if role in controls - {"group", "table"} and not text.strip()]
    check(f"{name}: every control and picture has a name", not nameless, nameless)
    roles = {role for role, _ in browser.names()}
    check(f"{name}: landmarks", {"banner", "main", "contentinfo"} <= roles, roles)


def focused(browser):
    return browser.run("""
        var e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
        return {body: e === document.body, text: (e.getAttribute("aria-label") || e.textContent).trim().slice(0, 40),
                tag: e.tagName, outline: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2,
                seen: b.bottom > 0 && b.top < innerHeight && b.right > 0 && b.left < innerWidth}""")


def check_keyboard(browser, name):
    """From the top to the bottom with the Tab key alone, and in no place for ever."""
    wanted = browser.run("""
        return [].filter.call(document.querySelectorAll("a[href], button, input, summary, [tabindex='0']"),
            function (e) { return e.checkVisibility(); }).length""")
    stops = []
    browser.run("document.activeElement.blur(); scrollTo(0, 0)")
    for _ in range(wanted + 2):
        browser.key("TAB")
        stop = focused(browser)
        if stop["body"]:
            break
        stops.append(stop)
        check(f"{name}: the focus is seen at {stop['tag']} {stop['text']}", stop["outline"] and stop["seen"])
    check(f"{name}: Tab goes everywhere once", len(stops) == wanted, (len(stops), wanted))
    check(f"{name}: first a way past the contents", stops and stops[0]["text"].startswith("Skip"), stops[:1])
    browser.run("document.querySelector('.fold > summary').focus()")
    before = browser.run("return document.activeElement.parentElement.open")
    browser.key("ENTER")
    check(f"{name}: a fold opens by key", browser.run("return document.activeElement.parentElement.open") != before)


def check_skip(browser, name):
    browser.run("scrollTo(0, 0); document.querySelector('.skip').focus()")
    browser.key("ENTER")
    check(f"{name}: the skip link leads to the findings",
          browser.run("return document.activeElement.id") == "findings")


def check_colours(browser, url):
    """The page follows the system, and the button goes the other way."""
    for scheme, other in (("light", "dark"), ("dark", "light")):
        browser.media(scheme)
        browser.open(url)
        pages = [browser.run("return getComputedStyle(document.body).backgroundColor")]
        browser.one(".theme").click()
        pages.append(browser.run("return getComputedStyle(document.body).backgroundColor"))
        bright = [sum(int(n) for n in page[4:-1].split(",")) > 380 for page in pages]
        check(f"{scheme}, then {other}", bright == [scheme == "light", other == "light"], pages)
    browser.media()


SHOWN = """
    return [].every.call(document.querySelectorAll(arguments[0]), function (e) {
        return e.getClientRects().length > 0 && e.checkVisibility({contentVisibilityAuto: true}); })"""


def check_paper(browser, url, name):
    """Everything is there, and nothing that only works on a screen."""
    browser.open(url)
    browser.run("dispatchEvent(new Event('beforeprint'))")
    browser.media(media="print")
    for selector in (".turn-table tbody tr", ".fold p", ".stacks li", "pre", ".line-to-copy", ".picture"):
        check(f"{name}, on paper: {selector}", browser.run(SHOWN, selector))
    hidden = [s for s in (".player", ".theme", ".skip", ".contents", "button")
              if any(e.is_displayed() for e in browser.all(s))]
    check(f"{name}, on paper: no controls", not hidden, hidden)
    check(f"{name}, on paper: white", browser.run(
        "return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)")
    pdf = browser.command("Page.printToPDF", printBackground=False)
    check(f"{name}, on paper: it prints", len(pdf["data"]) > 10000)
    browser.run("dispatchEvent(new Event('afterprint'))")
    browser.media()
    check(f"{name}: folded again after printing",
          not browser.run("return document.querySelectorAll('.folds > details[open]').length"))


def check_without_script(browser, url, name, turns):
    browser.script(False)
    browser.open(url)
    names = browser.names()
    browser.window(1400)
    browser.screenshot(f"{WORK}/{name}-without-script.png")
    browser.script(True)
    cells = [text for role, text in names if role in ("cell", "gridcell", "rowheader", "columnheader")]
    check(f"{name}, without script: nothing that does not work",
          not [text for role, text in names if role in ("button", "slider")], names)
    check(f"{name}, without script: every turn is there",
          not turns or (len([1 for role, _ in names if role == "row"]) > turns and cells), names)


# ---------------------------------------------------------------- pages

def check_quiet(browser, url, name):
    asked = [address for address in browser.requests() if address != url]
    check(f"{name}: nothing is loaded", not asked, asked)
    messages = browser.messages()
    check(f"{name}: the console is silent", not messages, messages)


def check_lesson(browser, lesson, wanted, names, stuck):
    findings = record(lesson)
    name = lesson.split("/")[1]
    url = render(name, findings)
    browser.window(1400)
    browser.open(url)
    order = sorted(findings, key=lambda f: ("error", "warning", "note").index(f["severity"]))
    titles = [h.text for h in browser.all("article h3")]
    check(f"{lesson}: what is found", [f["message"] for f in order] == titles and
          wanted in [f["name"] for f in findings], titles)
    for number, finding in enumerate(findings, 1):
        if len(finding["interleaving"]) > 1:
            check_player(browser, finding, number, names, stuck, lesson)
    check(f"{lesson}: a player where there are turns", bool(browser.all(".player")) == bool(names))
    check_names(browser, lesson)
    check_quiet(browser, url, lesson)
    browser.open(url)
    check_keyboard(browser, lesson)
    check_skip(browser, lesson)
    check_quiet(browser, url, lesson)
    check_audits(browser, url, name)
    check_paper(browser, url, lesson)
    check_without_script(browser, url, name, sum(len(f["interleaving"]) for f in findings) if names else 0)
    return url


def check_copy(browser, url):
    browser.open(url)
    unfold(browser)
    browser.one(".copy button").click()
    browser.run("return new Promise(function (done) { setTimeout(done, 300); })")
    said = browser.one(".copy [role=status]").text
    check("the suppression line is copied, or selected", said.startswith(("Copied", "Selected")), said)


def check_samples(browser):
    """Pages that no lesson gives: hostile, large, and without a finding."""
    source = os.path.abspath(f"{WORK}/hostile.c")
    with open(source, "w", encoding="utf-8") as file:
        file.writelines(text.replace("\n", " ") + "\n" for text in samples.HOSTILE)
    hostile = render("hostile", [samples.hostile(i, text, source)
                                 for i, text in enumerate(samples.HOSTILE)])
    longer = "a_name_that_is_much_longer_than_any_that_a_person_would_write"
    large = render("large", [samples.ring(n, n, lambda kind, i: f"{kind}-{i}" + longer * (n % 2), extra=3)
                             for n in (7, 10)])
    for url, name in ((hostile, "hostile"), (large, "large"), (render("empty", []), "empty")):
        browser.window(1400)
        browser.open(url)
        check_quiet(browser, url, name)
        check(f"{name}: only its own elements", not browser.all("img, iframe, [onload], [onerror]"))
        check_names(browser, name)
    check_audits(browser, hostile, "hostile")
    check_audits(browser, large, "large")
    browser.window(360)
    browser.open(render("empty", []))
    browser.screenshot(f"{WORK}/empty-360.png")
    check("nothing found is said", "Nothing found" in browser.one("h1").text)


def main(chosen):
    browser, url = Browser(), None
    try:
        for lesson, wanted, names, stuck in LESSONS:
            if chosen and lesson not in chosen:
                continue
            try:
                url = check_lesson(browser, lesson, wanted, names, stuck)
            except WebDriverException as error:  # something is not there, or cannot be used
                check(f"{lesson}: all of it can be used", False, error.msg)
        check("a page could be looked at", url)
        if url:
            check_colours(browser, url)
            check_copy(browser, url)
        if not chosen:
            check_samples(browser)
    finally:
        browser.close()
    with open("build/tests/web.count", "w", encoding="ascii") as counts:
        print(passed, failed, file=counts)
    print(f"web: {passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
