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

  /** Keep a value for this reader; storage may be forbidden, then it is forgotten. */
  function remember(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      // Not kept then.
    }
  }

  /** What was kept under a key; null when nothing was. */
  function recall(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }

  for (const element of document.querySelectorAll("[data-do][hidden], .keys[hidden]")) {
    element.hidden = false;
  }

  return { say, make, toast, clock, copy, load, remember, recall, on: {} };
})();

// A button with data-do="x" does Lecture.on.x.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button && Lecture.on[button.dataset.do]) Lecture.on[button.dataset.do](button);
});

// The theme button: each press changes what is seen, between the system's colours and the others.
(() => {
  "use strict";
  const root = document.documentElement;

  Lecture.on.theme = () => {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const other = system === "dark" ? "light" : "dark";
    const next = (root.dataset.theme || system) === system ? other : "auto";
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    Lecture.remember("lecture-theme", next);
    Lecture.toast(`${Lecture.say("theme")}: ${Lecture.say(`theme_${next}`)}`);
  };
})();

// The contents list: marks the section being read, opens as a sheet on narrow screens.
(() => {
  "use strict";
  const { make, say } = Lecture;
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

  // --- headings below the sections', folded, each with the second of its first passage ---

  const folds = new Map(); // section -> {list, button, chosen: opened or closed by the reader}
  for (const section of sections) {
    const link = links.get(section.id);
    const headings = [...section.querySelectorAll(":scope h3[id]")];
    if (!link || !headings.length) continue;
    const list = make("ol", { className: "sub", hidden: true }, ...headings.map(entry));
    const name = link.lastElementChild.textContent.trim();
    const fold = make("button", { type: "button", className: "fold", "aria-expanded": "false",
      "aria-label": say("subheadings", { title: name }), onclick: () => open(section, list.hidden, true) });
    link.after(fold, list);
    folds.set(section, { list, fold, chosen: false });
  }

  function entry(heading) {
    const passages = [...document.querySelectorAll(`#${CSS.escape(heading.id)} ~ .passage[data-s]`)];
    const moment = passages[0]?.dataset.s;
    return make("li", {}, make("a", { href: `#${encodeURIComponent(heading.id)}` },
      make("span", {}, heading.textContent.trim()),
      make("span", { className: "when" }, moment ? Lecture.clock(Number(moment)) : "")));
  }

  function open(section, shown, chosen) {
    const one = folds.get(section);
    if (!one || (one.chosen && !chosen)) return;
    one.list.hidden = !shown;
    one.fold.setAttribute("aria-expanded", String(shown));
    one.chosen = chosen;
  }

  /** The last heading of a section above the reading line; null above its first. */
  function currentHeading(section) {
    const line = innerHeight / 3;
    return [...(section?.querySelectorAll(":scope h3[id]") ?? [])]
      .findLast((heading) => heading.getBoundingClientRect().top <= line) ?? null;
  }

  let marked = null;
  let markedHeading = null;
  function mark() {
    const current = Lecture.currentSection();
    if (current !== marked) {
      if (marked) {
        links.get(marked.id)?.removeAttribute("aria-current");
        open(marked, false, false);
      }
      marked = current;
      open(current, true, false);
      const link = current && links.get(current.id);
      if (link) {
        link.setAttribute("aria-current", "true");
        const { top, bottom } = link.getBoundingClientRect();
        const box = contents.getBoundingClientRect();
        if (top < box.top || bottom > box.bottom) {
          contents.scrollTop += top - box.top - box.height / 3;
        }
      }
    }
    const heading = currentHeading(current);
    if (heading === markedHeading) return;
    markedHeading = heading;
    contents.querySelector(".sub .reading")?.classList.remove("reading");
    if (heading) {
      folds.get(current)?.list
        .querySelector(`a[href="#${CSS.escape(encodeURIComponent(heading.id))}"]`)?.classList.add("reading");
    }
  }

  // --- how much has been read ---

  const article = document.querySelector("article");
  const line = make("progress", { className: "bar-read", max: 1, value: 0 });
  line.setAttribute("aria-hidden", "true");
  document.querySelector(".bar").append(line);
  const part = make("span", { className: "part-read" });
  contents.querySelector(".contents-title").append(part);
  let percent = -1;
  function measure() {
    const { top, height } = article.getBoundingClientRect();
    const read = Math.max(0, Math.min(1, (innerHeight - top) / Math.max(1, height)));
    // At the top, what the first window shows has not been read yet.
    const shown = scrollY < 40 ? 0 : read;
    line.value = shown;
    const now = Math.round(shown * 100);
    if (now === percent) return;
    percent = now;
    part.textContent = now ? say("read_part", { percent: now }) : "";
  }

  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; mark(); measure(); });
  }, { passive: true });
  requestAnimationFrame(mark);

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

