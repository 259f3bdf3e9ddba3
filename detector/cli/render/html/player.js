// SPDX-License-Identifier: MIT
// The page shows everything without this script. With it a scenario can be stepped through, the line
// for a suppression file be copied, and light and dark be switched.
//
// A scenario is a table: a row a turn, a column a thread, and the last filled cell of a column tells
// how things stand with its thread. A step of the player is therefore a look at the table, no more.
(function () {
  "use strict";

  function make(tag, attributes, children) {
    var element = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { element.setAttribute(name, attributes[name]); });
    (children || []).forEach(function (child) { element.append(child); });
    return element;
  }

  function all(root, selector) { return Array.prototype.slice.call(root.querySelectorAll(selector)); }

  function button(text, label, action) {
    var element = make("button", {type: "button", "aria-label": label}, [text]);
    element.addEventListener("click", action);
    return element;
  }

  // ---------------------------------------------------------------- the player

  function readTurns(table) {
    return {
      names: all(table, "thead th").slice(1).map(function (head) { return head.textContent; }),
      rows: all(table, "tbody tr[data-say]").map(function (row) {
        return {say: row.dataset.say, turn: row.cells[0].textContent, cells: Array.prototype.slice.call(row.cells, 1)};
      }),
      verdict: (table.querySelector(".verdict") || {textContent: ""}).textContent
    };
  }

  // The cell of the thread's last turn up to this step; null before its first one.
  function stateOf(turns, column, step) {
    for (var i = step; i >= 0; i--)
      if (turns.rows[i].cells[column].classList.contains("act")) return turns.rows[i].cells[column];
    return null;
  }

  function wordFor(cell, acts) {
    if (!cell) return "no turn yet";
    if (cell.classList.contains("blocked")) return "waits";
    return acts ? "has its turn" : "can go on";
  }

  function makeCard(name, cell, acts) {
    var card = make("section", {"class": "card"}, [
      make("h5", {}, [make("span", {}, [name]), make("span", {"class": "state"}, [wordFor(cell, acts)])])
    ]);
    card.classList.toggle("acts", acts);
    card.classList.toggle("idle", !cell);
    card.classList.toggle("blocked", Boolean(cell && cell.classList.contains("blocked")));
    if (cell) Array.prototype.forEach.call(cell.childNodes, function (node) { card.append(node.cloneNode(true)); });
    return card;
  }

  // Lines of the picture that some cell names come and go with it; all others stay.
  function showLinks(picture, table, states) {
    var named = {}, shown = {};
    all(table, "[data-links]").forEach(function (cell) {
      cell.dataset.links.split(" ").forEach(function (link) { named[link] = true; });
    });
    states.forEach(function (cell) {
      if (cell) cell.dataset.links.split(" ").forEach(function (link) { shown[link] = true; });
    });
    all(picture, ".picture [data-link]").forEach(function (line) {
      line.classList.toggle("later", Boolean(named[line.dataset.link] && !shown[line.dataset.link]));
    });
  }

  function setUpPlayer(root) {
    var table = root.querySelector("table"), turns = readTurns(table), last = turns.rows.length - 1, step = -1;
    var say = make("p", {"class": "say", "aria-live": "polite"});
    var cards = make("div", {"class": "cards"});
    var count = make("span", {"class": "count"});
    var slider = make("input", {type: "range", min: "1", max: String(last + 1), value: "1", "aria-label": "Turn"});
    var first = button("First", "First turn", function () { go(0); });
    var back = button("\u2190 Back", "Back one turn", function () { go(step - 1); });
    var next = button("Next \u2192", "Next turn", function () { go(step + 1); });
    var end = button("Last", "Last turn", function () { go(last); });
    var player = make("div", {"class": "player", role: "group", "aria-label": "Step through the turns"}, [
      make("div", {"class": "controls"}, [first, back, slider, next, end, count]), say, cards
    ]);

    // The picture is whole until somebody moves.
    function go(wanted) {
      wanted = Math.max(0, Math.min(last, wanted));
      if (wanted !== step) showLinks(root.parentElement, table, show(wanted));
    }

    function show(wanted) {
      var row, states;
      step = wanted;
      row = turns.rows[step];
      states = turns.names.map(function (name, column) { return stateOf(turns, column, step); });
      slider.value = String(step + 1);
      slider.setAttribute("aria-valuetext", "Turn " + row.turn + " of " + turns.rows[last].turn);
      count.textContent = "Turn " + row.turn + " of " + turns.rows[last].turn;
      say.replaceChildren(row.say);
      if (step === last && turns.verdict) say.append(" ", make("b", {}, [turns.verdict]));
      cards.replaceChildren.apply(cards, turns.names.map(function (name, column) {
        return makeCard(name, states[column], row.cells[column].classList.contains("act"));
      }));
      [first, back].forEach(function (b) { b.setAttribute("aria-disabled", String(step === 0)); });
      [next, end].forEach(function (b) { b.setAttribute("aria-disabled", String(step === last)); });
      return states;
    }

    slider.addEventListener("input", function () { go(Number(slider.value) - 1); });
    player.addEventListener("keydown", function (event) {
      var to = {ArrowLeft: step - 1, ArrowRight: step + 1, Home: 0, End: last}[event.key];
      if (to === undefined || event.target === slider || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      go(to);
    });

    var scroll = root.querySelector(".scroll");
    root.insertBefore(player, scroll);
    root.append(make("details", {"class": "fold"}, [make("summary", {}, ["All turns in a table"]), scroll]));
    show(0);
  }

  // ---------------------------------------------------------------- copying

  function selectText(element) {
    var range = document.createRange();
    range.selectNodeContents(element);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }

  function setUpCopy(box) {
    var line = box.querySelector("code"), said = make("span", {role: "status"});

    function done() { said.textContent = "Copied"; }

    function byHand() {
      selectText(line);
      if (document.execCommand("copy")) done();
      else said.textContent = "Selected: press Ctrl+C";
    }

    box.append(button("Copy", "Copy the line", function () {
      if (navigator.clipboard) navigator.clipboard.writeText(line.textContent).then(done, byHand);
      else byHand();
    }), said);
  }

  // ---------------------------------------------------------------- the page

  function isDark() {
    var theme = document.documentElement.dataset.theme;
    return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function setUpTheme() {
    var toggle = button("", "", function () {
      document.documentElement.dataset.theme = isDark() ? "light" : "dark";
      update();
    });

    function update() {
      toggle.textContent = isDark() ? "Light" : "Dark";
      toggle.setAttribute("aria-label", isDark() ? "Light colours" : "Dark colours");
    }

    toggle.classList.add("theme");
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", update);
    document.querySelector(".banner").append(toggle);
    update();
  }

  // A box in which everything fits needs no stop for the keyboard.
  function updateScrollBoxes() {
    all(document, ".scroll").forEach(function (box) {
      if (box.scrollWidth > box.clientWidth + 1) box.setAttribute("tabindex", "0");
      else box.removeAttribute("tabindex");
    });
  }

  // Paper has no folds.
  function setUpPrinting() {
    var folded = [];
    addEventListener("beforeprint", function () {
      folded = folded.concat(all(document, "details:not([open])"));
      folded.forEach(function (fold) { fold.open = true; });
    });
    addEventListener("afterprint", function () {
      folded.forEach(function (fold) { fold.open = false; });
      folded = [];
    });
  }

  all(document, "[data-player]").forEach(setUpPlayer);
  all(document, ".copy").forEach(setUpCopy);
  setUpTheme();
  setUpPrinting();
  updateScrollBoxes();
  addEventListener("resize", updateScrollBoxes);
  document.addEventListener("toggle", updateScrollBoxes, true);
}());
