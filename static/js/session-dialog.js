// Warns two minutes before the session ends, and says so when it has ended. The server decides: it is
// asked what is left, and asking doesn't make it more. Loaded by session-clock.js. The tabs of a browser tell each other only that
// something happened; each then asks for itself.

const WARN_AT = 120, SAY_EVERY = 30, ASK_EVERY = 30; // seconds
const MINUTE = 60_000, SLEPT = 5_000, TRY_EVERY = 5_000, PATIENCE = 10_000; // milliseconds
const MARK = /^(Signing out soon|Signed out) – /;
const TYPED = "main form :is(input:not([type=hidden], [type=submit]), textarea, select)";

const dialog = document.getElementById("session");
const part = (name) => dialog.querySelector(`[data-${name}]`);
const form = part("keep").form;
const tabs = new BroadcastChannel("session");
let idle = Number(dialog.dataset.idle), absolute = Number(dialog.dataset.absolute);
let asked = { ticks: 0, clock: Date.now() - performance.now() }; // with the page
let tried = asked, timer, said, isOver = false, isDismissed = false;

// The two clocks differ after the computer slept.
function moment() {
  return { ticks: performance.now(), clock: Date.now() };
}

const since = ({ ticks, clock }) => Math.max(performance.now() - ticks, Date.now() - clock);
const left = () => Math.max(0, Math.min(idle, absolute) - (performance.now() - asked.ticks) / 1000);
const isLast = () => absolute <= idle; // staying active doesn't help any more
const isSoon = () => left() <= WARN_AT;

async function fetchJson(url, options = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = await fetch(url, { cache: "no-store", headers, signal, ...options });
  if (!answer.ok && answer.status !== 401 && answer.status !== 403) throw answer;
  return answer.json();
}

async function renewTokens() {
  const { token } = await fetchJson(dialog.dataset.token);
  for (const input of document.getElementsByName("csrfmiddlewaretoken")) input.value = token;
}

async function ask() {
  tried = moment();
  try {
    await hear(await fetchJson(dialog.dataset.status));
  } catch {
    return; // not reachable: asked again soon
  }
}

async function keep() {
  try {
    let told = await fetchJson(dialog.dataset.extend, { method: "POST" });
    if (told.status === "csrf") {
      await renewTokens();
      told = await fetchJson(dialog.dataset.extend, { method: "POST" });
    }
    await hear(told);
    tabs.postMessage("goes on");
  } catch {
    return; // the dialog stays
  }
}

async function hear(told) {
  if (told.person !== dialog.dataset.person) return end(told);
  const wasOver = isOver;
  ({ idle, absolute } = told);
  asked = moment();
  isOver = false;
  if (wasOver) await renewTokens();
  tick();
}

async function tick() {
  clearTimeout(timer);
  const slept = Math.abs(since(asked) - (performance.now() - asked.ticks)) > SLEPT;
  const isDue = slept || (isSoon() && since(asked) >= ASK_EVERY * 1000) || left() === 0;
  const answer = isDue && since(tried) >= TRY_EVERY ? ask() : undefined;
  if (!dialog.open) await answer;
  show();
}

function show() {
  clearTimeout(timer);
  if (isOver) return;
  if (isSoon()) warn();
  else calm();
  const wait = isSoon() ? 1000 * (left() % 1) + 20 : 1000 * (left() - WARN_AT);
  timer = setTimeout(tick, Math.min(Math.max(wait, 20), left() ? MINUTE : TRY_EVERY));
}

function calm() {
  isDismissed = false;
  said = undefined;
  if (dialog.open) dialog.close();
  mark("");
}

function warn() {
  const seconds = Math.ceil(left());
  part("time").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const step = Math.ceil(seconds / SAY_EVERY) * SAY_EVERY;
  if (said !== (said = step)) part("told").textContent = spoken(step);
  part("title").textContent = "You will be signed out within two minutes";
  for (const name of ["keep", "idle-text"]) part(name).hidden = isLast();
  for (const name of ["go-on", "absolute-text"]) part(name).hidden = !isLast();
  arrange(false);
  mark("Signing out soon – ");
  if (!isDismissed) open();
}

function spoken(seconds) {
  const minutes = Math.floor(seconds / 60), rest = seconds % 60;
  const words = [minutes && `${minutes} minute${minutes === 1 ? "" : "s"}`, rest && `${rest} seconds`];
  return words.filter(Boolean).join(" ") || "a moment";
}

function end({ because, person }) {
  clearTimeout(timer);
  if (!isOver) tabs.postMessage("over");
  const isFresh = !isOver;
  isOver = true;
  part("title").textContent = person ? "Somebody else is signed in" : "You were signed out";
  // Only the first answer after the end says why.
  const why = person ? "In this browser somebody else signed in." : because;
  if (why) part("because").textContent = why;
  const hasTyped = document.querySelector(TYPED) !== null, link = part("sign-in-link");
  const here = location.pathname + location.search;
  link.href = person ? here : `${dialog.dataset.signIn}?next=${encodeURIComponent(here)}`;
  link.target = hasTyped && !person ? "_blank" : "";
  link.textContent = person ? "Open the page anew" : hasTyped ? "Sign in in another tab" : "Sign in";
  part("typed").hidden = !hasTyped || Boolean(person);
  arrange(true);
  mark("Signed out – ");
  if (isFresh) {
    open();
    link.focus();
  }
}

function arrange(ended) {
  for (const name of ["warning", "out"]) part(name).hidden = ended;
  for (const name of ["ended", "sign-in-link", "close"]) part(name).hidden = !ended;
  if (ended) for (const name of ["keep", "go-on"]) part(name).hidden = true;
}

function open() {
  if (!dialog.open) dialog.showModal();
}

function mark(text) {
  const title = text + document.title.replace(MARK, "");
  if (document.title !== title) document.title = title;
}

function goOn() {
  isDismissed = true;
  dialog.close();
}

part("keep").addEventListener("click", keep);
part("go-on").addEventListener("click", goOn);
part("close").addEventListener("click", () => dialog.close());
dialog.addEventListener("cancel", (event) => {
  if (isOver) return;
  event.preventDefault();
  if (isLast()) goOn();
  else keep();
});
tabs.addEventListener("message", ({ data }) => (data === "over" || isOver || isSoon()) && ask().finally(show));
document.addEventListener("visibilitychange", () => !document.hidden && since(tried) > MINUTE && ask().finally(show));
addEventListener("pageshow", ({ persisted }) => persisted && ask().finally(show));

ask().finally(show);
