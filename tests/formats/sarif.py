# SPDX-License-Identifier: MIT
"""sarif.py - is it SARIF 2.1.0, and does it tell what the findings tell?"""
import json
import os
import re
import urllib.parse

import jsonschema

from findings import HERE, is_remark, process_of

with open(os.path.join(HERE, "schema", "sarif-2.1.0-rtm.5.json"), encoding="utf-8") as stream:
    VALIDATOR = jsonschema.Draft4Validator(json.load(stream))

URI = re.compile(r"([a-z]+:)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+\Z")
SOURCES = {}


def read(path):
    with open(path, encoding="utf-8") as document:
        return json.load(document)


def text_of(message):
    """The text of a message as a reader shows it (3.11.5, 3.11.6)."""
    text = message["text"].replace("{{", "{").replace("}}", "}")
    return re.sub(r"\\([][\\])", r"\1", text) if "\\]" in text else text


def path_of(run, artifact):
    uri = artifact["uri"]
    if "uriBaseId" in artifact:
        uri = run["originalUriBaseIds"][artifact["uriBaseId"]]["uri"] + uri
    parts = urllib.parse.urlsplit(uri)
    return os.fsdecode(urllib.parse.unquote_to_bytes(parts.path))


def lines_of(path):
    if path not in SOURCES:
        try:
            with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as source:
                SOURCES[path] = source.read().split("\n")
        except OSError:
            SOURCES[path] = None
    return SOURCES[path]


def repaired(line):
    """Bytes that are no UTF-8 are shown as U+FFFD."""
    return "".join("\ufffd" if "\udc80" <= c <= "\udcff" else c for c in line)


