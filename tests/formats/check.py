#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""check.py - do all formats tell what the findings tell, and can their readers read them?

Usage: check.py FOLDER...      where NAME.json has findings, and NAME.FORMAT what became of them

One check is one file in one format. Then the same checks are given what is spoilt in a way that they
must notice (mutations.py): a check that cannot fail is none. Prints what is wrong, then "N passed, M
failed".
"""
import glob
import os
import sys

import brief
import dot
import findings
import github
import mutations
import sarif

FORMATS = {"json": findings, "sarif": sarif, "github": github, "brief": brief, "dot": dot}


def check(path):
    expected = findings.read(path)
    for form, reader in FORMATS.items():
        output = f"{os.path.splitext(path)[0]}.{form}"
        try:
            faults = list(reader.faults(reader.read(output), expected))
        except Exception as error:  # a reader that gives up has found a fault too
            faults = [repr(error)]
        yield f"{output}", faults


def main(folders):
    results = [one for folder in folders for path in sorted(glob.glob(os.path.join(folder, "*.json")))
               for one in check(path)]
    results += mutations.check(FORMATS, folders)
    failed = 0
    for name, faults in results:
        failed += bool(faults)
        for fault in faults[:5]:
            print(f"FAIL {name}: {fault}")
    print(f"{len(results) - failed} {failed}", file=sys.stderr)
    return failed > 0


sys.exit(main(sys.argv[1:]))
