/**
 * A member's place in the rooms it reads: with the live events while it keeps up, and behind,
 * with a number for each room, once it does not.
 *
 * Whoever reads too slowly costs no memory for what it has not read: that is in the log, and is
 * read from there when the reader has room again, until it has caught up and is live once more.
 * Nothing is lost, repeated or reordered within a room; runs of several rooms come in the order
 * of their first ids.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { LogCollapser } from "./log_collapser.ts";
import type { RoomHistory } from "./message_log.ts";
import type { Room } from "./room.ts";
import type { RoomEvent } from "./room_event.ts";
import type { ReplayBuffer } from "./replay_buffer.ts";

/** Events read from the log at a time, for one room. */
const PAGE_EVENTS = 128;
/** Characters of text from the log that are handed over at once. */
const RUN_CHARACTERS = 8192;
/**
 * Pages after which others get their turn. A sink has room for any number of lines that are folded,
 * so that it alone would not put an end to reading.
 */
const PAGES_AT_ONCE = 8;

/** Where a reader's events go. */
export interface EventSink {
  /**
   * Takes a run of one room's events whole and returns `true`, or returns `false` and takes
   * nothing of it. One that has nothing queued takes any run.
   */
  take(room: Room, run: Run): boolean;
  /** Resolves to whether it goes on, once much of what was taken has been read. */
  ready(): Promise<boolean>;
  /** Resolves to whether it goes on, once all that was taken has been read. */
  drained(): Promise<boolean>;
  /** Hears that the reader is live again, after it was behind. */
  caughtUp?(): void;
  /** Hears that the log cannot be read, so that nothing more will come. */
  fail(reason: Error): void;
}

/** Feeds one {@linkcode EventSink}. */
export class RoomFeed {
  readonly #log: RoomHistory;
  readonly #sink: EventSink;
  readonly #rooms = new Map<string, Room>();
  /** The number last taken, for every room; only while behind. */
  #cursors: Map<Room, number> | undefined;

  readonly #isWatcher: boolean;

  /** @param options.isWatcher Whether it gets every event, as watchers do: nothing is folded. */
  constructor(log: RoomHistory, sink: EventSink, options: { readonly isWatcher?: boolean } = {}) {
    this.#log = log;
    this.#sink = sink;
    this.#isWatcher = options.isWatcher ?? false;
  }

  /** Whether the reader is fed from the past. */
  get isBehind(): boolean {
    return this.#cursors !== undefined;
  }

  /** Rooms that are read, in the order in which they were entered. */
  get rooms(): Iterable<Room> {
    return this.#rooms.values();
  }

  /** How many rooms are read. */
  get roomCount(): number {
    return this.#rooms.size;
  }

