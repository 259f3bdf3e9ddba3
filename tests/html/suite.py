# SPDX-License-Identifier: MIT
"""
suite.py - the claims of tests/html/run

1. Pages of real programs: the broken programs of some lessons, run.
2. Hostile text everywhere, as names and as source.
3. Pictures of rings and of random graphs: nothing overlaps.
4. What a page is for: nothing found, notes, limits, several processes; to a file, to the standard
   output; the same bytes each time.
5. Spoiled pages: each claim is broken once, to see that it can fail.
"""
import json
import os
import subprocess

import page
import samples

GRIDLOCK = os.environ.get("GRIDLOCK", "build/gridlock")
WORK = "build/tests/html"
LESSONS = ["deadlocks/abba-lock-order", "deadlocks/lock-cycle-n", "deadlocks/chan-op-under-lock",
           "lifetime/leak-blocked-send", "context/forgotten-cancel", "channels/close-by-receiver"]

held = {}  # a claim -> whether it held each time: about a thousand words of one page it is one claim


def check(what, condition, more=""):
    held[what] = held.get(what, True) and bool(condition)
    if not condition:
        print(f"FAIL html: {what}: {str(more)[:600]}" if more != "" else f"FAIL html: {what}")


def run(*command, **options):
    return subprocess.run(command, capture_output=True, timeout=120, **options)


def path(name):
    return os.path.join(WORK, name)


def write(name, findings):
    with open(path(name), "w", encoding="utf-8") as lines:
        for f in findings:
            lines.write(json.dumps(f, ensure_ascii=False) + "\n")
    return path(name)


def finished(name, *options):
    """The findings as the command gives them: with fingerprints, help and lessons."""
    out = run(GRIDLOCK, "report", "--format=json", *options, path(name)).stdout
    return [json.loads(line) for line in out.splitlines()]


def report(name, *options, **environment):
    """The page of recorded findings, and its bytes in a file beside them."""
    done = run(GRIDLOCK, "report", "--format=html", *options, path(name),
               env=os.environ | environment)
    html = path(name.replace(".jsonl", ".html"))
    with open(html, "wb") as file:
        file.write(done.stdout)
    return done, html


def recorded(name, findings, *options):
    write(name, findings)
    done, html = report(name, *options)
    whole = page.Page(html, check)
    whole.check_whole(finished(name, *options))
    return done, whole


# ---------------------------------------------------------------- 1. real programs

def program_of(lesson):
    done = run("sh", "-c", f". tools/lesson.sh; lesson_program broken/{lesson} gcc-O0")
    check(f"{lesson} is built", done.returncode == 0, done.stderr)
    return done.stdout.decode().strip()


def test_lessons():
    for lesson in LESSONS:
        program, html = program_of(lesson), path(lesson.split("/")[1] + ".html")
        done = run(GRIDLOCK, "run", "--format=html", f"--output={html}", program)
        check(f"{lesson}: found", done.returncode == 66, done)
        check(f"{lesson}: the summary says where", f"written to {html}".encode() in done.stderr)
        whole = page.Page(html, check)
        if whole.root is None:
            continue
        whole.check_structure()
        whole.check_alone()
        whole.check_pictures()
        check(f"{lesson}: it names the command",
              program in page.text_of(next(whole.all("h1"))))
        lines = [page.text_of(code) for code in whole.all("code")]
        source = open(f"broken/{lesson}.c", encoding="utf-8").read().splitlines()
        hits = [div for div in whole.all("div", class_="hit")]
        check(f"{lesson}: source lines are marked", bool(hits))
        for hit in hits:
            number = int(page.text_of(next(page.find(hit, "span", "number"))))
            code = page.text_of(next(page.find(hit, "code")))
            check(f"{lesson}: line {number} is that line", source[number - 1].expandtabs(4) == code, code)
            check(f"{lesson}: something in line {number} is marked", bool(list(page.find(hit, "mark"))))
        check(f"{lesson}: the lesson of it is named", any(f"broken/{lesson}.c" in code for code in lines))


