/**
 * Reacts to messages and pins them over HTTP, with an account's token.
 *
 * @module
 */

import type { ConnectionContext } from "../../context.ts";
import { parseEmoji } from "../../domain/acts/emoji.ts";
import type { Asker } from "../../domain/asker.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import {
  type OutsideTarget,
  pinFromOutside,
  reactFromOutside,
} from "../../service/chat/acts/outside_acts.ts";
import type { ChatContext } from "../../service/chat/chat_session.ts";
import { EVENT_NUMBERS, FieldError, Fields } from "../fields.ts";
import { Problem } from "../http/problem.ts";
import { CHALLENGE } from "./bearer_token.ts";
import { stored } from "./stored.ts";

/** The sender of a request, and the room it is for. */
export interface ActRequest {
  readonly request: Request;
  readonly asker: Asker;
  /** The name as written in the path. */
  readonly room: string;
  readonly context: Pick<ConnectionContext, "connection">;
}

/**
 * Adds the reaction `emoji`, or removes it with `"action":"remove"`; resolves to the event, if
 * anything changed.
 *
 * @throws {Problem | FieldError | DomainError}
 */
export async function postReaction(
  chat: ChatContext,
  { seq, ...from }: ActRequest & { readonly seq: number },
): Promise<readonly RoomEvent[]> {
  const { asker, fields, target } = await readAct(chat, from);
  const text = fields.text("emoji");
  const emoji = parseEmoji(text);
  if (emoji === undefined) throw new FieldError(`"emoji" must be one emoji, or a name such as +1.`);
  const details = { emoji, isWanted: isWanted(fields) };
  return await stored(reactFromOutside(chat, asker, { ...target, seq }, details));
}

/** Pins event `seq`, or unpins it; otherwise like {@linkcode postReaction}. */
export async function postPin(
  chat: ChatContext,
  from: ActRequest,
): Promise<readonly RoomEvent[]> {
  const { asker, fields, target } = await readAct(chat, from);
  const seq = fields.number("seq", EVENT_NUMBERS);
  return await stored(pinFromOutside(chat, asker, { ...target, seq }, isWanted(fields)));
}

async function readAct(
  chat: ChatContext,
  { request, asker, room, context }: ActRequest,
): Promise<{ asker: Asker; fields: Fields; target: Omit<OutsideTarget, "seq"> }> {
  if (asker.account === undefined) {
    throw new Problem(
      401,
      "no-token",
      "Reacting and pinning require an account's token. /token new LABEL in the chat creates one.",
      CHALLENGE,
    );
  }
  const fields = Fields.ofJson(await request.text());
  const origin = chat.firstOrigin + context.connection;
  const name = chat.archive.for(asker).parseName(room);
  return { asker, fields, target: { room: name, via: "http", origin } };
}

function isWanted(fields: Fields): boolean {
  return fields.optionalChoice("action", ["add", "remove"]) !== "remove";
}
