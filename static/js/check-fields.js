// Shows the check mark at each field as soon as it holds something that looks right. The server
// looks again at what is sent, and says what is wrong.

const PHONE = /^1?\d{10}$/;
const ZIP = /^\d{5}(-\d{4})?$/;

function looksRight(field) {
  const text = field.value.trim();
  if (!text || !field.validity.valid) return false;
  if (field.inputMode === "tel") return PHONE.test(text.replace(/\D/g, ""));
  return field.name === "zip_code" ? ZIP.test(text) : true;
}

for (const mark of document.querySelectorAll("[data-check]")) {
  const field = document.getElementById(mark.dataset.check);
  field?.addEventListener("input", () => {
    mark.hidden = !looksRight(field);
  });
}
