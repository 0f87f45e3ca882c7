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
