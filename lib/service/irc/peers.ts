/**
 * Tells the clients that share a room with somebody, or monitor them, each once, in small steps:
 * rooms can have thousands of members.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { IrcReply } from "../../codec/irc_message.ts";
import { log } from "../../log.ts";
import { actTeller } from "./act_tags.ts";
import type { ChatSession } from "../chat/chat_session.ts";
import type { IrcClient, IrcContext } from "./irc_door.ts";

/** Members looked at before others have a turn. */
const LOOKED_AT_ONCE = 500;

/**
 * Sends a message to everybody with a capability who is in a room with `person`, or monitors them
 * and has the capability `extended-monitor`.
 */
export function tellPeers(
  irc: IrcContext,
  person: ChatSession,
  capability: string,
  message: IrcReply,
): void {
  tell(irc, person, capability, message).catch((error) => {
    log("irc").error("Cannot tell the peers of {person}: {error}", {
      person: person.nickname,
      error,
    });
  });
}

async function tell(
  irc: IrcContext,
  person: ChatSession,
  capability: string,
  message: IrcReply,
): Promise<void> {
  // Each is told once, however many rooms they share.
  const told = new Set<IrcClient>();
  const tellClient = actTeller(person, message);
  let looked = 0;
  for (const { members } of person.rooms) {
    for (const member of members) {
      if (++looked % LOOKED_AT_ONCE === 0) await setImmediate();
      const client = irc.clients.get(member);
      if (!client || client.person === person || told.has(client)) continue;
      told.add(client);
      if (client.isRegistered && client.caps.has(capability)) tellClient(client);
    }
  }
  for (const client of irc.monitors.lists.watchersOf(person.nickname)) {
    if (client.person === person || told.has(client)) continue;
    if (client.caps.has("extended-monitor") && client.caps.has(capability)) {
      tellClient(client);
    }
  }
}