// On paper a long output is shortened, and says by how much.
(() => {
  "use strict";
  const MOST = 40; // lines; what is cut leaves 30 (see the style sheet)
  const LEFT = 30;

  addEventListener("beforeprint", () => {
    for (const printed of document.querySelectorAll(".printed")) {
      const lines = printed.querySelector("pre").textContent.trimEnd().split("\n").length;
      printed.classList.toggle("shortened", lines > MOST);
      if (lines > MOST) printed.dataset.shortened = Lecture.say("print_shortened", { lines: lines - LEFT });
    }
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

// What plays the lecture: the video's file, or a site's own player in a frame.
// A device is {seek(ms), toggle(), pause(), rate(factor), now()}; it calls told.tick(ms) as it plays.
(() => {
  "use strict";
  const { make, say } = Lecture;
  const sections = [...document.querySelectorAll("article > section")];

  /** The lecture's words, and its sections as chapter marks, as tracks of the video. */
  async function addTracks(video) {
    const language = document.documentElement.lang;
    const marks = video.addTextTrack("chapters", say("contents"), language);
    for (const section of sections) {
      const name = section.querySelector("h2 .name").firstChild.textContent.trim();
      marks.addCue(new VTTCue(section.dataset.s / 1000, section.dataset.e / 1000, name));
    }
    if (!document.body.dataset.home) return; // a file that was passed on has nothing beside it
    let words = null;
    globalThis.lectureCaptions = (found) => { words = found; };
    await Lecture.load(`${document.body.dataset.assets}captions.js`);
    const captions = video.addTextTrack("captions", say("captions"), words.language);
    for (const [start, end, text] of words.cues) {
      captions.addCue(new VTTCue(start / 1000, end / 1000, text));
    }
    captions.mode = Lecture.recall("lecture-captions") === "on" ? "showing" : "disabled";
    video.textTracks.addEventListener("change", () => {
      Lecture.remember("lecture-captions", captions.mode === "showing" ? "on" : "off");
    });
  }

  function fileDevice(address, stage, told) {
    const video = make("video", { controls: true, playsInline: true, preload: "auto", src: address });
    video.setAttribute("aria-label", told.title);
    const tick = () => told.tick(video.currentTime * 1000);
    video.addEventListener("timeupdate", tick);
    video.addEventListener("seeking", tick);
    video.addEventListener("ratechange", () => told.rate(video.playbackRate));
    video.addEventListener("error", told.failed);
    stage.replaceChildren(video);
    addTracks(video).catch(() => {}); // rendered before there were captions
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
      rate(factor) { video.defaultPlaybackRate = factor; video.playbackRate = factor; },
      now: () => video.currentTime * 1000,
    };
  }

  function embedDevice(address, stage, ms, told) {
    const url = new URL(address);
    const frame = make("iframe", {
      allow: "autoplay; encrypted-media; fullscreen; picture-in-picture", allowFullscreen: true,
      title: told.title, referrerPolicy: "strict-origin-when-cross-origin",
    });
    const send = (data) => frame.contentWindow.postMessage(JSON.stringify(data), url.origin);
    const youtube = url.hostname.endsWith("youtube-nocookie.com");
    const vimeo = url.hostname === "player.vimeo.com";
    let playing = true;
    let now = ms;
    let factor = 1;
    const command = (func, args = []) => send({ event: "command", func, args });
    function tick(moment) { now = moment; told.tick(moment); }

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
      if (youtube && data.event === "onReady") setRate(factor);
      if (vimeo && data.event === "timeupdate") tick(data.data.seconds * 1000);
      if (vimeo && data.event === "ready") {
        send({ method: "addEventListener", value: "timeupdate" });
        setRate(factor);
      }
    });
    function setRate(wanted) {
      factor = wanted;
      if (youtube) command("setPlaybackRate", [wanted]);
      else if (vimeo) send({ method: "setPlaybackRate", value: wanted });
    }
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
      rate: setRate,
      now: () => now,
      steerable: youtube || vimeo, // others can only be reloaded
    };
  }

  Lecture.devices = { file: fileDevice, embed: embedDevice };
})();

