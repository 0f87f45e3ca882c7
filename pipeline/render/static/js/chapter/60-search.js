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

  // Chinese, Japanese, Thai, Lao, Burmese and Khmer have no spaces: pairs of characters stand for
  // words.
  const unspaced = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+/gu;
  const word = /[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*/gu;
  function tokens(text) {
    const found = [];
    for (const run of text.match(unspaced) || []) {
      if (run.length === 1) found.push(run);
      for (let at = 0; at + 1 < run.length; at += 1) found.push(run.slice(at, at + 2));
    }
    return found.concat(text.replace(unspaced, " ").match(word) || []);
  }

  // For the index, so that every letter begins a term and is found alone.
  const indexed = (text) => tokens(text).concat((text.match(unspaced) || []).map((run) => run.at(-1)));

  /** Without case and accents; vowel signs of Indic scripts stay, they tell words apart. */
  const fold = (term) => term.normalize("NFKD")
    .replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g, "").normalize("NFC").toLowerCase();

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
      fields: ["text", "section"], storeFields: ["chapter", "anchor", "ms", "section", "text", "kind"],
      tokenize: indexed, processTerm: fold,
      searchOptions: { tokenize: tokens, prefix: (term) => term.length > 1 || /[^\x00-\x7f]/.test(term), combineWith: "AND", boost: { section: 0.2 } },
    });
    let id = 0;
    for (const chapter of chapters.values()) {
      engine.addAll(chapter.entries.map(([anchor, ms, section, text, kind = ""]) =>
        ({ id: (id += 1), chapter: chapter.id, anchor, ms, section, text, kind })));
    }
  }

  // Passages first, then what a picture shows, then titles.
  const ORDER = { "": 0, caption: 1, screen: 1, heading: 2, title: 2 };
  const MOST = 30;
  /** The hits in the order to show them, and whether they only resemble what was typed. */
  function find(query) {
    const filter = (hit) => all || hit.chapter === here;
    let hits = engine.search(query, { filter });
    const similar = !hits.length;
    if (similar) {
      const fuzzy = (term) => (term.length < 4 ? 0 : term.length < 8 ? 1 : 2);
      hits = engine.search(query, { filter, fuzzy });
    }
    // A section's title alone makes not every passage of it a hit.
    hits = hits.filter((hit) => Object.values(hit.match).some((fields) => fields.includes("text")));
    const titles = hits.filter((hit) => ORDER[hit.kind] === 2).slice(0, 5);
    const texts = hits.filter((hit) => ORDER[hit.kind] < 2).slice(0, MOST - titles.length);
    texts.sort((one, other) => ORDER[one.kind] - ORDER[other.kind]);
    return { hits: [...texts, ...titles], similar };
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
      status, results, ...(Lecture.askBox ? [Lecture.askBox(input, () => box.close())] : []));
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
    const { hits, similar } = query ? find(query) : { hits: [], similar: false };
    results.replaceChildren(...hits.map((hit, index) => entry(hit, index)));
    choose(hits.length ? 0 : -1);
    input.setAttribute("aria-expanded", String(hits.length > 0));
    if (!query) status.textContent = say("search_hint");
    else if (!hits.length) status.textContent = say("search_none");
    else status.textContent = similar ? say("search_similar", { words: query }) : "";
  }

  function entry(hit, index) {
    const chapter = chapters.get(hit.chapter);
    const place = all && hit.chapter !== here ? [chapter.title] : [];
    if (hit.kind !== "title") place.push(hit.section);
    const what = hit.kind ? [make("span", { className: "result-kind" }, say(`found_${hit.kind}`))] : [];
    const link = make("a", { id: `result-${index}`, href: `${inside(hit.chapter)}#${hit.anchor}`,
      role: "option", "aria-selected": "false", tabIndex: -1, onclick: () => box.close() },
    make("span", { className: "result-where" }, ...what,
      make("span", { className: "result-place" }, place.join(" › ")),
      make("span", { className: "result-time" }, Lecture.clock(hit.ms))),
    make("span", { className: "result-text" }, ...excerpt(hit.text, toMark(hit))));
    return make("li", { role: "none" }, link);
  }

  /** The found terms; of a pair of characters found by its first one, that alone. */
  function toMark(hit) {
    const typed = hit.queryTerms.filter((term) => [...term].length === 1);
    const own = (term) => (term.search(unspaced) < 0 ? term : typed.find((one) => term.startsWith(one)) ?? term);
    return new Set(Object.keys(hit.match).map(own));
  }

  /** Where the found terms stand in the text: [start, end] pairs in order, not overlapping. */
  function marksIn(text, terms) {
    const found = [];
    for (const { 0: whole, index } of text.matchAll(word)) {
      if (terms.has(fold(whole))) found.push([index, index + whole.length]);
    }
    for (const { 0: run, index } of text.matchAll(unspaced)) {
      for (const term of terms) {
        for (let at = run.indexOf(term); at >= 0; at = run.indexOf(term, at + 1)) {
          found.push([index + at, index + at + term.length]);
        }
      }
    }
    found.sort((one, other) => one[0] - other[0]);
    const merged = [];
    for (const [start, end] of found) {
      const last = merged.at(-1);
      if (last && start <= last[1]) last[1] = Math.max(last[1], end);
      else merged.push([start, end]);
    }
    return merged;
  }

  /** The text around the first match, from whole word to whole word, with the matches marked. */
  function excerpt(text, terms) {
    const marks = marksIn(text, terms);
    const first = marks.length ? marks[0][0] : 0;
    let from = first < 60 ? 0 : first - 50;
    const space = text.indexOf(" ", from);
    if (from && space >= 0 && space < first) from = space + 1;
    let to = from + 180;
    if (to < text.length && text.lastIndexOf(" ", to) > first) to = text.lastIndexOf(" ", to);
    const parts = from ? ["… "] : [];
    let at = from;
    for (const [start, end] of marks.filter((mark) => mark[1] <= to)) {
      parts.push(text.slice(at, start), make("mark", {}, text.slice(start, end)));
      at = end;
    }
    parts.push(text.slice(at, to));
    if (to < text.length) parts.push(" …");
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
