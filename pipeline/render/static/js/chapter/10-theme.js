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