// Where the player stands: beside the text, in a corner, or where it was dragged to; remembered.
(() => {
  "use strict";
  const { make, say, remember, recall } = Lecture;
  const root = document.documentElement;
  const PLACES = ["side", "end", "start"]; // on a phone: below, below, above
  const wide = matchMedia("(min-width: 64rem)");
  const narrow = matchMedia("(max-width: 40rem)");
  let place = recall("lecture-player") || "side";

  function set(dock, next) {
    place = next;
    const free = next.startsWith("free") && !narrow.matches;
    root.dataset.player = free ? "free" : next.replace(/^free.*/, "side");
    remember("lecture-player", next);
    if (free) {
      const [, x, y] = next.split(" ").map(Number);
      put(dock, x * innerWidth, y * innerHeight);
    } else {
      for (const side of ["left", "top", "right", "bottom"]) dock.style[side] = "";
    }
  }

  /** At these pixels, or as near as the window allows. */
  function put(dock, left, top) {
    const room = { x: innerWidth - dock.offsetWidth - 8, y: innerHeight - dock.offsetHeight - 8 };
    dock.style.left = `${Math.max(8, Math.min(room.x, left))}px`;
    dock.style.top = `${Math.max(8, Math.min(room.y, top))}px`;
    dock.style.right = dock.style.bottom = "auto";
  }

  function next() {
    const open = narrow.matches ? ["end", "start"] : wide.matches ? PLACES : ["end", "start"];
    return open[(open.indexOf(place) + 1) % open.length] ?? open[0];
  }

  /** The button that moves the player on; it is dragged by this or by its bar. */
  Lecture.moveButton = (dock) => make("button", {
    type: "button", className: "icon move", "aria-label": say("move_player"), title: say("move_player"),
    onclick: () => { if (!dock.dataset.dragged) { set(dock, next()); dock.dispatchEvent(new Event("moved")); } },
  });

  Lecture.placePlayer = (dock, moved) => {
    set(dock, place);
    dock.addEventListener("moved", () => requestAnimationFrame(moved));
    addEventListener("resize", () => set(dock, place));
    new ResizeObserver(() => {
      root.style.setProperty("--player-height", `${dock.offsetHeight}px`);
    }).observe(dock);

    dock.addEventListener("pointerdown", (event) => {
      const handle = event.target.closest(".move, .player-bar, .player-where");
      const control = event.target.closest("button:not(.move), select");
      if (!handle || control || event.button || narrow.matches) return;
      const box = dock.getBoundingClientRect();
      const from = { x: event.clientX, y: event.clientY };
      delete dock.dataset.dragged;
      const drag = (move) => {
        const by = { x: move.clientX - from.x, y: move.clientY - from.y };
        if (!dock.dataset.dragged && Math.hypot(by.x, by.y) < 5) return;
        dock.dataset.dragged = "1";
        root.dataset.player = "free";
        put(dock, box.left + by.x, box.top + by.y);
      };
      const drop = () => {
        removeEventListener("pointermove", drag);
        if (!dock.dataset.dragged) return;
        const at = dock.getBoundingClientRect();
        set(dock, `free ${(at.left / innerWidth).toFixed(4)} ${(at.top / innerHeight).toFixed(4)}`);
        dock.dispatchEvent(new Event("moved"));
        setTimeout(() => delete dock.dataset.dragged); // after the click that ends the drag
      };
      addEventListener("pointermove", drag);
      addEventListener("pointerup", drop, { once: true });
      addEventListener("pointercancel", drop, { once: true });
      event.preventDefault();
    });
  };
})();

