/**
 * The attributes of `SEARCH` (IRCv3 draft/search, soju.im/search) as a query.
 *
 * @module
 */

import { unescapeTagValue } from "../../../codec/irc_message.ts";
import { directRoom } from "../../../domain/direct_room.ts";
import { isRoomName } from "../../../domain/name.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromChannel, fromIrcNick } from "../irc_names.ts";
import { BadRequest } from "./history_request.ts";
import { parseServerTime } from "./history_selector.ts";
import { partnerOf } from "./history_target.ts";

/** Most messages of an answer. */
export const MOST_FOUND = 100;

export interface MessageSearch {
  /** In the query language. */
  readonly query: string;
  readonly room?: string;
  readonly limit: number;
}

/** Only what clients have words for. */
const KINDS = "kind:message,action,log";

/**
 * Parses attributes: `in=#lobby;from=jack;text=beer`. Those with other names are passed over.
 *
 * @throws {BadRequest} `INVALID_PARAMS`.
 */
export function parseSearchRequest(client: IrcClient, text: string): MessageSearch {
  const given = parseAttributes(text);
  const words = [KINDS];
  const { from, after, before, in: target } = given;
  if (from) words.push(`from:${parseAuthor(from)}`);
  // Both times belong to what is looked for; in a query, only the first does.
  if (after) words.push(`after:${isoTime(parseTimeOf("after", after))}`);
  if (before) words.push(`before:${isoTime(parseTimeOf("before", before) + 1)}`);
  if (given.text) words.push(given.text);
  return {
    query: words.join(" "),
    room: target ? parsePlace(client, target) : undefined,
    limit: parseMost(given.limit ?? ""),
  };
}

function parseAttributes(text: string): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    text.split(";").map((attribute) => {
      const [name, ...value] = attribute.split("=");
      return [name.toLowerCase(), unescapeTagValue(value.join("="))];
    }),
  );
}

function parsePlace(client: IrcClient, target: string): string {
  const channel = fromChannel(target);
  if (channel !== undefined && isRoomName(channel)) return channel;
  const partner = channel === undefined ? partnerOf(client, target) : undefined;
  if (partner !== undefined) return directRoom(client.member.account!, partner);
  throw invalidAttribute("in", "use a channel, or somebody your account has written with");
}

function parseAuthor(nick: string): string {
  const name = fromIrcNick(nick);
  if (/^[^\s",*]+$/.test(name)) return name;
  throw invalidAttribute("from", "use a nickname");
}

function parseTimeOf(name: string, text: string): number {
  const at = parseServerTime(text);
  if (at !== undefined) return at;
  throw invalidAttribute(name, "use a time such as 2026-11-21T06:30:00.000Z");
}

function parseMost(text: string): number {
  if (text === "") return MOST_FOUND;
  if (/^[1-9]\d{0,8}$/.test(text)) return Math.min(Number(text), MOST_FOUND);
  throw invalidAttribute("limit", `use a number from 1 to ${MOST_FOUND}`);
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}

function invalidAttribute(name: string, advice: string): BadRequest {
  return new BadRequest("INVALID_PARAMS", [name], `Cannot search with that ${name}: ${advice}.`);
}
