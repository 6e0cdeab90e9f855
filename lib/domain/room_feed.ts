/**
 * One reader's place in the streams it follows: live while it keeps up, otherwise behind, with a
 * cursor for each stream.
 *
 * Events that a slow reader has not taken yet cost no memory. They stay in the log and are read
 * from there once the reader has room again, until it is live. Nothing is lost, repeated or
 * reordered within a stream; runs of several streams come in the order of their first ids.
 *
 * @module
 */

import { currentConnection, runInConnection } from "../context.ts";
import { FeedTally } from "./feed_tally.ts";
import { withRedactions } from "./redaction.ts";
import type { RoomHistory } from "./room_history.ts";
import type { EventRun, PageFilter, RoomStream, Subscriber } from "./room_stream.ts";
import { withUnkeptAsGaps } from "./unlogged.ts";

/** Events of one room read from the log at a time. */
const PAGE_EVENTS = 128;
/** Characters of text from the log that are handed over at once. */
const RUN_CHARACTERS = 8192;

/** Where a feed's events go. */
export interface EventSink<Stream extends RoomStream = RoomStream> {
  /** Names the reader in diagnostics. */
  readonly label: string;
  /**
   * Whether what is read back must come in the order of the ids across all streams. Otherwise only
   * the first events of runs do. @default {false}
   */
  readonly isInOrder?: boolean;
  /**
   * Takes a whole run of one stream and returns `true`, or takes nothing of it and returns `false`.
   * A sink with nothing queued takes any run.
   *
   * @param isLive Whether the run is being published now, rather than read back.
   */
  take(stream: Stream, run: EventRun, isLive: boolean): boolean;
  /**
   * Called once everything up to and including a move event has been taken. Must only queue.
   */
  moved?(stream: Stream, seq: number): void;
  /** What to await before a page that was read is shown, if anything. */
  turn?(): Promise<void> | undefined;
  /** Resolves once the reader has read much of what was taken; `false` ends the feed. */
  ready(): Promise<boolean>;
  /** Resolves once the reader has read everything that was taken; `false` ends the feed. */
  drained(): Promise<boolean>;
  /** Called when a feed that was behind is live again. */
  caughtUp?(): void;
  /** Called when the log cannot be read. Nothing more will come. */
  fail(reason: Error): void;
}

/** Where feeds read back from. */
export interface FeedSource extends RoomHistory {
  /** Counts what feeds do. @default {nobody wants to know} */
  readonly feeds?: FeedTally;
}

/** Feeds one {@linkcode EventSink}. */
export class RoomFeed<Stream extends RoomStream = RoomStream> implements Subscriber {
  readonly #log: RoomHistory;
  readonly #tally: FeedTally;
  readonly #sink: EventSink<Stream>;
  /** An array, because nobody is in many rooms, and a set takes several times the memory. */
  #streams: readonly Stream[] = [];
  /** A feed falls behind while another connection's context is current, but reads in its own. */
  readonly #context = currentConnection();
  /** The `seq` last taken from each stream; only while behind. */
  #cursors: Map<Stream, number> | undefined;
  /** Published since the events that are being handed over were looked up, if any are. */
  #redactions: Map<RoomStream, EventRun> | undefined;

  constructor(log: FeedSource, sink: EventSink<Stream>) {
    this.#log = log;
    this.#tally = log.feeds ?? new FeedTally();
    this.#sink = sink;
  }

  get label(): string {
    return this.#sink.label;
  }

  /** Whether the feed is reading back. */
  get isBehind(): boolean {
    return this.#cursors !== undefined;
  }

  /** The streams being followed, in the order in which they were entered. */
  get streams(): readonly Stream[] {
    return this.#streams;
  }

