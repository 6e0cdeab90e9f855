/**
 * The channels that a client may know of: those it is in, and those that LIST shows it. Any other
 * looks like one that does not exist, whatever a client asks about it; only JOIN cannot hide it.
 *
 * @module
 */

import type { Act } from "../../domain/access/room_act.ts";
import { DomainError } from "../../domain/domain_error.ts";
import type { Room } from "../../domain/rooms/room.ts";
import type { RoomStream } from "../../domain/rooms/room_stream.ts";
import type { IrcClient } from "./irc_door.ts";
import { fromChannel } from "./irc_names.ts";

/** The channel with people in it that a client names; `undefined` if it may know of none. */
export function findKnown({ person }: IrcClient, channel: string): Room | undefined {
  const name = fromChannel(channel);
  const room = name === undefined ? undefined : person.sees.findListed(name);
  return room && room.members.size > 0 ? room : undefined;
}

/** The channel that a client names, under its name or a former one, if the client is in it. */
export function findEntered({ person }: IrcClient, channel: string): RoomStream | undefined {
  const name = fromChannel(channel);
  return name === undefined ? undefined : person.findCalled(name);
}

/**
 * The channel in which a client may do an act of moderation; `undefined` if it may not, and has been
 * told why.
 *
 * @param verb What the client asks for.
 */
export function findModerated(
  client: IrcClient,
  channel: string,
  { verb, act }: { readonly verb: string; readonly act: Act },
): Room | undefined {
  const { irc: { chat: { access } }, member } = client;
  const room = findKnown(client, channel);
  if (!room) {
    explainNoChannel(client, channel);
    return undefined;
  }
  const isMember = room.members.has(member);
  if (!isMember && !member.isOperator) {
    explainAbsence(client, channel);
    return undefined;
  }
  const refusal = access.refusal(member, room.name, act, { isMember });
  if (!refusal) return room;
  client.explain(refusal, verb, channel);
  return undefined;
}

/** Tells a client that it is not in a channel (442), or that the channel does not exist (403). */
export function explainAbsence(client: IrcClient, channel: string): void {
  if (findKnown(client, channel)) client.reply("442", channel, "You are not on that channel.");
  else explainNoChannel(client, channel);
}

/** ERR_NOSUCHCHANNEL */
export function explainNoChannel(client: IrcClient, channel: string): void {
  client.reply("403", channel, "No such channel. LIST shows all channels.");
}

/** Why somebody cannot speak in a channel that they are not in. */
export function notIn(client: IrcClient, channel: string): DomainError {
  return findKnown(client, channel)
    ? new DomainError("not-in-room", `You are not in ${channel}. /join ${channel} enters it.`)
    : noChannel(channel);
}

/** The error for a channel that does not exist, as far as a client may know. */
export function noChannel(channel: string): DomainError {
  return new DomainError("no-such-room", `There is no channel ${channel}. LIST lists them.`);
}
