// What can be done with a chapter of the library: open its folder, delete it (asked).
(() => {
  "use strict";
  const { make, say } = Lecture;
  const post = (chapter, what) => fetch(`/chapters/${encodeURIComponent(chapter)}/${what}`, {
    method: "POST", headers: { Accept: "application/json" },
  });

  for (const more of document.querySelectorAll(".card-more")) {
    const { chapter, title } = more.dataset;
    more.hidden = false;
    more.querySelector("div").append(
      make("button", { type: "button", onclick: () => openFolder(chapter) }, say("card_open")),
      make("button", { type: "button", className: "bad", onclick: () => ask(more, chapter, title) }, say("card_delete")));
    more.addEventListener("focusout", (event) => {
      if (!more.contains(event.relatedTarget)) more.open = false;
    });
  }

  async function openFolder(chapter) {
    const answer = await post(chapter, "open");
    if (!answer.ok) Lecture.toast((await answer.text()) || answer.statusText);
  }

  function ask(more, chapter, title) {
    const box = make("dialog", { className: "ask", "aria-label": say("card_delete") },
      make("p", {}, say("card_delete_ask", { title })),
      make("p", { className: "ask-buttons" },
        make("button", { type: "button", className: "keep", onclick: () => box.close() }, say("cancel")),
        make("button", { type: "button", className: "bad", onclick: () => remove(box, more, chapter) }, say("card_delete"))));
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
  }

  async function remove(box, more, chapter) {
    const answer = await post(chapter, "delete");
    box.close();
    if (answer.ok) more.closest(".card").remove();
    Lecture.toast(answer.ok ? say("card_deleted") : await answer.text());
  }
})();
