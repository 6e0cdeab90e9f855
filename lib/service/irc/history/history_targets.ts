/**
 * The histories that a client may read, with the times of their latest messages.
 *
 * @module
 */

import { partnerIn } from "../../../domain/direct_room.ts";
import { MOST_CONVERSATIONS } from "../../chat/direct/correspondence.ts";
import { nickOfAccount } from "../account_nicks.ts";
import type { IrcClient } from "../irc_door.ts";
import { toChannel, toIrcNick } from "../irc_names.ts";
import { isShownAsTalk } from "./history_pages.ts";

/** A history. */
export interface LatestTime {
  /** A channel or a nickname. */
  readonly target: string;
  /** When something was said last, milliseconds since 1970. */
  readonly at: number;
}

/** The histories, the earliest one first. @throws {DomainError} `unavailable`. */
export async function latestTimes(client: IrcClient): Promise<LatestTime[]> {
  const { person: { rooms, sees }, member: { account } } = client;
  const times: LatestTime[] = [];
  for (const { name, recent } of rooms) {
    const last = recent.findLast(isShownAsTalk);
    if (last) times.push({ target: toChannel(name), at: last.at });
  }
  if (account === undefined) return times.sort(byTime);
  for (const { name, lastSeq } of await sees.directRooms(account, MOST_CONVERSATIONS)) {
    if (!await client.ready()) return [];
    const [last] = await sees.read(name, lastSeq - 1, 1);
    const partner = partnerIn(name, account);
    if (last && partner !== undefined) {
      times.push({ target: toIrcNick(nickOfAccount(client, partner)), at: last.at });
    }
  }
  return times.sort(byTime);
}

function byTime(one: LatestTime, other: LatestTime): number {
  return one.at - other.at;
}
