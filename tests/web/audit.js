// SPDX-License-Identifier: MIT
// What a page must keep to for everybody, measured in the page. Returns complaints, one text each.

function colour(text) {
  var parts = text.match(/[\d.]+/g).map(Number);
  return {r: parts[0], g: parts[1], b: parts[2], a: parts.length > 3 ? parts[3] : 1};
}

// WCAG 2.2, "relative luminance" and "contrast ratio".
function luminance(c) {
  function linear(v) { v /= 255; return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); }
  return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

function contrast(a, b) {
  var one = luminance(a), other = luminance(b);
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

// What is behind an element: the nearest background that is not transparent; in a picture the shape.
function behind(element) {
  for (var at = element; at; at = at.parentElement) {
    var shape = at.tagName === "g" && at.querySelector("rect");
    var background = shape ? getComputedStyle(shape).fill : getComputedStyle(at).backgroundColor;
    if (!/^rgb/.test(background)) continue;
    if (colour(background).a === 1) return colour(background);
  }
  return {r: 255, g: 255, b: 255, a: 1};
}

function isShown(element) {
  return element.checkVisibility({opacityProperty: true, visibilityProperty: true}) &&
    !element.closest(".visually-hidden") && element.getClientRects().length > 0;
}

function auditContrast() {
  var walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), node, found = [], count = 0;
  while ((node = walker.nextNode())) {
    var element = node.parentElement;
    if (!node.data.trim() || /^(SCRIPT|STYLE|title|desc)$/.test(element.tagName) || !isShown(element)) continue;
    var style = getComputedStyle(element), size = parseFloat(style.fontSize);
    var large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    var ink = colour(element.namespaceURI.endsWith("svg") ? style.fill : style.color);
    var ratio = contrast(ink, behind(element));
    count++;
    if (ratio < (large ? 3 : 4.5))
      found.push("contrast " + ratio.toFixed(2) + ": " + node.data.trim().slice(0, 40));
  }
  if (count < 20) found.push("only " + count + " texts were looked at");
  return found;
}

// Borders that say what a thing is: of buttons, and of what stands in a picture.
function auditBorders() {
  var found = [];
  document.querySelectorAll("button:not([aria-disabled=true]), .node rect, .link .line").forEach(function (e) {
    if (!isShown(e)) return;
    var style = getComputedStyle(e), line = e.tagName === "BUTTON" ? style.borderTopColor : style.stroke;
    var ratio = contrast(colour(line), behind(e.closest(".finding, body")));
    if (ratio < 3) found.push("border " + ratio.toFixed(2) + ": " + (e.textContent || e.outerHTML).slice(0, 60));
  });
  return found;
}

function auditHeadings() {
  var before = 0, found = [];
  document.querySelectorAll("h1, h2, h3, h4, h5, h6").forEach(function (heading) {
    var level = Number(heading.tagName[1]);
    if (level > before + 1) found.push("heading " + heading.tagName + " after H" + before + ": " + heading.textContent);
    before = level;
  });
  return found;
}

function auditWidth() {
  var page = document.documentElement;
  return page.scrollWidth > innerWidth ? ["the page is " + page.scrollWidth + " wide, not " + innerWidth] : [];
}

// A finger needs 24 pixels (WCAG 2.2, 2.5.8).
function auditTargets() {
  var found = [];
  document.querySelectorAll("button, input, summary, .contents a").forEach(function (e) {
    var box = e.getBoundingClientRect();
    if (isShown(e) && (box.width < 24 || box.height < 24)) found.push("a small target: " + e.outerHTML.slice(0, 60));
  });
  return found;
}

// Names in pictures stay in their boxes, whatever font the browser has.
function auditPictures() {
  var found = [];
  document.querySelectorAll(".picture .node text").forEach(function (text) {
    var inner = text.getBBox(), outer = text.parentElement.querySelector("rect").getBBox();
    if (inner.width && (inner.x < outer.x || inner.x + inner.width > outer.x + outer.width ||
        inner.y < outer.y - 1 || inner.y + inner.height > outer.y + outer.height + 1))
      found.push("a name leaves its box: " + text.textContent);
  });
  return found;
}

return [].concat(auditContrast(), auditBorders(), auditHeadings(), auditWidth(), auditTargets(), auditPictures());
