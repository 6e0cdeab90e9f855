import { isDirectRoom } from "../../../domain/direct_room.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { tombstoneOf } from "../../../domain/redaction.ts";
import type { RoomEvent } from "../../../domain/room_event.ts";
import { BadRequest } from "../history/history_request.ts";
import { pastMessages } from "../history/history_target.ts";
import { type MessageSearch, MOST_FOUND, parseSearchRequest } from "../history/search_request.ts";
import type { IrcClient } from "../irc_door.ts";
import { OutgoingBatch } from "../lines/outgoing_batch.ts";
import { sendFail, sendNote } from "../standard_replies.ts";
import type { Verb } from "../verb.ts";

/** Times that a search is continued which has stopped before it has found enough. */
const MOST_ROUNDS = 10;

/** Messages with a text, by somebody, somewhere, at some time (IRCv3 draft/search). */
export const SEARCH: Verb = {
  name: "SEARCH",
  minParams: 1,
  help: [
    "SEARCH ATTRIBUTE[;ATTRIBUTE...] - finds the latest messages; a space in a value is \\s",
    "in=TARGET - in a channel, or in your conversation with somebody",
    "from=NICK, after=TIME, before=TIME - by whom, and when",
    `text=WORDS - with these words; limit=N - at most N, and at most ${MOST_FOUND}`,
  ],
  async run(client, { params: [attributes] }) {
    try {
      const events = await find(client, parseSearchRequest(client, attributes));
      const type = client.caps.has("soju.im/search") ? "soju.im/search" : "draft/search";
      const batch = new OutgoingBatch(client, type);
      for (const event of events) {
        if (!await batch.add(pastMessages(client, event))) return;
      }
      batch.end();
      // Without a batch, nothing else marks the end of the results.
      if (!client.caps.has("batch")) {
        sendNote(client, "*", "SEARCHED", [], foundSentence(events.length));
      }
    } catch (error) {
      if (error instanceof BadRequest) {
        return sendFail(client, "SEARCH", error.code, error.context, error.message);
      }
      if (!(error instanceof DomainError)) throw error;
      const [code, context] = error.code === "bad-query"
        ? ["INVALID_PARAMS", ["text"]] as const
        : ["INTERNAL_ERROR", []] as const;
      sendFail(client, "SEARCH", code, context, error.message);
    }
  },
};

function foundSentence(count: number): string {
  if (count === 0) return "Nothing was found. Try other words, or fewer.";
  return count === 1 ? "1 message was found." : `${count} messages were found.`;
}

/** Whether a room is one that the client may not know of. */
function isUnknown({ irc: { chat }, member, person }: IrcClient, room: string): boolean {
  if (isDirectRoom(room)) return false;
  const isMember = person.findRoom(room) !== undefined;
  return chat.access.refusal(member, room, "see", { isMember }) !== undefined;
}

/** The latest messages, in order. @throws {DomainError} `bad-query`, `unavailable`. */
async function find(
  client: IrcClient,
  { query, room, limit }: MessageSearch,
): Promise<readonly RoomEvent[]> {
  const { search } = client.person.sees;
  if (!search) throw new DomainError("unavailable", "Search is not available on this server.");
  const found: RoomEvent[] = [];
  let before: number | undefined;
  for (let round = 0; round < MOST_ROUNDS && found.length < limit; round++) {
    if (!await client.ready()) return [];
    const wanted = limit - found.length;
    const { hits, next } = await search({ query, room, before, limit: wanted, context: 0 });
    // What it may not know of is searched like what does not exist.
    if (room !== undefined && isUnknown(client, room)) return [];
    found.push(...hits.map(({ event }) => event).filter((event) => !tombstoneOf(event)));
    if (next === undefined) break;
    before = next;
  }
  return found.reverse();
}
