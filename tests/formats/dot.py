# SPDX-License-Identifier: MIT
"""dot.py - a graph, as Graphviz reads it: does it show who holds and who waits?"""
import json
import subprocess
import xml.etree.ElementTree as ElementTree

from findings import is_remark, process_of


def run(path, form):
    return subprocess.run(["dot", f"-T{form}", path], capture_output=True, check=False)


def read(path):
    return path


def first_line(label):
    return label.split("\\n")[0]


def shown(name):
    """A name as it stands in a label: escaped there, and what is no text as a question mark."""
    name = "".join("?" if ord(c) < 32 and c != "\n" or ord(c) == 127 else c for c in name)
    return name.replace("\\", "\\\\").replace("\n", "\\n")


def edges_of(finding):
    """(from, to, style) by names, as the finding tells them."""
    threads = {thread["id"]: shown(thread["name"]) for thread in finding["threads"]}
    objects = {one["id"]: shown(one["name"]) for one in finding["objects"]}
    for edge in finding["cycle"]:
        if edge["wants"] in objects and edge["thread"] in threads:
            yield threads[edge["thread"]], objects[edge["wants"]], "dashed"
        if edge["holds"] in objects and edge["thread"] in threads:
            yield objects[edge["holds"]], threads[edge["thread"]], "solid"
    for thread in finding["threads"]:
        wait = thread["waits"]
        if not thread["part"]:
            continue
        for hold in thread["holds"]:
            if hold["object"] in objects:
                yield objects[hold["object"]], shown(thread["name"]), "solid"
        waited = [wait["object"]] if wait else []
        waited += [case.get("object", 0) for case in (wait or {}).get("cases", [])]
        for one in waited:
            if one in objects:
                yield shown(thread["name"]), objects[one], "dashed"


def label_faults(number, finding, labels):
    """Where a stuck thread waits for an object stands at its arrow."""
    for thread in finding["threads"]:
        wait = thread["waits"]
        places = [f":{frame['line']}" for frame in wait["stack"] if frame["line"]] if wait else []
        if thread["part"] and places and wait["object"]:
            if not any(label.startswith("waits for") and label.endswith(tuple(places)) for label in labels):
                yield f"cluster {number}: it does not say where {thread['name']!r} waits"


def graph_faults(graph, expected):
    clusters = [one for one in graph.get("objects", []) if one["name"].startswith("cluster_")]
    nodes = [one for one in graph.get("objects", []) if one not in clusters]
    if len(clusters) != len(expected):
        yield f"{len(clusters)} clusters of {len(expected)} findings"
        return
    for number, (cluster, finding) in enumerate(zip(clusters, expected), 1):
        inside = {one["_gvid"]: one for one in nodes if one["_gvid"] in cluster.get("nodes", [])}
        if not cluster["label"].startswith(f"{finding['severity']}: {finding['name']}\\n"):
            yield f"cluster {number} is called {cluster['label']!r}"
        if process_of(finding) not in cluster["label"]:
            yield f"cluster {number} does not say which process"
        threads = {shown(thread["name"]) for thread in finding["threads"]} | {"another thread"}
        for node in inside.values():
            is_thread = node["shape"] == "ellipse"
            if node["shape"] != "plaintext" and is_thread != any(
                    node["label"].startswith(name + "\\n") for name in threads):
                yield f"cluster {number}: {node['label']!r} is drawn as a {node['shape']}"
        drawn = set()
        for edge in graph.get("edges", []):
            if edge["tail"] in inside and edge["head"] in inside:
                drawn.add((inside[edge["tail"]]["label"], inside[edge["head"]]["label"], edge["style"]))
        yield from label_faults(number, finding, {edge["label"] for edge in graph.get("edges", [])})
        for tail, head, style in edges_of(finding):
            if not any(a.startswith(tail + "\\n") and b.startswith(head + "\\n") and style == s
                       for a, b, s in drawn):
                yield f"cluster {number}: no {style} arrow from {tail} to {head}"


def faults(path, expected):
    expected = [finding for finding in expected if not is_remark(finding)]
    read_back, picture, plain = run(path, "json0"), run(path, "svg"), run(path, "plain")
    for one in read_back, picture, plain:
        if one.returncode != 0 or one.stderr:
            yield f"dot: {one.stderr.decode(errors='replace')[:300]}"
            return
    ElementTree.fromstring(picture.stdout)
    graph = json.loads(read_back.stdout, strict=False)
    yield from graph_faults(graph, expected)
    edges = [line for line in plain.stdout.splitlines() if line.startswith(b"edge ")]
    if len(edges) != len(graph.get("edges", [])):
        yield "the picture has other arrows"
