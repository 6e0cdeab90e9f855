/**
 * What the server tells clients about itself in numeric 005: which limits and extensions it has.
 *
 * @module
 */

import { LONGEST_REASON } from "../../domain/access/moderation/plan_changes.ts";
import { MOST_PER_ROOM } from "../../domain/access/moderation/rule_limits.ts";
import { NICKNAME_RULES, ROOM_NAME_RULES } from "../../domain/name.ts";
import { MAX_ROOMS } from "../chat/rooms/room_visits.ts";
import { MOST_HISTORY_EVENTS } from "./history/history_request.ts";
import { MOST_CHANGES } from "./modes/channel_modes.ts";

/** Limits of the IRC door, in characters unless the name says otherwise. */
export const IRC_LIMITS = {
  nick: NICKNAME_RULES.maxLength,
  /** With its `#`. */
  channel: ROOM_NAME_RULES.maxLength + 1,
  rooms: MAX_ROOMS,
  /** Texts that have to fit a line with everything in front of them. */
  topic: 390,
  away: 390,
  kick: LONGEST_REASON,
  realname: 150,
  /** With its `~`. */
  user: 20,
  /** Nicknames that a client may monitor. */
  monitored: 100,
  /** Targets of one command that sends something. */
  targets: 4,
  /** Targets of one WHOIS. */
  whois: 10,
  lineBytes: 512,
} as const;

/** Most tokens of a line: a message has 15 parameters, and the first and last are taken. */
const TOKENS_PER_LINE = 13;

/** The tokens of 005, e.g. `NICKLEN=32`. */
export function isupportTokens(network: string): string[] {
  const { nick, channel, rooms, topic, away, kick, realname, user, monitored, targets, whois } =
    IRC_LIMITS;
  return [
    `NETWORK=${encodeIsupport(network)}`,
    // Names that differ only in the case of ASCII letters are the same, as with this mapping; those
    // that differ in the case of other letters are too, for which no mapping has a name.
    "CASEMAPPING=ascii",
    "CHANTYPES=#",
    `NICKLEN=${nick}`,
    `USERLEN=${user}`,
    `NAMELEN=${realname}`,
    `CHANNELLEN=${channel}`,
    `CHANLIMIT=#:${rooms}`,
    `TOPICLEN=${topic}`,
    `AWAYLEN=${away}`,
    `KICKLEN=${kick}`,
    `LINELEN=${IRC_LIMITS.lineBytes}`,
    "PREFIX=(ov)@+",
    "STATUSMSG=@+",
    "CHANMODES=beI,k,l,Cimnst",
    `MODES=${MOST_CHANGES}`,
    `MAXLIST=b:${MOST_PER_ROOM},e:${MOST_PER_ROOM},I:${MOST_PER_ROOM}`,
    "EXTBAN=$,am",
    "ACCOUNTEXTBAN=a",
    "EXCEPTS=e",
    "INVEX=I",
    // NAMES of several channels has an end for each of them, which not all clients expect.
    `TARGMAX=JOIN:,KICK:${targets},LIST:,NAMES:1,NOTICE:${targets},PART:,PRIVMSG:${targets},` +
    `TAGMSG:${targets},WHOIS:${whois},WHOWAS:1`,
    "ELIST=CMNTU",
    "SAFELIST",
    "WHOX",
    `MONITOR=${monitored}`,
    `CHATHISTORY=${MOST_HISTORY_EVENTS}`,
    "MSGREFTYPES=msgid,timestamp",
    "BOT=B",
    "UTF8ONLY",
  ];
}

/** The tokens in groups that fit one line each. */
export function isupportLines(tokens: readonly string[]): string[][] {
  const lines: string[][] = [];
  for (let at = 0; at < tokens.length; at += TOKENS_PER_LINE) {
    lines.push(tokens.slice(at, at + TOKENS_PER_LINE));
  }
  return lines;
}

/** Writes characters that a value may not have as the bytes of their UTF-8, e.g. `\x20`. */
export function encodeIsupport(value: string): string {
  return value.replace(/[^!-~]|[\\=]/gu, (character) => {
    const bytes = new TextEncoder().encode(character);
    return Array.from(bytes, (byte) => `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join("");
  });
}
