#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""junit.py - JUnit XML, as its schema and a reader see it

Usage: junit.py FILE "GROUP NAME OUTCOME[: TEXT]"...     the test cases that must be in it, and no others

OUTCOME is passed, failed, error or skipped; TEXT a part of what is said.
"""
import os
import subprocess
import sys

import junitparser

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "schema", "jenkins-junit.xsd")
OUTCOMES = {junitparser.Failure: "failed", junitparser.Error: "error", junitparser.Skipped: "skipped"}


def schema_faults(path):
    lint = subprocess.run(["xmllint", "--noout", "--schema", SCHEMA, path], capture_output=True,
                          text=True, check=False)
    if lint.returncode != 0:
        yield lint.stderr[:400]


def cases_of(suite):
    for case in suite:
        result = case.result[0] if case.result else None
        outcome = OUTCOMES[type(result)] if result else "passed"
        text = result.text or "" if result else ""
        if outcome in ("failed", "error") and result.message != text:
            raise ValueError(f"{case.name}: message and text differ")
        yield f"{case.classname} {case.name} {outcome}", text


def reader_faults(path, wanted):
    """What the reader counts is what the document says, and what it must be."""
    for suite in junitparser.JUnitXml.fromfile(path):
        said = suite.tests, suite.failures, suite.errors, suite.skipped or 0
        suite.update_statistics()
        if said != (suite.tests, suite.failures, suite.errors, suite.skipped or 0):
            yield f"the counts {said} are wrong"
        found = list(cases_of(suite))
        for one in wanted:
            head, _, text = one.partition(": ")
            if not any(head == name and text in words for name, words in found):
                yield f"missing: {one}"
        if len(found) != len(wanted):
            yield f"{len(found)} cases, not {len(wanted)}: {found}"


def main(path, *wanted):
    faults = list(schema_faults(path)) + list(reader_faults(path, wanted))
    sys.exit("\n".join(faults) or None)


main(*sys.argv[1:])
