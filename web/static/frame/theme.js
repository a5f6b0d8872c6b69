// Runs before the first paint: the theme a person chose on this machine wins over the system's.
(() => {
  const chosen = localStorage.getItem("atiende.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
