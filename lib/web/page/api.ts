/**
 * What the page asks over HTTP: the rest goes over the WebSocket.
 *
 * @module
 */

import type { CountsJson } from "./chart_range.ts";
import { roomSegment } from "./route.ts";
import type { Span } from "./timeline.ts";

/** Counts of a room's events over time, in so many parts. @throws {Error} with a sentence. */
export async function fetchCounts(
  room: string,
  buckets: number,
  times: { readonly since?: string; readonly until?: string } = {},
): Promise<CountsJson> {
  const query = new URLSearchParams({ buckets: String(buckets) });
  if (times.since !== undefined) query.set("since", times.since);
  if (times.until !== undefined) query.set("until", times.until);
  const response = await fetch(`/api/rooms/${roomSegment(room)}/counts?${query}`);
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  throw new Error(problem.detail ?? `The server answered ${response.status}.`);
}

/** Where a room's events can be had as a file. */
export function exportPath(room: string, format: "jsonl" | "text", span?: Span): string {
  const query = new URLSearchParams({ format });
  if (span && span.after > 0) query.set("after", String(span.after));
  if (span && span.before < Infinity) query.set("before", String(span.before));
  return `/api/rooms/${roomSegment(room)}/export?${query}`;
}
