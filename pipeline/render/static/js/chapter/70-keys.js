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
