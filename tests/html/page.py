# SPDX-License-Identifier: MIT
"""
page.py - what must be true of every page that `--format=html` writes

A page is parsed by html5lib, which stops at the first error. What the page says is compared with the
findings it was made from; what its pictures draw is measured: html_graph.c sets names in a font of one
width, so that boxes and lines can be checked without a browser.
"""
import base64
import hashlib
import re

import html5lib

SVG = "{http://www.w3.org/2000/svg}"
HTML = "{http://www.w3.org/1999/xhtml}"

# Markup that the page may hold. Text from outside must never add to it.
TAGS = set("""html head meta title style script body a header p h1 h2 h3 h4 ul ol li code div nav main
    article section span figure figcaption mark details summary b pre table thead tbody tr th td
    footer svg path rect circle text g desc""".split())
ATTRIBUTES = set("""lang charset http-equiv content name class href id tabindex aria-label
    aria-labelledby aria-hidden role data-player data-say data-links data-link scope colspan style
    width height viewBox x y rx cx cy r d""".split())


class Page:
    """One page, parsed. `check(what, condition)` is called for each claim."""

    def __init__(self, path, check):
        self.check = lambda what, condition, more="": check(f"{path}: {what}", condition, more)
        self.source = open(path, "rb").read()
        self.root = None
        try:
            parser = html5lib.HTMLParser(strict=True)
            self.root = parser.parse(self.source, transport_encoding="utf-8")
            self.check("is HTML without an error", True)
        except Exception as error:  # html5lib has no common class for its errors
            self.check("is HTML without an error", False, error)

    def all(self, tag, **attributes):
        for element in self.root.iter():
            if bare(element) == tag and all(
                    value in element.get(name.rstrip("_"), "").split()
                    for name, value in attributes.items()):
                yield element

    # ------------------------------------------------------------ the page by itself

    def check_markup(self):
        tags = {bare(element) for element in self.root.iter() if isinstance(element.tag, str)}
        attributes = {name for element in self.root.iter() for name in element.keys()}
        self.check("only tags of its own", tags <= TAGS, tags - TAGS)
        self.check("only attributes of its own", attributes <= ATTRIBUTES, attributes - ATTRIBUTES)
        styles = {element.get("style") for element in self.root.iter() if element.get("style")}
        self.check("style attributes hold a width only",
                   all(re.fullmatch(r"--drawn:\d+px", style) for style in styles), styles)

    def check_alone(self):
        """Nothing outside of the page is asked for."""
        links = [element.get("href") for element in self.root.iter() if element.get("href")]
        self.check("links lead into the page", all(link.startswith("#") for link in links), links)
        style = "".join(next(self.all("style")).itertext())
        script = "".join(next(self.all("script")).itertext())
        self.check("the style loads nothing", not re.search(r"url\(|@import|@font-face", style))
        self.check("the script loads nothing",
                   not re.search(r"fetch|XMLHttpRequest|import\(|WebSocket|sendBeacon|\.src\b", script))
        policies = [meta.get("content") for meta in self.all("meta")
                    if meta.get("http-equiv") == "Content-Security-Policy"]
        self.check("a policy forbids it, too", policies and policies[0].startswith("default-src 'none'"))
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        self.check("only this script may run, and may",
                   f"script-src 'sha256-{digest}';" in policies[0], f"it is sha256-{digest}")
        self.check("one script, one style",
                   len(list(self.all("script"))) == len(list(self.all("style"))) == 1)

    def check_references(self):
        ids = [element.get("id") for element in self.root.iter() if element.get("id")]
        self.check("no id twice", len(ids) == len(set(ids)), ids)
        wanted = [name for element in self.root.iter()
                  for name in element.get("aria-labelledby", "").split()]
        wanted += [a.get("href")[1:] for a in self.all("a")]
        self.check("every reference has its target", set(wanted) <= set(ids), set(wanted) - set(ids))

    def check_structure(self):
        levels = [int(bare(e)[1]) for e in self.root.iter() if re.fullmatch("h[1-6]", bare(e))]
        steps = zip([0] + levels, levels)
        self.check("headings in order", all(level <= before + 1 for before, level in steps), levels)
        self.check("one h1", levels.count(1) == 1)
        self.check("no heading is empty", all(text_of(e).strip() for e in self.root.iter()
                                              if re.fullmatch("h[1-6]", bare(e))))
        for tag in ("main", "footer", "title"):
            elements = [e for e in self.all(tag) if not e.tag.startswith(SVG)]
            self.check(f"one {tag}", len(elements) == 1)
        self.check("every nav has a name", all(nav.get("aria-label") for nav in self.all("nav")))
        self.check("header cells have a scope", all(th.get("scope") for th in self.all("th")))
        self.check("what scrolls has a name and takes the keyboard",
                   all(box.get("aria-label") and box.get("tabindex") == "0"
                       for box in self.all("div", class_="scroll")))
        for svg in self.all("svg"):
            kind = (svg.get("role"), svg.get("aria-hidden"))
            self.check("a picture is named or hidden", kind in (("img", None), (None, "true")), kind)

    # ------------------------------------------------------------ pictures

    def check_pictures(self):
        for svg in self.all("svg", role="img"):
            check_picture(svg, self.check)

    # ------------------------------------------------------------ what it says

    def check_findings(self, findings):
        articles = list(self.all("article"))
        order = {"error": 0, "warning": 1}
        shown = sorted((f for f in findings if f["name"] not in ("limit", "statistics")),
                       key=lambda f: order.get(f["severity"], 2))
        self.check("an article for each finding, the gravest first",
                   [text_of(next(find(a, "h3"))) for a in articles] ==
                   [plain(f["message"]) for f in shown])
        self.check("a line of contents for each", len(list(self.all("li"))) >= len(shown) and
                   len([a for a in self.all("a") if a.get("href").startswith("#finding-")]) == len(shown))
        for article, finding in zip(articles, shown):
            check_article(article, finding, self.check)

    def check_whole(self, findings):
        if self.root is None:
            return
        self.check_markup()
        self.check_alone()
        self.check_references()
        self.check_structure()
        self.check_pictures()
        self.check_findings(findings)


