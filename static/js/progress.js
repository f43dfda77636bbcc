// Renews a page that tells how far something is, until it is done. Without a script its own
// Refresh link does the same, so the page never reloads under anybody's hands.
const SECONDS = 2;

async function renew() {
  try {
    const answer = await fetch(location.href, { redirect: "error" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = document.querySelector("[data-progress]");
    const next = fresh.querySelector("[data-progress]");
    if (next) {
      // Texts and bar only: links keep the focus, and the status line is read out.
      now.querySelector("[role=status]").replaceChildren(...next.querySelector("[role=status]").childNodes);
      now.querySelector("progress").value = next.querySelector("progress").value;
    } else if (answer.ok) {
      const page = fresh.querySelector("[data-page]");
      document.querySelector("[data-page]").replaceWith(page);
      document.title = fresh.title;
      const heading = page.querySelector("h1");
      heading.tabIndex = -1;
      heading.focus();
      return;
    }
  } catch {
    // Away for a moment: the next look will tell.
  }
  setTimeout(renew, SECONDS * 1000);
}

setTimeout(renew, SECONDS * 1000);
