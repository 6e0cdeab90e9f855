/**
 * The contract of what takes the events of a feed: the outbox of a reader, in a form of its own.
 *
 * @module
 */

import type { EventRun, RoomStream } from "../rooms/room_stream.ts";

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

/** Tells a sink of the moves in a run that it has taken. */
export function noteMoves<Stream extends RoomStream>(
  sink: EventSink<Stream>,
  stream: Stream,
  run: EventRun,
): void {
  for (const { seq } of stream.moves) {
    if (run[0].seq <= seq && seq <= run[run.length - 1].seq) sink.moved?.(stream, seq);
  }
}