# ---------------------------------------------------------------- elements

def bare(element):
    return element.tag.split("}")[-1] if isinstance(element.tag, str) else ""


def find(element, tag, class_=None):
    for inner in element.iter():
        if bare(inner) == tag and (class_ is None or class_ in inner.get("class", "").split()):
            yield inner


def text_of(element):
    return "".join(element.itertext())


def plain(text):
    """What html.c must make of a text."""
    def one(c):
        point = ord(c)
        bad = (point < 0x20 or 0x7f <= point <= 0x9f or 0xfdd0 <= point <= 0xfdef or
               point & 0xfffe == 0xfffe or 0xd800 <= point <= 0xdfff or
               point in (0x200e, 0x200f, 0x061c) or
               0x202a <= point <= 0x202e or 0x2066 <= point <= 0x2069)
        return "\ufffd" if bad else c
    return "".join(map(one, text or ""))


# ---------------------------------------------------------------- one finding

def check_article(article, f, check):
    text = text_of(article)
    badges = text_of(next(find(article, "p", "badges")))
    for what in (f["severity"], f["name"], f["confidence"], f["process"]):
        check(f"the badges say {what!r}", plain(what) in badges, badges)
    check("the process has its number", f["pid"] == 0 or f"(pid {f['pid']}" in badges, badges)
    check("the suppression line", f"{plain(f['name'])}:fingerprint:{f['fingerprint']}" in text)
    for key in ("heading", "reason", "lesson"):
        check(f"its {key}", f[key] is None or plain(f[key]) in text)
    check("its help", f["help"] is None or f["severity"] == "note" or plain(f["help"]) in text)
    check("the catalogue's entry", f"gridlock explain {f['name']}" in text)
    labels = {text_of(span) for span in find(article, "span", "says")}
    labels |= {text_of(li).split(": ", 1)[-1] for li in find(article, "li")}
    for place in f["places"]:
        check("what happened at a place", plain(place["text"]) in labels, place["text"])
    check_turns(article, f, check)
    names = {plain(t["name"]) for t in f["threads"] if t["part"] and (t["waits"] or t["holds"])}
    rows = {text_of(th).replace(" stuck", "")
            for table in find(article, "table", "threads") for th in find(table, "th")}
    check("every stuck thread has a row", names <= rows, names - rows)


def check_turns(article, f, check):
    steps = sorted(f["interleaving"], key=lambda s: s["turn"])
    tables = list(find(article, "table", "turn-table"))
    check("turns are a table", len(tables) == (len(steps) > 1))
    if not tables:
        return
    names = {t["id"]: plain(t["name"]) for t in f["threads"]}
    columns = sorted({s["thread"] for s in steps})
    heads = [text_of(th) for th in find(next(find(tables[0], "thead")), "th")]
    check("a column for each thread", heads == ["Turn"] + [names[c] for c in columns], heads)
    rows = [tr for tr in find(tables[0], "tr") if tr.get("data-say")]
    check("a row for each turn", len(rows) == len(steps))
    for row, step in zip(rows, steps):
        cells = list(find(row, "td"))
        filled = [i for i, cell in enumerate(cells) if "act" in cell.get("class", "").split()]
        check("a turn stands below its thread", filled == [columns.index(step["thread"])], filled)
        blocked = "blocked" in cells[filled[0]].get("class").split()
        check("who waits is shown to wait", blocked or step["waits_for"] == 0)
        if step["waits_for"]:
            check("a turn says for whom it waits", names[step["waits_for"]] in text_of(row))
        if step["line"]:
            check("a turn says its line", f":{step['line']}" in text_of(row))
            lines = list(find(row, "code"))
            check("and marks what it does there", not lines or any(bare(e) == "mark" for e in lines[0].iter()))


