// What can be done with a chapter of the library: open its folder, rename it, delete it (asked).
(() => {
  "use strict";
  const { make, say } = Lecture;
  const post = (chapter, what, body) => fetch(`/chapters/${encodeURIComponent(chapter)}/${what}`, {
    method: "POST", headers: { Accept: "application/json" }, body: body && JSON.stringify(body),
  }).catch(() => null);

  for (const more of document.querySelectorAll(".card-more")) {
    const { chapter, title } = more.dataset;
    more.hidden = false;
    more.querySelector("div").append(
      make("button", { type: "button", onclick: () => openFolder(chapter) }, say("card_open")),
      make("button", { type: "button", onclick: () => rename(chapter, title) }, say("card_rename")),
      make("button", { type: "button", className: "bad", onclick: () => ask(more, chapter, title) }, say("card_delete")));
    more.addEventListener("focusout", (event) => {
      if (!more.contains(event.relatedTarget)) more.open = false;
    });
  }

  async function openFolder(chapter) {
    const answer = await post(chapter, "open");
    if (!answer?.ok) Lecture.toast(await reason(answer));
  }

  const reason = async (answer) => (answer ? (await answer.text()) || answer.statusText : say("search_failed"));

  function rename(chapter, title) {
    const given = make("input", { value: title, maxLength: 200, spellcheck: true, "aria-label": say("card_title") });
    const told = make("p", { className: "bad", role: "status" });
    const form = make("form", { method: "dialog" },
      make("p", {}, `${say("card_title")}:`), given,
      make("p", { className: "ask-hint" }, say("card_own_title")), told,
      make("p", { className: "ask-buttons" },
        make("button", { type: "button", className: "keep", onclick: () => box.close() }, say("cancel")),
        make("button", { type: "submit", className: "good" }, say("card_rename"))));
    const box = make("dialog", { className: "ask", "aria-label": say("card_rename") }, form);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const answer = await post(chapter, "rename", { title: given.value });
      if (answer?.ok) location.reload();
      else told.textContent = await reason(answer);
    });
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
    given.select();
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
    if (answer?.ok) more.closest(".card").remove();
    Lecture.toast(answer?.ok ? say("card_deleted") : await reason(answer));
  }
})();
