// Asks before typed words are left behind: a dialog at links that lead away, and the browser's own
// question for every other way out. Nobody is asked unless something typed isn't saved.

const form = document.querySelector("form[data-unsaved]");
const dialog = document.getElementById("leave");

const words = () => JSON.stringify([...new FormData(form)]);
const atFirst = words();
let target = ""; // where the link led that was pressed

const isUnsaved = () => form.dataset.unsaved === "yes" || words() !== atFirst;
const ask = (event) => event.preventDefault();

// Browsers keep pages with this listener out of their back-and-forward store, so it comes and goes.
function watch() {
  window[isUnsaved() ? "addEventListener" : "removeEventListener"]("beforeunload", ask);
}

function leave() {
  window.removeEventListener("beforeunload", ask);
  window.location.assign(target);
}

if (form && dialog) {
  watch();
  form.addEventListener("input", watch);
  form.addEventListener("submit", () => window.removeEventListener("beforeunload", ask));
  for (const link of document.querySelectorAll("a[data-leave]")) {
    link.addEventListener("click", (event) => {
      const opensElsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button;
      if (opensElsewhere || !isUnsaved()) return;
      event.preventDefault();
      target = link.href;
      dialog.showModal();
    });
  }
  dialog.querySelector("[data-stay]").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-go]").addEventListener("click", leave);
}
