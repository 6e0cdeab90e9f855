/**
 * The user's preferences in this browser, shared by all tabs.
 *
 * @module
 */

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = typeof THEMES[number];

export interface Preferences {
  /** The last name used. */
  readonly name: string;
  readonly theme: Theme;
  /** Whether to notify of mentions and private messages while the page is not active. */
  readonly isNotifying: boolean;
  readonly isChartShown: boolean;
  readonly areMembersShown: boolean;
  /** Whether long log lines are wrapped. */
  readonly areLinesWrapped: boolean;
}

const DEFAULTS: Preferences = {
  name: "",
  theme: "auto",
  isNotifying: false,
  isChartShown: true,
  areMembersShown: true,
  areLinesWrapped: true,
};

/** Parses preferences stored as JSON, with defaults for anything missing or invalid. */
export function parsePreferences(text: string | null): Preferences {
  let kept: Partial<Record<keyof Preferences, unknown>> = {};
  try {
    kept = JSON.parse(text ?? "{}") ?? {};
  } catch {
    // Not ours, so use the defaults.
  }
  const flag = (key: "isNotifying" | "isChartShown" | "areMembersShown" | "areLinesWrapped") =>
    typeof kept[key] === "boolean" ? kept[key] : DEFAULTS[key];
  return {
    name: typeof kept.name === "string" ? kept.name : DEFAULTS.name,
    theme: THEMES.find((theme) => theme === kept.theme) ?? DEFAULTS.theme,
    isNotifying: flag("isNotifying"),
    isChartShown: flag("isChartShown"),
    areMembersShown: flag("areMembersShown"),
    areLinesWrapped: flag("areLinesWrapped"),
  };
}
