/**
 * What a person missed in a room: how many messages, by whom, and how many mentions.
 *
 * @module
 */

import { isMention } from "../text/mention.ts";
import { nameKey } from "../name.ts";
import type { RoomHistory } from "./room_history.ts";
import { isMessage, type RoomEvent } from "../room_event.ts";

export interface MissedTalk {
  readonly room: string;
  /** Messages of others, and log lines. */
  readonly messages: number;
  readonly logLines: number;
  /** Whether there are more before those that were counted. */
  readonly hasMore: boolean;
  /** The people who wrote messages, the busiest first. */
  readonly people: readonly string[];
  /** Messages that mention the reader. */
  readonly mentions: number;
  /** Number of the first mention; absent for none. */
  readonly mention?: number;
  /** Time of the first event that was counted, milliseconds since 1970. */
  readonly since: number;
}

/** Who has missed it. */
export interface MissingReader {
  readonly nickname: string;
  /** Keys of ignored names. */
  readonly ignored: ReadonlySet<string>;
}

/** The latest events are counted, up to here, in so many pieces at most. */
const MOST_COUNTED = 300;
const MOST_PIECES = 3;

/** Reads what came after number `after` in a room; `undefined` if it is nothing. */
export async function readMissed(
  history: Pick<RoomHistory, "talk">,
  { name: room, lastSeq }: { readonly name: string; readonly lastSeq: number },
  after: number,
  reader: MissingReader,
): Promise<MissedTalk | undefined> {
  const events: RoomEvent[] = [];
  let end = lastSeq + 1;
  for (let piece = 0; piece < MOST_PIECES && end > after + 1; piece++) {
    const limit = MOST_COUNTED - events.length;
    if (limit <= 0) break;
    const stretch = await history.talk(room, { after, before: end }, limit, "last");
    events.unshift(...stretch.events);
    end = stretch.after + 1;
  }
  const own = nameKey(reader.nickname);
  const others = events.filter(({ from }) => {
    const key = nameKey(from);
    return key !== own && !reader.ignored.has(key);
  });
  const messages = others.filter(isMessage);
  const logLines = others.filter(({ kind }) => kind === "log").length;
  if (messages.length + logLines === 0) return undefined;
  const counts = new Map<string, number>();
  for (const { from } of messages) counts.set(from, (counts.get(from) ?? 0) + 1);
  const mentions = messages.filter((event) => isMention(event, reader.nickname));
  return {
    room,
    messages: messages.length,
    logLines,
    hasMore: end > after + 1,
    people: [...counts].sort(([, one], [, other]) => other - one).map(([name]) => name),
    mentions: mentions.length,
    ...(mentions.length > 0 ? { mention: mentions[0].seq } : {}),
    since: events[0].at,
  };
}