def test_recorded_lesson():
    """The same page from `run` and from its recorded findings, but for the command's name."""
    done = run(GRIDLOCK, "run", "--format=json", f"--output={path('abba.jsonl')}",
               program_of(LESSONS[0]))
    check("findings are recorded", done.returncode == 66)
    first, html = report("abba.jsonl")
    second, _ = report("abba.jsonl", LC_ALL="C")
    third, _ = report("abba.jsonl", LC_ALL="C.UTF-8", TZ="Asia/Tokyo", COLUMNS="20")
    check("the same bytes each time", first.stdout == second.stdout == third.stdout)
    check("status", first.returncode == 66)
    page.Page(html, check).check_whole(finished("abba.jsonl"))


# ---------------------------------------------------------------- 2. hostile text

def test_hostile():
    source = os.path.abspath(path("hostile.c"))
    with open(source, "wb") as file:
        for text in samples.HOSTILE:
            file.write(text.replace("\n", " ").encode() + b" \xff\xc0\xaf\xed\xa0\x80\n")
    findings = [samples.hostile(i, text, source) for i, text in enumerate(samples.HOSTILE)]
    _, whole = recorded("hostile.jsonl", findings)
    if whole.root is None:
        return
    lines = [page.text_of(next(page.find(div, "code"))) for div in whole.all("div", class_="hit")]
    for text in samples.HOSTILE:
        wanted = page.plain(text.replace("\n", " ").expandtabs(4) if "\t" not in text else "two lines")
        check("a hostile source line is shown as it is",
              any(line.startswith(wanted) for line in lines), wanted)
    check("bytes that are no text are replaced", all("\ufffd" * 6 in line for line in lines), lines)
    file = samples.finding(places=[{"thread": 0, "text": "here", "primary": True,
                                    "stack": [samples.frame("/tmp/<b>&\"'.c", 3, "f<int>")]}])
    _, whole = recorded("file.jsonl", [file])
    check("a hostile file name", "/tmp/<b>&\"'.c:3" in page.text_of(whole.root))


# ---------------------------------------------------------------- 3. pictures

