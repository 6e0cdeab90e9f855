/**
 * The last line to a client that is disconnected, or not let in at all.
 *
 * @module
 */

/** An `ERROR` with the reason, without a line end. */
export function errorLine(why: string): string {
  return `ERROR :Closing link: ${why}`;
}
