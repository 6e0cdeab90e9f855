/**
 * Tells typed commands from messages.
 *
 * @module
 */

const COMMAND = /^\/(?:[a-z]{1,32})?(?:\s|$)/i;

/**
 * Whether a line is a command: a slash and one word of letters. A path (`/var/log is full`) is text,
 * and so is `//x`, which says `/x`.
 */
export function isCommandLine(line: string): boolean {
  return COMMAND.test(line);
}

/** The text that a line says if it is not a command. */
export function textOfLine(line: string): string {
  return line.startsWith("//") ? line.slice(1) : line;
}
