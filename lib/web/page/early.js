// Before anything is drawn, so that nobody who has chosen the dark sees a white flash, and nobody
// who is in already is asked for a name.
try {
  const { theme } = JSON.parse(localStorage.getItem("partyline-preferences") ?? "{}");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  const { name } = JSON.parse(sessionStorage.getItem("partyline") ?? "{}");
  if (name) document.documentElement.dataset.known = "";
} catch {
  // Then it is as for everybody.
}
