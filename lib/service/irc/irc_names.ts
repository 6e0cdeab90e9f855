/**
 * Names as IRC clients see them. Names of people may have characters that the grammar of IRC gives
 * another meaning: a nickname with a `.` would be a server, one with a digit in front a server's
 * number. Such names are shown in another form, one to one, with characters that no name has.
 *
 * @module
 */

/** The character before a digit or a hyphen, with which a nickname cannot begin. */
const LEAD = "^";

/**
 * The nickname on IRC of a person or a log source.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { toIrcNick } from "./irc_names.ts";
 *
 * assertEquals(toIrcNick("ann.b"), "ann|b");
 * assertEquals(toIrcNick("10.0.0.1:514/cron"), "^10|0|0|1`514/cron");
 * ```
 */
export function toIrcNick(name: string): string {
  // Nearly all names, at half the cost.
  if (/^[A-Z_a-z][-\w]*$/.test(name)) return name;
  const nick = /[.:]/.test(name) ? name.replaceAll(".", "|").replaceAll(":", "`") : name;
  return /^[\p{Nd}-]/u.test(nick) ? LEAD + nick : nick;
}

/**
 * The name of a person or a log source, from their nickname on IRC. It also understands the names
 * of other doors, and returns a nickname that is neither as it is: that is nobody's name.
 */
export function fromIrcNick(nick: string): string {
  const name = /^\^[\p{Nd}-]/u.test(nick) ? nick.slice(LEAD.length) : nick;
  return name.replaceAll("|", ".").replaceAll("`", ":");
}

/** The channel of a room, or what {@linkcode fromChannel} was given. */
export function toChannel(room: string): string {
  return room.startsWith("#") ? room : `#${room}`;
}

/** The room of a channel; `undefined` if `channel` does not begin with `#`. */
export function fromChannel(channel: string): string | undefined {
  // Elsewhere, the name of a room may have a `#` in front: `##tea` would become `tea`.
  if (channel.startsWith("##")) return channel;
  return channel.startsWith("#") ? channel.slice(1) : undefined;
}
