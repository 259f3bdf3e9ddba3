#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""hostile.py - findings that no program would like: hostile.py FOLDER

Writes FOLDER/NAME.json, each with findings made by hand, and the source files they are about. The
findings are finished ones, as --format=json writes them.
"""
import json
import os
import sys

NAMES = ['say "hi"', "<b>&amp;</b>", "100% {0} {{x}}", "tab\there", "back\\slash \\n", "new\nline",
         "naïve 线程 🧵", "[x](javascript:alert(1))", "::error::", "a,b:c", "bell\a\x7f", "'; rm -rf ~"]


def frame(file=None, line=0, function=None, module=None, column=0, hidden=False):
    return {"function": function, "file": file, "line": line, "column": column, "module": module,
            "offset": "0x1234", "hidden": hidden}


def place_keys(stack):
    own = stack[0] if stack else frame()
    return {"function": own["function"], "file": own["file"], "line": own["line"], "stack": stack}


def step(turn, thread, obj, stack, waits_for=0, operation="lock"):
    return {"turn": turn, "thread": thread, "operation": operation, "object": obj,
            "waits_for": waits_for, **place_keys(stack)}


def place(text, stack, primary=False, thread=1):
    return {"thread": thread, "text": text, "primary": primary, **place_keys(stack)}


def thread(number, name, **more):
    return {"id": number, "name": name, "state": "running", "part": False, "goroutine": False,
            "created_by": 0, "created_at": [], "stack": [], "holds": [], "waits": None, **more}


def wait(operation, obj, stack, others=(), **more):
    return {"operation": operation, "object": obj, "timed": False, "since_ms": 10,
            "for": list(others), "stack": stack, **more}


def thing(number, name, kind="mutex", **more):
    return {"id": number, "kind": kind, "name": name, "memory": "static", "stack_of": 0,
            "seen_at": [], **more}


COUNT = [0]


def finding(name="deadlock", severity="error", message="a and b wait for each other", places=(),
            steps=(), **more):
    COUNT[0] += 1
    primary = next((one for one in places if one["primary"]), None)
    return {"schema": "gridlock-finding/1", "name": name, "severity": severity,
            "confidence": "certain", "message": message, "fingerprint": f"{COUNT[0]:016x}",
            "process": "hostile", "pid": 1, "after_ms": 0,
            "file": primary and primary["file"], "line": primary["line"] if primary else 0,
            "heading": None, "threads": [], "objects": [], "cycle": [],
            "interleaving": list(steps), "places": list(places), "reason": None, "help": None,
            "lesson": None, **more}


def named(source):
    """The same finding with every name that is hard to write."""
    for number, name in enumerate(NAMES):
        at = [frame(source, 3, name, "/bin/sh")]
        yield finding(
            message=f"{name} and b wait for each other", help=f"do not call it {name}",
            places=[place(f"{name} waits here", at, True), place(f"it took {name} here", at)],
            threads=[thread(1, name, state="blocked", part=True, waits=wait("lock", 2, at, [2]),
                            holds=[{"object": 1, "mode": "exclusive", "stack": at}]),
                     thread(2, "b", state="blocked", part=True, waits=wait("lock", 1, at, [1]),
                            holds=[{"object": 2, "mode": "shared", "stack": at}])],
            objects=[thing(1, f"lock of {name}"), thing(2, "plain", "rwlock")],
            cycle=[{"thread": 1, "holds": 1, "wants": 2}, {"thread": 2, "holds": 2, "wants": 1}],
            steps=[step(1, 1, 1, at), step(2, 2, 2, at), step(3, 1, 2, at, 2), step(4, 2, 1, at, 1)])


def ring(source, size):
    """Many threads, each with a lock that the one before it wants."""
    at = [frame(source, 2, "take")]
    numbers = range(1, size + 1)
    return finding(
        message=f"{size} threads wait in a circle",
        places=[place("here", at, True)],
        threads=[thread(i, f"worker-{i}", state="blocked", part=True,
                        waits=wait("lock", i % size + 1, at, [i % size + 1]),
                        holds=[{"object": i, "mode": "exclusive", "stack": at}]) for i in numbers],
        objects=[thing(i, f"locks[{i}]") for i in numbers],
        cycle=[{"thread": i, "holds": i, "wants": i % size + 1} for i in numbers],
        steps=[step(i, i, i, at) for i in numbers] +
              [step(size + i, i, i % size + 1, at, i % size + 1) for i in numbers])


def unplaced():
    """Of which the source is gone, or more."""
    gone = [frame("/gone/away.c", 12, "lost", "/bin/sh", 5)]
    stripped = [frame(None, 0, None, "/bin/sh"), frame(None, 0, "main", "/bin/sh")]
    yield finding("unlock-not-locked", "warning", "the source is gone", [place("here", gone, True)])
    yield finding("unlock-not-locked", "warning", "there is only a module",
                  [place("here", stripped, True)])
    yield finding("unlock-not-locked", "warning", "nothing is known", [place("", [], True)])
    yield finding("unlock-not-locked", "warning", "there are no places")
    yield finding("brand-new", "error", "a kind that nobody knows", help="wait for the next version")
    yield finding("lock-order-cycle", "note", "a rejected order", reason="a gate lock guards it")
    yield finding("deadlock", message="", help="", places=[place("", [], True)])
    yield finding("limit", "note", "something had to be left out")
    yield finding("statistics", "note", "threads started: 3")


def odd_turns(source):
    """Turns out of order, of threads and objects that are not told."""
    at = [frame(source, 2, "take"), frame(source, 3, "hidden", hidden=True)]
    yield finding(steps=[step(4, 2, 1, at, 1), step(1, 1, 1, at), step(2, 9, 7, []),
                         step(3, 1, 2, at, 2)],
                  places=[place("here", at, True)],
                  threads=[thread(1, "one"), thread(2, "two")],
                  objects=[thing(1, "first"), thing(2, "second")],
                  cycle=[{"thread": 9, "holds": 7, "wants": 0}])
    yield finding("nil-channel", places=[place("blocks here", at, True)], threads=[
        thread(1, "asker", state="blocked", part=True, goroutine=True, waits=wait(
            "select", 0, at, cases=[{"operation": "send", "nil": True, "nil_name": None},
                                    {"operation": "receive", "object": 1}])),
        thread(2, "sleeper", state="blocked", part=True,
               waits=wait("receive", 0, at, nil=True, nil_name="q\"uoted"))],
                  objects=[thing(1, "jobs", "channel", capacity=0, closed=False)])


def processes(source):
    """The same fault in two processes of one program."""
    at = [frame(source, 2, "take")]
    for pid, parent, parent_pid in (4711, None, 0), (4712, "say \"x\"\n<b>", 4711):
        yield finding("lock-order-cycle", "warning", f"seen in {pid}", [place("here", at, True)],
                      one_of_several=True, parent=parent, parent_pid=parent_pid,
                      forked=parent is not None, command="server --port=1, '%'", **{"pid": pid})


def without_turns(source):
    """A cycle of which no turns are told: where they wait, the threads know."""
    one, two = [frame(source, 2, "take")], [frame(source, 3, "take")]
    return finding(places=[place("here", one, True)], threads=[
        thread(1, "a", state="blocked", part=True, waits=wait("lock", 2, one, [2]),
               holds=[{"object": 1, "mode": "exclusive", "stack": two}]),
        thread(2, "b", state="blocked", part=True, waits=wait("lock", 1, two, [1]))],
                   objects=[thing(1, "x"), thing(2, "y")],
                   cycle=[{"thread": 1, "holds": 1, "wants": 2}, {"thread": 2, "holds": 2, "wants": 1}])


def write(folder, name, found):
    with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as lines:
        for one in found:
            lines.write(json.dumps(one, ensure_ascii=False) + "\n")


def source_file(folder, name, text):
    path = os.path.abspath(os.path.join(folder, name))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as source:
        source.write(text)
    return path


def main(folder):
    plain = source_file(folder, "plain.c", b"/* a */\n    lock(m);\n\tlock(other);\r\n")
    odd = source_file(folder, "a b/100%#?;[\xc3\xa4]:1,2.c".encode().decode("latin-1"),
                      "/* ä */\n\t/* 🧵 */ lock(änd); /* … */\n  lock(two(three));\n".encode())
    latin = source_file(folder, "latin.c", b"/* \xe4 */\n  lock(\xe4nd); /* \xff */\n\xe4 lock(two);\n")
    write(folder, "names", named(plain))
    write(folder, "paths", [one for path in (odd, latin) for one in named(path)][::5])
    write(folder, "ring", [ring(plain, 30), ring(latin, 3)])
    write(folder, "unplaced", unplaced())
    write(folder, "turns", [*odd_turns(plain), without_turns(plain)])
    write(folder, "processes", processes(plain))
    write(folder, "nothing", [])


main(sys.argv[1])
