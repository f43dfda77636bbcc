// Makes the link to the navigation a button that shows and hides it on narrow windows.
// Without this script the link still works: the navigation shows when it is the page's target.

const link = document.querySelector("[data-menu]");
const navigation = document.getElementById("menu");

function show(button, open) {
  button.setAttribute("aria-expanded", String(open));
  navigation.classList.toggle("is-open", open);
  navigation.classList.toggle("is-closed", !open);
}

if (link && navigation) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.setAttribute("aria-controls", navigation.id);
  button.append(...link.childNodes);
  const isOpen = () => button.getAttribute("aria-expanded") === "true";

  show(button, window.location.hash === `#${navigation.id}`);
  button.addEventListener("click", () => show(button, !isOpen()));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOpen() || button.offsetParent === null) return;
    show(button, false);
    button.focus();
  });
  link.replaceWith(button);
}
