/**
 * The page's HTTP requests. Everything else goes over the WebSocket.
 *
 * @module
 */

import { sentenceOf } from "./announcement.ts";
import { addressOf } from "./base.ts";
import type { CountsJson } from "./chart_range.ts";
import { roomSegment } from "./route.ts";
import type { Span } from "./timeline.ts";

/**
 * Fetches counts of a room's events over time, in `buckets` equal intervals.
 *
 * @throws {Error} if the request fails; the message can be shown to the user.
 */
export async function fetchCounts(
  room: string,
  buckets: number,
  times: { readonly since?: string; readonly until?: string } = {},
): Promise<CountsJson> {
  const query = new URLSearchParams({ buckets: String(buckets) });
  if (times.since !== undefined) query.set("since", times.since);
  if (times.until !== undefined) query.set("until", times.until);
  const response = await fetch(addressOf(`/api/rooms/${roomSegment(room)}/counts?${query}`));
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem.detail ?? `The server answered with status ${response.status}.`);
}

/** Why an event is not among a room's messages, in a sentence. */
export async function explainMissing(room: string, seq: number): Promise<string> {
  const problem = (reason: string) => `#${seq} cannot be shown. ${reason}`;
  try {
    const response = await fetch(addressOf(`/api/rooms/${roomSegment(room)}/messages/${seq}`));
    const answer = await response.json();
    if (response.ok) return `#${seq} is not a message: ${sentenceOf(answer)}`;
    return answer.detail ?? problem(`The server answered with status ${response.status}.`);
  } catch (error) {
    return problem(error instanceof Error ? error.message : String(error));
  }
}

/** The path of a room's export. */
export function exportPath(room: string, format: "jsonl" | "text", span?: Span): string {
  const query = new URLSearchParams({ format });
  if (span && span.after > 0) query.set("after", String(span.after));
  if (span && span.before < Infinity) query.set("before", String(span.before));
  return `/api/rooms/${roomSegment(room)}/export?${query}`;
}
