/**
 * Says something in a room for somebody who is not in the chat: a webhook, a script, a command over
 * SSH.
 *
 * @module
 */

import { aboutOf, isActionable } from "../../../domain/acts/about.ts";
import type { PermittedRooms } from "../../../domain/archive/permitted_rooms.ts";
import type { Asker } from "../../../domain/asker.ts";
import { DomainError } from "../../../domain/domain_error.ts";
import { checkNewRoomName } from "../../../domain/name.ts";
import { tombstoneOf } from "../../../domain/redaction.ts";
import type { Draft, RoomEvent } from "../../../domain/room_event.ts";
import { requireFitting, toBody } from "../../../domain/text/block.ts";
import type { ChatContext } from "../chat_session.ts";
import { looksLikeLogin } from "../login/login_line.ts";

/** One event for each body. */
export interface Posting {
  /** As `parseRoomName` returns it. */
  readonly room: string;
  readonly kind: "message" | "log";
  readonly bodies: readonly string[];
  readonly fields?: Readonly<Record<string, unknown>>;
  /** The number of the message that they answer. */
  readonly reply?: number;
  readonly via: string;
  /** Of nobody else. */
  readonly origin: number;
}

/**
 * Posts all bodies or none; resolves to the events once they are on disk.
 *
 * @param asker Who does it, by the name that is shown.
 * @throws {DomainError} `looks-like-login`, `too-long`, `bad-name`, and as the rules of the room say.
 * @throws {Error} if they could not be stored.
 */
export async function post(
  { archive, accounts, registry, blocks }: ChatContext,
  asker: Asker,
  { room, kind, bodies, fields: own, reply, via, origin }: Posting,
): Promise<readonly RoomEvent[]> {
  checkNewRoomName(room);
  const about = reply === undefined
    ? undefined
    : aboutOf(await readSaid(archive.for(asker), room, reply));
  const fields = reply === undefined ? own : { ...own, reply };
  const isRegistered = (word: string) => accounts.find(word) !== undefined;
  const drafts = bodies.map((body): Draft => {
    if (kind === "message" && looksLikeLogin(body, isRegistered)) {
      throw new DomainError(
        "looks-like-login",
        "That looks like a log-in, so nothing was said. Begin the text with another word.",
      );
    }
    const text = kind === "message" ? toBody(body).normalize("NFC") : body;
    if (kind === "message") requireFitting(text, blocks);
    const draft = { room, kind, from: asker.nickname, body: text, via, origin };
    return fields === undefined ? draft : { ...draft, fields, about };
  });
  return await registry.post(asker, drafts);
}

/** An event that can be answered, reacted to or pinned. @throws {DomainError} `no-such-event`. */
export async function readSaid(
  sees: PermittedRooms,
  room: string,
  seq: number,
): Promise<RoomEvent> {
  const [event] = await sees.read(room, seq - 1, 1);
  if (event?.seq === seq && isActionable(event) && !tombstoneOf(event)) return event;
  throw new DomainError("no-such-event", `#${room} has no message #${seq}.`);
}