def test_pictures():
    longer = lambda kind, i: f"the_{kind}s_of_all_customers[{i}].held_for_a_long_time->by_name"
    findings = [samples.ring(n, n) for n in range(1, 11)]
    findings += [samples.ring(20 + n, n, longer, extra=n) for n in range(1, 7)]
    findings += [samples.tangle(100 + n, n) for n in range(80)]
    _, whole = recorded("pictures.jsonl", findings)
    if whole.root is None:
        return
    names = [page.text_of(title) for title in whole.all("title")]
    check("a name that is cut is whole in its title", longer("thread", 3) in names)
    svgs = list(whole.all("svg", role="img"))
    check("every ring has a picture", len(svgs) > 40, len(svgs))
    rings = [len(list(page.find(svg, "g", "node"))) for svg in svgs[:10]]
    check("a node for each thread and lock", rings == [2 * n for n in range(1, 11)], rings)
    for svg in svgs[:10]:
        box = [page.box_of(next(page.find(g, "rect"))) for g in page.find(svg, "g", "node")]
        check("a ring has two columns", len({x + w // 2 for x, _, w, _ in box}) == 2, box)


# ---------------------------------------------------------------- 4. what a page is for

def test_nothing():
    done, whole = recorded("empty.jsonl", [])
    check("nothing found: status 0", done.returncode == 0 and done.stderr == b"")
    check("nothing found is said", "Nothing found" in page.text_of(next(whole.all("h1"))))
    done = run(GRIDLOCK, "run", "--format=html", f"--output={path('true.html')}", "true")
    check("a program without findings has a page", done.returncode == 0, done)
    whole = page.Page(path("true.html"), check)
    whole.check_whole([])
    check("it names the program", "true" in page.text_of(next(whole.all("h1"))))


def test_kinds():
    findings = [
        samples.finding("lock-order-cycle", severity="warning", confidence="possible", pid=11,
                        fingerprint="1" * 16, process="parent", one_of_several=True),
        samples.finding(fingerprint="2" * 16, pid=12, process="child", parent_pid=11, parent="parent",
                        forked=True, one_of_several=True),
        samples.finding("lock-order-cycle", severity="note", reason="a gate lock keeps them apart",
                        help="no help", fingerprint="3" * 16),
        samples.finding("limit", severity="note", message="too many objects", fingerprint="4" * 16),
    ]
    done, whole = recorded("kinds.jsonl", findings, "--all")
    text = page.text_of(whole.root)
    heads = [page.text_of(h) for h in whole.all("h2")]
    check("findings, notes and remarks apart", heads == ["Findings", "Notes", "Remarks"], heads)
    check("processes are told apart", "parent (pid 11" in text and "child (pid 12" in text)
    lines = [page.text_of(a) for a in next(whole.all("nav")).iter() if page.bare(a) == "a"]
    check("processes are told apart in the contents", "child (pid 12)" in lines[0], lines)
    check("who started a process, and how", "forked by parent 11" in text, text[:900])
    check("a note has its reason", "a gate lock keeps them apart" in text)
    check("a note needs no help", "no help" not in text)
    check("a limit is a remark", "too many objects" in text)
    done, whole = recorded("kinds.jsonl", findings)
    check("no notes without --all", "a gate lock" not in page.text_of(whole.root))
    chips = [page.text_of(li).strip() for li in whole.all("li", class_="chip")]
    check("how many of each", chips == ["1 error", "1 warning"], chips)
    check("only the page goes to the standard output", done.stdout.endswith(b"</html>\n") and
          done.stdout.startswith(b"<!DOCTYPE html>"))


# ---------------------------------------------------------------- 5. spoiled pages

SPOILED = [
    (b"-title\">&lt;/script&gt;", b"-title\"></script>"), (b"<h4>", b"<h5>"), (b"</article>", b"</section>"),
    (b"href=\"#finding-1\"", b"href=\"#finding-99\""), (b"href=\"#finding-2\"", b"href=\"http://a\""),
    (b"id=\"finding-2\"", b"id=\"finding-1\""), (b"<main id", b"<div id"),
    (b"role=\"img\" width", b"width"), (b"<tr data-say", b"<tr data-sai"), (b"rx=\"24\"", b"rx=\"1\""),
    (b"default-src 'none'", b"default-src 'self'"), (b"\"use strict\"", b"\"use  strict\""), (b"class=\"node thread stuck\"><title>",
     b"class=\"node thread stuck\" onclick=\"\"><title>"),
]


def test_spoiled():
    """Each of these must be noticed."""
    good = open(path("hostile.html"), "rb").read()
    findings = finished("hostile.jsonl")
    for old, new in SPOILED:
        faults = []
        with open(path("spoiled.html"), "wb") as file:
            file.write(good.replace(old, new, 1))
        try:
            page.Page(path("spoiled.html"), lambda what, good, more="": good or faults.append(what)
                      ).check_whole(findings)
        except (StopIteration, KeyError, ValueError):
            faults.append("not a page at all")
        check(f"{old} -> {new} is noticed", old in good and faults)


if __name__ == "__main__":
    for test in (test_lessons, test_recorded_lesson, test_hostile, test_pictures, test_nothing,
                 test_kinds, test_spoiled):
        test()
    passed = sum(held.values())
    failed = len(held) - passed
    with open("build/tests/html.count", "w", encoding="ascii") as counts:
        print(passed, failed, file=counts)
    print(f"html: {passed} passed, {failed} failed")
    raise SystemExit(failed > 0)
