/**
 * What `MODE #channel` does: each change of a mode is an act of moderation, as at every other door.
 *
 * @module
 */

import {
  isKey,
  isLimit,
  KEY_RULE,
  LIMIT_RULE,
} from "../../../domain/access/moderation/room_settings.ts";
import { MOST_PER_ROOM } from "../../../domain/access/moderation/rule_limits.ts";
import type { Act } from "../../../domain/access/room_act.ts";
import { MUTE_MASK } from "../../../domain/access/rules/restrictions.ts";
import { openRules, type RoomRules } from "../../../domain/access/rules/room_rules.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { nameKey } from "../../../domain/name.ts";
import type { RoomStream } from "../../../domain/rooms/room_stream.ts";
import type { IrcClient } from "../irc_door.ts";
import { fromIrcNick, toChannel } from "../irc_names.ts";
import { FLAGS, listOf } from "./channel_modes.ts";
import { prefixesOf } from "./channel_prefixes.ts";
import { fromListMask, toListMask } from "./list_masks.ts";
import type { ModeRequest } from "./mode_request.ts";

type Change = Exclude<ModeRequest, { kind: "list" | "unknown" }>;
type Request<Kind extends Change["kind"]> = Extract<Change, { kind: Kind }>;

/** A channel whose modes a client changes. */
export interface ChangedRoom extends Pick<RoomStream, "name" | "members"> {}

/** Carries out changes, each or not, and tells the channel of all together. */
export async function changeModes(
  client: IrcClient,
  room: ChangedRoom,
  requests: readonly Change[],
): Promise<void> {
  let isRefused = false;
  await client.irc.modes.gather(client, room.name, async () => {
    for (const request of requests) {
      try {
        await change(client, room, request);
      } catch (error) {
        const isOfPower = error instanceof DomainError && error.code === "not-permitted";
        // Once is enough.
        if (!isOfPower || !isRefused) client.explain(error, "MODE", toChannel(room.name));
        isRefused ||= isOfPower;
      }
    }
  });
}

function change(client: IrcClient, room: ChangedRoom, request: Change): Promise<unknown> | void {
  switch (request.kind) {
    case "flag":
      return changeFlag(client, room, request);
    case "value":
      return request.letter === "k"
        ? changeKey(client, room, request)
        : changeLimit(client, room, request);
    case "sign":
      return changeSign(client, room, request);
    case "entry":
      return changeEntry(client, room, request);
  }
}

function changeFlag(
  client: IrcClient,
  room: ChangedRoom,
  { letter, isSet }: Request<"flag">,
): Promise<unknown> | void {
  const flag = FLAGS.get(letter)!;
  requirePower(client, room, "own");
  if (flag.isOn(rulesOf(client, room)) === isSet) return;
  const isOn = flag.isInverted ? !isSet : isSet;
  return client.irc.chat.moderation.settings.switch(client.member, room.name, flag.name, isOn);
}

function changeKey(
  client: IrcClient,
  room: ChangedRoom,
  { isSet, param = "" }: Request<"value" | "sign">,
): Promise<unknown> | void {
  requirePower(client, room, "own");
  const { key } = rulesOf(client, room);
  // Not repeated: what has a space cannot be a parameter in the middle.
  if (isSet && !isKey(param)) return refuseParam(client, room, "k", "*", KEY_RULE);
  const next = isSet ? param : undefined;
  if (next === key) return;
  return client.irc.chat.moderation.settings.setKey(client.member, room.name, next);
}

function changeLimit(
  client: IrcClient,
  room: ChangedRoom,
  { isSet, param = "" }: Request<"value" | "sign">,
): Promise<unknown> | void {
  requirePower(client, room, "own");
  const { limit } = rulesOf(client, room);
  if (isSet && !(/^[1-9]\d*$/.test(param) && isLimit(Number(param)))) {
    return refuseParam(client, room, "l", param, LIMIT_RULE);
  }
  const next = isSet ? Number(param) : undefined;
  if (next === limit) return;
  return client.irc.chat.moderation.settings.setLimit(client.member, room.name, next);
}

