// Runs before the first paint, so that the dark theme does not flash white and a reloaded tab does
// not flash the welcome screen.
{
  const { src } = document.currentScript;
  // The page's own address changes later, and with it what a relative address means.
  for (const link of document.querySelectorAll("link[rel=icon], link[rel=manifest]")) {
    link.href = new URL(link.getAttribute("href").replace(/.*\//, ""), src).href;
  }
  // As in base.ts.
  const base = new URL("..", src).pathname;
  const suffix = base === "/" ? "" : ` ${base}`;
  try {
    const { theme } = JSON.parse(localStorage.getItem(`partyline-preferences${suffix}`) ?? "{}");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    const { name } = JSON.parse(sessionStorage.getItem(`partyline${suffix}`) ?? "{}");
    if (name) document.documentElement.dataset.known = "";
  } catch {
    // Use the defaults.
  }
}