// The player beside the text, and the passage being spoken.
(() => {
  "use strict";
  const { make, say, remember, recall } = Lecture;
  const dock = document.getElementById("player");
  if (!dock) return;

  const root = document.documentElement;
  const passages = [...document.querySelectorAll(".passage")]
    .map((element) => ({
      element, start: Number(element.dataset.s), end: Number(element.dataset.e),
    }))
    .sort((one, other) => one.start - other.start);
  const sections = [...document.querySelectorAll("article > section")];
  const button = document.querySelector('[data-do="player"]');
  const stoppedAt = `lecture-at:${document.body.dataset.chapter}`;
  const RATES = [0.75, 1, 1.25, 1.5, 1.75, 2];
  let device = null; // what plays, see Lecture.devices
  let follow = false;
  let spoken = null;
  let rate = Number(recall("lecture-rate")) || 1;

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

  let kept = -1;
  function tick(ms) {
    if (Math.abs(ms - kept) > 5000 && ms > 0) {
      kept = ms;
      remember(stoppedAt, Math.round(ms));
    }
    markSection(ms);
    const passage = passageAt(ms);
    if (passage === spoken) return;
    spoken?.element.classList.remove("spoken");
    spoken = passage;
    if (!spoken) return;
    spoken.element.classList.add("spoken");
    bringIntoView(spoken.element);
  }

  /**
   * When following, keep the passage in the middle of what the player leaves free; else only move
   * it out from behind the player.
   */
  function bringIntoView(element) {
    const box = element.getBoundingClientRect();
    const card = dock.getBoundingClientRect();
    let top = document.querySelector(".bar").getBoundingClientRect().bottom;
    let bottom = innerHeight;
    const inTheWay = !dock.hidden && card.left < box.right && card.right > box.left;
    if (inTheWay && card.top - top >= bottom - card.bottom) bottom = card.top;
    else if (inTheWay) top = card.bottom;
    const hidden = inTheWay && box.top < card.bottom && box.bottom > card.top;
    const room = bottom - top;
    const out = box.top < top + room * 0.1 || box.bottom > bottom - room * 0.2;
    if (follow && out) scrollBy(0, box.top - top - Math.max(12, (room - box.height) / 2));
    else if (hidden) scrollBy(0, box.top - top - Math.max(12, room - box.height - 12));
  }

  // --- the bar below the picture: section, marks, speed, back, follow ---

  let stage, marks, sectionName, speed;
  function sectionAt(ms) {
    return sections.findLastIndex((section) => Number(section.dataset.s) <= ms);
  }

  let marked = -1;
  function markSection(ms) {
    if (!marks) return;
    const first = Number(sections[0].dataset.s);
    const last = Number(sections.at(-1).dataset.e);
    marks.style.setProperty("--played", Math.max(0, Math.min(1, (ms - first) / (last - first))));
    const at = sectionAt(ms);
    if (at === marked) return;
    marked = at;
    sectionName.textContent = at < 0 ? "" : nameOf(sections[at]);
  }

  function nameOf(section) {
    const number = section.querySelector("h2 > .number").textContent;
    return `${number} ${section.querySelector("h2 .name").firstChild.textContent.trim()}`;
  }

  /** A line along the lecture with a mark at each section; a click goes to its section. */
  function buildMarks() {
    const first = Number(sections[0].dataset.s);
    const length = Number(sections.at(-1).dataset.e) - first;
    const line = make("div", { className: "player-marks", title: say("contents") });
    line.setAttribute("aria-hidden", "true"); // the buttons beside the section's name do the same
    for (const section of sections.slice(1)) {
      const mark = make("span");
      mark.style.setProperty("--at", (Number(section.dataset.s) - first) / length);
      line.append(mark);
    }
    const momentOf = (event) => {
      const box = line.getBoundingClientRect();
      const part = (event.clientX - box.left) / box.width;
      return first + length * (document.dir === "rtl" ? 1 - part : part);
    };
    line.addEventListener("click", (event) => {
      start(Number(sections[Math.max(0, sectionAt(momentOf(event)))].dataset.s));
    });
    line.addEventListener("mousemove", (event) => {
      line.title = nameOf(sections[Math.max(0, sectionAt(momentOf(event)))]);
    });
    return line;
  }

  function step(by) {
    const target = sections[Math.max(0, Math.min(sections.length - 1, marked + by))];
    start(Number(target.dataset.s));
  }

  function small(sign, label, act, extra = "") {
    return make("button", { type: "button", className: `icon ${extra}`, "aria-label": label, title: label,
      onclick: act }, sign);
  }

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
    speed = make("select", { className: "speed", "aria-label": say("speed"), title: say("speed"),
      onchange: () => setRate(Number(speed.value)) },
    ...RATES.map((one) => make("option", { value: one }, `${one}×`)));
    speed.value = rate;
    const back = say("back_seconds", { seconds: 10 });
    marks = buildMarks();
    sectionName = make("span", { className: "player-section" });
    const bar = make("div", { className: "player-bar" },
      small("−10", back, () => device && start(Math.max(0, device.now() - 10_000)), "back"),
      followButton, speed,
      Lecture.moveButton(dock),
      small("×", say("close"), close, "shut"));
    const where = make("div", { className: "player-where" },
      small("‹", say("previous_section"), () => step(-1)), sectionName,
      small("›", say("next_section"), () => step(1)));
    dock.replaceChildren(make("div", { className: "player-card" }, stage, marks, where, bar));
    Lecture.placePlayer(dock, () => spoken && bringIntoView(spoken.element));
  }

  function setRate(factor) {
    if (!RATES.includes(factor)) return;
    rate = factor;
    speed.value = factor;
    remember("lecture-rate", factor);
    if (device) device.rate(factor);
  }

  // --- the dock ---

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

  function open() {
    if (!stage) build();
    dock.hidden = false;
    root.classList.add("has-player");
    button?.setAttribute("aria-pressed", "true");
  }

  function close() {
    device?.pause();
    dock.hidden = true;
    root.classList.remove("has-player");
    button?.setAttribute("aria-pressed", "false");
    spoken?.element.classList.remove("spoken");
    spoken = null;
  }

  const told = {
    title: dock.dataset.title, tick,
    rate: (factor) => { if (factor !== rate) setRate(factor); },
    failed() {
      // The chapter was moved away from its video.
      device = null;
      dock.dataset.file = "";
      if (canEmbed()) start(wanted);
      else stage.replaceChildren(message());
    },
  };

  function start(ms) {
    wanted = ms;
    open();
    if (device) device.seek(ms);
    else if (dock.dataset.file) {
      device = Lecture.devices.file(dock.dataset.file, stage, told);
      device.rate(rate);
      device.seek(ms);
    } else if (!canEmbed()) stage.replaceChildren(message());
    else if (allowed) {
      device = Lecture.devices.embed(dock.dataset.embed, stage, ms, told);
      device.rate(rate);
    } else stage.replaceChildren(consent());
    if (device) tick(ms);
    requestAnimationFrame(() => { if (spoken) bringIntoView(spoken.element); });
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
  } else {
    Lecture.on.player = () => {
      if (!dock.hidden) { close(); return; }
      const stopped = device ? device.now() : Number(recall(stoppedAt));
      if (stopped) Lecture.toast(say("resumed", { time: Lecture.clock(stopped) }));
      start(stopped || Number(Lecture.currentSection()?.dataset.s ?? wanted));
    };
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-t]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      Lecture.closeLightbox?.();
      start(Number(link.dataset.t));
    });
  }

  // --- a page asked for at a second: ?t=83, #t=1m23s, ?t=1:23 ---

  function askedFor() {
    const text = new URLSearchParams(location.search).get("t") ?? /^#t=(.+)$/.exec(location.hash)?.[1];
    const units = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/.exec(text || "");
    const parts = units ? units.slice(1) : /^(?:(\d+):)?(\d+):(\d+)$/.exec(text || "")?.slice(1);
    if (!text || !parts) return null;
    const [hours, minutes, seconds] = parts.map((part) => Number(part || 0));
    return ((hours * 60 + minutes) * 60 + seconds) * 1000;
  }

  function goToAsked() {
    const ms = askedFor();
    if (ms === null) return;
    const passage = passageAt(ms) ?? passages.findLast((one) => one.start <= ms);
    const show = () => passage?.element.scrollIntoView({ block: "center", behavior: "instant" });
    show();
    // Until all is loaded the text is set in another font.
    if (document.readyState !== "complete") addEventListener("load", () => document.fonts.ready.then(show));
    if (canPlay()) start(ms);
    else passage?.element.classList.add("linked");
  }
  addEventListener("hashchange", goToAsked);
  goToAsked();
})();

