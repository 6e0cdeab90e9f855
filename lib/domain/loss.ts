/**
 * Losses of log lines as events: anything that could not be kept becomes a `gap` that says who lost
 * how much, and why.
 *
 * @module
 */

import type { Draft } from "./room_event.ts";
import { countText } from "./wording.ts";

/** Why something was lost. */
export const LOSS_REASONS = [
  /** Lines were too long. */
  "cut",
  /** Lines were not valid UTF-8. */
  "repaired",
  /** The input ended before the announced length. */
  "missing",
  /** The last line had no line end, so it may be incomplete. */
  "unfinished",
  /** Lines could not be stored. */
  "refused",
  /** The system dropped datagrams before they were read. */
  "dropped",
  /** Datagrams came from an address that the endpoint is not open to. */
  "address",
  /** The peer spoke HTTP or TLS. */
  "protocol",
  /** The sender may not write there. */
  "not-permitted",
  /** Lines were read, but not said before the connection ended. */
  "unsaid",
] as const;
export type LossReason = typeof LOSS_REASONS[number];

/** How much was lost. The reason decides which counts there are. */
export interface LossCounts {
  /** Lines that were damaged or lost. */
  readonly lines?: number;
  readonly bytes?: number;
  /** Places in the text where bytes were replaced. */
  readonly places?: number;
  readonly datagrams?: number;
}

/** A loss to record. */
export interface Loss extends LossCounts {
  readonly room: string;
  readonly source: string;
  readonly reason: LossReason;
  readonly via?: string;
}

/** Losses held at a time. Beyond that, all sources of a room and reason are counted together. */
const MOST_LOSSES = 1000;
const COUNTS = ["lines", "bytes", "places", "datagrams"] as const;

/** The event that records a loss. Its `fields` hold the reason and the counts. */
export function toGap(loss: Loss): Draft {
  const { room, source, via, reason, lines, bytes, places, datagrams } = loss;
  return {
    room,
    kind: "gap",
    from: source,
    body: describe(loss),
    fields: withoutUndefined({ reason, lines, bytes, places, datagrams }),
    via,
  };
}

/** The loss when a draft cannot be stored: a log line, or the loss that the draft records. */
export function lossOf({ room, kind, from, via, fields }: Draft): Loss | undefined {
  if (kind === "log") return { room, source: from, via, reason: "refused", lines: 1 };
  const reason = LOSS_REASONS.find((reason) => reason === fields?.reason);
  // Retention retries its own gaps.
  if (kind !== "gap" || !reason) return undefined;
  return { ...fields, reason, room, source: from, via };
}

/** Losses that are still to be recorded, added up by room, source and reason. */
export class LossBook {
  readonly #losses = new Map<string, Loss>();

  add(loss: Loss): void {
    const { room, source, reason } = loss;
    const isFull = this.#losses.size >= MOST_LOSSES;
    const key = JSON.stringify([room, isFull ? "" : source, reason]);
    const before = this.#losses.get(key);
    if (before) this.#losses.set(key, addLosses(before, loss));
    else this.#losses.set(key, isFull ? { ...loss, source: "several" } : loss);
  }

  /** Removes and returns all of them. */
  take(): Iterable<Loss> {
    if (this.#losses.size === 0) return [];
    const losses = [...this.#losses.values()];
    this.#losses.clear();
    return losses;
  }
}

/** `a` with the counts of `b` added. */
export function addLosses(a: Loss, b: LossCounts): Loss {
  const counts: Record<string, number> = {};
  for (const name of COUNTS) {
    if (a[name] !== undefined || b[name] !== undefined) {
      counts[name] = (a[name] ?? 0) + (b[name] ?? 0);
    }
  }
  return { ...a, ...counts };
}

function describe(
  { source, reason, lines = 0, bytes = 0, places = 0, datagrams = 0 }: Loss,
): string {
  const from = `${countText(lines, "line")} from ${source}`;
  switch (reason) {
    case "cut":
      return `${from} ${were(lines)} too long: ${countText(bytes, "byte")} ${were(bytes)} cut off`;
    case "repaired":
      return `${countText(places, "place")} in ${from} ${were(places)} not UTF-8, shown as \ufffd`;
    case "missing":
      return `${from} ended before the announced length: ${countText(bytes, "byte")} ` +
        `${were(bytes)} missing`;
    case "unfinished":
      return `the last line from ${source} had no end: ${countText(bytes, "byte")} ${
        were(bytes)
      } ` +
        "left out";
    case "refused":
      return `${from} could not be stored, and ${were(lines)} lost`;
    case "not-permitted":
      return `${from} ${were(lines)} not permitted, and not kept`;
    case "dropped":
      return `${countText(datagrams, "datagram")} to ${source} ${were(datagrams)} dropped by the ` +
        `system before ${datagrams === 1 ? "it" : "they"} could be read`;
    case "address":
      return `${countText(datagrams, "datagram")} to ${source} ${were(datagrams)} dropped: ` +
        `${
          datagrams === 1 ? "its sender's address is" : "their senders' addresses are"
        } not allowed there`;
    case "unsaid":
      return `${from} ${were(lines)} received but not said, because the connection ended`;
    case "protocol":
      return `${countText(bytes, "byte")} from ${source} ${
        were(bytes)
      } HTTP or TLS, not a log, and ` +
        `${were(bytes)} not kept`;
  }
}

function were(number: number): string {
  return number === 1 ? "was" : "were";
}

function withoutUndefined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
