// Counts down to the close. The server says what time it is, when it makes the page and whenever
// the computer may have slept; the computer only counts the time since. A wrong clock changes nothing.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TOLD_AT = [HOUR, 10 * MINUTE, MINUTE];
const SLEPT = 5_000; // milliseconds that the two clocks differ by
const ANY_PAGE = "/accessibility/"; // each answer says when it was asked for

const count = (number, name) => `${number} ${name}${number === 1 ? "" : "s"}`;

// The words of `wording.time_left`, and minutes:seconds in the last hour.
export function words(seconds) {
  if (seconds >= DAY) return `${count(Math.floor(seconds / DAY), "day")} left`;
  const hours = Math.floor(seconds / HOUR);
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  if (!hours) return `${minutes}:${String(seconds % MINUTE).padStart(2, "0")} left`;
  return `${count(hours, "hour")}${minutes ? ` ${count(minutes, "minute")}` : ""} left`;
}

const shown = [...document.querySelectorAll("[data-closes]")];
const closes = [...new Set(shown.map((place) => Date.parse(place.dataset.closes)))];
const before = new Map();
const told = document.createElement("p");
let ahead; // the server's time at the moment that performance.now() counts from
let apart; // the computer's clock against its ticking, to notice a sleep

const now = () => ahead + performance.now();

function start() {
  told.className = "usa-sr-only";
  told.setAttribute("role", "status");
  document.querySelector("main").append(told);
  const [loading] = performance.getEntriesByType("navigation");
  ahead = Date.parse(shown[0].dataset.now) - (loading?.requestStart ?? performance.now());
  apart = Date.now() - performance.now();
  document.addEventListener("visibilitychange", ask);
  tick();
}

function tick() {
  if (Math.abs(Date.now() - performance.now() - apart) > SLEPT) ask();
  const soonest = Math.min(...closes.map(show).filter((left) => left > 0));
  if (soonest === Infinity) return;
  const step = soonest <= HOUR * 1000 ? 1000 : MINUTE * 1000;
  setTimeout(tick, (soonest % step) + 5);
}

// Says on the page how long it is until this close. Gives the milliseconds.
function show(close) {
  const left = close - now();
  const seconds = Math.floor(left / 1000);
  for (const place of shown.filter((one) => Date.parse(one.dataset.closes) === close)) {
    const text = left > 0 ? words(seconds) : place.dataset.closed;
    if (place.textContent !== text) place.textContent = text;
  }
  if (left <= 0) tellClosed(close);
  else tell(seconds, before.get(close));
  before.set(close, left > 0 ? seconds : -1);
  return left;
}

function tell(seconds, secondsBefore) {
  const passed = (mark) => secondsBefore > mark && seconds <= mark;
  if (!TOLD_AT.some(passed)) return;
  const minutes = Math.ceil(seconds / MINUTE);
  told.textContent = `${minutes === 60 ? "1 hour" : count(minutes, "minute")} left to register`;
}

// What was typed stays; only the words change.
function tellClosed(close) {
  if (before.get(close) === -1) return;
  for (const part of document.querySelectorAll("[data-until], [data-from]")) {
    const { until, from } = part.dataset;
    if (Date.parse(until ?? from) === close) part.hidden = Boolean(until);
  }
  told.textContent = shown.find((one) => Date.parse(one.dataset.closes) === close).dataset.closed;
}

async function ask() {
  if (document.hidden) return;
  apart = Date.now() - performance.now();
  try {
    const answer = await fetch(ANY_PAGE, { method: "HEAD", credentials: "omit", cache: "no-store" });
    const said = Date.parse(answer.headers.get("X-Received-At"));
    if (said) ahead = Math.max(ahead, said - performance.now());
  } catch {
    return; // offline: the count goes on
  }
  closes.forEach(show);
}

if (shown.length) start();
