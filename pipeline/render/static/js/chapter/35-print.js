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
