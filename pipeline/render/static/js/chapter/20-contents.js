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
