/**
 * Reads back what the reader of several streams has not taken yet, until it is live again. Runs of
 * several streams come in the order of their first ids.
 *
 * @module
 */

import type { RoomHistory } from "../history/room_history.ts";
import { withRedactions } from "../redaction.ts";
import type { EventRun, PageFilter, RoomStream } from "../rooms/room_stream.ts";
import { withUnkeptAsGaps } from "../unlogged.ts";
import { type EventSink, noteMoves } from "./event_sink.ts";
import type { FeedTally } from "./feed_tally.ts";

/** Events of one room read from the log at a time. */
const PAGE_EVENTS = 128;
/** Characters of text from the log that are handed over at once. */
const RUN_CHARACTERS = 8192;

export interface CatchUpOptions<Stream extends RoomStream> {
  readonly log: Pick<RoomHistory, "read">;
  readonly sink: EventSink<Stream>;
  readonly tally: FeedTally;
  /** Called once everything is read, before anything else is published. */
  readonly onLive: () => void;
}

export class CatchUp<Stream extends RoomStream = RoomStream> {
  readonly #options: CatchUpOptions<Stream>;
  /** The `seq` last taken from each stream. */
  readonly #cursors = new Map<Stream, number>();
  /** Published since the events that are being handed over were looked up, if any are. */
  #redactions: Map<RoomStream, EventRun> | undefined;

  constructor(options: CatchUpOptions<Stream>) {
    this.#options = options;
  }

  /** Reads a stream, too. @param cursor The number of the event last taken from it. */
  add(stream: Stream, cursor: number): void {
    this.#cursors.set(stream, cursor);
    stream.replay.hold();
  }

  /** Reads a stream no more. */
  delete(stream: Stream): void {
    if (this.#cursors.delete(stream)) stream.replay.release();
  }

  /** Notes redactions that are being published. */
  redact(stream: RoomStream, redactions: EventRun): void {
    const known = this.#redactions;
    known?.set(stream, [...known.get(stream) ?? [], ...redactions]);
  }

  /** Resolves once the reader is live, or takes nothing more. @throws {Error} if the log cannot be read. */
  async run(): Promise<void> {
    const { sink } = this.#options;
    let outcome: Outcome = "some";
    // A run larger than the room there is waits until the sink has nothing queued.
    while (await (outcome === "none" ? sink.drained() : sink.ready())) {
      const redactions = this.#redactions = new Map();
      try {
        outcome = await this.#feed(redactions);
      } finally {
        this.#redactions = undefined;
      }
      if (outcome === "all") return;
    }
  }

  /**
   * Hands over the next events until the sink is full, or there are no more.
   *
   * @param redactions Those published meanwhile: what was read before may have the old text.
   */
  async #feed(redactions: ReadonlyMap<RoomStream, EventRun>): Promise<Outcome> {
    const { sink, tally, onLive } = this.#options;
    const cursors = this.#cursors;
    const ahead = new Map<Stream, Ahead<Stream>>();
    let outcome: Outcome = "none";
    for (;;) {
      const stream = this.#lookAhead(ahead);
      if (stream) {
        await this.#readAhead(stream, ahead);
        continue;
      }
      // Nothing was awaited since the last look: no event can slip in before the feed is live.
      if (ahead.size === 0) {
        onLive();
        for (const stream of cursors.keys()) stream.replay.release();
        sink.caughtUp?.();
        return "all";
      }
      const next = earliest(ahead);
      const late = redactions.get(next.stream);
      if (late) next.run = withRedactions(next.run, late);
      const run = sink.isInOrder ? beforeOthers(next, ahead) : next.run;
      if (!sink.take(next.stream, run, false)) return outcome;
      outcome = "some";
      tally.delivered += run.length;
      cursors.set(next.stream, next.cursor = run[run.length - 1].seq);
      if (next.stream.moves.length > 0) noteMoves(sink, next.stream, run);
      if (run.length < next.run.length) {
        next.run = next.run.slice(run.length);
        continue;
      }
      next.run = beginning(next.rest);
      next.rest = next.rest.slice(next.run.length);
    }
  }

