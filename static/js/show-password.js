// Lets people see the password they type. The button is hidden until this script runs.

for (const button of document.querySelectorAll("[data-show-password]")) {
  const field = document.getElementById(button.dataset.showPassword);
  const state = document.getElementById(button.dataset.state);
  if (!field || !state) continue;

  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.textContent = shown ? "Hide password" : "Show password";
  };

  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    show(shown);
    state.textContent = shown ? "Your password is shown" : "Your password is hidden";
  });
  // Sent as a password again, so that browsers don't keep it among the texts typed before.
  field.form?.addEventListener("submit", () => show(false));
}
