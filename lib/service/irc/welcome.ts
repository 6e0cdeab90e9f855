/**
 * What a client is sent when it has registered (numerics 001 to 005, the counts and the message of
 * the day).
 *
 * @module
 */

import { VERSION } from "../../version.ts";
import type { IrcClient } from "./irc_door.ts";
import { sendIsupport } from "./isupport_reply.ts";
import { CHANNEL_MODES, MODES_WITH_PARAMETER } from "./modes/channel_modes.ts";
import { USER_MODES } from "./modes/user_modes.ts";
import { findVerb } from "./verbs/mod.ts";

/** Greets a client. */
export async function welcome(client: IrcClient): Promise<void> {
  const { irc: { settings, startedAt } } = client;
  const { serverName, network } = settings;
  const version = `partyline-${VERSION}`;
  client.reply("001", `Welcome to ${network}, ${client.mask}`);
  client.reply("002", `Your host is ${serverName}, running version ${version}`);
  client.reply("003", `This server was started at ${new Date(startedAt).toISOString()}`);
  client.send({
    source: serverName,
    verb: "004",
    params: [client.nick, serverName, version, USER_MODES, CHANNEL_MODES, MODES_WITH_PARAMETER],
  });
  sendIsupport(client);
  await findVerb("LUSERS")?.run(client, { verb: "LUSERS", params: [], tags: new Map() });
  const motd = findVerb("MOTD");
  if (motd) await motd.run(client, { verb: "MOTD", params: [], tags: new Map() });
  else client.reply("422", "There is no message of the day.");
}
