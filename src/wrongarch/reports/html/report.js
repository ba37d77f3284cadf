"use strict";
(() => {
  const PAGE = 100;
  const data = JSON.parse(document.getElementById("data").textContent);
  const [GROUP, SUITE, MODE, STATUS, SECONDS, NAME, ANCHOR] = [0, 1, 2, 3, 4, 5, 6];
  const element = (id) => document.getElementById(id);
  const body = document.querySelector("#list tbody");
  const idOf = (row) => `${data.suites[row[SUITE]]}/${row[NAME]} [${data.modes[row[MODE]]}]`;
  const counts = new Map();
  for (const row of data.rows) counts.set(row[STATUS], (counts.get(row[STATUS]) || 0) + 1);
  let found = [];
  let shown = 0;
  let sorted = { by: "id", down: false };

  const fill = (id, names) => {
    for (const name of names) element(id).append(new Option(name, name));
  };
  fill("group", data.groups);
  fill("suite", data.suites);
  fill("mode", data.modes);
  data.statuses.forEach((name, number) => {
    if (!counts.has(number)) return;
    const box = Object.assign(document.createElement("input"), { type: "checkbox", value: name, checked: true });
    const label = document.createElement("label");
    label.append(box, ` ${name} (${counts.get(number)})`);
    element("statuses").append(label);
  });
  const boxes = [...document.querySelectorAll("#statuses input")];

  const keys = {
    id: (row) => idOf(row),
    status: (row) => data.statuses[row[STATUS]],
    group: (row) => data.groups[row[GROUP]],
    seconds: (row) => row[SECONDS],
  };

  const choose = () => {
    const words = element("q").value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = (id, names) => (element(id).value === "" ? -1 : names.indexOf(element(id).value));
    const group = wanted("group", data.groups);
    const suite = wanted("suite", data.suites);
    const mode = wanted("mode", data.modes);
    const statuses = new Set(boxes.filter((box) => box.checked).map((box) => data.statuses.indexOf(box.value)));
    found = data.rows.filter((row) => {
      if (group >= 0 && row[GROUP] !== group) return false;
      if (suite >= 0 && row[SUITE] !== suite) return false;
      if (mode >= 0 && row[MODE] !== mode) return false;
      if (!statuses.has(row[STATUS])) return false;
      if (words.length === 0) return true;
      const name = idOf(row).toLowerCase();
      return words.every((word) => name.includes(word));
    });
    // the rows are there by name already
    if (sorted.by !== "id") {
      const key = keys[sorted.by];
      found.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
    }
    if (sorted.down) found.reverse();
    shown = 0;
    body.replaceChildren();
    more();
  };

  const line = (row) => {
    const status = data.statuses[row[STATUS]];
    const made = document.createElement("tr");
    const mark = Object.assign(document.createElement("span"), { className: `status ${status}`, textContent: status });
    const name = document.createElement("th");
    name.scope = "row";
    name.className = "id";
    if (row[ANCHOR] && element(row[ANCHOR])) {
      name.append(Object.assign(document.createElement("a"), { href: `#${row[ANCHOR]}`, textContent: idOf(row) }));
    } else name.textContent = idOf(row);
    const cells = [document.createElement("td"), name, document.createElement("td"), document.createElement("td")];
    cells[0].append(mark);
    cells[2].textContent = data.groups[row[GROUP]];
    cells[3].textContent = row[SECONDS].toFixed(2);
    cells[3].className = "number";
    made.append(...cells);
    return made;
  };

  function more() {
    const next = found.slice(shown, shown + PAGE);
    body.append(...next.map(line));
    shown += next.length;
    element("count").textContent = `${found.length} of ${data.rows.length} results` + (shown < found.length ? `, ${shown} shown` : "");
    element("more").hidden = shown >= found.length;
  }

  const remember = () => {
    const words = new URLSearchParams();
    for (const id of ["q", "group", "suite", "mode"]) if (element(id).value) words.set(id, element(id).value);
    const off = boxes.filter((box) => !box.checked);
    if (off.length) words.set("status", boxes.filter((box) => box.checked).map((box) => box.value).join(","));
    history.replaceState(null, "", words.toString() ? `#${words}` : location.pathname + location.search);
  };

  // "#f-…" opens a failure, "#q=…&group=…" sets the filter, other names are parts of the page
  const follow = () => {
    const hash = location.hash.slice(1);
    if (hash.includes("=")) {
      const words = new URLSearchParams(hash);
      for (const id of ["q", "group", "suite", "mode"]) element(id).value = words.get(id) || "";
      const statuses = words.has("status") ? words.get("status").split(",") : null;
      for (const box of boxes) box.checked = statuses === null || statuses.includes(box.value);
      choose();
      element("results").scrollIntoView();
      element("results").focus({ preventScroll: true });
      return;
    }
    const target = hash && element(hash);
    if (target && target.tagName === "DETAILS") {
      target.open = true;
      target.scrollIntoView();
      target.querySelector("summary").focus({ preventScroll: true });
    }
  };

  let waiting = 0;
  element("filter").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { choose(); remember(); }, 80);
  });
  element("filter").addEventListener("submit", (event) => event.preventDefault());
  element("more").addEventListener("click", () => {
    const first = shown;
    more();
    const row = body.rows[first];
    if (row) { row.tabIndex = -1; row.focus(); }
  });
  for (const button of document.querySelectorAll("[data-sort]")) {
    button.addEventListener("click", () => {
      const by = button.dataset.sort;
      sorted = { by, down: sorted.by === by ? !sorted.down : by === "seconds" };
      for (const other of document.querySelectorAll("[data-sort]")) {
        const here = other === button;
        other.parentElement.setAttribute("aria-sort", here ? (sorted.down ? "descending" : "ascending") : "none");
      }
      choose();
    });
  }
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      element("q").focus();
    }
  });
  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = button.previousElementSibling;
      try {
        await navigator.clipboard.writeText(text.textContent);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(text);
        button.textContent = "Selected";
      }
    });
  }
  addEventListener("hashchange", follow);
  element("filter").hidden = element("list").hidden = false;
  choose();
  // after the load event: the browser itself moves the focus to what the address names until then
  addEventListener("load", () => setTimeout(() => {
    follow();
    document.documentElement.dataset.ready = "yes";
  }));
})();
