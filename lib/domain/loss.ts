/**
 * Loss as a record: what could not be kept of log lines becomes an event of the kind `gap` that
 * says who, how much and why.
 *
 * @module
 */

import { countText } from "./wording.ts";
import type { Draft } from "./room_event.ts";

/** Why something was lost. */
const LOSS_REASONS = [
  /** It was too long. */
  "cut",
  /** It was no UTF-8. */
  "repaired",
  /** It was announced and never came. */
  "missing",
  /** It had no end, so that it may be only a part. */
  "unfinished",
  /** It could not be stored. */
  "refused",
  /** The system had no room for it before it could be read. */
  "dropped",
] as const;
export type LossReason = typeof LOSS_REASONS[number];

/** How much was lost. Which of the counts there are depends on the reason. */
export interface LossCounts {
  /** Lines that suffered, or were lost. */
  readonly lines?: number;
  readonly bytes?: number;
  /** Places in the text where something was replaced. */
  readonly places?: number;
  readonly datagrams?: number;
}

/** Something that was lost. */
export interface Loss extends LossCounts {
  readonly room: string;
  readonly source: string;
  readonly reason: LossReason;
  readonly via?: string;
}

/** Losses remembered at a time; beyond, those of a room and a reason are counted together. */
const MOST_LOSSES = 1000;
const COUNTS = ["lines", "bytes", "places", "datagrams"] as const;

/** The record of a loss. Its `fields` have the reason and the counts. */
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

/** The loss that it is when a draft is not kept: that of a log line, or the one it was to record. */
export function lossOf({ room, kind, from, via, fields }: Draft): Loss | undefined {
  if (kind === "log") return { room, source: from, via, reason: "refused", lines: 1 };
  const reason = LOSS_REASONS.find((reason) => reason === fields?.reason);
  // Other gaps are told again by whoever tells of them.
  if (kind !== "gap" || !reason) return undefined;
  return { ...fields, reason, room, source: from, via };
}

/** Losses that are still to be recorded, each kind counted together. */
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

  /** All of them, which are then no longer here. */
  take(): Iterable<Loss> {
    if (this.#losses.size === 0) return [];
    const losses = [...this.#losses.values()];
    this.#losses.clear();
    return losses;
  }
}

/** Two losses as one, which is in all else the first. */
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
    case "dropped":
      return `${countText(datagrams, "datagram")} to ${source} ${were(datagrams)} dropped by the ` +
        `system before ${datagrams === 1 ? "it" : "they"} could be read`;
  }
}

function were(number: number): string {
  return number === 1 ? "was" : "were";
}

function withoutUndefined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