// Cells that run in the page, where the server has Pyodide: edit, run, run all above, stop.
// Nothing is loaded before the first press of Run.
(() => {
  "use strict";
  const { make, say } = Lecture;
  const pyodide = document.body.dataset.pyodide;
  if (!pyodide) return;

  const cells = [...document.querySelectorAll(".cell:not(.alone)")]
    .filter((cell) => /^(python|py|python3|py3)$/.test(cell.querySelector(".cell-language")?.textContent ?? ""))
    .map((cell) => ({ cell, code: cell.querySelector("pre.code > code"), ran: false }));
  let worker = null;
  let number = 0;
  const waiting = new Map(); // id of a message -> {told(message), done(error)}

  function ask(message, told) {
    const id = (number += 1);
    return new Promise((done) => {
      waiting.set(id, { told, done });
      worker.postMessage({ id, ...message });
    });
  }

  /** Start Python; resolves to what went wrong, undefined for nothing. */
  let starting = null;
  function start(told) {
    starting ??= (() => {
      worker = new Worker("/python/worker.js", { type: "module" });
      worker.addEventListener("message", ({ data }) => {
        const one = waiting.get(data.id);
        if (!data.done) { one?.told(data); return; }
        waiting.delete(data.id);
        one?.done(data.error);
      });
      worker.addEventListener("error", () => stop(say("python_failed")));
      return ask({ start: { pyodide: new URL(pyodide, location).href,
        minbpe: new URL("/python/minbpe.zip", location).href } }, told);
    })();
    return starting;
  }

  /** End Python, with all names; what waits ends with `reason`. */
  function stop(reason) {
    worker?.terminate();
    worker = starting = null;
    for (const { done } of waiting.values()) done(reason);
    waiting.clear();
    for (const one of cells) one.ran = false;
  }

  function outputOf(one) {
    if (!one.box) {
      one.shown = make("samp");
      one.state = make("span", { className: "own-state", role: "status" });
      one.box = make("div", { className: "printed own" },
        make("span", { className: "cell-language" }, say("your_run"), " ", one.state),
        make("pre", { className: "output", tabIndex: 0 }, one.shown));
      one.cell.append(one.box);
    }
    return one;
  }

  async function run(one) {
    outputOf(one);
    one.shown.textContent = "";
    one.box.classList.remove("wrong");
    one.run.textContent = say("stop");
    one.running = true;
    const told = ({ state, text }) => {
      if (state) one.state.textContent = say(`python_${state}`);
      if (text) one.shown.append(text);
    };
    const error = (await start(told)) ?? (await ask({ run: one.code.textContent }, told));
    one.running = false;
    one.run.textContent = say("run");
    one.state.textContent = error ? "" : say("python_done");
    one.ran = !error;
    if (error) {
      if (!worker) starting = null;
      one.box.classList.add("wrong");
      one.shown.append(error);
    }
    return !error;
  }

  async function runAbove(last) {
    for (const one of cells.slice(0, cells.indexOf(last) + 1)) {
      if (one.cell.classList.contains("excerpt") && one !== last) continue;
      if (one.ran && one !== last) continue;
      if (!(await run(one))) {
        one.cell.scrollIntoView({ block: "nearest" });
        return;
      }
    }
  }

  function edit(one) {
    one.original ??= [...one.code.childNodes].map((node) => node.cloneNode(true));
    one.code.contentEditable = "plaintext-only";
    one.code.spellcheck = false;
    one.code.setAttribute("role", "textbox");
    one.code.setAttribute("aria-multiline", "true");
    one.code.setAttribute("aria-label", say("edit_code"));
    one.cell.classList.add("edited");
    one.edit.textContent = say("restore");
    one.code.focus();
  }

  function restore(one) {
    one.code.replaceChildren(...one.original.map((node) => node.cloneNode(true)));
    for (const name of ["contenteditable", "spellcheck", "role", "aria-multiline", "aria-label"]) one.code.removeAttribute(name);
    one.cell.classList.remove("edited");
    one.edit.textContent = say("edit");
    one.ran = false;
  }

  const button = (text, act, title = text) =>
    make("button", { type: "button", className: "copy act", title, onclick: act }, text);

  for (const one of cells) {
    one.run = button(say("run"), () => (one.running ? stop(say("stopped")) : run(one)));
    one.run.classList.add("run");
    one.above = button(say("run_above"), () => runAbove(one), say("run_above_all"));
    one.edit = button(say("edit"), () => (one.cell.classList.contains("edited") ? restore(one) : edit(one)));
    one.code.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.shiftKey || event.ctrlKey)) {
        event.preventDefault();
        run(one);
      }
    });
    one.code.addEventListener("input", () => { one.ran = false; });
    one.cell.querySelector(".cell-head").append(one.edit, one.above, one.run);
  }
  Lecture.stopPython = () => stop(say("stopped"));
})();

