// The chapter's script. Without it the page reads and its links work; with it, it comes alive.
// Parts are joined in the order of their names and meet in this one object.
const Lecture = (() => {
  "use strict";

  const strings = document.getElementById("strings").dataset;

  /** The page's text for a key (`link_copied`), with {placeholders} filled in. */
  function say(key, values = {}) {
    const name = key.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
    return (strings[name] || "").replace(/\{(\w+)\}/g, (_, word) => values[word] ?? "");
  }

  /** An element with properties and children; text is always text, never HTML. */
  function make(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (name in element && !name.startsWith("aria")) element[name] = value;
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  const toastBox = document.querySelector(".toast");
  let toastTimer = 0;
  /** Say something briefly (and to screen readers). */
  function toast(text) {
    toastBox.textContent = text;
    toastBox.classList.add("on");
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => toastBox.classList.remove("on"), 1800);
  }

  /** Milliseconds as a clock: 1:02 or 1:00:02. */
  function clock(ms) {
    const seconds = Math.floor(ms / 1000);
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    return hours
      ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
      : `${minutes}:${two(seconds % 60)}`;
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // No clipboard permission (a page from a file, an old browser): select and copy.
      const area = make("textarea", { value: text, readOnly: true, className: "off-screen" });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  }

  /** Load a script once; resolves when it has run. */
  const loading = new Map();
  function load(address) {
    if (!loading.has(address)) {
      loading.set(address, new Promise((done, failed) => {
        document.head.append(
          make("script", { src: address, onload: () => done(), onerror: () => failed(address) }),
        );
      }));
    }
    return loading.get(address);
  }

  for (const element of document.querySelectorAll("[data-do][hidden], .keys[hidden]")) {
    element.hidden = false;
  }

  return { say, make, toast, clock, copy, load, on: {} };
})();

// A button with data-do="x" does Lecture.on.x.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button && Lecture.on[button.dataset.do]) Lecture.on[button.dataset.do](button);
});

// The theme button goes round: as the system, light, dark.
(() => {
  "use strict";
  const root = document.documentElement;
  const order = ["auto", "light", "dark"];

  Lecture.on.theme = () => {
    const next = order[(order.indexOf(root.dataset.theme || "auto") + 1) % order.length];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      localStorage.setItem("lecture-theme", next);
    } catch {
      // Not remembered then.
    }
    Lecture.toast(`${Lecture.say("theme")}: ${Lecture.say(`theme_${next}`)}`);
  };
})();

// The contents list: marks the section being read, opens as a sheet on narrow screens.
(() => {
  "use strict";
  const contents = document.getElementById("contents");
  const links = new Map(
    [...contents.querySelectorAll("a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]),
  );
  const sections = [...document.querySelectorAll("article > section")];

  /** The section at the reading line, a third down the window; null above the first. */
  Lecture.currentSection = () => {
    const line = innerHeight / 3;
    let current = null;
    for (const section of sections) {
      if (section.getBoundingClientRect().top > line) break;
      current = section;
    }
    return current;
  };

  let marked = null;
  function mark() {
    const current = Lecture.currentSection();
    if (current === marked) return;
    if (marked) links.get(marked.id)?.removeAttribute("aria-current");
    marked = current;
    const link = current && links.get(current.id);
    if (!link) return;
    link.setAttribute("aria-current", "true");
    const { top, bottom } = link.getBoundingClientRect();
    const box = contents.getBoundingClientRect();
    if (top < box.top || bottom > box.bottom) {
      contents.scrollTop += top - box.top - box.height / 3;
    }
  }

  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; mark(); });
  }, { passive: true });
  mark();

  const button = document.querySelector('[data-do="contents"]');
  function show(open) {
    contents.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
    document.documentElement.classList.toggle("locked", open);
  }
  Lecture.on.contents = () => show(!contents.classList.contains("open"));
  Lecture.closeContents = () => {
    const was = contents.classList.contains("open");
    if (was) show(false);
    return was;
  };
  contents.addEventListener("click", (event) => {
    if (event.target.closest("a")) show(false);
  });

  /** Go to the next (1) or previous (-1) section. */
  Lecture.step = (by) => {
    const at = sections.indexOf(Lecture.currentSection());
    const beyondHead = at >= 0 && sections[at].getBoundingClientRect().top < -40;
    const target = sections[by < 0 && beyondHead ? at : at + by];
    if (target) {
      target.scrollIntoView();
      history.replaceState(null, "", `#${target.id}`);
    } else if (by < 0) scrollTo({ top: 0 });
  };
})();

