/**
 * The settings of `/set`.
 *
 * @module
 */

import { WatchWords } from "../../domain/search/watch_words.ts";

/** At what the terminal's bell rings. */
export type BellSetting = "off" | "mention" | "all";

/** How several pasted lines are sent. */
export type PasteSetting = "ask" | "block" | "lines";

/** How one person is shown the chat. */
export interface Settings {
  /** Show the time of each line, and separators between days. */
  readonly time: boolean;
  /** Colour names, and dim what nobody said. */
  readonly colour: boolean;
  /** The column to wrap lines at; 0 leaves wrapping to the terminal. */
  readonly width: number;
  /** Ring the bell at mentions and private messages, or at everything that is said. */
  readonly bell: BellSetting;
  /** Words that stand out like the person's name. */
  readonly words: WatchWords;
  /** Show people their own lines too. */
  readonly echo: boolean;
  /** Show a status line above the line being typed. */
  readonly status: boolean;
  /** Show only the room that the person talks in; others only count as unread. */
  readonly focus: boolean;
  /** Write lines for a screen reader, and leave line editing to the client. */
  readonly reader: boolean;
  /** Show each reaction as it comes. */
  readonly reactions: boolean;
  /** Whether to ask how to send pasted lines, or to send them as one message or line by line. */
  readonly paste: PasteSetting;
}

/** What somebody has chosen; the rest depends on their terminal. */
export type Choices = { -readonly [Name in keyof Settings]?: Settings[Name] };

export type SettingName = keyof Settings;

/** One setting, as people write it. */
interface Setting<Value> {
  /** Its purpose and its possible values. */
  readonly summary: string;
  /** Values to complete. All settings accept `auto` too: what suits the terminal. */
  readonly values: readonly string[];
  /** `undefined` if there is no such value. */
  parse(text: string): Value | undefined;
  format(value: Value): string;
}

const SMALLEST_WIDTH = 20;
const LARGEST_WIDTH = 500;

/** In the order in which they are listed. */
const SETTINGS: { readonly [Name in SettingName]: Setting<Settings[Name]> } = {
  time: onOff("the time before each line"),
  colour: onOff("names in colour"),
  width: {
    summary: `the column to wrap lines at: ${SMALLEST_WIDTH} to ${LARGEST_WIDTH}, or off`,
    values: ["auto", "off"],
    parse: parseWidth,
    format: (width) => width === 0 ? "off" : String(width),
  },
  bell: {
    summary: "ring the bell at: mention, all or off",
    values: ["mention", "all", "off"],
    parse: parseBell,
    format: (bell) => bell,
  },
  words: {
    summary: `words that stand out like your name: up to ${WatchWords.most} with commas, or off`,
    values: ["off"],
    parse: (text) => text === "off" ? WatchWords.none : WatchWords.parse(text),
    format: (words) => words.isEmpty ? "off" : words.text,
  },
  echo: onOff("show you your own lines too"),
  status: onOff("a status line above the line you type"),
  focus: onOff("show only the room that you talk in"),
  reader: onOff("plain lines for a screen reader"),
  reactions: onOff("a line for each reaction, not only the first to each line of yours"),
  paste: {
    summary: "several pasted lines: ask, block (one message) or lines (a message each)",
    values: ["ask", "block", "lines"],
    parse: (text) => text === "ask" || text === "block" || text === "lines" ? text : undefined,
    format: (paste) => paste,
  },
};

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** What a setting is for. */
export function settingSummary(name: SettingName): string {
  return SETTINGS[name].summary;
}

/** Values that a setting can have, to complete them. */
export function settingValues(name: string): readonly string[] {
  return name in SETTINGS ? SETTINGS[name as SettingName].values : [];
}

/** A setting as written in `/set`. */
export function formatSetting<Name extends SettingName>(
  settings: Pick<Settings, Name>,
  name: Name,
): string {
  const { format }: Setting<Settings[Name]> = SETTINGS[name];
  return format(settings[name]);
}

/** Sets a choice; returns `false` and changes nothing if there is no such value. */
export function choose<Name extends SettingName>(
  choices: Choices,
  name: Name,
  text: string,
): boolean {
  const { parse }: Setting<Settings[Name]> = SETTINGS[name];
  const value = text === "auto" ? undefined : parse(text);
  if (value === undefined && text !== "auto") return false;
  if (value === undefined) delete choices[name];
  else choices[name] = value;
  return true;
}

function onOff(what: string): Setting<boolean> {
  return {
    summary: `${what}: on or off`,
    values: ["on", "off", "auto"],
    parse: (text) => text === "on" ? true : text === "off" ? false : undefined,
    format: (isOn) => isOn ? "on" : "off",
  };
}

function parseWidth(text: string): number | undefined {
  if (text === "off") return 0;
  const width = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  return width === 0 || (width >= SMALLEST_WIDTH && width <= LARGEST_WIDTH) ? width : undefined;
}

/** It could once only be on or off. */
function parseBell(text: string): BellSetting | undefined {
  if (text === "on") return "mention";
  return text === "mention" || text === "all" || text === "off" ? text : undefined;
}
