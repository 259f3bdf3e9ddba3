# SPDX-License-Identifier: MIT
"""github.py - workflow commands, read as GitHub's runner reads them"""
import os
import re

from findings import process_of

COMMAND = re.compile(r"::(?P<name>error|warning|notice) (?P<properties>[^:]*)::(?P<data>.*)\Z", re.S)
LEVEL = {"error": "error", "warning": "warning"}


def read(path):
    with open(path, encoding="utf-8", newline="\n") as lines:
        return lines.read()


def data_of(text):
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def property_of(text):
    return (text.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",")
            .replace("%25", "%"))


def properties_of(text):
    pairs = (pair.split("=", 1) for pair in text.split(","))
    return {key: property_of(value) for key, value in pairs}


def faults(document, expected):
    lines = document.split("\n")
    if lines.pop() != "" or len(lines) != len(expected):
        yield f"{len(lines)} lines of {len(expected)} findings"
        return
    for number, (line, finding) in enumerate(zip(lines, expected), 1):
        command = COMMAND.match(line)
        if command is None or "\r" in line:
            yield f"line {number} is no command: {line[:80]!r}"
            continue
        known = properties_of(command["properties"])
        data = data_of(command["data"])
        if command["name"] != LEVEL.get(finding["severity"], "notice"):
            yield f"line {number} is a {command['name']}"
        if known.get("title") != f"{finding['name']} ({finding['confidence']})":
            yield f"line {number} has the title {known.get('title')!r}"
        if not data.startswith(finding["message"]):
            yield f"line {number} says {data[:80]!r}"
        if process_of(finding) not in data:
            yield f"line {number} does not say which process"
        for place in finding["places"]:
            if place["file"] is not None and place["text"] not in data:
                yield f"line {number} does not say {place['text']!r}"
        if finding["file"] is None or finding["line"] == 0:
            if "file" in known or "line" in known:
                yield f"line {number} has a file"
        elif (os.path.join(os.getcwd(), known.get("file", "")), known.get("line")) != (
                os.path.join(os.getcwd(), finding["file"]), str(finding["line"])):
            yield f"line {number} is at {known.get('file')}:{known.get('line')}"
        elif finding["file"].startswith(os.getcwd() + "/") and known["file"].startswith("/"):
            yield f"line {number}: the path is not relative"
