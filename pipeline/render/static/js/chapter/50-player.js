// The player beside the text, and the passage being spoken.
(() => {
  "use strict";
  const { make, say } = Lecture;
  const dock = document.getElementById("player");
  if (!dock) return;

  const passages = [...document.querySelectorAll(".passage")]
    .map((element) => ({
      element, start: Number(element.dataset.s), end: Number(element.dataset.e),
    }))
    .sort((one, other) => one.start - other.start);
  const button = document.querySelector('[data-do="player"]');
  let device = null; // what plays: {seek(ms), toggle()}
  let follow = false;
  let spoken = null;

  // --- the passage being spoken ---

  /** The passage being spoken; several that cite the same stretch share it out evenly. */
  function passageAt(ms) {
    let found = [];
    for (const passage of passages) {
      if (passage.start > ms) break;
      if (ms >= passage.end) continue;
      if (found.length && found[0].start < passage.start) found = [];
      found.push(passage);
    }
    if (!found.length) return null;
    const { start, end } = found[0];
    const part = Math.min(0.999, (ms - start) / Math.max(1, end - start));
    return found[Math.floor(part * found.length)];
  }

  function tick(ms) {
    const passage = passageAt(ms);
    if (passage === spoken) return;
    spoken?.element.classList.remove("spoken");
    spoken = passage;
    if (!spoken) return;
    spoken.element.classList.add("spoken");
    if (follow) bringIntoView(spoken.element);
  }

  function bringIntoView(element) {
    const { top, bottom } = element.getBoundingClientRect();
    if (top < innerHeight * 0.12 || bottom > innerHeight * 0.75) {
      element.scrollIntoView({ block: "center" });
    }
  }

  // --- what plays ---

  function fileDevice(address, stage) {
    const video = make("video", { controls: true, playsInline: true, preload: "auto", src: address });
    video.setAttribute("aria-label", dock.dataset.title);
    video.addEventListener("timeupdate", () => tick(video.currentTime * 1000));
    video.addEventListener("seeking", () => tick(video.currentTime * 1000));
    video.addEventListener("error", () => {
      // The chapter was moved away from its video.
      device = null;
      dock.dataset.file = "";
      if (canEmbed()) start(wanted);
      else stage.replaceChildren(message());
    });
    stage.replaceChildren(video);
    return {
      seek(ms) {
        video.currentTime = ms / 1000;
        // A browser may refuse to play by itself: the controls are there.
        video.play().catch(() => {});
      },
      toggle() {
        if (video.paused) video.play().catch(() => {});
        else video.pause();
      },
      pause: () => video.pause(),
    };
  }

  function embedDevice(address, stage, ms) {
    const url = new URL(address);
    const frame = make("iframe", {
      allow: "autoplay; encrypted-media; fullscreen; picture-in-picture", allowFullscreen: true,
      title: dock.dataset.title, referrerPolicy: "strict-origin-when-cross-origin",
    });
    const send = (data) => frame.contentWindow.postMessage(JSON.stringify(data), url.origin);
    const youtube = url.hostname.endsWith("youtube-nocookie.com");
    const vimeo = url.hostname === "player.vimeo.com";
    let playing = true;
    const command = (func, args = []) => send({ event: "command", func, args });

    addEventListener("message", (event) => {
      if (event.origin !== url.origin || event.source !== frame.contentWindow) return;
      let data = event.data;
      try {
        if (typeof data === "string") data = JSON.parse(data);
      } catch {
        return;
      }
      if (youtube && typeof data.info?.currentTime === "number") tick(data.info.currentTime * 1000);
      if (youtube && typeof data.info?.playerState === "number") {
        playing = data.info.playerState === 1;
      }
      if (vimeo && data.event === "timeupdate") tick(data.data.seconds * 1000);
      if (vimeo && data.event === "ready") send({ method: "addEventListener", value: "timeupdate" });
    });
    function at(moment) {
      const target = new URL(url);
      const seconds = Math.floor(moment / 1000);
      if (youtube) {
        target.searchParams.set("enablejsapi", "1");
        target.searchParams.set("autoplay", "1");
        target.searchParams.set("start", seconds);
        target.searchParams.set("origin", location.origin);
      } else if (vimeo) {
        target.searchParams.set("autoplay", "1");
        target.hash = `t=${seconds}s`;
      } else {
        target.searchParams.set("t", seconds);
        target.searchParams.set("autoplay", "1");
      }
      return target.href;
    }
    frame.addEventListener("load", () => {
      if (youtube) send({ event: "listening", id: 1, channel: "widget" });
    });
    frame.src = at(ms);
    stage.replaceChildren(frame);
    return {
      seek(moment) {
        if (youtube) { command("seekTo", [moment / 1000, true]); command("playVideo"); }
        else if (vimeo) { send({ method: "setCurrentTime", value: moment / 1000 }); send({ method: "play" }); }
        else frame.src = at(moment);
        tick(moment);
      },
      toggle() {
        playing = !playing;
        if (youtube) command(playing ? "playVideo" : "pauseVideo");
        else if (vimeo) send({ method: playing ? "play" : "pause" });
      },
      pause() {
        playing = false;
        if (youtube) command("pauseVideo");
        else if (vimeo) send({ method: "pause" });
      },
    };
  }

  // A site's player refuses to play in a page that was opened from a file.
  const canEmbed = () => Boolean(dock.dataset.embed) && location.protocol !== "file:";
  const canPlay = () => Boolean(dock.dataset.file) || canEmbed();
  let allowed = false;
  let wanted = 0;

  function message() {
    return make("p", { className: "player-message" }, say("video_missing"));
  }

  /** Asks before anything is fetched from another host. */
  function consent() {
    const host = new URL(dock.dataset.embed).hostname.replace(/^(www|player)\./, "");
    return make("div", { className: "consent" },
      make("button", { type: "button", className: "load", onclick: () => { allowed = true; start(wanted); } },
        say("load_player", { host })),
      make("p", {}, say("load_player_note", { host })));
  }

  // --- the dock ---

  let stage = null;
  function build() {
    stage = make("div", { className: "player-stage" });
    const followButton = make("button", {
      type: "button", className: "follow", "aria-pressed": "false",
      onclick() {
        follow = !follow;
        followButton.setAttribute("aria-pressed", String(follow));
        if (follow && spoken) bringIntoView(spoken.element);
      },
    }, say("follow"));
    const bar = make("div", { className: "player-bar" },
      followButton,
      make("button", { type: "button", className: "icon shut", "aria-label": say("close"),
        title: say("close"), onclick: close }, "×"));
    dock.replaceChildren(make("div", { className: "player-card" }, stage, bar));
  }

  function open() {
    if (!stage) build();
    dock.hidden = false;
    document.documentElement.classList.add("has-player");
    button?.setAttribute("aria-pressed", "true");
  }

  function close() {
    device?.pause();
    dock.hidden = true;
    document.documentElement.classList.remove("has-player");
    button?.setAttribute("aria-pressed", "false");
    spoken?.element.classList.remove("spoken");
    spoken = null;
  }

  function start(ms) {
    wanted = ms;
    open();
    if (device) device.seek(ms);
    else if (dock.dataset.file) { device = fileDevice(dock.dataset.file, stage); device.seek(ms); }
    else if (!canEmbed()) stage.replaceChildren(message());
    else if (allowed) { device = embedDevice(dock.dataset.embed, stage, ms); tick(ms); }
    else stage.replaceChildren(consent());
  }

  Lecture.play = start;
  Lecture.playerOpen = () => !dock.hidden;
  Lecture.closePlayer = () => {
    if (dock.hidden) return false;
    close();
    return true;
  };
  Lecture.togglePlayer = () => {
    if (dock.hidden || !device) return false;
    device.toggle();
    return true;
  };

  if (!canPlay()) {
    if (button) button.hidden = true;
    return;
  }
  Lecture.on.player = () => {
    if (!dock.hidden) close();
    else start(Number(Lecture.currentSection()?.dataset.s ?? wanted));
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-t]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    Lecture.closeLightbox?.();
    start(Number(link.dataset.t));
  });
})();
