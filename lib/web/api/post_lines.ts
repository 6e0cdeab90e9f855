/**
 * Posting to a room over HTTP, for webhooks and scripts with the token.
 *
 * @module
 */

import type { ConnectionContext } from "../../context.ts";
import type { Asker } from "../../domain/asker.ts";
import { DomainError } from "../../domain/domain_error.ts";
import { nameKey, parseRoomName, toSourceName } from "../../domain/name.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import { type BlockLimits, excessOf, toBody } from "../../domain/text/block.ts";
import type { ChatContext } from "../../service/chat/chat_session.ts";
import { post } from "../../service/chat/speech/post_messages.ts";
import { EVENT_NUMBERS, FieldError, Fields } from "../fields.ts";
import { Problem } from "../http/problem.ts";
import { stored } from "./stored.ts";

const MAX_LINES = 2000;
/** Longest log line, in bytes of UTF-8. */
const MAX_LOG_BYTES = 64 * 1024;
const DEFAULT_FROM = "webhook";

type Kind = "message" | "log";

/** A request as parsed: one event for each body. */
interface Post {
  readonly from?: string;
  readonly kind: Kind;
  readonly bodies: readonly string[];
  readonly fields?: Readonly<Record<string, unknown>>;
  /** The number of the message that it answers. */
  readonly reply?: number;
}

/**
 * Posts the lines of a request to a room, all or none; resolves to the events once they are on
 * disk.
 *
 * @param poster As `identifyPoster` returns it.
 * @throws {Problem | FieldError | DomainError}
 */
export async function postLines(
  chat: ChatContext,
  roomText: string,
  request: Request,
  poster: Asker,
  { connection }: ConnectionContext,
): Promise<readonly RoomEvent[]> {
  const name = parseRoomName(roomText);
  const { from, kind, bodies, fields, reply } = await readPost(request);
  const sender = kind === "log"
    ? toSourceName(from ?? defaultSender(poster))
    : speakerOf(poster, from, chat);
  const asker: Asker = { ...poster, nickname: sender };
  for (const body of bodies) checkLength(body, kind, chat.blocks);
  const origin = chat.firstOrigin + connection;
  const details = { room: name, kind, bodies, fields, reply, via: "http", origin };
  return await stored(post(chat, asker, details));
}

async function readPost(request: Request): Promise<Post> {
  const type = request.headers.get("content-type")?.split(";")[0].trim().toLowerCase();
  const text = await readText(request);
  if (type === "application/json") return readJson(text);
  if (type === "text/plain") return readPlain(text, new URL(request.url).searchParams);
  throw new Problem(415, "wrong-type", "Content-Type must be application/json or text/plain.");
}

async function readText(request: Request): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await request.arrayBuffer());
  } catch {
    throw new FieldError("The body must be UTF-8.");
  }
}

function readJson(text: string): Post {
  const json = Fields.ofJson(text);
  const fields = json.optionalObject("fields");
  const kind = readKind(json);
  if (fields && kind !== "log") throw new FieldError('Only kind "log" may have "fields".');
  const body = kind === "log" ? json.line("body") : json.body("body");
  const reply = json.optionalNumber("reply", EVENT_NUMBERS);
  if (reply !== undefined && kind === "log") throw new FieldError("A log line cannot be a reply.");
  return { ...readSender(json), kind, bodies: [body], fields, reply };
}

function readPlain(text: string, query: URLSearchParams): Post {
  const fields = Fields.ofQuery(query);
  const kind = readKind(fields);
  if (fields.optionalChoice("as", ["lines", "block"]) === "block") {
    if (kind === "log") throw new FieldError('A block is a message: leave "kind" out.');
    const body = new Fields(() => text).body("The text");
    return { ...readSender(fields), kind, bodies: [body] };
  }
  // A line may consist of Unicode's line separators, which say nothing.
  const isBlank = (line: string) => (kind === "log" ? line : toBody(line)) === "";
  const bodies = text.split(/\r?\n/).filter((line) => !isBlank(line));
  if (bodies.length === 0) throw new FieldError("The body has no lines.");
  if (bodies.length > MAX_LINES) {
    throw new Problem(413, "too-large", `A request may have up to ${MAX_LINES} lines. Split it.`);
  }
  return { ...readSender(fields), kind, bodies };
}

function readKind(fields: Fields): Kind {
  return fields.optionalChoice("kind", ["message", "log"]) ?? "message";
}

function readSender(fields: Fields): Pick<Post, "from"> {
  return { from: fields.optionalText("from") };
}

function defaultSender({ account, nickname }: Asker): string {
  return account === undefined ? DEFAULT_FROM : nickname;
}

/**
 * The name under which a message is posted. The token of an account speaks as that account, even
 * while its owner is in the chat.
 */
function speakerOf(poster: Asker, from: string | undefined, { people }: ChatContext): string {
  const { account, nickname } = poster;
  if (account === undefined) return people.check(from ?? DEFAULT_FROM);
  if (from === undefined || nameKey(from.trim()) === account) return nickname;
  throw new DomainError(
    "not-permitted",
    `This token speaks as ${nickname}. Leave "from" out, or post log lines with kind "log".`,
  );
}

function checkLength(body: string, kind: Kind, blocks: BlockLimits): void {
  const excess = kind === "log" ? excessOfLine(body) : excessOf(body, blocks);
  if (excess !== undefined) throw new Problem(413, "too-large", `${excess} Split it.`);
}

function excessOfLine(body: string): string | undefined {
  const { length } = new TextEncoder().encode(body);
  if (length <= MAX_LOG_BYTES) return undefined;
  return `A log may have up to ${MAX_LOG_BYTES} bytes; this one has ${length}.`;
}
