/**
 * The contracts of a store of events: one side writes, the other reads, and neither needs the
 * other. Every folder of `store/` implements both and passes the same contract test.
 *
 * @module
 */

import type { NextTurn } from "../clock.ts";
import type { RoomEvent } from "./room_event.ts";
import type { DatedSetting } from "./state_store.ts";

/** Who set a topic, and when. */
export interface TopicOrigin {
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Who set the topic of a `topic` event, and when, in ms since 1970. Both survive a rename. */
export function topicOriginOf({ from, at, fields }: RoomEvent): TopicOrigin {
  return { by: from, at: typeof fields?.setAt === "number" ? fields.setAt : at };
}

/** Facts about a room, apart from its events. */
export interface RoomRecord {
  /** The name as first written. */
  readonly name: string;
  /** The number of the earliest event in the log; one more than `lastSeq` if there is none. */
  readonly firstSeq: number;
  /** The number of the latest event, 0 if there never was one. */
  readonly lastSeq: number;
  /** `""` if nobody set one. */
  readonly topic: string;
  /** Absent without a topic, and if an earlier version of the program stored it. */
  readonly topicOrigin?: TopicOrigin;
}

/** Where the numbers of a room end. */
export interface RoomEnd {
  /** The name as first written. */
  readonly name: string;
  readonly lastSeq: number;
}

/** Keeps events that a sequencer has numbered. */
export interface MessageLog {
  /**
   * Commits a batch, all of it or nothing; the events can be read once this resolves. A room is
   * created by its first event.
   *
   * Storing is idempotent: events that are in the log already, or were until retention removed
   * them, are skipped, so a sequencer elsewhere may deliver its order again.
   *
   * @param events In the order of their ids. Neither ids nor the numbers of a room may leave gaps.
   * @param settings State that changes with them, after the state that they carry; made even if
   * there are no new events.
   * @param ends Indexes at which events end that belong together. How a store groups them must not
   * depend on what else is in the batch, so that all nodes of a cluster remove the same together.
   * @param nextTurn If given, nothing else writes to the store until this resolves, and a long batch
   * may be stored over several turns.
   * @throws {RangeError} if the events do not continue the log, or other events have their numbers.
   * Nothing is stored.
   * @throws {LogLostError} if what was stored before is gone. Nothing is stored.
   * @throws {LogDamagedError} if they cannot be written because of that.
   * @throws {Error} if they cannot be written. Nothing is stored, and the log stays usable.
   */
  store(
    events: readonly RoomEvent[],
    settings?: readonly DatedSetting[],
    ends?: readonly number[],
    nextTurn?: NextTurn,
  ): Promise<void>;
  /** Confirms that what was stored is there. @throws {LogLostError} */
  check(): Promise<void>;
  /** The highest id ever stored, whether or not its event was removed since; 0 if there is none. */
  lastId(): Promise<number>;
  /** The end of a room, found by name without regard to case; `undefined` if it never existed. */
  roomEnd(room: string): Promise<RoomEnd | undefined>;
  /** Writes everything that is left and releases the files. Safe to call again. */
  close(): Promise<void>;
}
