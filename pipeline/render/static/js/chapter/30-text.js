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
