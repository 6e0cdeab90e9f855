/**
 * What a person may set with `/set`.
 *
 * @module
 */

/** How one person wants to be shown things. */
export interface Settings {
  /** Show when each line was said. */
  time: boolean;
  /** Colour names. */
  colour: boolean;
  /** Columns after which lines are wrapped; 0 leaves that to the terminal. */
  width: number;
  /** Ring the terminal's bell at one's name and at private messages. */
  bell: boolean;
  /** Get one's own lines back. */
  echo: boolean;
}

const SMALLEST_WIDTH = 20;
const LARGEST_WIDTH = 500;

/** The settings of somebody who has set nothing. */
export function defaultSettings(): Settings {
  return { time: false, colour: false, width: 0, bell: false, echo: false };
}

/** What each setting is for, in the order in which they are listed. */
export const SETTING_SUMMARIES: Readonly<Record<keyof Settings, string>> = {
  time: "the time before each line: on or off",
  colour: "names in colour: on or off",
  width: `wrap lines at so many columns: ${SMALLEST_WIDTH} to ${LARGEST_WIDTH}, or off`,
  bell: "ring at your name and at private messages: on or off",
  echo: "send you your own lines too: on or off",
};

/** The setting as it is written in `/set`. */
export function formatSetting(settings: Settings, name: keyof Settings): string {
  const value = settings[name];
  return value === true ? "on" : value === false || value === 0 ? "off" : String(value);
}

/** Sets a setting; returns `false` and changes nothing where `value` is not one of its values. */
export function applySetting(settings: Settings, name: keyof Settings, value: string): boolean {
  if (name === "width") {
    const width = value === "off" ? 0 : /^\d{1,4}$/.test(value) ? Number(value) : NaN;
    if (width !== 0 && !(width >= SMALLEST_WIDTH && width <= LARGEST_WIDTH)) return false;
    settings.width = width;
    return true;
  }
  if (value !== "on" && value !== "off") return false;
  settings[name] = value === "on";
  return true;
}
