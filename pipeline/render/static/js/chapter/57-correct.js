// Correcting a word where the page is served: select it in a passage, say what it should be.
(() => {
  "use strict";
  const { make, say } = Lecture;
  if (!("served" in document.body.dataset)) return;
  const MOST = 120; // characters that can be selected
  let button = null;

  /** The selected words and the passage they stand in; null for anything else. */
  function chosen() {
    const selection = getSelection();
    const words = selection.toString().replace(/\s+/g, " ").trim();
    if (!words || words.length > MOST || selection.rangeCount !== 1) return null;
    const { commonAncestorContainer: node } = selection.getRangeAt(0);
    const element = node.nodeType === 1 ? node : node.parentElement;
    const passage = element.closest(".passage");
    if (!passage || element.closest("pre, code, math, .tail, .at, .time")) return null;
    return { words, passage };
  }

  document.addEventListener("selectionchange", () => {
    if (document.querySelector("dialog[open]")) return;
    const found = chosen();
    if (!found) { button?.remove(); return; }
    button ??= make("button", { type: "button", className: "correct", onmousedown: (event) => event.preventDefault(),
      onclick: () => { const now = chosen(); if (now) ask(now); } }, say("correct"));
    found.passage.append(button);
  });

  function ask({ words, passage }) {
    const right = make("input", { value: words, spellcheck: true, "aria-label": say("correct_as") });
    const option = (value, text, checked) => make("label", {},
      make("input", { type: "radio", name: "where", value, checked }), " ", text);
    const told = make("p", { className: "bad", role: "status" });
    const form = make("form", { method: "dialog" },
      make("p", {}, `${say("correct_as")}:`), right,
      make("p", { className: "correct-where" }, option("here", say("correct_here"), true),
        option("everywhere", say("correct_everywhere"), false)),
      told,
      make("p", { className: "ask-buttons" },
        make("button", { type: "button", onclick: () => box.close() }, say("cancel")),
        make("button", { type: "submit", className: "good" }, say("correct"))));
    const box = make("dialog", { className: "ask", "aria-label": say("correct") }, form);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const here = form.elements.where.value === "here";
      const answer = await fetch(`/chapters/${encodeURIComponent(document.body.dataset.chapter)}/correct`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ wrong: words, right: right.value.trim(),
          ...(here ? { start_ms: Number(passage.dataset.s), end_ms: Number(passage.dataset.e) } : {}) }),
      }).catch(() => null);
      if (!answer?.ok) { told.textContent = answer ? await answer.text() : say("search_failed"); return; }
      box.close();
      Lecture.toast(say("corrected"));
      history.replaceState(null, "", `#${passage.id}`);
      location.reload();
    });
    box.addEventListener("close", () => box.remove());
    button?.remove();
    document.body.append(box);
    box.showModal();
    right.select();
  }
})();
