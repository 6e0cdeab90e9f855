/**
 * The user's preferences in this browser, shared by all tabs.
 *
 * @module
 */

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = typeof THEMES[number];

export const ROOM_ORDERS = ["joined", "name", "activity"] as const;
/** How the sidebar sorts rooms: as joined, by name, or the latest message first. */
export type RoomOrder = typeof ROOM_ORDERS[number];

/** Rooms that can be muted; the oldest are forgotten. */
const MAX_MUTED = 200;

export interface Preferences {
  /** The last name used. */
  readonly name: string;
  readonly theme: Theme;
  /** Whether to notify of mentions and private messages while the page is not active. */
  readonly isNotifying: boolean;
  /** Whether a tone sounds at the same. */
  readonly isSounding: boolean;
  /** Whether the latest messages stay on this device when the page is closed. */
  readonly isKeeping: boolean;
  readonly isChartShown: boolean;
  readonly areMembersShown: boolean;
  /** Whether long log lines are wrapped. */
  readonly areLinesWrapped: boolean;
  readonly roomOrder: RoomOrder;
  /** Keys of the rooms whose unread messages are not shown. */
  readonly muted: readonly string[];
}

/** The preferences that follow an account from one browser to another. */
export type KeptPreferences = Pick<Preferences, "roomOrder" | "muted">;

type Flag =
  | "isNotifying"
  | "isSounding"
  | "isKeeping"
  | "isChartShown"
  | "areMembersShown"
  | "areLinesWrapped";

const DEFAULTS: Preferences = {
  name: "",
  theme: "auto",
  isNotifying: false,
  isSounding: false,
  isKeeping: false,
  isChartShown: true,
  areMembersShown: true,
  areLinesWrapped: true,
  roomOrder: "joined",
  muted: [],
};

/** Parses preferences stored as JSON, with defaults for anything missing or invalid. */
export function parsePreferences(text: string | null): Preferences {
  let kept: Partial<Record<keyof Preferences, unknown>> = {};
  try {
    kept = JSON.parse(text ?? "{}") ?? {};
  } catch {
    // Not ours, so use the defaults.
  }
  const flag = (key: Flag) => typeof kept[key] === "boolean" ? kept[key] : DEFAULTS[key];
  return {
    name: typeof kept.name === "string" ? kept.name : DEFAULTS.name,
    theme: THEMES.find((theme) => theme === kept.theme) ?? DEFAULTS.theme,
    isNotifying: flag("isNotifying"),
    isSounding: flag("isSounding"),
    isKeeping: flag("isKeeping"),
    isChartShown: flag("isChartShown"),
    areMembersShown: flag("areMembersShown"),
    areLinesWrapped: flag("areLinesWrapped"),
    ...keptPreferences(kept),
  };
}

/** The valid preferences of an object, with defaults for the others. */
export function keptPreferences(
  { roomOrder, muted }: Partial<Record<keyof KeptPreferences, unknown>>,
): KeptPreferences {
  return {
    roomOrder: ROOM_ORDERS.find((order) => order === roomOrder) ?? DEFAULTS.roomOrder,
    muted: Array.isArray(muted)
      ? muted.filter((key) => typeof key === "string").slice(-MAX_MUTED)
      : [],
  };
}
