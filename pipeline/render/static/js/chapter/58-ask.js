// Asking the chapter, where the server has a model: the answer stands below the search's field,
// each sentence with its seconds.
(() => {
  "use strict";
  const { make, say } = Lecture;
  if (!("ask" in document.body.dataset)) return;

  /** A button and a place for the answer, for the dialog with this field. */
  Lecture.askBox = (input, close) => {
    const answer = make("div", { className: "answer", role: "status" });
    const button = make("button", { type: "button", className: "scope", title: say("ask_note"),
      onclick: () => ask(input.value.trim(), answer, button, close) }, say("ask"));
    input.addEventListener("input", () => answer.replaceChildren());
    return make("div", { className: "ask-chapter" }, button, answer);
  };

  async function ask(question, answer, button, close) {
    if (!question) return;
    button.disabled = true;
    answer.textContent = say("asking");
    const reply = await fetch(`/chapters/${encodeURIComponent(document.body.dataset.chapter)}/ask`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ question }),
    }).catch(() => null);
    button.disabled = false;
    if (!reply?.ok) { answer.textContent = reply ? await reply.text() : say("search_failed"); return; }
    const { sentences, cost } = await reply.json();
    if (!sentences.length) { answer.textContent = say("ask_silent"); return; }
    answer.replaceChildren(...sentences.map((sentence) => make("p", {}, sentence.text, " ",
      ...sentence.passages.flatMap(({ at_ms: ms }) => [time(ms, close), " "]))));
    if (cost) answer.append(make("p", { className: "answer-cost" }, say("ask_cost", { cost: cost.toFixed(4) })));
  }

  function time(ms, close) {
    return make("a", { className: "time inline", href: `?t=${Math.floor(ms / 1000)}`, "data-t": ms, onclick: close },
      Lecture.clock(ms));
  }
})();
