// What plays the lecture: the video's file, or a site's own player in a frame.
// A device is {seek(ms), toggle(), pause(), rate(factor), now()}; it calls told.tick(ms) as it plays.
(() => {
  "use strict";
  const { make, say } = Lecture;
  const sections = [...document.querySelectorAll("article > section")];

  /** The lecture's words, and its sections as chapter marks, as tracks of the video. */
  async function addTracks(video) {
    const language = document.documentElement.lang;
    const marks = video.addTextTrack("chapters", say("contents"), language);
    for (const section of sections) {
      const name = section.querySelector("h2 .name").firstChild.textContent.trim();
      marks.addCue(new VTTCue(section.dataset.s / 1000, section.dataset.e / 1000, name));
    }
    if (!document.body.dataset.home) return; // a file that was passed on has nothing beside it
    let words = null;
    globalThis.lectureCaptions = (found) => { words = found; };
    await Lecture.load(`${document.body.dataset.assets}captions.js`);
    const captions = video.addTextTrack("captions", say("captions"), words.language);
    for (const [start, end, text] of words.cues) {
      captions.addCue(new VTTCue(start / 1000, end / 1000, text));
    }
    captions.mode = Lecture.recall("lecture-captions") === "on" ? "showing" : "disabled";
    video.textTracks.addEventListener("change", () => {
      Lecture.remember("lecture-captions", captions.mode === "showing" ? "on" : "off");
    });
  }

  function fileDevice(address, stage, told) {
    const video = make("video", { controls: true, playsInline: true, preload: "auto", src: address });
    video.setAttribute("aria-label", told.title);
    const tick = () => told.tick(video.currentTime * 1000);
    video.addEventListener("timeupdate", tick);
    video.addEventListener("seeking", tick);
    video.addEventListener("ratechange", () => told.rate(video.playbackRate));
    video.addEventListener("error", told.failed);
    stage.replaceChildren(video);
    addTracks(video).catch(() => {}); // rendered before there were captions
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
      rate(factor) { video.defaultPlaybackRate = factor; video.playbackRate = factor; },
      now: () => video.currentTime * 1000,
    };
  }

  function embedDevice(address, stage, ms, told) {
    const url = new URL(address);
    const frame = make("iframe", {
      allow: "autoplay; encrypted-media; fullscreen; picture-in-picture", allowFullscreen: true,
      title: told.title, referrerPolicy: "strict-origin-when-cross-origin",
    });
    const send = (data) => frame.contentWindow.postMessage(JSON.stringify(data), url.origin);
    const youtube = url.hostname.endsWith("youtube-nocookie.com");
    const vimeo = url.hostname === "player.vimeo.com";
    let playing = true;
    let now = ms;
    let factor = 1;
    const command = (func, args = []) => send({ event: "command", func, args });
    function tick(moment) { now = moment; told.tick(moment); }

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
      if (youtube && data.event === "onReady") setRate(factor);
      if (vimeo && data.event === "timeupdate") tick(data.data.seconds * 1000);
      if (vimeo && data.event === "ready") {
        send({ method: "addEventListener", value: "timeupdate" });
        setRate(factor);
      }
    });
    function setRate(wanted) {
      factor = wanted;
      if (youtube) command("setPlaybackRate", [wanted]);
      else if (vimeo) send({ method: "setPlaybackRate", value: wanted });
    }
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
      rate: setRate,
      now: () => now,
      steerable: youtube || vimeo, // others can only be reloaded
    };
  }

  Lecture.devices = { file: fileDevice, embed: embedDevice };
})();