  /** Follows a stream from the event after number `after`, which may be long ago. */
  enter(stream: Stream, after = stream.lastSeq): void {
    if (!this.#streams.includes(stream)) this.#streams = [...this.#streams, stream];
    stream.subscribe(this);
    if (this.#cursors) this.#fallBehind(this.#cursors, stream, after);
    else if (after < stream.lastSeq) this.#startBehind(stream, after);
  }

  /** Stops following a stream. */
  leave(stream: Stream): void {
    this.#streams = this.#streams.filter((other) => other !== stream);
    if (this.#cursors?.delete(stream)) stream.replay.release();
    stream.unsubscribe(this);
  }

  /** Part of {@linkcode Subscriber}. */
  deliver(stream: Stream, run: EventRun, after: number): void {
    if (this.#cursors) return;
    if (this.#sink.take(stream, run, true)) {
      this.#tally.delivered += run.length;
      if (stream.moves.length > 0) this.#noteMoves(stream, run);
    } else this.#startBehind(stream, after);
  }

  #noteMoves(stream: Stream, run: EventRun): void {
    for (const { seq } of stream.moves) {
      if (run[0].seq <= seq && seq <= run[run.length - 1].seq) this.#sink.moved?.(stream, seq);
    }
  }

  /** Part of {@linkcode Subscriber}. */
  redact(stream: RoomStream, redactions: EventRun): void {
    const known = this.#redactions;
    known?.set(stream, [...known.get(stream) ?? [], ...redactions]);
  }

  #startBehind(stream: Stream, cursor: number): void {
    this.#cursors = new Map();
    for (const other of this.#streams) {
      // All other streams have been read to their ends.
      this.#fallBehind(this.#cursors, other, other === stream ? cursor : other.lastSeq);
    }
    const cursors = this.#cursors;
    this.#tally.catchUps++;
    this.#tally.behind++;
    runInConnection(this.#context, () =>
      this.#catchUp(cursors)
        .catch((error) => this.#sink.fail(error))
        .finally(() => this.#tally.behind--));
  }

  #fallBehind(cursors: Map<Stream, number>, stream: Stream, cursor: number): void {
    cursors.set(stream, cursor);
    stream.replay.hold();
  }

  async #catchUp(cursors: Map<Stream, number>): Promise<void> {
    let outcome: Outcome = "some";
    // A run larger than the room there is waits until the sink has nothing queued.
    while (await (outcome === "none" ? this.#sink.drained() : this.#sink.ready())) {
      const redactions = this.#redactions = new Map();
      try {
        outcome = await this.#feed(cursors, redactions);
      } finally {
        if (this.#redactions === redactions) this.#redactions = undefined;
      }
      if (outcome === "all") return;
    }
  }

  /**
   * Hands over the next events until the sink is full, or there are no more.
   *
   * @param redactions Those published meanwhile: what was read before may have the old text.
   */
  async #feed(
    cursors: Map<Stream, number>,
    redactions: ReadonlyMap<RoomStream, EventRun>,
  ): Promise<Outcome> {
    const ahead = new Map<Stream, Ahead<Stream>>();
    let outcome: Outcome = "none";
    for (;;) {
      const stream = this.#lookAhead(cursors, ahead);
      if (stream) {
        await this.#readAhead(stream, cursors, ahead);
        continue;
      }
      // Nothing was awaited since the last look: no event can slip in before the feed is live.
      if (ahead.size === 0) {
        this.#cursors = undefined;
        for (const stream of cursors.keys()) stream.replay.release();
        this.#sink.caughtUp?.();
        return "all";
      }
      const next = earliest(ahead);
      const late = redactions.get(next.stream);
      if (late) next.run = withRedactions(next.run, late);
      const run = this.#sink.isInOrder ? beforeOthers(next, ahead) : next.run;
      if (!this.#sink.take(next.stream, run, false)) return outcome;
      outcome = "some";
      this.#tally.delivered += run.length;
      cursors.set(next.stream, next.cursor = run[run.length - 1].seq);
      if (next.stream.moves.length > 0) this.#noteMoves(next.stream, run);
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
  #lookAhead(
    cursors: Map<Stream, number>,
    ahead: Map<Stream, Ahead<Stream>>,
  ): Stream | undefined {
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

  async #readAhead(
    stream: Stream,
    cursors: Map<Stream, number>,
    ahead: Map<Stream, Ahead<Stream>>,
  ): Promise<void> {
    const cursor = cursors.get(stream)!;
    const { filter = stream.createPageFilter?.(), readSeq = cursor } = ahead.get(stream) ?? {};
    // Never past the last event published: later ones will be delivered live.
    const end = stream.lastSeq;
    const page = await this.#log.read(stream.name, readSeq, Math.min(PAGE_EVENTS, end - readSeq));
    await this.#sink.turn?.();
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
