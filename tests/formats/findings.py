# SPDX-License-Identifier: MIT
"""findings.py - findings as JSON Lines: are they what the schema says?"""
import json
import os

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def closed(schema):
    """The schema with every object complete: a key that it does not name is a fault here."""
    if isinstance(schema, dict):
        result = {key: closed(value) for key, value in schema.items()}
        if "properties" in schema:
            result["additionalProperties"] = False
        return result
    if isinstance(schema, list):
        return [closed(value) for value in schema]
    return schema


with open(os.path.join(ROOT, "docs", "gridlock-finding-1.schema.json"), encoding="utf-8") as stream:
    VALIDATOR = jsonschema.Draft7Validator(closed(json.load(stream)))


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def faults(found, _expected):
    for number, finding in enumerate(found, 1):
        for error in VALIDATOR.iter_errors(finding):
            yield f"finding {number}: {'/'.join(map(str, error.path))}: {error.message[:200]}"


def is_remark(finding):
    return finding["name"] in ("limit", "statistics")


def process_of(finding):
    """What must be said of the process, where there are several."""
    return f"{finding['process']} (pid {finding['pid']}" if finding.get("one_of_several") else ""
