/**
 * WebSocket messages with which a client says something: in a room, in private, or as a command.
 *
 * @module
 */

import { DomainError } from "../../domain/domain_error.ts";
import { whyRefused } from "../../domain/log_error.ts";
import { countLines, isBlock, requireFitting } from "../../domain/text/block.ts";
import { referenceIn, replyTo } from "../../service/chat/acts/message_acts.ts";
import { runCommand, takesBlock } from "../../service/chat/commands/mod.ts";
import { resolveReference } from "../../service/chat/event_reference.ts";
import {
  findRecipient,
  requireSameAccount,
  sendPrivately,
} from "../../service/chat/speech/private_messages.ts";
import type { SayReceipt } from "../../service/chat/speech/receipts.ts";
import { EVENT_NUMBERS, FieldError, type Fields } from "../fields.ts";
import { toErrorMessage } from "../http/problem.ts";
import type { Ref } from "../protocol.ts";
import type { HandlerContext, Handlers } from "./handler.ts";
import type { WebRooms } from "./web_rooms.ts";

/** Longest command in bytes of UTF-8; the same as for a line of chat. */
const MAX_COMMAND_BYTES = 4096;
/** Messages from one client that may wait to be stored before reading pauses. */
const MAX_UNSTORED = 64;
/** Milliseconds since 1970. */
const TIMES = { min: 0, max: Number.MAX_SAFE_INTEGER };
const encoder = new TextEncoder();

/** Handlers for one client, by message type. */
export function speechHandlers(context: HandlerContext, rooms: WebRooms): Handlers {
  const { web, screen, person } = context;
  const { registry } = web.chat;

  /** Answers a request once what it says has been stored, or could not be. */
  const receiptFor = (ref: Ref | undefined): SayReceipt => (room, outcome) => {
    screen.answer(
      typeof outcome === "number"
        ? { type: "said", ref, room, seq: outcome }
        : { type: "error", ref, code: "not-stored", text: notStored(outcome) },
    );
  };

  return {
    say: async (fields, ref) => {
      const kind = fields.optionalChoice("kind", ["message", "action"]) ?? "message";
      const body = await readBody(context, fields);
      const reply = fields.optionalNumber("reply", EVENT_NUMBERS);
      const room = rooms.require(fields, { isNumbered: reply !== undefined });
      const receipt = receiptFor(ref);
      if (reply === undefined) {
        person.member.turnTo(room);
        person.speech.say(kind, body, receipt);
      } else {
        await replyTo(person, referenceIn(person, room, reply), { kind, body, receipt });
      }
      await registry.backpressure();
      if (person.speech.receipts!.count >= MAX_UNSTORED) await registry.settled();
    },
    private: async (fields, ref) => {
      const body = await readBody(context, fields);
      const name = fields.text("to");
      const seq = fields.optionalNumber("reply", EVENT_NUMBERS);
      const since = fields.optionalNumber("since", TIMES);
      const to = findRecipient(person, name);
      if (since !== undefined) requireSameAccount(to, name, since);
      const receipt = receiptFor(ref);
      if (seq === undefined) return await sendPrivately(person, to, body, receipt);
      const partner = "account" in to ? to.account.key : name;
      const reference = await resolveReference(person, `@${partner}`, seq);
      await replyTo(person, reference, { kind: "message", body, receipt });
    },
    command: async (fields, ref) => {
      const line = await readCommand(context, fields);
      const hasRoom = fields.optionalText("room") !== undefined;
      person.member.turnTo(hasRoom ? rooms.require(fields) : undefined);
      // The command sees everything said before it, in history for example.
      await registry.settled();
      try {
        await runCommand(person, line);
      } catch (error) {
        screen.answer(toErrorMessage(error, ref));
      }
      screen.answer({ type: "done", ref });
    },
  };
}

/** The text of a message. Each of its lines counts for flood control. */
async function readBody({ web, socket }: HandlerContext, fields: Fields): Promise<string> {
  const body = fields.body("body");
  if (isBlock(body)) {
    requireFitting(body, web.chat.blocks);
    await socket.paceBlock(countLines(body) - 1);
  }
  return body;
}

async function readCommand({ socket }: HandlerContext, fields: Fields): Promise<string> {
  const text = fields.text("line");
  if (!text.startsWith("/")) throw new FieldError('"line" must begin with /.');
  if (!isBlock(text) || !takesBlock(text)) {
    const line = fields.line("line");
    const { length } = encoder.encode(line);
    if (length <= MAX_COMMAND_BYTES || takesBlock(line)) return line;
    throw new DomainError(
      "too-long",
      `A command may have up to ${MAX_COMMAND_BYTES} bytes; this one has ${length}.`,
    );
  }
  const line = fields.body("line");
  await socket.paceBlock(countLines(line) - 1);
  return line;
}

function notStored(reason: Error): string {
  return "The message could not be stored, so nobody has seen it. " +
    `The server's ${whyRefused(reason)}; try again later.`;
}
