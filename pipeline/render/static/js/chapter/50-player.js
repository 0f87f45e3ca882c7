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
