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
