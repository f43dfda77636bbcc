// Asks the browser to make or use a passkey, and sends its answer with the form. The server says
// what to sign, and judges the answer; here it is only carried.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const described = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

const WORDS = {
  NotAllowedError: "Nothing was confirmed: it was cancelled or took too long. Try again.",
  InvalidStateError: "This passkey is one of your devices already.",
  SecurityError: "Passkeys don’t work at this address.",
};
const OTHERWISE = "Your browser couldn’t do this. Try again, or use a different device.";

async function make(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: described(options.excludeCredentials),
  };
  const made = await navigator.credentials.create({ publicKey });
  return answer(made, {
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
}

async function use(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: described(options.allowCredentials),
  };
  const used = await navigator.credentials.get({ publicKey });
  return answer(used, {
    authenticatorData: text(used.response.authenticatorData),
    signature: text(used.response.signature),
  });
}

function answer(credential, response) {
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
  });
}

async function ask(form) {
  const response = await fetch(form.dataset.options, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
  });
  // What was begun has ended: the page itself says so, or leads to where it begins anew.
  if (!response.ok || response.redirected) return location.reload();
  const options = await response.json();
  form.elements.answer.value = await (form.dataset.passkey === "make" ? make : use)(options);
  return form.submit();
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  const button = form.querySelector("button");
  const state = form.querySelector("[role=status]");
  const missing = form.querySelector("[data-no-passkey]");
  if (!window.PublicKeyCredential) {
    missing.querySelector("p").textContent =
      "Your browser doesn’t know passkeys. Use a different device.";
    continue;
  }
  missing.hidden = true;
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    state.textContent = "Waiting for your passkey…";
    try {
      await ask(form);
    } catch (error) {
      state.textContent = WORDS[error.name] ?? OTHERWISE;
    }
  });
}
