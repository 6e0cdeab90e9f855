// Runs before the first paint, so that the dark theme does not flash white and a reloaded tab does
// not flash the welcome screen.
try {
  const { theme } = JSON.parse(localStorage.getItem("partyline-preferences") ?? "{}");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  const { name } = JSON.parse(sessionStorage.getItem("partyline") ?? "{}");
  if (name) document.documentElement.dataset.known = "";
} catch {
  // Use the defaults.
}