// Correcting a word where the page is served: select it in a passage, say what it should be.
(() => {
  "use strict";
  const { make, say } = Lecture;
  if (!("served" in document.body.dataset)) return;
  const MOST = 120; // characters that can be selected
  let button = null;

  /** The selected words and the passage they stand in; null for anything else. */
  function chosen() {
    const selection = getSelection();
    const words = selection.toString().replace(/\s+/g, " ").trim();
    if (!words || words.length > MOST || selection.rangeCount !== 1) return null;
    const { commonAncestorContainer: node } = selection.getRangeAt(0);
    const element = node.nodeType === 1 ? node : node.parentElement;
    const passage = element.closest(".passage");
    if (!passage || element.closest("pre, code, math, .tail, .at, .time")) return null;
    return { words, passage };
  }

  document.addEventListener("selectionchange", () => {
    if (document.querySelector("dialog[open]")) return;
    const found = chosen();
    if (!found) { button?.remove(); return; }
    button ??= make("button", { type: "button", className: "correct", onmousedown: (event) => event.preventDefault(),
      onclick: () => { const now = chosen(); if (now) ask(now); } }, say("correct"));
    found.passage.append(button);
  });

  function ask({ words, passage }) {
    const right = make("input", { value: words, spellcheck: true, "aria-label": say("correct_as") });
    const option = (value, text, checked) => make("label", {},
      make("input", { type: "radio", name: "where", value, checked }), " ", text);
    const told = make("p", { className: "bad", role: "status" });
    const form = make("form", { method: "dialog" },
      make("p", {}, `${say("correct_as")}:`), right,
      make("p", { className: "correct-where" }, option("here", say("correct_here"), true),
        option("everywhere", say("correct_everywhere"), false)),
      told,
      make("p", { className: "ask-buttons" },
        make("button", { type: "button", onclick: () => box.close() }, say("cancel")),
        make("button", { type: "submit", className: "good" }, say("correct"))));
    const box = make("dialog", { className: "ask", "aria-label": say("correct") }, form);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const here = form.elements.where.value === "here";
      const answer = await fetch(`/chapters/${encodeURIComponent(document.body.dataset.chapter)}/correct`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ wrong: words, right: right.value.trim(),
          ...(here ? { start_ms: Number(passage.dataset.s), end_ms: Number(passage.dataset.e) } : {}) }),
      }).catch(() => null);
      if (!answer?.ok) { told.textContent = answer ? await answer.text() : say("search_failed"); return; }
      box.close();
      Lecture.toast(say("corrected"));
      history.replaceState(null, "", `#${passage.id}`);
      location.reload();
    });
    box.addEventListener("close", () => box.remove());
    button?.remove();
    document.body.append(box);
    box.showModal();
    right.select();
  }
})();