// Small helps within the text: copy buttons, links to passages.
(() => {
  "use strict";
  for (const cell of document.querySelectorAll(".cell:not(.alone)")) {
    const code = cell.querySelector("pre.code");
    const button = Lecture.make("button", {
      type: "button", className: "copy", title: Lecture.say("copy_code"),
      "aria-label": Lecture.say("copy_code"),
    }, Lecture.say("copy"));
    button.addEventListener("click", async () => {
      await Lecture.copy(code.textContent);
      button.textContent = Lecture.say("copied");
      Lecture.toast(Lecture.say("copied"));
      setTimeout(() => { button.textContent = Lecture.say("copy"); }, 1800);
    });
    (cell.querySelector(".cell-head") || cell).append(button);
  }

  document.addEventListener("click", async (event) => {
    const here = event.target.closest("a.here, a.anchor");
    if (!here || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.replaceState(null, "", here.hash);
    for (const old of document.querySelectorAll(".linked")) old.classList.remove("linked");
    here.closest(".passage")?.classList.add("linked");
    await Lecture.copy(location.href);
    Lecture.toast(Lecture.say("link_copied"));
  });
})();

// Figures enlarged: the full picture is fetched only then. Arrow keys go through all figures.
(() => {
  "use strict";
  const zooms = [...document.querySelectorAll("a.zoom")];
  if (!zooms.length) return;
  let box = null;
  let at = 0;

  function build() {
    const { make, say } = Lecture;
    const picture = make("img", { alt: "" });
    const caption = make("p");
    box = make("dialog", { className: "lightbox", "aria-label": say("enlarge") },
      picture,
      caption,
      make("button", { type: "button", className: "back", "aria-label": say("previous"),
        onclick: () => show(at - 1) }, "‹"),
      make("button", { type: "button", className: "forth", "aria-label": say("next"),
        onclick: () => show(at + 1) }, "›"),
      make("button", { type: "button", className: "shut", "aria-label": say("close"),
        onclick: () => box.close() }, "×"),
    );
    picture.addEventListener("click", () => box.close());
    box.addEventListener("close", () => zooms[at].focus());
    box.addEventListener("keydown", (event) => {
      const forward = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
      const backward = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
      if (event.key === forward) show(at + 1);
      else if (event.key === backward) show(at - 1);
      else return;
      event.preventDefault();
    });
    document.body.append(box);
  }

  function show(index) {
    at = (index + zooms.length) % zooms.length;
    const figure = zooms[at].closest("figure");
    const small = figure.querySelector("img");
    const picture = box.querySelector("img");
    // In the single file the picture in the text is the full one already.
    const whole = zooms[at].getAttribute("href");
    picture.src = whole.startsWith("#") ? small.src : whole;
    picture.alt = small.alt;
    const caption = figure.querySelector("figcaption").cloneNode(true);
    box.querySelector("p").replaceChildren(...caption.childNodes);
    if (!box.open) box.showModal();
  }

  document.addEventListener("click", (event) => {
    const zoom = event.target.closest("a.zoom");
    if (!zoom || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!box) build();
    show(zooms.indexOf(zoom));
  });
  Lecture.closeLightbox = () => { if (box?.open) box.close(); };
})();

// The player beside the text, and the passage being spoken.
(() => {
  "use strict";
  const { make, say } = Lecture;
  const dock = document.getElementById("player");
  if (!dock) return;

  const passages = [...document.querySelectorAll(".passage")]
    .map((element) => ({
      element, start: Number(element.dataset.s), end: Number(element.dataset.e),
    }))
    .sort((one, other) => one.start - other.start);
  const button = document.querySelector('[data-do="player"]');
  let device = null; // what plays: {seek(ms), toggle()}
  let follow = false;
  let spoken = null;

  // --- the passage being spoken ---

  /** The passage being spoken; several that cite the same stretch share it out evenly. */
  function passageAt(ms) {
    let found = [];
    for (const passage of passages) {
      if (passage.start > ms) break;
      if (ms >= passage.end) continue;
      if (found.length && found[0].start < passage.start) found = [];
      found.push(passage);
    }
    if (!found.length) return null;
    const { start, end } = found[0];
    const part = Math.min(0.999, (ms - start) / Math.max(1, end - start));
    return found[Math.floor(part * found.length)];
  }

  function tick(ms) {
    const passage = passageAt(ms);
    if (passage === spoken) return;
    spoken?.element.classList.remove("spoken");
    spoken = passage;
    if (!spoken) return;
    spoken.element.classList.add("spoken");
    if (follow) bringIntoView(spoken.element);
  }

  function bringIntoView(element) {
    const { top, bottom } = element.getBoundingClientRect();
    if (top < innerHeight * 0.12 || bottom > innerHeight * 0.75) {
      element.scrollIntoView({ block: "center" });
    }
  }

  // --- what plays ---

  function fileDevice(address, stage) {
    const video = make("video", { controls: true, playsInline: true, preload: "auto", src: address });
    video.setAttribute("aria-label", dock.dataset.title);
    video.addEventListener("timeupdate", () => tick(video.currentTime * 1000));
    video.addEventListener("seeking", () => tick(video.currentTime * 1000));
    video.addEventListener("error", () => {
      // The chapter was moved away from its video.
      device = null;
      dock.dataset.file = "";
      if (canEmbed()) start(wanted);
      else stage.replaceChildren(message());
    });
    stage.replaceChildren(video);
    return {
      seek(ms) {
        video.currentTime = ms / 1000;
        // A browser may refuse to play by itself: the controls are there.
        video.play().catch(() => {});
      },
      toggle() {
        if (video.paused) video.play().catch(() => {});
        else video.pause();
      },
      pause: () => video.pause(),
    };
  }

  function embedDevice(address, stage, ms) {
    const url = new URL(address);
    const frame = make("iframe", {
      allow: "autoplay; encrypted-media; fullscreen; picture-in-picture", allowFullscreen: true,
      title: dock.dataset.title, referrerPolicy: "strict-origin-when-cross-origin",
    });
    const send = (data) => frame.contentWindow.postMessage(JSON.stringify(data), url.origin);
    const youtube = url.hostname.endsWith("youtube-nocookie.com");
    const vimeo = url.hostname === "player.vimeo.com";
    let playing = true;
    const command = (func, args = []) => send({ event: "command", func, args });

    addEventListener("message", (event) => {
      if (event.origin !== url.origin || event.source !== frame.contentWindow) return;
      let data = event.data;
      try {
        if (typeof data === "string") data = JSON.parse(data);
      } catch {
        return;
      }
      if (youtube && typeof data.info?.currentTime === "number") tick(data.info.currentTime * 1000);
      if (youtube && typeof data.info?.playerState === "number") {
        playing = data.info.playerState === 1;
      }
      if (vimeo && data.event === "timeupdate") tick(data.data.seconds * 1000);
      if (vimeo && data.event === "ready") send({ method: "addEventListener", value: "timeupdate" });
    });
    function at(moment) {
      const target = new URL(url);
      const seconds = Math.floor(moment / 1000);
      if (youtube) {
        target.searchParams.set("enablejsapi", "1");
        target.searchParams.set("autoplay", "1");
        target.searchParams.set("start", seconds);
        target.searchParams.set("origin", location.origin);
      } else if (vimeo) {
        target.searchParams.set("autoplay", "1");
        target.hash = `t=${seconds}s`;
      } else {
        target.searchParams.set("t", seconds);
        target.searchParams.set("autoplay", "1");
      }
      return target.href;
    }
    frame.addEventListener("load", () => {
      if (youtube) send({ event: "listening", id: 1, channel: "widget" });
    });
    frame.src = at(ms);
    stage.replaceChildren(frame);
    return {
      seek(moment) {
        if (youtube) { command("seekTo", [moment / 1000, true]); command("playVideo"); }
        else if (vimeo) { send({ method: "setCurrentTime", value: moment / 1000 }); send({ method: "play" }); }
        else frame.src = at(moment);
        tick(moment);
      },
      toggle() {
        playing = !playing;
        if (youtube) command(playing ? "playVideo" : "pauseVideo");
        else if (vimeo) send({ method: playing ? "play" : "pause" });
      },
      pause() {
        playing = false;
        if (youtube) command("pauseVideo");
        else if (vimeo) send({ method: "pause" });
      },
    };
  }

  // A site's player refuses to play in a page that was opened from a file.
  const canEmbed = () => Boolean(dock.dataset.embed) && location.protocol !== "file:";
  const canPlay = () => Boolean(dock.dataset.file) || canEmbed();
  let allowed = false;
  let wanted = 0;

  function message() {
    return make("p", { className: "player-message" }, say("video_missing"));
  }

  /** Asks before anything is fetched from another host. */
  function consent() {
    const host = new URL(dock.dataset.embed).hostname.replace(/^(www|player)\./, "");
    return make("div", { className: "consent" },
      make("button", { type: "button", className: "load", onclick: () => { allowed = true; start(wanted); } },
        say("load_player", { host })),
      make("p", {}, say("load_player_note", { host })));
  }

  // --- the dock ---

  let stage = null;
  function build() {
    stage = make("div", { className: "player-stage" });
    const followButton = make("button", {
      type: "button", className: "follow", "aria-pressed": "false",
      onclick() {
        follow = !follow;
        followButton.setAttribute("aria-pressed", String(follow));
        if (follow && spoken) bringIntoView(spoken.element);
      },
    }, say("follow"));
    const bar = make("div", { className: "player-bar" },
      followButton,
      make("button", { type: "button", className: "icon shut", "aria-label": say("close"),
        title: say("close"), onclick: close }, "×"));
    dock.replaceChildren(make("div", { className: "player-card" }, stage, bar));
  }

  function open() {
    if (!stage) build();
    dock.hidden = false;
    document.documentElement.classList.add("has-player");
    button?.setAttribute("aria-pressed", "true");
  }

  function close() {
    device?.pause();
    dock.hidden = true;
    document.documentElement.classList.remove("has-player");
    button?.setAttribute("aria-pressed", "false");
    spoken?.element.classList.remove("spoken");
    spoken = null;
  }

  function start(ms) {
    wanted = ms;
    open();
    if (device) device.seek(ms);
    else if (dock.dataset.file) { device = fileDevice(dock.dataset.file, stage); device.seek(ms); }
    else if (!canEmbed()) stage.replaceChildren(message());
    else if (allowed) { device = embedDevice(dock.dataset.embed, stage, ms); tick(ms); }
    else stage.replaceChildren(consent());
  }

  Lecture.play = start;
  Lecture.playerOpen = () => !dock.hidden;
  Lecture.closePlayer = () => {
    if (dock.hidden) return false;
    close();
    return true;
  };
  Lecture.togglePlayer = () => {
    if (dock.hidden || !device) return false;
    device.toggle();
    return true;
  };

  if (!canPlay()) {
    if (button) button.hidden = true;
    return;
  }
  Lecture.on.player = () => {
    if (!dock.hidden) close();
    else start(Number(Lecture.currentSection()?.dataset.s ?? wanted));
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-t]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    Lecture.closeLightbox?.();
    start(Number(link.dataset.t));
  });
})();

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

// The keyboard: / search, j and k sections, space the player, Esc closes.
(() => {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    const busy = event.target.closest("input, textarea, select, [contenteditable]");
    const acts = event.target.closest("a, button, summary, video, iframe");
    if (event.key === "Escape") {
      if (!Lecture.closeContents?.()) Lecture.closePlayer?.();
    } else if (busy) return;
    else if (event.key === "/") Lecture.on.search();
    else if (event.key === "j") Lecture.step?.(1);
    else if (event.key === "k") Lecture.step?.(-1);
    else if (event.key === " " && !acts && Lecture.togglePlayer?.()) { /* it played or paused */ }
    else return;
    if (event.key !== "Escape") event.preventDefault();
  });
})();
