// Cells that run in the page, where the server has Pyodide: edit, run, run all above, stop.
// Nothing is loaded before the first press of Run.
(() => {
  "use strict";
  const { make, say } = Lecture;
  const pyodide = document.body.dataset.pyodide;
  if (!pyodide) return;

  const cells = [...document.querySelectorAll(".cell:not(.alone)")]
    .filter((cell) => /^(python|py|python3|py3)$/.test(cell.querySelector(".cell-language")?.textContent ?? ""))
    .map((cell) => ({ cell, code: cell.querySelector("pre.code > code"), ran: false }));
  let worker = null;
  let number = 0;
  const waiting = new Map(); // id of a message -> {told(message), done(error)}

  function ask(message, told) {
    const id = (number += 1);
    return new Promise((done) => {
      waiting.set(id, { told, done });
      worker.postMessage({ id, ...message });
    });
  }

  /** Start Python; resolves to what went wrong, undefined for nothing. */
  let starting = null;
  function start(told) {
    starting ??= (() => {
      worker = new Worker("/python/worker.js", { type: "module" });
      worker.addEventListener("message", ({ data }) => {
        const one = waiting.get(data.id);
        if (!data.done) { one?.told(data); return; }
        waiting.delete(data.id);
        one?.done(data.error);
      });
      worker.addEventListener("error", () => stop(say("python_failed")));
      return ask({ start: { pyodide: new URL(pyodide, location).href,
        minbpe: new URL("/python/minbpe.zip", location).href } }, told);
    })();
    return starting;
  }

  /** End Python, with all names; what waits ends with `reason`. */
  function stop(reason) {
    worker?.terminate();
    worker = starting = null;
    for (const { done } of waiting.values()) done(reason);
    waiting.clear();
    for (const one of cells) one.ran = false;
  }

  function outputOf(one) {
    if (!one.box) {
      one.shown = make("samp");
      one.state = make("span", { className: "own-state", role: "status" });
      one.box = make("div", { className: "printed own" },
        make("span", { className: "cell-language" }, say("your_run"), " ", one.state),
        make("pre", { className: "output", tabIndex: 0 }, one.shown));
      one.cell.append(one.box);
    }
    return one;
  }

  async function run(one) {
    outputOf(one);
    one.shown.textContent = "";
    one.box.classList.remove("wrong");
    one.run.textContent = say("stop");
    one.running = true;
    const told = ({ state, text }) => {
      if (state) one.state.textContent = say(`python_${state}`);
      if (text) one.shown.append(text);
    };
    const error = (await start(told)) ?? (await ask({ run: one.code.textContent }, told));
    one.running = false;
    one.run.textContent = say("run");
    one.state.textContent = error ? "" : say("python_done");
    one.ran = !error;
    if (error) {
      if (!worker) starting = null;
      one.box.classList.add("wrong");
      one.shown.append(error);
    }
    return !error;
  }

  async function runAbove(last) {
    for (const one of cells.slice(0, cells.indexOf(last) + 1)) {
      if (one.cell.classList.contains("excerpt") && one !== last) continue;
      if (one.ran && one !== last) continue;
      if (!(await run(one))) {
        one.cell.scrollIntoView({ block: "nearest" });
        return;
      }
    }
  }

  function edit(one) {
    one.original ??= [...one.code.childNodes].map((node) => node.cloneNode(true));
    one.code.contentEditable = "plaintext-only";
    one.code.spellcheck = false;
    one.code.setAttribute("role", "textbox");
    one.code.setAttribute("aria-multiline", "true");
    one.code.setAttribute("aria-label", say("edit_code"));
    one.cell.classList.add("edited");
    one.edit.textContent = say("restore");
    one.code.focus();
  }

  function restore(one) {
    one.code.replaceChildren(...one.original.map((node) => node.cloneNode(true)));
    for (const name of ["contenteditable", "spellcheck", "role", "aria-multiline", "aria-label"]) one.code.removeAttribute(name);
    one.cell.classList.remove("edited");
    one.edit.textContent = say("edit");
    one.ran = false;
  }

  const button = (text, act, title = text) =>
    make("button", { type: "button", className: "copy act", title, onclick: act }, text);

  for (const one of cells) {
    one.run = button(say("run"), () => (one.running ? stop(say("stopped")) : run(one)));
    one.run.classList.add("run");
    one.above = button(say("run_above"), () => runAbove(one), say("run_above_all"));
    one.edit = button(say("edit"), () => (one.cell.classList.contains("edited") ? restore(one) : edit(one)));
    one.code.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.shiftKey || event.ctrlKey)) {
        event.preventDefault();
        run(one);
      }
    });
    one.code.addEventListener("input", () => { one.ran = false; });
    one.cell.querySelector(".cell-head").append(one.edit, one.above, one.run);
  }
  Lecture.stopPython = () => stop(say("stopped"));
})();