# ---------------------------------------------------------------- one picture

def box_of(rect):
    return tuple(int(rect.get(key)) for key in ("x", "y", "width", "height"))


def apart(a, b):
    return (a[0] + a[2] <= b[0] or b[0] + b[2] <= a[0] or
            a[1] + a[3] <= b[1] or b[1] + b[3] <= a[1])


def points_of(path):
    """The corners of a line; a round corner is as good as its sharp one here."""
    found = re.findall(r"([MLQ])(-?\d+) (-?\d+)(?: (-?\d+) (-?\d+))?", path)
    return [(int(x), int(y)) for _, x, y, _, _ in found]


def pieces_of(path):
    points = points_of(path)
    return list(zip(points, points[1:]))


def crosses(piece, box):
    (ax, ay), (bx, by) = piece
    return (min(ax, bx) < box[0] + box[2] and max(ax, bx) > box[0] and
            min(ay, by) < box[1] + box[3] and max(ay, by) > box[1])


def overlap(a, b):
    """Two pieces that lie on each other for more than a touch."""
    for level, along in ((1, 0), (0, 1)):
        if a[0][level] == a[1][level] == b[0][level] == b[1][level]:
            first = max(min(a[0][along], a[1][along]), min(b[0][along], b[1][along]))
            last = min(max(a[0][along], a[1][along]), max(b[0][along], b[1][along]))
            if last - first > 1:
                return True
    return False


def check_picture(svg, check):
    nodes = [g for g in find(svg, "g", "node")]
    boxes = [box_of(next(find(g, "rect"))) for g in nodes]
    size = (int(svg.get("width")), int(svg.get("height")))
    check("boxes keep apart", all(apart(a, b) for i, a in enumerate(boxes) for b in boxes[:i]), boxes)
    check("boxes are inside", all(x >= 0 and y >= 0 and x + w <= size[0] and y + h <= size[1]
                                  for x, y, w, h in boxes), (boxes, size))
    for g, (x, y, width, height) in zip(nodes, boxes):
        lines = [text for text in find(g, "text")]
        widest = max(columns_of(text_of(t)) * (7.9 if t.get("class") == "name" else 6.2) for t in lines)
        check("a name fits into its box", widest <= width - 6, (text_of(g), widest, width))
        check("lines of a name keep apart", all(b - a >= 12 for a, b in zip(
            [int(t.get("y")) for t in lines], [int(t.get("y")) for t in lines][1:])))
        check("a name stands inside", all(y + 8 < int(t.get("y")) < y + height - 1 for t in lines),
              text_of(g))
        corners = int(next(find(g, "rect")).get("rx"))
        check("threads are round, objects are not",
              corners <= 2 if "object" in g.get("class").split() else corners >= 20, corners)
    check_links(svg, boxes, size, check)


def check_links(svg, boxes, size, check):
    links = [g for g in find(svg, "g", "link")]
    check("there are links", bool(links))
    lines = [pieces_of(next(find(g, "path", "line")).get("d")) for g in links]
    for pieces in lines:
        check("a line is level or upright", all(a[0] == b[0] or a[1] == b[1] for a, b in pieces), pieces)
        check("a line goes around the boxes",
              not any(crosses(piece, box) for piece in pieces for box in boxes), (pieces, boxes))
        check("a line is inside", all(0 <= x <= size[0] and 0 <= y <= size[1]
                                      for piece in pieces for x, y in piece))
        for point, box_found in ((pieces[0][0], False), (pieces[-1][1], False)):
            check("a line ends at boxes", any(touches(point, box) for box in boxes), (point, boxes))
    check("no two lines lie on each other",
          not any(overlap(p, q) for i, a in enumerate(lines) for b in lines[:i] for p in a for q in b),
          lines)


def touches(point, box):
    x, y = point
    return (box[0] <= x <= box[0] + box[2] and box[1] <= y <= box[1] + box[3] and
            (x in (box[0], box[0] + box[2]) or y in (box[1], box[1] + box[3])))


def columns_of(text):
    return sum(2 if ord(c) >= 0x1100 and c != "\u2026" else 1 for c in text)