  /**
   * Looks up the next events of every stream; returns a stream whose next events are only in the
   * log.
   */
  #lookAhead(ahead: Map<Stream, Ahead<Stream>>): Stream | undefined {
    const cursors = this.#cursors;
    for (const stream of ahead.keys()) {
      if (!cursors.has(stream)) ahead.delete(stream); // left while another was read ahead
    }
    for (const [stream, cursor] of cursors) {
      const known = ahead.get(stream);
      if (known?.cursor === cursor) {
        if (known.run.length > 0) continue;
        if (known.filter?.isHolding) return stream;
      }
      ahead.delete(stream);
      if (cursor === stream.lastSeq) continue;
      const run = stream.replay.after(cursor);
      if (!run) return stream;
      ahead.set(stream, { stream, cursor, run, rest: [], readSeq: cursor });
    }
    return undefined;
  }

  async #readAhead(stream: Stream, ahead: Map<Stream, Ahead<Stream>>): Promise<void> {
    const { log, sink } = this.#options;
    const cursors = this.#cursors;
    const cursor = cursors.get(stream)!;
    const { filter = stream.createPageFilter?.(), readSeq = cursor } = ahead.get(stream) ?? {};
    // Never past the last event published: later ones will be delivered live.
    const end = stream.lastSeq;
    const page = await log.read(stream.name, readSeq, Math.min(PAGE_EVENTS, end - readSeq));
    await sink.turn?.();
    // The stream may have been left, and entered again, meanwhile.
    if (cursors.get(stream) !== cursor) return;
    // Where retention has removed some of them, the page reaches beyond the end.
    const events = page.filter(({ seq }) => seq <= end);
    const lastSeq = events.at(-1)?.seq ?? readSeq;
    const isLast = events.length === 0 || lastSeq === end;
    const kept = withUnkeptAsGaps(events);
    let told: EventRun = filter ? filter.push(kept) : kept;
    if (isLast && filter?.isHolding) told = [...told, ...filter.flush()];
    if (isLast && told.length === 0) {
      cursors.set(stream, end);
      return;
    }
    const run = beginning(told);
    const rest = told.slice(run.length);
    ahead.set(stream, { stream, cursor, run, rest, filter, readSeq: lastSeq });
  }
}

/** The next events of a stream, for a feed whose cursor there is `cursor`. */
interface Ahead<Stream> {
  readonly stream: Stream;
  cursor: number;
  /** The events to hand over next; empty while everything read so far is held back. */
  run: EventRun;
  /** The events after those. */
  rest: EventRun;
  /** Has seen the log up to `readSeq`. */
  readonly filter?: PageFilter;
  readonly readSeq: number;
}

/** How much a sink took: everything, as much as it had room for, or nothing. */
type Outcome = "all" | "some" | "none";

/** The run that begins with the lowest id. */
function earliest<Stream>(ahead: Map<Stream, Ahead<Stream>>): Ahead<Stream> {
  let first: Ahead<Stream> | undefined;
  for (const next of ahead.values()) {
    if (!first || next.run[0].id < first.run[0].id) first = next;
  }
  return first!;
}

/** The events of a run that come before the runs of all other streams; usually the same array. */
function beforeOthers<Stream>(
  { stream, run }: Ahead<Stream>,
  ahead: ReadonlyMap<Stream, Ahead<Stream>>,
): EventRun {
  let before = Infinity;
  for (const other of ahead.values()) {
    if (other.stream !== stream) before = Math.min(before, other.run[0].id);
  }
  if (run[run.length - 1].id < before) return run;
  return run.slice(0, run.findIndex(({ id }) => id > before));
}

/** As many events as may be handed over at once. */
function beginning(page: EventRun): EventRun {
  let characters = 0;
  const end = page.findIndex((event) => (characters += event.body.length) > RUN_CHARACTERS);
  return end === -1 ? page : page.slice(0, Math.max(1, end));
}