// Asking the chapter, where the server has a model: the answer stands below the search's field,
// each sentence with its seconds.
(() => {
  "use strict";
  const { make, say } = Lecture;
  if (!("ask" in document.body.dataset)) return;

  /** A button and a place for the answer, for the dialog with this field. */
  Lecture.askBox = (input, close) => {
    const answer = make("div", { className: "answer", role: "status" });
    const button = make("button", { type: "button", className: "scope", title: say("ask_note"),
      onclick: () => ask(input.value.trim(), answer, button, close) }, say("ask"));
    input.addEventListener("input", () => answer.replaceChildren());
    return make("div", { className: "ask-chapter" }, button, answer);
  };

  async function ask(question, answer, button, close) {
    if (!question) return;
    button.disabled = true;
    answer.textContent = say("asking");
    const reply = await fetch(`/chapters/${encodeURIComponent(document.body.dataset.chapter)}/ask`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ question }),
    }).catch(() => null);
    button.disabled = false;
    if (!reply?.ok) { answer.textContent = reply ? await reply.text() : say("search_failed"); return; }
    const { sentences, cost } = await reply.json();
    if (!sentences.length) { answer.textContent = say("ask_silent"); return; }
    answer.replaceChildren(...sentences.map((sentence) => make("p", {}, sentence.text, " ",
      ...sentence.passages.flatMap(({ at_ms: ms }) => [time(ms, close), " "]))));
    if (cost) answer.append(make("p", { className: "answer-cost" }, say("ask_cost", { cost: cost.toFixed(4) })));
  }

  function time(ms, close) {
    return make("a", { className: "time inline", href: `?t=${Math.floor(ms / 1000)}`, "data-t": ms, onclick: close },
      Lecture.clock(ms));
  }
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