async function changeSign(
  client: IrcClient,
  room: ChangedRoom,
  { letter, isSet, param = "" }: Request<"value" | "sign">,
): Promise<void> {
  const { irc, member: asker } = client;
  const { moderation, people, access } = irc.chat;
  requirePower(client, room, letter === "o" ? "own" : "moderate");
  if (param === "") {
    return refuseParam(
      client,
      room,
      letter,
      "*",
      `Name who gets it: MODE #CHANNEL +${letter} NICK.`,
    );
  }
  const person = people.find(fromIrcNick(param));
  if (!person) return client.reply("401", param, "No such nick. NAMES lists who is there.");
  const { member } = person;
  if (!room.members.has(member)) {
    return client.reply("441", param, toChannel(room.name), "They are not on that channel.");
  }
  const [sign, role] = letter === "o" ? ["@", "moderator"] as const : ["+", "voice"] as const;
  if (prefixesOf(irc, room.name, member).includes(sign) === isSet) return;
  if (isSet) return void await moderation.roles.give(asker, room.name, member, role);
  const { account } = member;
  const held = account === undefined ? undefined : rulesOf(client, room).roles.get(account);
  const isForGood = held === "voice" ? letter === "v" : held !== undefined && letter === "o";
  const found = isForGood && irc.chat.accounts.find(account!);
  if (found) await moderation.roles.grant(asker, room.name, found, undefined);
  if (access.attendance.in(room.name)?.has(member, role)) {
    await moderation.roles.take(asker, room.name, member, [role]);
  }
}

async function changeEntry(
  client: IrcClient,
  room: ChangedRoom,
  { letter, isSet, param }: Request<"entry">,
): Promise<void> {
  const { moderation } = client.irc.chat;
  requirePower(client, room, letter === "I" ? "invite" : "moderate");
  const isMute = letter !== "I" && /^[$~]m:/i.test(param);
  let target: string;
  try {
    target = fromListMask(isMute ? param.slice(MUTE_MASK.length) : param);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return refuseParam(client, room, letter, param, error.message);
  }
  const mask = nameKey((isMute ? MUTE_MASK : "") + toListMask(target));
  const entries = listOf(rulesOf(client, room), letter);
  // Also what another door names in another way.
  const known = entries.find((entry) => nameKey(entry.mask) === mask);
  if ((known !== undefined) === isSet) return;
  if (
    isSet && entries.filter((entry) => (entry.isMute ?? false) === isMute).length >= MOST_PER_ROOM
  ) {
    const text = `That list has ${MOST_PER_ROOM} entries, which is the limit. Remove one first.`;
    return client.reply("478", toChannel(room.name), letter, text);
  }
  const prefix = isMute && letter === "e" ? MUTE_MASK : "";
  const named = { name: known?.target ?? prefix + target };
  const args = [client.member, room.name] as const;
  if (letter === "e") await moderation.exceptions[isSet ? "add" : "remove"](...args, named);
  else if (letter === "I") {
    await moderation.invitations[isSet ? "welcome" : "unwelcome"](...args, named);
  } else if (isSet) {
    await moderation.sanctions[isMute ? "mute" : "ban"](...args, { target: named, reason: "" });
  } else await moderation.sanctions[isMute ? "unmute" : "unban"](...args, named);
}

/** @throws {DomainError} if the client has not the power for a change, also for one that is none. */
function requirePower({ irc, member }: IrcClient, { name, members }: ChangedRoom, act: Act): void {
  const isMember = members.has(member);
  irc.chat.access.require(member, name, act, { isMember, members: members.size });
}

function rulesOf({ irc }: IrcClient, { name }: ChangedRoom): RoomRules {
  return irc.chat.access.rules(name) ?? openRules(name);
}

/** ERR_INVALIDMODEPARAM */
function refuseParam(
  client: IrcClient,
  { name }: ChangedRoom,
  letter: string,
  param: string,
  text: string,
): void {
  const shown = param === "" || /[\s:]/.test(param) ? "*" : param;
  client.reply("696", toChannel(name), letter, shown, text);
}
