/**
 * Follows a room of the log from another process. Events arrive within milliseconds of their
 * commit, whether the server keeps running, is killed or restarts.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { type Clock, sleep } from "../../clock.ts";
import type { RoomEvent } from "../../domain/room_event.ts";
import { LogReader } from "./log_reader.ts";
import { hasWal, openLogToRead } from "./open_log.ts";

/** Milliseconds between polls, each of which takes microseconds. */
const POLL_MS = 50;
/** Runs read at once. */
const PAGE_RUNS = 64;
/** Retries of a log that cannot be read before the error is thrown, and milliseconds between. */
const MOST_RETRIES = 50;
const RETRY_MS = 100;

export interface FollowOptions {
  /** The number after which to start; the room need not exist yet. */
  readonly after: number;
  readonly clock: Clock;
  /** Ends the generator. */
  readonly signal: AbortSignal;
}

/**
 * Yields the events of a room in batches as they are committed, in order and each once.
 *
 * @param path The log's file.
 * @throws {Error} if the log cannot be read for several seconds.
 */
export async function* followRoom(
  path: string,
  room: string,
  { after, clock, signal }: FollowOptions,
): AsyncGenerator<RoomEvent[]> {
  let retries = 0;
  while (!signal.aborted) {
    try {
      for await (const events of followFile(path, room, { after, clock, signal })) {
        retries = 0;
        yield events;
        after = events[events.length - 1].seq;
      }
    } catch (error) {
      if (++retries > MOST_RETRIES) throw error;
      await sleep(clock, RETRY_MS);
    }
  }
}

/** The same, until another file takes the place of the log, as `restore` does. */
async function* followFile(
  path: string,
  name: string,
  { after, clock, signal }: FollowOptions,
): AsyncGenerator<RoomEvent[]> {
  // First: a server may start to write while the log is being opened as one that nobody writes.
  const hadWal = hasWal(path);
  using log: DatabaseSync = openLogToRead(path);
  const reader = new LogReader(log);
  const { ino } = Deno.statSync(path);
  let version: number | undefined;
  while (!signal.aborted) {
    const current = reader.version();
    if (current === version) {
      // An immutable log must be opened again once a server writes it.
      if (Deno.statSync(path).ino !== ino || (!hadWal && hasWal(path))) return;
      await sleep(clock, POLL_MS);
      continue;
    }
    version = current;
    const room = reader.room(name);
    // A restored log may end before the one it replaced.
    if (room) after = Math.min(after, reader.lastSeq(room.id));
    for (;;) {
      const events = room ? reader.eventsAfter(room.id, after, PAGE_RUNS) : [];
      if (events.length === 0 || signal.aborted) break;
      yield events;
      after = events[events.length - 1].seq;
    }
  }
}
