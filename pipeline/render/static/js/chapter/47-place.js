// Where the player stands: beside the text, in a corner, or where it was dragged to; remembered.
(() => {
  "use strict";
  const { make, say, remember, recall } = Lecture;
  const root = document.documentElement;
  const PLACES = ["side", "end", "start"]; // on a phone: below, below, above
  const wide = matchMedia("(min-width: 64rem)");
  const narrow = matchMedia("(max-width: 40rem)");
  let place = recall("lecture-player") || "side";

  function set(dock, next) {
    place = next;
    const free = next.startsWith("free") && !narrow.matches;
    root.dataset.player = free ? "free" : next.replace(/^free.*/, "side");
    remember("lecture-player", next);
    if (free) {
      const [, x, y] = next.split(" ").map(Number);
      put(dock, x * innerWidth, y * innerHeight);
    } else {
      for (const side of ["left", "top", "right", "bottom"]) dock.style[side] = "";
    }
  }

  /** At these pixels, or as near as the window allows. */
  function put(dock, left, top) {
    const room = { x: innerWidth - dock.offsetWidth - 8, y: innerHeight - dock.offsetHeight - 8 };
    dock.style.left = `${Math.max(8, Math.min(room.x, left))}px`;
    dock.style.top = `${Math.max(8, Math.min(room.y, top))}px`;
    dock.style.right = dock.style.bottom = "auto";
  }

  function next() {
    const open = narrow.matches ? ["end", "start"] : wide.matches ? PLACES : ["end", "start"];
    return open[(open.indexOf(place) + 1) % open.length] ?? open[0];
  }

  /** The button that moves the player on; it is dragged by this or by its bar. */
  Lecture.moveButton = (dock) => make("button", {
    type: "button", className: "icon move", "aria-label": say("move_player"), title: say("move_player"),
    onclick: () => { if (!dock.dataset.dragged) { set(dock, next()); dock.dispatchEvent(new Event("moved")); } },
  });

  Lecture.placePlayer = (dock, moved) => {
    set(dock, place);
    dock.addEventListener("moved", () => requestAnimationFrame(moved));
    addEventListener("resize", () => set(dock, place));
    new ResizeObserver(() => {
      root.style.setProperty("--player-height", `${dock.offsetHeight}px`);
    }).observe(dock);

    dock.addEventListener("pointerdown", (event) => {
      const handle = event.target.closest(".move, .player-bar, .player-where");
      const control = event.target.closest("button:not(.move), select");
      if (!handle || control || event.button || narrow.matches) return;
      const box = dock.getBoundingClientRect();
      const from = { x: event.clientX, y: event.clientY };
      delete dock.dataset.dragged;
      const drag = (move) => {
        const by = { x: move.clientX - from.x, y: move.clientY - from.y };
        if (!dock.dataset.dragged && Math.hypot(by.x, by.y) < 5) return;
        dock.dataset.dragged = "1";
        root.dataset.player = "free";
        put(dock, box.left + by.x, box.top + by.y);
      };
      const drop = () => {
        removeEventListener("pointermove", drag);
        if (!dock.dataset.dragged) return;
        const at = dock.getBoundingClientRect();
        set(dock, `free ${(at.left / innerWidth).toFixed(4)} ${(at.top / innerHeight).toFixed(4)}`);
        dock.dispatchEvent(new Event("moved"));
        setTimeout(() => delete dock.dataset.dragged); // after the click that ends the drag
      };
      addEventListener("pointermove", drag);
      addEventListener("pointerup", drop, { once: true });
      addEventListener("pointercancel", drop, { once: true });
      event.preventDefault();
    });
  };
})();
