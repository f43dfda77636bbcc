// Ticks all rows of a list at once and says how many are selected.
// Without this script the boxes above the list do the same when the form is sent.

const rows = [...document.querySelectorAll("[data-select-row]")];
const page = document.querySelector("[data-select-page]");
const all = document.querySelector("[data-select-all]");
const told = document.querySelector("[data-selected]");

function tell() {
  const number = all?.checked ? all.dataset.selectAll : rows.filter((row) => row.checked).length;
  told.textContent = number ? `${number} selected` : "";
}

function tickRows(checked) {
  for (const row of rows) row.checked = checked;
}

page.addEventListener("change", () => {
  if (all && !page.checked) all.checked = false;
  tickRows(page.checked);
  tell();
});

all?.addEventListener("change", () => {
  page.checked = all.checked;
  tickRows(all.checked);
  tell();
});

for (const row of rows) {
  row.addEventListener("change", () => {
    page.checked = rows.every((each) => each.checked);
    if (all && !row.checked) all.checked = false;
    tell();
  });
}

tell();