  /** Starts to read a room, from what comes after number `after`, which may be long ago. */
  enter(room: Room, after = this.#endOf(room)): void {
    this.#rooms.set(room.name, room);
    if (this.#cursors) this.#fallBehind(this.#cursors, room, after);
    else if (after < this.#endOf(room)) this.#startBehind(room, after);
  }

  /** Stops reading a room. */
  leave(room: Room): void {
    this.#rooms.delete(room.name);
    if (this.#cursors?.delete(room)) this.#tailOf(room).release();
  }

  /** Takes live events of one room. */
  deliver(run: Run): void {
    if (this.#cursors) return;
    const room = this.#rooms.get(run[0].room);
    if (!room || this.#sink.take(room, run)) return;
    this.#startBehind(room, this.#isWatcher ? run[0].seq - 1 : room.previousSeq);
  }

  /** The number of the last event told to such a reader. */
  #endOf(room: Room): number {
    return this.#isWatcher ? room.heardSeq : room.lastSeq;
  }

  #tailOf(room: Room): ReplayBuffer {
    return this.#isWatcher ? room.watchedTail : room.tail;
  }

  #startBehind(room: Room, cursor: number): void {
    this.#cursors = new Map();
    for (const other of this.#rooms.values()) {
      // All other rooms have been read as far as they have been told.
      this.#fallBehind(this.#cursors, other, other === room ? cursor : this.#endOf(other));
    }
    this.#catchUp(this.#cursors).catch((error) => this.#sink.fail(error));
  }

  #fallBehind(cursors: Map<Room, number>, room: Room, cursor: number): void {
    cursors.set(room, cursor);
    this.#tailOf(room).hold();
  }

  async #catchUp(cursors: Map<Room, number>): Promise<void> {
    let outcome: Outcome = "some";
    // A run too large for what room there is goes to a sink that has nothing queued.
    while (await (outcome === "none" ? this.#sink.drained() : this.#sink.ready())) {
      outcome = await this.#feed(cursors);
      if (outcome === "all") return;
    }
  }

  /** Hands over what comes next until the sink is full, or until there is no more. */
  async #feed(cursors: Map<Room, number>): Promise<Outcome> {
    const ahead = new Map<Room, Ahead>();
    let outcome: Outcome = "none";
    for (let pages = 0;;) {
      const room = this.#lookAhead(cursors, ahead);
      if (room) {
        if (++pages % PAGES_AT_ONCE === 0) await setImmediate();
        await this.#readAhead(room, cursors, ahead);
        continue;
      }
      // Nothing was awaited since the last look: no event can slip in before the reader is live.
      if (ahead.size === 0) {
        this.#cursors = undefined;
        for (const room of cursors.keys()) this.#tailOf(room).release();
        this.#sink.caughtUp?.();
        return "all";
      }
      const next = earliest(ahead);
      if (!this.#sink.take(next.room, next.run)) return outcome;
      outcome = "some";
      cursors.set(next.room, next.cursor = next.run[next.run.length - 1].seq);
      next.run = beginning(next.rest);
      next.rest = next.rest.slice(next.run.length);
    }
  }

  /** Looks up what comes next in every room; returns a room for which only the log can tell. */
  #lookAhead(cursors: Map<Room, number>, ahead: Map<Room, Ahead>): Room | undefined {
    for (const room of ahead.keys()) {
      if (!cursors.has(room)) ahead.delete(room); // left while another was read ahead
    }
    for (const [room, cursor] of cursors) {
      const known = ahead.get(room);
      if (known?.cursor === cursor) {
        if (known.run.length > 0) continue;
        if (known.folder?.isHolding) return room;
      }
      ahead.delete(room);
      if (cursor === this.#endOf(room)) continue;
      const run = this.#tailOf(room).after(cursor);
      if (!run) return room;
      ahead.set(room, { room, cursor, run, rest: [], readSeq: cursor });
    }
    return undefined;
  }

  async #readAhead(
    room: Room,
    cursors: Map<Room, number>,
    ahead: Map<Room, Ahead>,
  ): Promise<void> {
    const cursor = cursors.get(room)!;
    const { folder = new LogCollapser(), readSeq = cursor } = ahead.get(room) ?? {};
    // Never past what was told: those events are still to be delivered live.
    const end = this.#endOf(room);
    const page = await this.#log.read(room.name, readSeq, Math.min(PAGE_EVENTS, end - readSeq));
    // The room may have been left, and entered again, meanwhile.
    if (cursors.get(room) !== cursor) return;
    // Where the log no longer has all of them, the page goes beyond the end.
    const events = page.filter(({ seq }) => seq <= end);
    const isLast = events.length === 0 || events[events.length - 1].seq === end;
    let told = this.#isWatcher ? events : folder.push(events);
    if (isLast && folder.isHolding) told = [...told, ...folder.flush()];
    if (isLast && told.length === 0) {
      cursors.set(room, end);
      return;
    }
    const run = beginning(told);
    const rest = told.slice(run.length);
    const last = events.length === 0 ? readSeq : events[events.length - 1].seq;
    ahead.set(room, { room, cursor, run, rest, folder, readSeq: last });
  }
}

type Run = readonly RoomEvent[];

/** What comes next in a room, for one whose number is `cursor`. */
interface Ahead {
  readonly room: Room;
  cursor: number;
  /** What is to be handed over next; nothing where all that was read is held back. */
  run: Run;
  /** What comes after that. */
  rest: Run;
  /** What was made of the log as far as it was read. */
  readonly folder?: LogCollapser;
  readonly readSeq: number;
}

/** How much a sink took: until there was no more, until it was full, or nothing. */
type Outcome = "all" | "some" | "none";

/** The run that begins with the lowest id. */
function earliest(ahead: Map<Room, Ahead>): Ahead {
  let first: Ahead | undefined;
  for (const next of ahead.values()) {
    if (!first || next.run[0].id < first.run[0].id) first = next;
  }
  return first!;
}

/** As many events as can be handed over at once. */
function beginning(page: Run): Run {
  let characters = 0;
  const end = page.findIndex((event) => (characters += event.body.length) > RUN_CHARACTERS);
  return end === -1 ? page : page.slice(0, Math.max(1, end));
}
