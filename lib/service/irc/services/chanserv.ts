/**
 * ChanServ: who owns a channel and who has powers in it, for people who know it from other IRC
 * networks. All of it is what `/room` and `/grant` do at other doors.
 *
 * @module
 */

import type { Role } from "../../../domain/access/rules/room_rules.ts";
import { isRoomName } from "../../../domain/name.ts";
import { answerAct, resolveAccount } from "../../chat/moderation_target.ts";
import { describeRoom } from "../../chat/rooms/room_description.ts";
import { fromChannel, fromIrcNick, toChannel } from "../irc_names.ts";
import { findKnown } from "../known_channels.ts";
import { createService, type ServiceCall, type ServiceCommand } from "./irc_service.ts";

/** Runs a command about the channel that its first word names. */
function about(
  call: ServiceCall,
  run: (room: string, rest: readonly string[]) => Promise<void> | void,
): Promise<void> | void {
  const [channel = "", ...rest] = call.words;
  const name = fromChannel(channel);
  if (name === undefined) return call.sayUsage();
  // Settings are told to those who may read the room, too.
  const known = findKnown(call.client, channel);
  const room = known && call.client.person.sees.find(known.name);
  if (room) return run(room.name, rest);
  const advice = isRoomName(name) ? ` /join ${channel} creates it.` : "";
  call.say(`There is no channel ${channel}.${advice}`);
}

const REGISTER: ServiceCommand = {
  names: ["REGISTER"],
  usage: "REGISTER #CHANNEL",
  summary: "makes a channel yours, if you are alone in it",
  run: (call) =>
    about(call, async (room) => {
      const { person, irc: { chat: { moderation } } } = call.client;
      answerAct(person, await moderation.ownership.register(person.member, room));
      call.say(`${toChannel(room)} is yours, and stays so when everybody has left.`);
    }),
};

const DROP: ServiceCommand = {
  names: ["DROP"],
  usage: "DROP #CHANNEL",
  summary: "gives up a channel of yours",
  run: (call) =>
    about(call, async (room) => {
      const { person, irc: { chat: { moderation } } } = call.client;
      answerAct(person, await moderation.ownership.release(person.member, room));
    }),
};

const INFO: ServiceCommand = {
  names: ["INFO"],
  usage: "INFO #CHANNEL",
  summary: "tells who owns a channel, and its settings",
  run: (call) =>
    about(call, (room) => {
      const { person, irc: { chat: { access } } } = call.client;
      const open = person.sees.find(room);
      const isMember = person.findRoom(room) !== undefined;
      const circumstances = { isMember, members: open?.members.size };
      for (const line of describeRoom(room, access, person.member, circumstances)) call.say(line);
    }),
};

/** A command that gives a role to an account, the own one without a name, or takes it. */
function grants(names: readonly string[], role: Role | undefined, summary: string): ServiceCommand {
  return {
    names,
    usage: `${names[0]} #CHANNEL [NAME]`,
    summary,
    run: (call) =>
      about(call, async (room, [nick]) => {
        const { person, irc: { chat: { moderation } } } = call.client;
        const name = nick === undefined ? person.nickname : fromIrcNick(nick);
        const account = resolveAccount(person, name);
        answerAct(person, await moderation.roles.grant(person.member, room, account, role));
      }),
  };
}

/** Answers `/msg ChanServ`. */
export const CHANSERV = createService("ChanServ", [
  REGISTER,
  DROP,
  INFO,
  grants(["OP"], "moderator", "makes somebody an operator of a channel"),
  grants(["DEOP"], undefined, "takes that back"),
  grants(["VOICE"], "voice", "lets somebody speak while a channel is moderated"),
  grants(["DEVOICE"], undefined, "takes that back"),
  grants(["OWNER"], "owner", "lets somebody change the settings, too"),
]);
