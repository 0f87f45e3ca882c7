// Runs before the page is drawn, so that a chosen theme does not flash. Says that scripts run.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  try {
    var chosen = localStorage.getItem("lecture-theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch (error) {
    // Storage may be forbidden: the system's theme it is.
  }
})();
