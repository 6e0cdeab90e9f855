/**
 * The traits of a terminal, by the names that the client gives it (RFC 1091).
 *
 * @module
 */

export interface TerminalTraits {
  /** Whether it understands ECMA-48 cursor control. */
  readonly isAnsi: boolean;
  /** Whether it has a second screen, from which it returns to the first one as it was (xterm). */
  readonly hasTwoScreens: boolean;
  /** Whether it has colours. */
  readonly hasColour: boolean;
  /**
   * Whether the client has its own line editor and sends whole lines, whatever it agrees to.
   * Clients for text games do; they hide what is typed after WILL ECHO.
   */
  readonly editsLines: boolean;
  /** Whether a screen reader reads it aloud. */
  readonly isScreenReader: boolean;
}

/** Current terminals and emulators, and the old ones that they are named after. */
const ANSI =
  /^(xterm|screen|tmux|rxvt|u?rxvt|vt[1-5]\d\d|linux|ansi|putty|konsole|kde|gnome|vte|alacritty|kitty|foot|wezterm|ghostty|contour|st\b|eterm|iterm|nsterm|cygwin|mintty|ms-terminal|teraterm|kterm|mlterm|dtterm|aterm|mrxvt|con(s|sole)\d*|sun-color|hurd|jfbterm|fbterm|bterm|hterm|terminator|tilix|terminology|yakuake|guake|xfce)/i;
/** Those of them that have one screen. */
const ONE_SCREEN = /^(vt\d|linux|ansi|con|sun-color|hurd|jfbterm|fbterm|bterm)/i;
const COLOURLESS = /^(vt\d+|ansi-m)|-m(ono)?$/i;
/** Game clients that do not announce MTTS. */
const GAME_CLIENT =
  /^(tintin|tinyfugue|mudlet|mushclient|cmud|zmud|wintin|gmud|potato|atlantis|kildclient|blowtorch|mudrammer|mudmaster|axmud|blightmud|beip|simplemu|gosclient|portal|treefingers)/i;
/** Mud Terminal Type Standard: game clients send a bit set as their third name. */
const MTTS = /^MTTS (\d{1,5})$/;
const MTTS_SCREEN_READER = 64;

/** @param names In the client's order; empty if it gave none. */
export function traitsOf(names: readonly string[]): TerminalTraits {
  const mtts = names.map((name) => MTTS.exec(name)?.[1]).find((bits) => bits !== undefined);
  const terminal = names.find((name) => ANSI.test(name));
  return {
    isAnsi: terminal !== undefined,
    hasTwoScreens: terminal !== undefined && !ONE_SCREEN.test(terminal),
    hasColour: terminal !== undefined && !COLOURLESS.test(terminal),
    editsLines: mtts !== undefined || names.some((name) => GAME_CLIENT.test(name)),
    isScreenReader: (Number(mtts ?? 0) & MTTS_SCREEN_READER) !== 0,
  };
}
