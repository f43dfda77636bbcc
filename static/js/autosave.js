// Saves the registration as its form is completed. See docs/architecture.md, "Saving by itself".

import { choices, draw, focus, form, freeze, put, say, settle, wrong } from "./autosave-page.js";

const PAUSE = 700, LONGEST_WAIT = 30_000, PATIENCE = 20_000; // milliseconds
const page = Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("");
const stored = typed(); // what the server has of each field; left out where an answer is missing
const sent = new Map();
const undecided = new Set(); // fields that somebody else changed
let count = 0, answered = 0, flying = 0, tries = 0, last, timer, flight;
let signedOut = false, over = false, passing = false, isTold = false;

function typed() {
  return new Map([...new FormData(form)].filter(([name]) => /^(size|contact-.*-(?!shown$)[a-z_]+)$/.test(name)));
}

const section = (name) => name.replace(/-[a-z_]+$/, "");
const noteOf = (part) => form.elements[`${part}-shown`];
const changes = () => [...typed()].filter(([name, value]) => stored.get(name) !== value);
const isDue = () => changes().some(([name, value]) => sent.get(name) !== value);
const isFailing = () => tries > 0 || signedOut;

// Fields that came back with the page unsaved go along with the next save. A contact that was deleted
// meanwhile waits for the button.
const isUnsaved = (name) => "unsaved" in form.dataset || (wrong.includes(name) && !("new" in noteOf(section(name)).dataset));
for (const [name, value] of typed()) {
  if (!isUnsaved(name)) continue;
  sent.set(name, value);
  stored.delete(name);
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

function write(fields) {
  const data = new URLSearchParams({ page, new: form.elements.new.value, began: isTold ? "" : form.elements.began.value });
  for (const part of new Set(fields.map(([name]) => section(name)))) {
    const note = noteOf(part);
    data.set(note.name, note.value);
    if ("new" in note.dataset) for (const [name, value] of typed()) if (section(name) === part) data.set(name, value);
  }
  for (const [name, value] of fields) data.set(name, value);
  for (const name of undecided) data.set(`clash-${name}`, 1);
  for (const { name } of form.querySelectorAll("[name^=clash-]")) data.set(name, 1);
  // The same again is the same save; the server then knows a repeat.
  if (last !== (last = data.toString())) count += 1;
  data.set("count", count);
  return data;
}

async function post(body, again) {
  const token = form.elements.csrfmiddlewaretoken;
  const headers = { Accept: "application/json", "X-CSRFToken": token.value };
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = await fetch(location.pathname, { method: "POST", body, headers, signal, keepalive: true });
  if (answer.status === 429 || answer.status >= 500) throw answer;
  const told = await answer.json();
  if (told.status !== "csrf") return told;
  if (!again) throw answer;
  const fresh = await (await fetch(form.dataset.tokenUrl, { headers, signal })).json();
  for (const input of document.getElementsByName("csrfmiddlewaretoken")) input.value = fresh.token;
  return post(body, false);
}

function save(leaving) {
  clearTimeout(timer);
  if (over || (flying && leaving !== true)) return flight;
  const fields = changes();
  if (!fields.length) return settle();
  if (isDue() || isFailing()) flight = send(fields);
  return flight;
}

async function send(fields) {
  const body = write(fields), number = count;
  const all = [...body].filter(([name]) => typed().has(name));
  for (const [name, value] of all) sent.set(name, value);
  say("busy", "Saving…");
  flying += 1;
  try {
    hear(await post(body, true), all, number);
  } catch (error) {
    // Whether it arrived isn't known.
    for (const [name] of all) stored.delete(name);
    tries += 1;
    say("bad", "Not saved – retrying");
    later(Math.max(1000 * (error.headers?.get("Retry-After") || 0), Math.min(500 * 2 ** tries, LONGEST_WAIT)));
  }
  flying -= 1;
  if (!isFailing() && isDue()) later(0);
}

function hear(told, fields, number) {
  tries = 0;
  signedOut = told.status === "signed_out";
  over = ["closed", "deleted", "refused"].includes(told.status);
  if (over) freeze(told.status);
  if (!told.sections) return say("bad", told.says, signedOut);
  if (number < answered) return;
  answered = number;
  last = undefined;
  undecided.clear();
  for (const clash of told.clashes) undecided.add(clash.name);
  for (const [name, value] of fields) {
    const part = told.sections[section(name)], field = name.slice(section(name).length + 1);
    if (part.gone || undecided.has(name)) stored.delete(name);
    else stored.set(name, field in (part.errors ?? {}) ? (part.stored[field] ?? "") : value);
  }
  isTold ||= told.completed;
  draw(told);
}

choices.keep = (name) => {
  undecided.delete(name);
  sent.delete(name);
  save();
};
choices.take = (name, value) => {
  put(name, value);
  stored.set(name, value);
  choices.keep(name);
};

const leave = () => (isFailing() || isDue()) && save(true);
// While trying again, the next try takes along what is typed meanwhile.
form.addEventListener("input", () => tries || later(PAUSE));
form.addEventListener("change", () => (isDue() || !isFailing()) && !tries && save());
addEventListener("online", () => isFailing() && save());
addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => (document.hidden ? leave() : isFailing() && save()));
addEventListener("beforeunload", (event) => isFailing() && !over && changes().length && event.preventDefault());
addEventListener("pageshow", (event) => {
  passing = false;
  if (event.persisted && !changes().length) location.reload();
});

// The buttons of the form lead on once everything typed has reached the server, and whatever
// somebody else changed is decided.
form.addEventListener("submit", async (event) => {
  if (passing) {
    form.elements.page.value = page;
    form.elements.count.value = ++count;
    return;
  }
  event.preventDefault();
  await flight;
  await save();
  if (undecided.size) focus([...undecided][0]);
  if (isFailing() || undecided.size) return;
  passing = true;
  setTimeout(() => form.requestSubmit(event.submitter)); // not before this event is over
});
