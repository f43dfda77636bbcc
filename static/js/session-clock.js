// Fetches the dialog about the end of the session once it may be needed, so that pages stay light.

const { idle, absolute } = document.getElementById("session").dataset;
const tabs = new BroadcastChannel("session");
const began = Date.now();

function load() {
  import("./session-dialog.js").catch(() => setTimeout(load, 5_000));
}

tabs.addEventListener("message", ({ data }) => data === "over" && load());
document.addEventListener("visibilitychange", () => !document.hidden && Date.now() - began > 60_000 && load());
addEventListener("pageshow", ({ persisted }) => persisted && load());
setTimeout(load, 1000 * Math.max(0, Math.min(idle, absolute) - 120));
tabs.postMessage("goes on"); // this page was asked for
