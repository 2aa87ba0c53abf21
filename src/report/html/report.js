"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const one = (id) => document.getElementById(id);
  const [query, state, count, panel, content] = ["q", "state", "count", "panel", "content"].map(one);

  // The filter: every word has to be in the text. It stands in the address, so that it can be passed on.
  const texts = new Map(all("[data-text]").map((node) => [node, node.dataset.text.toLowerCase()]));
  const filter = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = state.value;
    let findings = 0;
    let facts = 0;
    for (const [node, text] of texts) {
      const isFact = "state" in node.dataset;
      const shown = words.every((word) => text.includes(word)) && (!isFact || !wanted || node.dataset.state === wanted);
      node.hidden = !shown;
      if (shown && node.classList.contains("finding")) findings += 1;
      if (shown && node.classList.contains("cell")) facts += 1;
    }
    for (const row of all(".matrix .row")) row.hidden = !row.querySelector(".cell:not([hidden])");
    for (const body of all(".matrix tbody")) body.hidden = !body.querySelector(".row:not([hidden])");
    for (const operation of all(".operation")) operation.hidden = !operation.querySelector(".cell:not([hidden])");
    const active = words.length > 0 || wanted !== "";
    count.textContent = active ? `${findings} findings, ${facts} facts` : "";
    const parameters = new URLSearchParams();
    if (words.length > 0) parameters.set("q", query.value.trim());
    if (wanted) parameters.set("state", wanted);
    return parameters.toString();
  };
  const keep = () => {
    const parameters = filter();
    history.replaceState(null, "", parameters ? `#${parameters}` : location.pathname + location.search);
  };
  query.addEventListener("input", keep);
  state.addEventListener("change", keep);
  query.form.addEventListener("submit", (event) => event.preventDefault());

  // The address: a filter, or a place. What is folded is opened on the way to it.
  const open = (id) => {
    const target = id ? one(id) : null;
    if (!target) return;
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    target.scrollIntoView();
  };
  const read = () => {
    const hash = decodeURIComponent(location.hash.slice(1));
    if (!hash.includes("=")) return open(hash);
    const parameters = new URLSearchParams(location.hash.slice(1));
    query.value = parameters.get("q") ?? "";
    state.value = parameters.get("state") ?? "";
    filter();
  };
  addEventListener("hashchange", read);

  // A cell opens its evidence.
  let opener = null;
  const show = (cell) => {
    const entry = one(cell.hash.slice(1));
    if (!entry) return;
    const copy = entry.cloneNode(true);
    copy.removeAttribute("id");
    copy.hidden = false;
    content.replaceChildren(copy);
    opener = cell;
    panel.showModal();
  };
  document.addEventListener("click", (event) => {
    const cell = event.target.closest?.(".cell");
    if (cell) {
      event.preventDefault();
      show(cell);
    } else if (event.target === panel || event.target.closest?.("#content a")) {
      panel.close();
    }
  });
  one("close").addEventListener("click", () => panel.close());
  panel.addEventListener("close", () => opener?.focus());

  // What is at fault is scrolled to, within its box, when a finding is opened.
  const reveal = (finding) => {
    for (const box of all("pre", finding)) {
      const mark = box.querySelector("mark");
      if (mark) box.scrollTop = mark.offsetTop - box.clientHeight / 2;
    }
  };
  for (const finding of all(".finding")) {
    if (finding.open) reveal(finding);
    finding.addEventListener("toggle", () => finding.open && reveal(finding));
  }

  // The keyboard.
  const step = (by) => {
    const summaries = all(".finding:not([hidden]) > summary");
    const at = summaries.indexOf(document.activeElement);
    const next = summaries[Math.min(summaries.length - 1, Math.max(0, at + by))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  const move = (cell, key) => {
    const row = cell.closest("tr");
    if (key === "ArrowLeft" || key === "ArrowRight") {
      const cells = all(".cell:not([hidden])", row);
      return cells[cells.indexOf(cell) + (key === "ArrowRight" ? 1 : -1)];
    }
    const rows = all(".row:not([hidden])", cell.closest("table"));
    const other = rows[rows.indexOf(row) + (key === "ArrowDown" ? 1 : -1)];
    return other && (all(".cell:not([hidden])", other)[all(".cell:not([hidden])", row).indexOf(cell)] ?? other.querySelector(".cell:not([hidden])"));
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || panel.open) return;
    const typing = event.target.matches?.("input, select, textarea");
    if (event.key === "Escape" && typing) {
      query.value = "";
      state.value = "";
      keep();
      event.target.blur();
    } else if (typing) {
      return;
    } else if (event.key === "/") {
      query.focus();
      query.select();
    } else if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
    } else if (event.key.startsWith("Arrow") && event.target.matches?.(".cell")) {
      move(event.target, event.key)?.focus();
    } else {
      return;
    }
    event.preventDefault();
  });

  read();
})();