def walk(value):
    """Every object in the document."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def region_faults(run, physical):
    artifact = physical["artifactLocation"]
    path, region = path_of(run, artifact), physical.get("region")
    if not URI.match(artifact["uri"]):
        yield f"not a URI: {artifact['uri']!r}"
    if "uriBaseId" in artifact and artifact["uri"].startswith(("/", "file:")):
        yield f"absolute, but with a base: {artifact['uri']!r}"
    if region is None:
        if "address" in physical and not os.path.exists(path) and not path.startswith("/gone/"):
            yield f"no such module: {path}"
        return
    lines = lines_of(path)
    if lines is None:
        if "snippet" in region or not path.startswith("/gone/"):
            yield f"no such file: {path!r}"
        return
    if region["startLine"] > len(lines):
        yield f"{path} has no line {region['startLine']}"
        return
    line = repaired(lines[region["startLine"] - 1])
    if "snippet" not in region:
        if line.strip():
            yield f"{path}:{region['startLine']}: no snippet"
    elif line[region["startColumn"] - 1:region["endColumn"] - 1] != region["snippet"]["text"]:
        yield f"{path}:{region['startLine']}: the columns are not those of the snippet"
    context = physical.get("contextRegion")
    if context is not None:
        wanted = lines[context["startLine"] - 1:context["endLine"]]
        if [repaired(one.rstrip("\r")) for one in wanted] + [""] != context["snippet"]["text"].split("\n"):
            yield f"{path}:{region['startLine']}: the lines around are not these"


def rule_faults(run, result):
    rules = run["tool"]["driver"]["rules"]
    rule = rules[result["ruleIndex"]]
    if rule["id"] != result["ruleId"]:
        yield "ruleIndex is another rule's"


def rules_faults(run):
    """What the catalogue became, within what code scanning takes."""
    rules = run["tool"]["driver"]["rules"]
    taxa = run["taxonomies"][0]["taxa"]
    if len({rule["id"] for rule in rules}) != len(rules) or len(rules) < 30:
        yield "the rules are not each once, or not all"
    for rule in rules:
        for key in "shortDescription", "fullDescription", "help":
            if not 0 < len(rule[key]["text"]) <= (1024 if key != "help" else 1 << 20):
                yield f"{rule['id']}: {key}"
        if len(rule.get("properties", {}).get("tags", [])) > 10:
            yield f"{rule['id']}: more than 10 tags"
        level = rule.get("defaultConfiguration", {"level": "warning"})["level"]
        if level != {"deadlock": "error", "lock-order-cycle": "warning",
                     "snapshot": "note"}.get(rule["id"], level):
            yield f"{rule['id']} is {level} by default"
        named = re.findall(r"CWE-(\d+)", rule["help"]["text"].split("References:")[-1])
        related = [one["target"] for one in rule.get("relationships", [])]
        if "markdown" in rule["help"] and [one["id"] for one in related] != named:
            yield f"{rule['id']}: related to {related}, its text names {named}"
        for one in related:
            if taxa[one["index"]]["id"] != one["id"]:
                yield f"{rule['id']}: a weakness of another number"


def place_faults(run, result, finding):
    first = result["locations"][0]
    if len(result["locations"]) != 1 or "physicalLocation" not in first:
        yield "not one place"
        return
    physical = first["physicalLocation"]
    if finding["file"] is not None and finding["line"] > 0:
        if path_of(run, physical["artifactLocation"]) != os.path.join(os.getcwd(), finding["file"]):
            yield f"the place is not {finding['file']!r}"
        if physical["region"]["startLine"] != finding["line"]:
            yield f"the line is not {finding['line']}"
    related = result.get("relatedLocations", [])
    ids = [one["id"] for one in related + [first]]
    if len(set(ids)) != len(ids):
        yield "two places have one id"
    said = {text_of(one["message"]) for one in related + [first] if "message" in one}
    for place in finding["places"]:
        if place["text"] and place["text"] not in said:
            yield f"nowhere is said: {place['text']}"


def flow_faults(run, result, finding):
    steps = sorted(finding["interleaving"], key=lambda step: step["turn"])
    flows = [flow for one in result.get("codeFlows", []) for flow in one["threadFlows"]]
    done = []
    for flow in flows:
        orders = [one["executionOrder"] for one in flow["locations"]]
        if orders != sorted(set(orders)):
            yield f"{flow['id']}: the order does not rise: {orders}"
        done += [(one["executionOrder"], flow["id"], one) for one in flow["locations"]]
    done.sort(key=lambda one: one[0])
    if [order for order, _, _ in done] != list(range(1, len(steps) + 1)):
        yield f"{len(steps)} turns, but {[order for order, _, _ in done]}"
        return
    if len({thread for _, thread, _ in done}) != len(flows):
        yield "a thread has several flows"
    names = {thread["id"]: thread["name"] for thread in finding["threads"]}
    for step, (order, thread, one) in zip(steps, done):
        if thread != f"t{step['thread']}":
            yield f"turn {order} is {thread}'s, not t{step['thread']}'s"
        region = one["location"]["physicalLocation"].get("region", {})
        if region.get("startLine", 0) != step["line"]:
            yield f"turn {order} is at another line"
        if names.get(step["thread"], "another thread") not in text_of(one["location"]["message"]):
            yield f"turn {order} does not say who"
        if (step["waits_for"] != 0) != ("waits for" in text_of(one["location"]["message"])):
            yield f"turn {order} does not say whether it waits"
        if (one["importance"] == "essential") < (step["waits_for"] != 0):
            yield f"turn {order} waits, and is not essential"


def graph_faults(_run, result, finding):
    graphs = result.get("graphs", [])
    if finding["cycle"] and not graphs:
        yield "a cycle without a graph"
    for graph in graphs:
        nodes = {node["id"]: node for node in graph["nodes"]}
        if len(nodes) != len(graph["nodes"]):
            yield "two nodes have one id"
        named = {}
        for edge in graph["edges"]:
            ends = nodes.get(edge["sourceNodeId"]), nodes.get(edge["targetNodeId"])
            if None in ends:
                yield f"{edge['id']} leads nowhere"
                return
            named[text_of(ends[0]["label"]), text_of(ends[1]["label"])] = text_of(edge["label"])
        threads = {thread["id"]: thread["name"] for thread in finding["threads"]}
        objects = {one["id"]: one["name"] for one in finding["objects"]}
        for edge in finding["cycle"]:
            thread = threads.get(edge["thread"], "another thread")
            wants = objects.get(edge["wants"], "an unknown object")
            holds = objects.get(edge["holds"], "an unknown object")
            if edge["wants"] and not named.get((thread, wants), "").startswith("waits for"):
                yield f"{thread} does not wait for {wants}"
            if edge["holds"] and not named.get((holds, thread), "").startswith("held by"):
                yield f"{holds} is not held by {thread}"


def stack_faults(_run, result, finding):
    stuck = [thread for thread in finding["threads"] if thread["part"] and thread["waits"]]
    said = [text_of(stack["message"]) for stack in result.get("stacks", [])]
    for thread in stuck:
        frames = [frame for frame in thread["waits"]["stack"] if not frame["hidden"]]
        if frames and not any(text.startswith(thread["name"] + " ") for text in said):
            yield f"no stack of {thread['name']}"


def result_faults(run, result, finding):
    level = {"error": "error", "warning": "warning"}.get(finding["severity"], "note")
    if (result["ruleId"], result["level"]) != (finding["name"], level):
        yield f"is {result['level']} {result['ruleId']}"
    if process_of(finding) not in text_of(result["message"]):
        yield "does not say which process"
    if result["partialFingerprints"].get("gridlock/v1") != finding["fingerprint"]:
        yield "has another fingerprint"
    if not text_of(result["message"]).startswith(finding["message"]):
        yield f"says {text_of(result['message'])!r}"
    if result["properties"]["confidence"] != finding["confidence"]:
        yield "is another confidence"
    for check in rule_faults(run, result), place_faults(run, result, finding), flow_faults(
            run, result, finding), graph_faults(run, result, finding), stack_faults(
                run, result, finding):
        yield from check


def faults(document, expected):
    errors = [f"{'/'.join(map(str, error.path))}: {error.message[:200]}"
              for error in VALIDATOR.iter_errors(document)]
    if errors or len(document["runs"]) != 1:
        yield from errors or ["not one run"]
        return
    run = document["runs"][0]
    results = [finding for finding in expected if not is_remark(finding)]
    remarks = [finding for finding in expected if is_remark(finding)]
    yield from rules_faults(run)
    if len(run["results"]) != len(results):
        yield f"{len(run['results'])} results of {len(results)} findings"
    for number, (result, finding) in enumerate(zip(run["results"], results), 1):
        for fault in result_faults(run, result, finding):
            yield f"result {number} ({finding['name']}): {fault}"
    if any(one.get("text") == "" for one in walk(run)):
        yield "an empty text"
    for one in walk(run["results"]):
        if "physicalLocation" in one:
            yield from region_faults(run, one["physicalLocation"])
    told = [text_of(one["message"])
            for one in run["invocations"][0]["toolExecutionNotifications"]]
    if told != [finding["message"] for finding in remarks]:
        yield f"remarks: {told}"
    if not run["invocations"][0]["executionSuccessful"]:
        yield "executionSuccessful is false"
