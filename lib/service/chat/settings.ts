/**
 * What a person may set with `/set`.
 *
 * @module
 */

/** How one person is shown things. */
export interface Settings {
  /** Show when each line was said, and on which day. */
  readonly time: boolean;
  /** Colour names, and set off what nobody said. */
  readonly colour: boolean;
  /** Columns after which lines are wrapped; 0 leaves that to the terminal. */
  readonly width: number;
  /** Ring the terminal's bell at one's name and at private messages. */
  readonly bell: boolean;
  /** Get one's own lines back. */
  readonly echo: boolean;
  /** Lines as they are best heard, and no line editing here, for those who do not see. */
  readonly reader: boolean;
}

/** What somebody has chosen; the rest is as it suits their terminal. */
export type Choices = { -readonly [Name in keyof Settings]?: Settings[Name] };

export type SettingName = keyof Settings;

const SMALLEST_WIDTH = 20;
const LARGEST_WIDTH = 500;

/**
 * What each setting is for, in the order in which they are listed. All can be `auto` as well: as it
 * suits the terminal.
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

/** A setting as it is written in `/set`. */
export function formatSetting(settings: Settings, name: SettingName): string {
  const value = settings[name];
  return value === true ? "on" : value === false || value === 0 ? "off" : String(value);
}

/** Makes a choice; returns `false` and changes nothing where `value` is not one that there is. */
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
