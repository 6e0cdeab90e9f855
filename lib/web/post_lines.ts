/**
 * Posting to a room over HTTP: for webhooks and scripts that have the token.
 *
 * @module
 */

import { createHash, timingSafeEqual } from "node:crypto";
import { parseRoomName, toSourceName } from "../domain/name.ts";
import type { Draft, RoomEvent } from "../domain/room_event.ts";
import type { ChatContext } from "../service/chat/chat_session.ts";
import { FieldError, Fields } from "./fields.ts";
import { Problem } from "./problem.ts";

/** Most lines of one request, and the longest of each kind, in bytes. */
const MOST_LINES = 2000;
const LONGEST = { message: 4096, log: 64 * 1024 } as const;
const DEFAULT_FROM = "webhook";

type Kind = keyof typeof LONGEST;

interface Posting {
  readonly from: string;
  readonly kind: Kind;
  readonly bodies: readonly string[];
  readonly fields?: Readonly<Record<string, unknown>>;
}

/**
 * Checks the token of a request (RFC 6750 section 2.1).
 *
 * @param token The right one; `undefined` where posting is off.
 * @throws {Problem}
 */
export function checkToken(headers: Headers, token: string | undefined): void {
  if (token === undefined) {
    throw new Problem(
      403,
      "posting-is-off",
      "Posting is off. To turn it on, start the server with --post-token TOKEN.",
    );
  }
  const [, given] = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "") ?? [];
  if (given !== undefined && isSame(given, token)) return;
  throw new Problem(
    401,
    given === undefined ? "no-token" : "wrong-token",
    given === undefined
      ? "A token is needed. Send it as: Authorization: Bearer TOKEN"
      : "That is not the token that the server was started with.",
    { "WWW-Authenticate": `Bearer realm="partyline"` },
  );
}

/** Puts what a request says into a room; resolves to the events once they are on disk. */
export async function postLines(
  chat: ChatContext,
  roomText: string,
  request: Request,
  origin: number,
): Promise<readonly RoomEvent[]> {
  const name = parseRoomName(roomText);
  const { from, kind, bodies, fields } = await readPosting(request);
  const sender = kind === "log" ? toSourceName(from) : chat.people.check(from);
  const room = (await chat.log.room(name))?.name ?? name;
  const drafts = bodies.map((body): Draft => {
    checkLength(body, kind);
    const text = kind === "log" ? body : body.normalize("NFC");
    const draft = { room, kind, from: sender, body: text, via: "http", origin };
    return fields === undefined ? draft : { ...draft, fields };
  });
  try {
    return await chat.registry.post(drafts);
  } catch {
    throw new Problem(
      503,
      "not-stored",
      "That could not be stored. The server's disk may be full; try again in a while.",
    );
  }
}

async function readPosting(request: Request): Promise<Posting> {
  const type = request.headers.get("content-type")?.split(";")[0].trim().toLowerCase();
  const text = await readText(request);
  if (type === "application/json") return readJson(text);
  if (type === "text/plain") return readPlain(text, new URL(request.url).searchParams);
  throw new Problem(415, "wrong-type", "Send application/json or text/plain.");
}

async function readText(request: Request): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await request.arrayBuffer());
  } catch {
    throw new FieldError("The body has to be UTF-8.");
  }
}

function readJson(text: string): Posting {
  const json = Fields.ofJson(text);
  const fields = json.optionalObject("fields");
  const kind = readKind(json);
  if (fields && kind !== "log") throw new FieldError('Only a "log" has "fields".');
  return { ...readSender(json), kind, bodies: [json.line("body")], fields };
}

function readPlain(text: string, query: URLSearchParams): Posting {
  const bodies = text.split(/\r?\n/).filter((line) => line !== "");
  if (bodies.length === 0) throw new FieldError("There is not a line in the body.");
  if (bodies.length > MOST_LINES) {
    throw new Problem(413, "too-large", `A request has up to ${MOST_LINES} lines. Send several.`);
  }
  const fields = Fields.ofQuery(query);
  return { ...readSender(fields), kind: readKind(fields), bodies };
}

function readKind(fields: Fields): Kind {
  return fields.optionalChoice("kind", ["message", "log"]) ?? "message";
}

function readSender(fields: Fields): Pick<Posting, "from"> {
  return { from: fields.optionalText("from") ?? DEFAULT_FROM };
}

function checkLength(body: string, kind: Kind): void {
  const { length } = new TextEncoder().encode(body);
  if (length <= LONGEST[kind]) return;
  throw new Problem(
    413,
    "too-large",
    `A ${kind} has up to ${LONGEST[kind]} bytes; this has ${length}. Split it.`,
  );
}

/** Takes as long for any wrong token, so that none can be found out bit by bit. */
function isSame(given: string, token: string): boolean {
  const [a, b] = [given, token].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(a, b);
}
