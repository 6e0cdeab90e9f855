/**
 * The page's HTTP requests. Everything else goes over the WebSocket.
 *
 * @module
 */

import type { AboutJson } from "../protocol.ts";
import { sentenceOf } from "./announcement.ts";
import { addressOf } from "./base.ts";
import type { CountsJson } from "./chart_range.ts";
import { roomSegment } from "./route.ts";
import type { Span } from "./timeline.ts";

/**
 * Fetches counts of a room's events over time and level, in `buckets` equal intervals.
 *
 * @throws {Error} if the request fails; the message can be shown to the user.
 */
export async function fetchCounts(
  room: string,
  buckets: number,
  times: { readonly since?: string; readonly until?: string } = {},
  session?: string,
): Promise<CountsJson> {
  const query = new URLSearchParams({ buckets: String(buckets), by: "level" });
  if (times.since !== undefined) query.set("since", times.since);
  if (times.until !== undefined) query.set("until", times.until);
  const response = await get(`/api/rooms/${roomSegment(room)}/counts?${query}`, session);
  if (!response.ok) throw await failure(response);
  return response.json();
}

/** Asks what the server is. @throws {Error} if the request fails. */
export async function fetchAbout(): Promise<AboutJson> {
  const response = await get("/about", undefined);
  if (!response.ok) throw await failure(response);
  return response.json();
}

/** @param session As sent in `welcome`; without it, the server answers as to anybody. */
function get(path: string, session: string | undefined): Promise<Response> {
  const headers: HeadersInit = session === undefined ? {} : { Authorization: `Bearer ${session}` };
  return fetch(addressOf(path), { headers });
}

async function failure(response: Response): Promise<Error> {
  const problem = await response.json().catch(() => ({}));
  return new Error(problem.detail ?? `The server answered with status ${response.status}.`);
}

/** Why an event is not among a room's messages, in a sentence. */
export async function explainMissing(
  room: string,
  seq: number,
  session?: string,
): Promise<string> {
  const problem = (reason: string) => `#${seq} cannot be shown. ${reason}`;
  try {
    const response = await get(`/api/rooms/${roomSegment(room)}/messages/${seq}`, session);
    const answer = await response.json();
    if (response.ok) return `#${seq} is not a message: ${sentenceOf(answer)}`;
    return answer.detail ?? problem(`The server answered with status ${response.status}.`);
  } catch (error) {
    return problem(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Fetches a room's export, as a link cannot do if the server has to know who asks.
 *
 * @throws {Error} if the request fails; the message can be shown to the user.
 */
export async function fetchExport(path: string, session: string | undefined): Promise<Blob> {
  const response = await get(path, session);
  if (!response.ok) throw await failure(response);
  return await response.blob();
}

/** The path of a room's export. */
export function exportPath(room: string, format: "jsonl" | "text", span?: Span): string {
  const query = new URLSearchParams({ format });
  if (span && span.after > 0) query.set("after", String(span.after));
  if (span && span.before < Infinity) query.set("before", String(span.before));
  return `/api/rooms/${roomSegment(room)}/export?${query}`;
}
