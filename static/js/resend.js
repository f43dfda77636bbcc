// Counts the seconds until another code can be sent. Without script the text says how long it is.

const text = (seconds) => {
  const [number, unit] = seconds > 90 ? [Math.ceil(seconds / 60), "minute"] : [seconds, "second"];
  return `Possible in ${number} ${unit}${number === 1 ? "" : "s"}; the last one then stops working.`;
};

for (const place of document.querySelectorAll("[data-resend-in]")) {
  const end = performance.now() + Number(place.dataset.resendIn) * 1000;

  const show = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left > 0) {
      place.textContent = text(left);
      setTimeout(show, 1000);
      return;
    }
    // Told once, when it is over: a screen reader doesn't hear each second.
    place.setAttribute("role", "status");
    place.textContent = "Possible now; the last one then stops working.";
  };

  show();
}
