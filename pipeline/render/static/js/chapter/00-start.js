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
