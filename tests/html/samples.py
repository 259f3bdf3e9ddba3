# SPDX-License-Identifier: MIT
"""
samples.py - findings that are hard to show: hostile names, many nodes, nothing at all
"""
import random

HOSTILE = [
    "</script><img src=x onerror=alert(1)>", "</style></title><b>bold</b>", "\"><svg onload=alert(1)>",
    "' autofocus onfocus='alert(1)", "&amp;&lt;&#60;", "<!-- --!>", "]]>", "%s%d%n", "\u202egnp.exe",
    "bell\u0007 and escape\u001b[31m", "\u0085\u009f\ufffe\ufdd0\U0001ffff", "\u4e2d\u6587\u540d\u5b57",
    "\u05d0\u05d1\u05d2", "a" * 300, "std::vector<std::pair<int, char const*>>::operator[]",
    "two\nlines\tand a tab",
]


def frame(file, line, function="work", hidden=False):
    return {"function": function, "file": file, "line": line, "column": 0, "module": "/bin/prog",
            "offset": "0x10", "hidden": hidden}


def thread(number, name, **more):
    return {"id": number, "name": name, "state": "blocked", "part": True, "goroutine": False,
            "created_by": 0, "created_at": [], "stack": [], "holds": [], "waits": None} | more


def lock(number, name):
    return {"id": number, "kind": "mutex", "name": name, "memory": "static", "stack_of": 0, "seen_at": []}


def finding(name="deadlock", **more):
    f = {"schema": "gridlock-finding/1", "name": name, "severity": "error", "confidence": "certain",
         "message": "some threads wait for each other", "fingerprint": "0123456789abcdef",
         "process": "prog", "pid": 7, "after_ms": 50, "heading": None, "threads": [], "objects": [],
         "cycle": [], "interleaving": [], "places": [], "reason": None, "help": None, "lesson": None}
    return f | more


def holds(number, stack):
    return {"object": number, "mode": "exclusive", "stack": stack}


def waits(operation, number, others, stack):
    return {"operation": operation, "object": number, "timed": False, "since_ms": 5, "for": others,
            "stack": stack}


def hostile(number, text, file):
    """Everything that is text is this text; the source has it as well."""
    at = [frame(file, number + 1, text)]
    names = [text + " 1", text + " 2"]
    locks = [text + " 3", text + " 4"]
    return finding(
        message=text, process=text, heading=text, reason=text, help=text, lesson=text,
        fingerprint="%016x" % number, pid=number,
        threads=[thread(1, names[0], holds=[holds(1, at)], waits=waits("lock", 2, [2], at)),
                 thread(2, names[1], holds=[holds(2, at)], waits=waits("lock", 1, [1], at))],
        objects=[lock(1, locks[0]), lock(2, locks[1])],
        cycle=[{"thread": 1, "holds": 1, "wants": 2}, {"thread": 2, "holds": 2, "wants": 1}],
        interleaving=[step(1, 1, 1, 0, at), step(2, 2, 2, 0, at), step(3, 1, 2, 2, at),
                      step(4, 2, 1, 1, at)],
        places=[{"thread": 1, "text": text, "primary": True, "stack": at}])


def step(turn, who, number, waits_for, stack):
    return {"turn": turn, "thread": who, "operation": "lock", "object": number, "waits_for": waits_for,
            "file": stack[0]["file"] if stack else None, "line": stack[0]["line"] if stack else 0,
            "stack": stack}


def ring(number, count, names=lambda kind, i: f"{kind}-{i}", extra=0):
    """Threads in a ring, and some that only wait for one of them."""
    threads = [thread(i + 1, names("thread", i), holds=[holds(i + 1, [])],
                      waits=waits("lock", (i + 1) % count + 1, [(i + 1) % count + 1], []))
               for i in range(count)]
    threads += [thread(count + i + 1, names("waiter", i), part=False,
                       waits=waits("lock", i % count + 1, [i % count + 1], [])) for i in range(extra)]
    return finding(fingerprint="%016x" % number, threads=threads,
                   objects=[lock(i + 1, names("lock", i)) for i in range(count)])


def tangle(number, seed):
    """Any graph: locks and channels, chains, knots, several parts."""
    chance = random.Random(seed)
    count, things = chance.randint(1, 10), chance.randint(1, 10)
    name = lambda kind, i: f"{kind}-{i}" + "x" * chance.choice([0, 0, 3, 20, 60])
    threads, free = [], list(range(1, things + 1))
    chance.shuffle(free)
    for i in range(count):
        held = [holds(free.pop(), []) for _ in range(chance.randint(0, 2)) if free]
        others = chance.sample(range(1, count + 1), chance.randint(0, min(count, 3)))
        operation = chance.choice(["lock", "lock", "send", "receive", "cond-wait", "join"])
        wanted = 0 if operation == "join" else chance.randint(1, things)
        threads.append(thread(i + 1, name("thread", i), holds=held,
                              waits=waits(operation, wanted, others, [])))
    return finding(fingerprint="%016x" % number, threads=threads,
                   objects=[lock(i + 1, name("thing", i)) for i in range(things)])
