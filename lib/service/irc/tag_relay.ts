/**
 * Passes on tags without a text to the clients that take them, and to nobody else.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { nameKey } from "../../domain/name.ts";
import type { Member } from "../../domain/room_stream.ts";
import type { IrcReply } from "../../codec/irc_message.ts";
import { Form } from "./event_tags.ts";
import type { IrcClient } from "./irc_client.ts";

type Tags = readonly [string, string][];

/** Members looked at before others have a turn. */
const LOOKED_AT_ONCE = 500;

/** Passes tags on to the members of a room. */
export async function relayTags(
  from: IrcClient,
  members: Iterable<Member>,
  target: string,
  tags: Tags,
): Promise<void> {
  let looked = 0;
  for (const member of members) {
    if (++looked % LOOKED_AT_ONCE === 0) await setImmediate();
    const to = from.irc.clients.get(member);
    if (to && to !== from) deliver(from, to, target, tags);
  }
  echo(from, target, tags);
}

/** Passes tags on to one client, if there is one. */
export function relayTagsTo(
  from: IrcClient,
  to: IrcClient | undefined,
  target: string,
  tags: Tags,
): void {
  if (to && to !== from) deliver(from, to, target, tags);
  echo(from, target, tags);
}

function echo(from: IrcClient, target: string, tags: Tags): void {
  if (from.caps.has("echo-message")) from.send(messageFor(from, from, target, tags));
}

/** Tags are dispensable: a client that reads slowly does without. */
function deliver(from: IrcClient, to: IrcClient, target: string, tags: Tags): void {
  if (!to.isRegistered || !to.caps.has("message-tags")) return;
  if (to.member.ignored.has(nameKey(from.person.nickname))) return;
  to.offer([messageFor(from, to, target, tags)], true);
}

function messageFor(from: IrcClient, to: IrcClient, target: string, tags: Tags): IrcReply {
  const all = new Map<string, string>();
  const { people } = from.irc;
  const account = people.accountOf(from.person);
  if (to.form & Form.TIME) all.set("time", new Date(from.irc.clock.now()).toISOString());
  if ((to.form & Form.ACCOUNT) && account !== undefined) all.set("account", account);
  if (people.isBot(from.person)) all.set("bot", "");
  for (const [name, value] of tags) all.set(name, value);
  return { tags: all, source: from.mask, verb: "TAGMSG", params: [target] };
}
