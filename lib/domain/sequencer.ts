/**
 * The contract of a sequencer, which puts the drafts of all sessions in one order. Today that is
 * one process (`backplane/local.ts`); a stream shared by many nodes can take its place.
 *
 * @module
 */

import type { Draft, RoomEvent } from "./room_event.ts";

/** Learns the outcome of submitted drafts. An exception is logged and affects no other batch. */
export interface SequencerListener {
  /** Takes events that are on disk, in order. A large batch comes in several calls. */
  committed(events: readonly RoomEvent[]): void;
  /** Takes drafts that could not be stored and must not be shown to anyone. */
  refused(drafts: readonly Draft[], reason: Error): void;
}

export interface Sequencer {
  /**
   * Queues a draft and returns at once. Drafts of one origin keep their order; those of others may
   * go first where much is waiting.
   */
  submit(draft: Draft): void;
  /** Sets the listener. Called once, before the first draft. */
  listen(listener: SequencerListener): void;
  /** Whether callers should await {@linkcode Sequencer.settled} before they submit more. */
  readonly isBusy: boolean;
  /**
   * Whether the waiting drafts fill a transaction. More would delay what people say, so bulk
   * senders should await {@linkcode Sequencer.settled} now, long before the sequencer is busy.
   */
  readonly hasEnough: boolean;
  /** Resolves once every draft submitted before has been delivered or refused. */
  settled(): Promise<void>;
  /**
   * Like {@linkcode Sequencer.settled}, for those who only want to see what came before; it does not
   * wait for a cluster that cannot be reached, unless too much is waiting.
   *
   * @default {settled}
   */
  current?(): Promise<void>;
  /**
   * Like {@linkcode Sequencer.settled}; and everything has been delivered here that any node of a
   * cluster had confirmed to somebody before the call.
   *
   * @default {settled}
   */
  caughtUp?(): Promise<void>;
  /** Confirms that what was delivered is still stored. @throws {LogLostError} */
  check(): Promise<void>;
}
