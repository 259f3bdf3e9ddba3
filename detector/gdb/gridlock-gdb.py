# SPDX-License-Identifier: MIT
"""gridlock-gdb.py - `gridlock why` inside gdb: why do these threads stop?

    (gdb) source /usr/local/share/gridlock/gridlock-gdb.py
    (gdb) gridlock why

gdb traces the program already, so nobody else can attach to it. What the program looks like is
therefore written down as a core, and `gridlock core` reads that:

 1. A core that gdb was started on is taken as it is. Of a live program one is written into a folder
    that is removed again: as small as can be (sparse_core.py), or where that is not possible by gdb.
    The program is not changed, and stays where it stopped.
 2. `gridlock core` writes its findings as JSON; `gridlock report` makes text of them.
 3. The first thread that is stuck becomes gdb's current one.
"""
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import gdb

MEBIBYTE = 1 << 20
HERE = os.path.dirname(os.path.realpath(__file__))


def beside(name):
    """A module beside this file, of which nothing is left there that `make uninstall` does not know."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path.insert(0, HERE)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(HERE)
        sys.dont_write_bytecode = before


sparse_core = beside("sparse_core")


def say(text):
    gdb.write(text + "\n")


def command():
    """The gridlock that this script belongs to, or the one in PATH."""
    for path in ("../../bin/gridlock", "../../build/gridlock"):
        near = os.path.join(HERE, path)
        if os.access(near, os.X_OK):
            return os.path.realpath(near)
    found = shutil.which("gridlock")
    if found is None:
        raise gdb.GdbError("the command gridlock is neither near " + HERE + " nor in PATH")
    return found


def run(*arguments):
    """Runs gridlock outside of what gdb's program was given. Its status and what it said."""
    clean = {k: v for k, v in os.environ.items()
             if k not in ("LD_PRELOAD", "GRIDLOCK_FINDINGS", "GRIDLOCK_OPTIONS")}
    done = subprocess.run([command(), *arguments], env=clean, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout.decode(errors="replace")


# ---------------------------------------------------------------- the program in gdb

def core_of_session():
    """The core that gdb was started on; None if the program is alive."""
    files = gdb.execute("info files", to_string=True)
    match = re.search(r"core dump file:\s+`(.*)', file type", files)
    return match.group(1) if match else None


def writable_bytes(pid):
    """At most so large a core gets: the program's own memory, whether it was ever touched or not."""
    total = 0
    try:
        with open("/proc/%d/maps" % pid, encoding="utf-8", errors="replace") as maps:
            for line in maps:
                low, high = line.split()[0].split("-")
                if line.split()[1].startswith("rw"):
                    total += int(high, 16) - int(low, 16)
    except OSError:  # a program on another machine
        pass
    return total


def write_core(folder, pid):
    core = os.path.join(folder, "core")
    if sparse_core.possible(pid):
        try:
            sparse_core.write(core, pid)
            return core
        except (OSError, gdb.error) as error:
            say("gridlock: %s; gdb's own core is written instead" % error)
            if os.path.exists(core):
                os.remove(core)
    return write_whole_core(core, folder, pid)


def write_whole_core(core, folder, pid):
    needed = writable_bytes(pid)
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise gdb.GdbError("a core of this program may take %d MiB, and %s has %d MiB: "
                           "set TMPDIR to a folder with more room before gdb is started"
                           % (needed // MEBIBYTE, os.path.dirname(folder), free // MEBIBYTE))
    if needed > 512 * MEBIBYTE:
        say("gridlock: gdb writes up to %d MiB into %s; it is removed again"
            % (needed // MEBIBYTE, folder))
    try:
        gdb.execute("generate-core-file " + core, to_string=True)
    except gdb.error as error:
        raise gdb.GdbError("gdb cannot write a core of this program: %s" % error)
    return core


def must_be_stopped(inferior):
    if inferior.pid == 0:
        raise gdb.GdbError("there is no program: attach PID, or run it and press Ctrl-C when it "
                           "hangs, or core FILE")
    for thread in inferior.threads():
        if thread.is_running():
            raise gdb.GdbError("the program runs: stop it first (Ctrl-C, or interrupt)")


# ---------------------------------------------------------------- what was found

def stuck_threads(findings):
    """(tid, name) of the threads of a deadlock, the first finding first."""
    for finding in findings:
        if finding.get("name") in ("deadlock", "self-deadlock"):
            for thread in finding.get("threads", []):
                if thread.get("part"):
                    yield thread.get("tid", 0), thread.get("name")


def select_stuck(findings):
    """Makes the first stuck thread gdb's current one."""
    for tid, name in stuck_threads(findings):
        for thread in gdb.selected_inferior().threads():
            if thread.ptid[1] == tid or (tid == 0 and thread.name == name):
                thread.switch()
                say("gridlock: thread %d, %s, is one of those that are stuck; it is gdb's current one now"
                    % (thread.num, name))
                return


def read_findings(path):
    """The whole lines of a file of JSON Lines."""
    findings = []
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                findings.append(json.loads(line))
            except ValueError:
                pass
    return findings


def explain(core, program, folder, options):
    found = os.path.join(folder, "findings.jsonl")
    status, said = run("core", "--format=json", "--output=" + found, core,
                       *([program] if program else []))
    if status not in (0, 66):
        raise gdb.GdbError(said.strip() or "gridlock core ended with status %d" % status)
    color = "--color=always" if os.isatty(1) and gdb.parameter("style enabled") else "--color=never"
    gdb.write(run("report", "--all", color, *options, found)[1])
    select_stuck(read_findings(found))


# ---------------------------------------------------------------- the commands

class Gridlock(gdb.Command):
    """Why do the threads of this program stop?

gridlock why [OPTIONS]    explain it; OPTIONS are those of `gridlock report`, such as --verbose"""

    def __init__(self):
        super().__init__("gridlock", gdb.COMMAND_STATUS, gdb.COMPLETE_NONE, True)


class Why(gdb.Command):
    """Tell who waits for whom in this program, and make the first thread that is stuck the current one.

Usage: gridlock why [OPTIONS]
OPTIONS are those of `gridlock report`, such as --verbose or --format=brief. The program must be stopped;
it is not changed. A core of it is written into a folder in TMPDIR meanwhile."""

    def __init__(self):
        super().__init__("gridlock why", gdb.COMMAND_STATUS, gdb.COMPLETE_NONE)

    def invoke(self, argument, from_tty):
        inferior = gdb.selected_inferior()
        must_be_stopped(inferior)
        program = gdb.current_progspace().filename
        folder = tempfile.mkdtemp(prefix="gridlock-")
        try:
            core = core_of_session() or write_core(folder, inferior.pid)
            explain(core, program, folder, gdb.string_to_argv(argument))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


Gridlock()
Why()
