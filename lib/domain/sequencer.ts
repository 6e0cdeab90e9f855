/**
 * What gives events their order. Today the local log (`backplane/local.ts`); the seam is here so
 * that a stream shared by many nodes can take its place.
 *
 * @module
 */

import type { Draft, RoomEvent } from "./room_event.ts";

/**
 * Hears what became of submitted drafts. What a method throws is logged, and costs no other batch
 * anything.
 */
export interface SequencerListener {
  /** Events that are on disk now, in order. A large batch comes in several calls. */
  committed(events: readonly RoomEvent[]): void;
  /** Drafts that could not be kept. Nobody may be shown them. */
  refused(drafts: readonly Draft[], reason: Error): void;
}

/** Takes drafts from all sessions and puts them in one order. */
export interface Sequencer {
  /** Hands in a draft; returns at once. Drafts of one caller keep their order. */
  submit(draft: Draft): void;
  /** Sets who hears of the outcome. Called once, before the first draft. */
  listen(listener: SequencerListener): void;
  /** Whether so much is waiting that callers should await {@linkcode Sequencer.settled} first. */
  readonly isBusy: boolean;
  /**
   * Whether as much is waiting as is good to commit at once. More would only have people wait for
   * longer, so whoever could bring any amount of lines should await {@linkcode Sequencer.settled}.
   */
  readonly hasEnough: boolean;
  /** Resolves once all that was submitted before has been delivered or refused. */
  settled(): Promise<void>;
}
