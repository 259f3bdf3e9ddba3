# SPDX-License-Identifier: MIT
"""mutations.py - what the checks must notice: documents that are spoilt in one place each"""
import copy
import os
import tempfile

import findings


def result_of(document):
    """The first result with turns."""
    return next(one for one in document["runs"][0]["results"] if "codeFlows" in one)


def first_step(document):
    return result_of(document)["codeFlows"][0]["threadFlows"][0]["locations"][0]


def set_in(where, key, value):
    def spoil(document):
        where(document)[key] = value
        return document
    return spoil


def drop_in(where, key):
    def spoil(document):
        del where(document)[key]
        return document
    return spoil


def physical(document):
    return result_of(document)["locations"][0]["physicalLocation"]


def run_of(document):
    return document["runs"][0]


SARIF = {
    "no version": lambda d: d.pop("version") and d,
    "two runs": lambda d: d["runs"].append(copy.deepcopy(d["runs"][0])) or d,
    "a result less": lambda d: run_of(d)["results"].pop() and d,
    "another level": set_in(result_of, "level", "none"),
    "another rule": set_in(result_of, "ruleIndex", 5),
    "another fingerprint": set_in(result_of, "partialFingerprints", {"gridlock/v1": "0"}),
    "another message": set_in(lambda d: result_of(d)["message"], "text", "x"),
    "an empty label": set_in(lambda d: result_of(d)["graphs"][0]["nodes"][0]["label"], "text", ""),
    "no place": set_in(result_of, "locations", []),
    "another line": set_in(lambda d: physical(d)["region"], "startLine", 1),
    "another column": set_in(lambda d: physical(d)["region"], "startColumn", 1),
    "no snippet": drop_in(lambda d: physical(d)["region"], "snippet"),
    "another file": set_in(lambda d: physical(d)["artifactLocation"], "uri", "no/such/file.c"),
    "no URI": set_in(lambda d: physical(d)["artifactLocation"], "uri", "a b.c"),
    "no related places": drop_in(result_of, "relatedLocations"),
    "other lines around": set_in(lambda d: physical(d)["contextRegion"], "startLine", 2),
    "no code flow": drop_in(result_of, "codeFlows"),
    "another order": set_in(first_step, "executionOrder", 99),
    "another step": set_in(lambda d: first_step(d)["location"]["message"], "text", "x"),
    "no stacks": drop_in(result_of, "stacks"),
    "no graph": drop_in(result_of, "graphs"),
    "an edge the other way": lambda d: spoil_edge(d),
    "unsuccessful": set_in(lambda d: run_of(d)["invocations"][0], "executionSuccessful", False),
    "a remark": set_in(lambda d: run_of(d)["invocations"][0], "toolExecutionNotifications",
                       [{"message": {"text": "x"}}]),
    "a weakness of another number":
        set_in(lambda d: run_of(d)["tool"]["driver"]["rules"][0]["relationships"][0]["target"],
               "id", "1"),
    "too many tags": set_in(lambda d: run_of(d)["tool"]["driver"]["rules"][0]["properties"], "tags",
                            [str(i) for i in range(11)]),
}


def spoil_edge(document):
    for edge in result_of(document)["graphs"][0]["edges"]:
        edge["sourceNodeId"], edge["targetNodeId"] = edge["targetNodeId"], edge["sourceNodeId"]
    return document


def replaced(old, new):
    return lambda text: text.replace(old, new, 1)


TEXT = {
    "github": {"no title": replaced("title=", "label="), "another line": replaced(",line=", ",line=9"),
               "a notice": replaced("::error", "::notice"), "an open colon": replaced("%0A", ":\n"),
               "an absolute path": replaced("file=", "file=/"), "a line less": lambda t: t[t.index("\n") + 1:]},
    "brief": {"no name": replaced(" [", " ("), "another line": replaced(":", ":1"),
              "no severity": replaced("error", "fault"), "a line more": lambda t: t + "x\n"},
    "dot": {"no end": lambda t: t.rstrip()[:-1], "an open quote": replaced('label="', "label="),
            "other shapes": lambda t: t.replace("shape=ellipse", "shape=box"),
            "other lines": lambda t: t.replace("style=dashed", "style=solid"),
            "other arrows": lambda t: t.replace("style=solid", "style=dotted"),
            "no places": lambda t: t.replace(".c:", ".c;"),
            "another cluster": replaced("cluster_", "heap_")},
}

JSON = {
    "a key less": lambda f: f[0].pop("pid") and f,
    "a key more": set_in(lambda f: f[0], "colour", "red"),
    "another severity": set_in(lambda f: f[0], "severity", "fatal"),
    "a key more in a frame": lambda f: f[0]["places"][0]["stack"][0].update(x=1) or f,
    "a name that is a number": lambda f: f[0]["threads"][0].update(name=7) or f,
}


def noticed(reader, document, expected):
    try:
        return next(iter(reader.faults(document, expected)), None) is not None
    except Exception:  # the reader gives up
        return True


def check(formats, folders):
    """Every mutation of the hand-made findings is one check: it must be noticed."""
    path = next(os.path.join(folder, "names") for folder in folders
                if os.path.exists(os.path.join(folder, "names.json")))
    expected = findings.read(path + ".json")
    for name, spoil in SARIF.items():
        document = spoil(formats["sarif"].read(path + ".sarif"))
        yield f"sarif, {name}", [] if noticed(formats["sarif"], document, expected) else ["unnoticed"]
    for name, spoil in JSON.items():
        seen = noticed(findings, spoil(findings.read(path + ".json")), [])
        yield f"json, {name}", [] if seen else ["unnoticed"]
    for form, spoils in TEXT.items():
        for name, spoil in spoils.items():
            yield f"{form}, {name}", spoilt_faults(formats[form], spoil, path, form, expected)


def spoilt_faults(reader, spoil, path, form, expected):
    with open(f"{path}.{form}", encoding="utf-8", newline="\n") as stream:
        text = stream.read()
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="\n") as output:
        output.write(spoil(text))
        output.flush()
        if spoil(text) == text:
            return ["the mutation changes nothing"]
        return [] if noticed(reader, reader.read(output.name), expected) else ["unnoticed"]
