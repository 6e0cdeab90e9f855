/**
 * How many events a room had when, for a chart.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { RoomHistory } from "./message_log.ts";

/** A part of a room's time. */
export interface Bucket {
  /** When it begins, milliseconds since 1970. */
  readonly at: number;
  /** The number of the last event before it. */
  readonly after: number;
  /** Events in it, of all kinds. */
  readonly count: number;
}

export interface CountRange {
  /** Milliseconds since 1970: the first moment, and the first after the last. */
  readonly since: number;
  readonly until: number;
  /** Parts into which that is divided, at least 1. */
  readonly buckets: number;
}

/** Reads after which others have their turn. */
const READS_AT_ONCE = 32;

/**
 * Counts the events of a room, from its numbers: they grow with time, so that the first event of
 * a part is found by halving, and nothing has to be counted. Where the system's clock was set
 * back, a few are counted in a part next to theirs.
 *
 * @param lastSeq The room's last number; what comes later is not counted.
 */
export async function countEvents(
  log: RoomHistory,
  room: string,
  lastSeq: number,
  { since, until, buckets }: CountRange,
): Promise<Bucket[]> {
  let reads = 0;
  const width = (until - since) / buckets;
  /** How many events came before a moment, of which at least `low` and at most `high` did. */
  const countBefore = async (moment: number, low: number, high: number): Promise<number> => {
    while (low < high) {
      if (++reads % READS_AT_ONCE === 0) await setImmediate();
      const middle = (low + high) >> 1;
      const [event] = await log.read(room, middle, 1);
      if (event && event.at < moment) low = Math.min(event.seq, high);
      else high = middle;
    }
    return low;
  };
  // What is not kept any more has no time, and is not counted.
  const { firstSeq = 1 } = await log.room(room) ?? {};
  const gone = Math.min(firstSeq - 1, lastSeq);
  const end = await countBefore(until, gone, lastSeq);
  const starts = [await countBefore(since, gone, end)];
  for (let bucket = 1; bucket < buckets; bucket++) {
    starts.push(await countBefore(since + bucket * width, starts[bucket - 1], end));
  }
  return starts.map((after, bucket) => ({
    at: Math.round(since + bucket * width),
    after,
    count: (starts[bucket + 1] ?? end) - after,
  }));
}
