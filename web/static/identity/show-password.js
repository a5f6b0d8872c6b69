/** Shows and hides a password: `<button data-show-password="id of the field" hidden>`; needs no words of its own. */
for (const button of document.querySelectorAll("[data-show-password]")) {
  const field = /** @type {HTMLInputElement} */ (
    document.getElementById(button.getAttribute("data-show-password") ?? "")
  );
  button.removeAttribute("hidden");
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    field.focus();
  });
}
