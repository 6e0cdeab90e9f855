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

import { currentConnection, runInConnection } from "../../context.ts";
import type { RoomHistory } from "../history/room_history.ts";
import type { EventRun, RoomStream, Subscriber } from "../rooms/room_stream.ts";
import { CatchUp } from "./catch_up.ts";
import { type EventSink, noteMoves } from "./event_sink.ts";
import { FeedTally } from "./feed_tally.ts";

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
  /** Reads back; only while behind. */
  #catchUp: CatchUp<Stream> | undefined;

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
    return this.#catchUp !== undefined;
  }

  /** The streams being followed, in the order in which they were entered. */
  get streams(): readonly Stream[] {
    return this.#streams;
  }

  /** Follows a stream from the event after number `after`, which may be long ago. */
  enter(stream: Stream, after = stream.lastSeq): void {
    if (!this.#streams.includes(stream)) this.#streams = [...this.#streams, stream];
    stream.subscribe(this);
    if (this.#catchUp) this.#catchUp.add(stream, after);
    else if (after < stream.lastSeq) this.#startBehind(stream, after);
  }

  /** Stops following a stream. */
  leave(stream: Stream): void {
    this.#streams = this.#streams.filter((other) => other !== stream);
    this.#catchUp?.delete(stream);
    stream.unsubscribe(this);
  }

  /** Part of {@linkcode Subscriber}. */
  deliver(stream: Stream, run: EventRun, after: number): void {
    if (this.#catchUp) return;
    if (this.#sink.take(stream, run, true)) {
      this.#tally.delivered += run.length;
      if (stream.moves.length > 0) noteMoves(this.#sink, stream, run);
    } else this.#startBehind(stream, after);
  }

  /** Part of {@linkcode Subscriber}. */
  redact(stream: RoomStream, redactions: EventRun): void {
    this.#catchUp?.redact(stream, redactions);
  }

  #startBehind(stream: Stream, cursor: number): void {
    const catchUp = this.#catchUp = new CatchUp<Stream>({
      log: this.#log,
      sink: this.#sink,
      tally: this.#tally,
      onLive: () => this.#catchUp = undefined,
    });
    for (const other of this.#streams) {
      // All other streams have been read to their ends.
      catchUp.add(other, other === stream ? cursor : other.lastSeq);
    }
    this.#tally.catchUps++;
    this.#tally.behind++;
    runInConnection(this.#context, () =>
      catchUp.run()
        .catch((error) => this.#sink.fail(error))
        .finally(() => this.#tally.behind--));
  }
}
