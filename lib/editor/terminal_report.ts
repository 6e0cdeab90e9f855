/**
 * What a terminal's answer to "secondary device attributes" (`CSI > c`) tells about it.
 *
 * @module
 */

/**
 * What a terminal does with rows that do not fit any more when its window changes, or that would
 * fit in one again: it wraps all lines anew, or all but that of the cursor, or leaves them.
 */
export type Reflow = "all" | "others" | "none";

/**
 * By the first two numbers of the answers. xterm's second number is its version, and iTerm2 claims
 * to be version 2500; then rxvt, GNU screen and PuTTY.
 */
const LEAVES_ROWS = /^>(41;[1-9]\d{0,2};|8[235];|0;136;)/;
const XTERM_JS = /^>0;276;/;
/** Any such answer at all. */
const REPORT = /^>[\d;]*c$/;

/**
 * What the terminal does with its rows; `undefined` if the report is about something else. One
 * that is not known wraps all: so do most.
 */
export function reflowOf(report: string): Reflow | undefined {
  if (!REPORT.test(report)) return undefined;
  if (LEAVES_ROWS.test(report)) return "none";
  return XTERM_JS.test(report) ? "others" : "all";
}
