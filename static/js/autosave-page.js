// Shows on the register page what the answer to a save says.

export const form = document.getElementById("registration");
export const choices = {}; // what the buttons of a clash do: keep(name), take(name, value)
const line = document.getElementById("saved"), says = document.getElementById("saved-says");
const signIn = document.getElementById("sign-in-again"), icon = line.querySelector("use");
const icons = { good: "check_circle", bad: "error", busy: "schedule" };
const errors = new Map(); // what is wrong with a field, by its name
let saved = says.textContent, pressing = false;

const how = document.getElementById("how-saved");
how.textContent = how.dataset.byItself;

// What the page came with.
for (const note of form.querySelectorAll(".field__error[id]")) {
  errors.set(note.id.replace(/^id_|_error$/g, ""), note.textContent);
}
export const wrong = [...errors.keys()];

export function say(tone, text, isSignedOut = false) {
  line.className = `saved saved--${tone}`;
  icon.setAttribute("href", icon.getAttribute("href").replace(/#.*/, `#${icons[tone]}`));
  if (says.textContent !== text) says.textContent = text;
  signIn.hidden = !isSignedOut;
}

function clone(id, text) {
  const part = document.getElementById(id).content.firstElementChild.cloneNode(true);
  const place = part.querySelector("[data-text]");
  if (place) place.textContent = text;
  return part;
}

export function focus(name) {
  (form.elements[name][0] ?? form.elements[name]).focus();
}

export function put(name, value) {
  const field = form.elements[name];
  if (field.length) for (const radio of field) radio.checked = radio.value === value;
  else field.value = value;
}

function mark(name, text, more = "") {
  const field = form.elements[name][0] ?? form.elements[name], id = `id_${name}_error`;
  const isChoice = field.type === "radio", box = field.closest(isChoice ? ".choice" : ".field");
  const described = isChoice ? box : field;
  const notes = (described.getAttribute("aria-describedby") ?? "").split(" ").filter((note) => note && note !== id);
  document.getElementById(id)?.remove();
  box.classList.toggle(isChoice ? "choice--error" : "field--error", text !== "");
  if (!isChoice) field.setAttribute("aria-invalid", text !== "");
  if (text) {
    const note = clone("field-error", text);
    note.id = id;
    note.append(more);
    (isChoice ? box.querySelector(".tiles") : field).before(note);
    notes.push(id);
  }
  described.setAttribute("aria-describedby", notes.join(" "));
  const isWrong = document.querySelector(".field--error, .choice--error, .error-summary");
  document.title = document.title.replace(/^(Error: )?/, isWrong ? "Error: " : "");
}

function choose({ name, label, take, stored }) {
  const part = clone("choose");
  part.querySelector("[data-take-text]").textContent = take;
  for (const place of part.querySelectorAll("[data-label]")) place.textContent = ` ${label}`;
  part.querySelector("[data-keep]").onclick = () => choices.keep(name);
  part.querySelector("[data-take]").onclick = () => choices.take(name, stored);
  return part;
}

// Nothing moves under the hands of whoever is typing.
function still(change) {
  const held = document.activeElement, top = held.getBoundingClientRect().top;
  change();
  scrollBy({ top: held.getBoundingClientRect().top - top, behavior: "instant" });
}

export function settle() {
  if (line.matches(".saved--good")) return;
  still(() => clear());
  say("good", saved);
}

function clear() {
  for (const news of document.querySelectorAll(".error-summary, .clashes")) news.remove();
  for (const name of errors.keys()) mark(name, "");
  errors.clear();
  for (const note of form.querySelectorAll(".contact__gone")) note.remove();
}

export function draw(told) {
  saved = `Saved at ${told.saved_at}`;
  still(() => {
    clear();
    document.querySelector("#contacts-receiving dd").textContent = told.header.contacts;
    if (told.header.status === "complete")
      for (const part of document.querySelectorAll("[data-while]")) part.replaceWith(part.content ?? "");
    if (told.panel) document.querySelector(".panel").insertAdjacentHTML("beforebegin", told.panel);
    for (const [prefix, part] of Object.entries(told.sections)) drawSection(prefix, part);
    for (const clash of told.clashes) {
      errors.set(clash.name, clash.text);
      mark(clash.name, clash.text, choose(clash));
    }
    showErrors();
    drawTodos(told);
  });
  say(told.status === "saved" ? "good" : "bad", told.says);
}

function drawSection(prefix, part) {
  const note = form.elements[`${prefix}-shown`];
  if (part.gone) return drawGone(note.closest("fieldset"), prefix, part);
  note.value = part.shown;
  for (const [field, text] of Object.entries(part.errors ?? {})) errors.set(`${prefix}-${field}`, text);
  if (!part.lines) return;
  delete note.dataset.new;
  note.closest("fieldset").querySelector(".contact__delete").hidden = false;
  note.closest("details")?.querySelectorAll("[data-line]").forEach((place, at) => (place.textContent = part.lines[at]));
}

function drawGone(card, prefix, part) {
  const note = clone("field-error", part.gone), again = clone("add-again");
  note.classList.add("contact__gone");
  note.append(again);
  card.querySelector(".required-note").after(note);
  again.onclick = () => {
    for (const one of card.querySelectorAll("*"))
      for (const { name, value } of one.attributes) one.setAttribute(name, value.replace(prefix, part.again));
    const shown = form.elements[`${part.again}-shown`];
    shown.value = part.shown;
    shown.dataset.new = "";
    choices.keep();
  };
}

function drawTodos({ todos, todos_title }) {
  const side = document.getElementById("missing");
  side.querySelector("h2").textContent = todos_title;
  side.querySelector("ul").replaceChildren(...todos.map(({ text, target, note, done }) => {
    const item = clone(done ? "line-done" : "line-todo", text);
    if (!done) {
      item.querySelector("a").href = `#${target}`;
      item.querySelector("[data-note]").textContent = note;
    }
    return item;
  }));
}

// Nothing can be saved any more; what was typed stays, to be copied.
export function freeze(status) {
  still(() => {
    for (const part of document.querySelectorAll(`[data-ends=over], [data-ends=${status}]`)) part.hidden = true;
  });
  how.hidden = true;
  for (const field of form.elements) {
    if (/submit|button/.test(field.type)) field.hidden = true;
    else if (field.type === "radio") field.disabled = !field.checked;
    else field.readOnly = true;
  }
}

// Once a field is left; not while something is pressed, which would move away under the pointer.
function showErrors() {
  for (const [name, text] of errors) {
    const isShown = pressing || document.activeElement.name === name || document.getElementById(`id_${name}_error`);
    if (!isShown) still(() => mark(name, text));
  }
}
const press = (event) => {
  pressing = event.type === "pointerdown";
  if (!pressing) setTimeout(showErrors);
};
for (const type of ["pointerdown", "pointerup", "pointercancel"]) addEventListener(type, press);
form.addEventListener("focusout", () => setTimeout(showErrors));
