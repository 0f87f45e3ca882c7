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
