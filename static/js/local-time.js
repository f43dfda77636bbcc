// Says each Eastern time in the viewer's own time too, where that differs.

const eastern = new Intl.DateTimeFormat("en-US", { timeZone: "America/New_York", hour: "numeric", minute: "numeric", day: "numeric" });
const local = new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "2-digit", day: "numeric", month: "long", timeZoneName: "short" });
const localParts = new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "numeric", day: "numeric" });

// As all times of the site are written.
const inWords = (moment) => local.format(moment).replace(/\s([AP])M\b/, (_, half) => ` ${half.toLowerCase()}.m.`);

for (const time of document.querySelectorAll("time[datetime]")) {
  const moment = new Date(time.dateTime);
  if (eastern.format(moment) === localParts.format(moment)) continue;
  const note = document.createElement("span");
  note.className = "local-time";
  note.textContent = ` (${inWords(moment)}, your time)`;
  time.after(note);
}
