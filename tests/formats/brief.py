# SPDX-License-Identifier: MIT
"""brief.py - the lines that editors and CI matchers find, with their own patterns"""
import os
import re

from findings import process_of

# GNU Coding Standards, "Formatting Error Messages": FILE:LINE: MESSAGE
GNU = re.compile(r"(?P<file>.+?):(?P<line>[0-9]+): (?P<message>.*)\Z")
# Emacs, compilation-error-regexp-alist-alist, the part of its entry `gnu' that is met here
EMACS = re.compile(r"(?:[^0-9\n:]|[0-9]+[^0-9\n:])(?:[^\n :]| [^\n/:-]|:[^ \n])*?: ?[0-9]+(?::[0-9]+)?:"
                   r"(?: *(?:[Ee]rror|[Ww]arning|[Nn]ote))?")
# Visual Studio Code's problem matcher $gcc; GitHub's matchers have the same form
VSCODE = re.compile(r"(.*?):(\d+):(\d*):?\s+(?:fatal\s+)?(warning|error):\s+(.*)\Z")


def read(path):
    with open(path, encoding="utf-8", newline="\n") as lines:
        return lines.read()


def plain(text):
    """What a terminal would take as a command is shown as a question mark."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "?", text)


def faults(document, expected):
    expected = [finding for finding in expected if finding["name"] not in ("limit", "statistics")]
    lines = [line for line in document.split("\n") if not line.startswith("gridlock: ")]
    if lines.pop() != "" or len(lines) != len(expected):
        yield f"{len(lines)} lines of {len(expected)} findings"
        return
    for number, (line, finding) in enumerate(zip(lines, expected), 1):
        if not line.endswith(f" [{finding['name']}]"):
            yield f"line {number} does not end with the name: {line!r}"
        if f"{finding['severity']}: {plain(finding['message'].split(';')[0])}" not in line:
            yield f"line {number} does not say it: {line!r}"
        if process_of(finding) not in line:
            yield f"line {number} does not say which process: {line!r}"
        if finding["file"] is None or finding["line"] == 0:
            continue
        gnu = GNU.match(line)
        wanted = os.path.join(os.getcwd(), plain(finding["file"])), str(finding["line"])
        if gnu is None or (os.path.join(os.getcwd(), gnu["file"]), gnu["line"]) != wanted:
            yield f"line {number} is not at {wanted}: {line!r}"
        if " " not in finding["file"] and not EMACS.match(line):
            yield f"line {number}: Emacs does not see it: {line!r}"
        code = VSCODE.match(line)
        if finding["severity"] != "note" and (
                code is None or (code[2], code[4]) != (str(finding["line"]), finding["severity"])):
            yield f"line {number}: Visual Studio Code does not see it: {line!r}"
