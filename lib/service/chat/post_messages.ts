/**
 * Says something in a room for somebody who is not in the chat: a webhook, a script, a command over
 * SSH.
 *
 * @module
 */

import type { Asker } from "../../domain/access/asker.ts";
import { requireFitting, toBody } from "../../domain/block.ts";
import { DomainError } from "../../domain/domain_error.ts";
import type { Draft, RoomEvent } from "../../domain/room_event.ts";
import type { ChatContext } from "./chat_session.ts";
import { looksLikeLogin } from "./login_line.ts";

/** One event for each body. */
export interface Posting {
  /** As `parseRoomName` returns it. */
  readonly room: string;
  readonly kind: "message" | "log";
  readonly bodies: readonly string[];
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly via: string;
  /** Of nobody else. */
  readonly origin: number;
}

/**
 * Posts all bodies or none; resolves to the events once they are on disk.
 *
 * @param asker Who does it, by the name that is shown.
 * @throws {DomainError} `looks-like-login`, `too-long`, and as the rules of the room say.
 * @throws {Error} if they could not be stored.
 */
export async function post(
  { archive, accounts, registry, blocks }: ChatContext,
  asker: Asker,
  { room, kind, bodies, fields, via, origin }: Posting,
): Promise<readonly RoomEvent[]> {
  const name = (await archive.for(asker).room(room))?.name ?? room;
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
    const draft = { room: name, kind, from: asker.nickname, body: text, via, origin };
    return fields === undefined ? draft : { ...draft, fields };
  });
  return await registry.post(asker, drafts);
}
