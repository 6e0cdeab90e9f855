/**
 * The settings of `/set`.
 *
 * @module
 */

/** How one person is shown the chat. */
export interface Settings {
  /** Show the time of each line, and separators between days. */
  readonly time: boolean;
  /** Colour names, and dim what nobody said. */
  readonly colour: boolean;
  /** The column to wrap lines at; 0 leaves wrapping to the terminal. */
  readonly width: number;
  /** Ring the terminal's bell at the person's name and at private messages. */
  readonly bell: boolean;
  /** Show people their own lines too. */
  readonly echo: boolean;
  /** Write lines for a screen reader, and leave line editing to the client. */
  readonly reader: boolean;
}

/** What somebody has chosen; the rest depends on their terminal. */
export type Choices = { -readonly [Name in keyof Settings]?: Settings[Name] };

export type SettingName = keyof Settings;

const SMALLEST_WIDTH = 20;
const LARGEST_WIDTH = 500;

/**
 * What each setting is for, in the order in which they are listed. All accept `auto` too: what suits
 * the terminal.
 */
export const SETTING_SUMMARIES: Readonly<Record<SettingName, string>> = {
  time: "the time before each line: on or off",
  colour: "names in colour: on or off",
  width: `the column to wrap lines at: ${SMALLEST_WIDTH} to ${LARGEST_WIDTH}, or off`,
  bell: "ring the bell at your name and at private messages: on or off",
  echo: "show you your own lines too: on or off",
  reader: "plain lines for a screen reader: on or off",
};

export const SETTING_NAMES = Object.keys(SETTING_SUMMARIES) as SettingName[];

/** A setting as written in `/set`. */
export function formatSetting(settings: Settings, name: SettingName): string {
  const value = settings[name];
  return value === true ? "on" : value === false || value === 0 ? "off" : String(value);
}

/** Sets a choice; returns `false` and changes nothing if there is no such value. */
export function choose(choices: Choices, name: SettingName, value: string): boolean {
  if (value === "auto") {
    delete choices[name];
    return true;
  }
  if (name === "width") {
    const width = value === "off" ? 0 : /^\d{1,4}$/.test(value) ? Number(value) : NaN;
    if (width !== 0 && !(width >= SMALLEST_WIDTH && width <= LARGEST_WIDTH)) return false;
    choices.width = width;
    return true;
  }
  if (value !== "on" && value !== "off") return false;
  choices[name] = value === "on";
  return true;
}
