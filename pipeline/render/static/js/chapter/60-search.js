// Search in this chapter and in all chapters of the folder: from the server and from a file.
(() => {
  "use strict";
  const { make, say } = Lecture;
  const here = document.body.dataset.chapter;
  const home = document.body.dataset.home; // the folder of all chapters, as seen from this page
  const assets = document.body.dataset.assets;
  const inside = (id) => (id === here ? "" : `${home}${encodeURIComponent(id)}/render/index.html`);
  const chapters = new Map();
  let list = [];
  let engine = null;
  let box = null;
  let all = !here;

  // The index files call these.
  globalThis.lectureIndex = (chapter) => chapters.set(chapter.id, chapter);
  globalThis.lectureLibrary = (found) => { list = found; };

  // Chinese, Japanese and Thai have no spaces: pairs of characters stand for words.
  const unspaced = /[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+/gu;
  function tokens(text) {
    const found = [];
    for (const run of text.match(unspaced) || []) {
      if (run.length === 1) found.push(run);
      for (let at = 0; at + 1 < run.length; at += 1) found.push(run.slice(at, at + 2));
    }
    return found.concat(text.replace(unspaced, " ").match(/[\p{L}\p{N}_]+/gu) || []);
  }

  // One after the other: a key typed while the index loads waits for it.
  let preparing = Promise.resolve();
  function prepare() {
    preparing = preparing.catch(() => {}).then(loadIndex);
    return preparing;
  }

  async function loadIndex() {
    if (typeof MiniSearch === "undefined") await Lecture.load(`${assets}minisearch.js`);
    if (here && !chapters.has(here)) await Lecture.load(`${assets}search.js`);
    if (all && !list.length) {
      await Lecture.load(`${home}library.js`).catch(() => {});
      await Promise.allSettled(list.filter((id) => !chapters.has(id)).map((id) =>
        Lecture.load(`${home}${encodeURIComponent(id)}/render/assets/search.js`)));
      engine = null;
    }
    if (engine) return;
    engine = new MiniSearch({
      fields: ["section", "text"], storeFields: ["chapter", "anchor", "ms", "section", "text"],
      tokenize: tokens,
      processTerm: (term) => term.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase(),
      searchOptions: {
        prefix: (term) => term.length > 1, fuzzy: (term) => (term.length > 5 ? 0.15 : 0),
        combineWith: "AND", boost: { section: 1.5 },
      },
    });
    let id = 0;
    for (const chapter of chapters.values()) {
      engine.addAll(chapter.entries.map(([anchor, ms, section, text]) =>
        ({ id: (id += 1), chapter: chapter.id, anchor, ms, section, text })));
    }
  }

  // --- the dialog ---

  let input, results, status, scope;
  function build() {
    input = make("input", {
      type: "search", placeholder: say("search_placeholder"), autocomplete: "off", spellcheck: false,
      role: "combobox", "aria-expanded": "false", "aria-controls": "search-results",
      "aria-label": say("search"), "aria-autocomplete": "list",
    });
    results = make("ul", { id: "search-results", role: "listbox", "aria-label": say("results") });
    status = make("p", { className: "search-status", role: "status" }, say("search_hint"));
    scope = make("button", { type: "button", className: "scope", "aria-pressed": String(all),
      onclick: () => { all = !all; scope.setAttribute("aria-pressed", String(all)); run(); input.focus(); },
    }, say("search_all"));
    if (!here || !home) scope.hidden = true;
    box = make("dialog", { className: "search", "aria-label": say("search") },
      make("div", { className: "search-head" }, input, scope,
        make("button", { type: "button", className: "icon shut", "aria-label": say("close"),
          onclick: () => box.close() }, "×")),
      results, status);
    box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
    input.addEventListener("input", run);
    input.addEventListener("keydown", keys);
    document.body.append(box);
  }

  Lecture.on.search = async () => {
    if (!box) build();
    if (!box.open) box.showModal();
    input.select();
    await ready();
  };
  Lecture.searchIn = { tokens };

  async function ready() {
    try {
      await prepare();
      return true;
    } catch {
      status.textContent = say("search_failed");
      return false;
    }
  }

  let asked = 0;
  async function run() {
    const mine = (asked += 1);
    const query = input.value.trim();
    if (!(await ready()) || mine !== asked) return;
    const found = query
      ? engine.search(query, { filter: (hit) => all || hit.chapter === here }).slice(0, 30)
      : [];
    results.replaceChildren(...found.map((hit, index) => entry(hit, index)));
    choose(found.length ? 0 : -1);
    input.setAttribute("aria-expanded", String(found.length > 0));
    status.textContent = query ? (found.length ? "" : say("search_none")) : say("search_hint");
  }

  function entry(hit, index) {
    const chapter = chapters.get(hit.chapter);
    const where = all && hit.chapter !== here ? `${chapter.title} › ${hit.section}` : hit.section;
    const link = make("a", { id: `result-${index}`, href: `${inside(hit.chapter)}#${hit.anchor}`,
      role: "option", "aria-selected": "false", tabIndex: -1, onclick: () => box.close() },
      make("span", { className: "result-where" },
        make("span", {}, where), make("span", { className: "result-time" }, Lecture.clock(hit.ms))),
      make("span", { className: "result-text" }, ...snippet(hit.text, Object.keys(hit.match))));
    return make("li", { role: "none" }, link);
  }

  /** The text around the first match, with the matches marked. */
  function snippet(text, terms) {
    const folded = text.toLowerCase();
    const first = Math.min(...terms.map((term) => folded.indexOf(term)).filter((at) => at >= 0), 1e9);
    let from = first > 1e8 || first < 60 ? 0 : text.lastIndexOf(" ", first - 50) + 1;
    if (from < first - 90 && first < 1e8) from = first - 50;
    const shown = text.slice(from, from + 180);
    const parts = [];
    if (from) parts.push("… ");
    const escaped = terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const pattern = new RegExp(`(${escaped.join("|") || "(?!)"})`, "giu");
    for (const piece of shown.split(pattern)) {
      if (!piece) continue;
      parts.push(terms.includes(piece.toLowerCase()) ? make("mark", {}, piece) : piece);
    }
    if (from + 180 < text.length) parts.push(" …");
    return parts;
  }

  let chosen = -1;
  function choose(index) {
    const options = results.querySelectorAll("a");
    options[chosen]?.setAttribute("aria-selected", "false");
    chosen = options.length ? (index + options.length) % options.length : -1;
    if (chosen < 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    options[chosen].setAttribute("aria-selected", "true");
    options[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[chosen].id);
  }

  function keys(event) {
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Escape") box.close(); // a search field would only empty itself
    else if (event.key === "Enter" && chosen >= 0) results.querySelectorAll("a")[chosen].click();
    else return;
    event.preventDefault();
  }
})();
