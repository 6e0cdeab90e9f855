/**
 * What somebody has chosen in this browser, for all tabs.
 *
 * @module
 */

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = typeof THEMES[number];

export interface Preferences {
  /** The name that was used last. */
  readonly name: string;
  readonly theme: Theme;
  /** Tell of mentions and private messages when the tab is not looked at. */
  readonly isNotifying: boolean;
  readonly isChartShown: boolean;
  readonly areMembersShown: boolean;
}

const DEFAULTS: Preferences = {
  name: "",
  theme: "auto",
  isNotifying: false,
  isChartShown: true,
  areMembersShown: true,
};

/** What was kept as JSON; defaults for what is missing or makes no sense. */
export function parsePreferences(text: string | null): Preferences {
  let kept: Partial<Record<keyof Preferences, unknown>> = {};
  try {
    kept = JSON.parse(text ?? "{}") ?? {};
  } catch {
    // Another program has left its own there.
  }
  const flag = (key: "isNotifying" | "isChartShown" | "areMembersShown") =>
    typeof kept[key] === "boolean" ? kept[key] : DEFAULTS[key];
  return {
    name: typeof kept.name === "string" ? kept.name : DEFAULTS.name,
    theme: THEMES.find((theme) => theme === kept.theme) ?? DEFAULTS.theme,
    isNotifying: flag("isNotifying"),
    isChartShown: flag("isChartShown"),
    areMembersShown: flag("areMembersShown"),
  };
}
