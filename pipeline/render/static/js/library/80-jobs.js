// The library's form, and the jobs it started: their stages live, from server-sent events.
(() => {
  "use strict";
  const { make, say } = Lecture;
  const form = document.getElementById("add");
  const source = document.getElementById("source");
  const file = document.getElementById("file");
  const status = document.getElementById("add-status");
  const box = document.getElementById("jobs");
  const list = box.querySelector("ul");
  const captions = document.getElementById("captions");
  form.querySelector(".add-more").hidden = false;
  for (const one of form.querySelectorAll(".only-script")) one.hidden = false;

  // A bookmark that brings the open page's address here; nothing is converted without a press.
  document.getElementById("bookmark").href =
    `javascript:location.href=${JSON.stringify(`${location.origin}/?add=`)}+encodeURIComponent(location.href)`;
  const brought = new URLSearchParams(location.search).get("add");
  if (brought) {
    source.value = brought;
    history.replaceState(null, "", "/");
    source.focus();
  }

  /** What the options say, by name; only what is filled in. */
  function options() {
    const given = Object.fromEntries(new FormData(form));
    delete given.source;
    return Object.fromEntries(Object.entries(given).filter(([, value]) => typeof value === "string" && value.trim()));
  }

  // --- adding ---

  async function add(value) {
    tell("");
    const answer = await fetch("/jobs", {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ ...options(), source: value }),
    }).catch(() => null);
    if (answer?.ok) source.value = form.elements.captions_url.value = "";
    else await failed(answer);
  }

  async function failed(answer) {
    const reason = answer ? await answer.text() : "";
    tell(`${say("job_failed_to_add")}${reason ? `: ${reason}` : ""}`, true);
  }

  function tell(text, bad = false) {
    status.textContent = text;
    status.classList.toggle("bad", bad);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (file.files.length) upload(file.files[0], captions.files[0]);
    else if (form.reportValidity()) add(source.value.trim());
  });
  document.getElementById("demo").addEventListener("click", () => add("demo"));

  // --- a file: it goes when the button is pressed, so that options can be filled in after it ---

  const hint = source.placeholder;
  let sending = null; // the request under way
  const drop = make("button", { type: "button", className: "link", hidden: true,
    onclick: () => { sending?.abort(); file.value = captions.value = ""; tell(""); chosen(); } }, say("cancel"));
  file.closest("label").after(drop);

  function chosen() {
    const [video] = file.files;
    source.disabled = Boolean(video);
    source.placeholder = video ? video.name : hint;
    if (video) source.value = "";
    drop.hidden = !video;
    form.classList.toggle("has-file", Boolean(video));
  }
  file.addEventListener("change", () => { tell(""); chosen(); });

  function upload(video, words) {
    const given = { ...options(), name: video.name };
    if (words) Object.assign(given, { captions: words.name, captions_bytes: words.size });
    const request = sending = new XMLHttpRequest(); // fetch cannot tell how much has been sent
    request.upload.addEventListener("progress", (event) => {
      const percent = Math.floor((100 * event.loaded) / Math.max(1, event.total));
      tell(say("job_uploading", { name: video.name, percent }));
    });
    request.addEventListener("loadend", () => {
      sending = null;
      for (const one of form.elements) one.disabled = false;
      const good = request.status === 201;
      if (good) file.value = captions.value = form.elements.captions_url.value = "";
      chosen();
      if (good) tell("");
      else if (file.files.length) tell(`${say("job_failed_to_add")}: ${request.responseText || request.statusText}`, true);
    });
    request.open("POST", `/jobs/upload?${new URLSearchParams(given)}`);
    request.send(words ? new Blob([words, video]) : video);
    for (const one of form.elements) one.disabled = one !== drop;
  }

  // --- the jobs ---

  let running = new Set();
  new EventSource("/jobs/events").addEventListener("message", (event) => {
    const jobs = JSON.parse(event.data);
    const shown = jobs.filter((job, index) => index < 6 || ["asks", "queued", "running"].includes(job.state));
    box.hidden = !shown.length;
    const open = new Set([...list.querySelectorAll("details[open]")].map((one) => one.dataset.job));
    const focused = document.activeElement?.closest?.("#jobs [data-key]")?.dataset.key;
    list.replaceChildren(...shown.map((job) => row(job, open)));
    if (focused) list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    const now = new Set(jobs.filter((job) => job.state === "running").map((job) => job.id));
    for (const job of jobs) {
      if (running.has(job.id) && job.state === "done") Lecture.toast(`${job.title}: ${say("job_done")}`);
    }
    running = now;
  });

  function row(job, open) {
    const active = job.state === "running" || job.state === "queued";
    const post = (what) => fetch(`/jobs/${job.id}/${what}`, { method: "POST", headers: { Accept: "application/json" } });
    const head = make("div", { className: "job-head" },
      make("span", { className: "job-title" }, job.title),
      make("span", { className: "job-state" }, say(`job_${job.state}`)));
    if (job.state === "asks") {
      head.append(make("button", { type: "button", className: "job-confirm", "data-key": `confirm ${job.id}`,
        onclick: () => post("confirm") }, say("job_confirm")));
    }
    if (active || job.state === "asks") {
      head.append(make("button", { type: "button", className: "job-cancel", "data-key": `cancel ${job.id}`,
        onclick: () => post("cancel") }, say("job_cancel")));
    }
    if (["failed", "cancelled"].includes(job.state)) {
      head.append(make("button", { type: "button", className: "job-confirm", "data-key": `retry ${job.id}`,
        onclick: () => post("retry").then(told) }, say("job_retry")));
    }
    if (["done", "failed", "cancelled"].includes(job.state)) {
      head.append(make("button", { type: "button", className: "job-remove", "data-key": `remove ${job.id}`,
        onclick: () => post("remove").then(told) }, say("job_remove")));
    }
    if (job.chapter && ["asks", "done", "failed"].includes(job.state)) {
      head.append(make("a", { className: "job-read", "data-key": `read ${job.id}`,
        href: `/${encodeURIComponent(job.chapter)}/render/index.html` }, say("job_read")));
    }
    const item = make("li", { className: `job ${job.state}` }, head);
    const asked = optionsOf(job.options);
    if (asked) item.append(make("p", { className: "job-options" }, asked));
    if (active) item.append(stages(job));
    if (job.error && job.state === "failed") item.append(make("p", { className: "job-error" }, job.error));
    if (job.warnings.length && !active) {
      item.append(make("ul", { className: "job-warnings", "aria-label": say("job_warnings") },
        ...job.warnings.map((line) => make("li", {}, line))));
    }
    if (job.log.length) {
      const log = make("details", { className: "job-log", open: open.has(job.id) },
        make("summary", { "data-key": `log ${job.id}` }, say("job_log")),
        make("ul", {}, ...job.log.map((line) => make("li", {}, line))));
      log.dataset.job = job.id;
      item.append(log);
    }
    return item;
  }

  /** The options of a job in a line; empty where it has none. */
  function optionsOf({ language, start, end, edition, model, captions_url }) {
    const kind = edition && form.elements.edition.querySelector(`[value="${CSS.escape(edition)}"]`).textContent;
    const part = (start || end) && `${start || "0:00"}–${end}`;
    return [language, part, kind, model, captions_url].filter(Boolean).join(" · ");
  }

  async function told(answer) {
    if (!answer.ok) Lecture.toast((await answer.text()) || answer.statusText);
  }

  function stages(job) {
    return make("ol", { className: "stages" }, ...job.stages.map((stage) => {
      const name = say(`stage_${stage.name}`);
      const item = make("li", { className: `stage ${stage.state}` }, make("span", { className: "stage-name" }, name));
      if (stage.state === "running") {
        const part = stage.total ? Math.min(1, stage.done / stage.total) : null;
        item.setAttribute("aria-current", "step");
        const bar = make("progress", { max: 1, "aria-label": name });
        if (part !== null) bar.value = part;
        item.append(bar);
        const amount = stage.unit ? `${round(stage.done)}${stage.total ? ` / ${round(stage.total)}` : ""} ${stage.unit}` : "";
        const left = stage.left_s ? say("job_left", { time: Lecture.clock(stage.left_s * 1000) }) : "";
        item.append(make("span", { className: "stage-detail" }, [amount, left].filter(Boolean).join(" · ")));
      } else if (stage.state === "done" && stage.seconds != null) {
        item.append(make("span", { className: "stage-detail" }, `${stage.seconds < 10 ? stage.seconds.toFixed(1) : Math.round(stage.seconds)} s`));
      } else if (stage.state === "fresh") {
        item.append(make("span", { className: "stage-detail" }, say("stage_fresh")));
      }
      return item;
    }));
  }

  const round = (number) => (number < 10 ? Math.round(number * 10) / 10 : Math.round(number));
})();
