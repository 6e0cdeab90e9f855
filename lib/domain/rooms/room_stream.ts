/**
 * A room's events in order, each published once to everything that subscribes.
 *
 * The room itself is such a stream and publishes every event. A digest of it (see
 * `service/chat/digest/`) is another, in which floods of log lines are collapsed.
 *
 * @module
 */

import { log } from "../../log.ts";
import type { Asker } from "../asker.ts";
import type { TopicOrigin } from "../message_log.ts";
import { redactionsAmong } from "../redaction.ts";
import type { RoomEvent } from "../room_event.ts";
import { RecentTalk } from "./recent_talk.ts";
import { ReplayBuffer } from "./replay_buffer.ts";

/** Events of one room that are published together, in order. Never changed, so it can be shared. */
export type EventRun = readonly RoomEvent[];

/** A person in a room, as the room and its other members see them: a session, or a bridge. */
export interface Member extends Asker {
  /** The session's number, stamped on the events it causes. */
  readonly origin: number;
  readonly nickname: string;
  /** How it is connected, e.g. `telnet`. */
  readonly via: string;
  /** Whether they have left the server, after which they must enter no room. @default {false} */
  readonly hasLeft?: boolean;
}

/** The place of a move in a stream. */
export interface MovePlace {
  /** The number of the move event. */
  readonly seq: number;
}

/** Takes the events of rooms. */
export interface Subscriber {
  /** Names it in diagnostics. */
  readonly label: string;
  /**
   * Takes events that have been committed, in order. It must only queue: waiting would hold up
   * every other subscriber. All subscribers of a stream get the same array, so that what one makes
   * of it can be shared with the others.
   *
   * @param after The `seq` after which the run begins. A subscriber that cannot take the run resumes
   * there. A collapsed run has fewer events than numbers.
   */
  deliver(stream: RoomStream, events: EventRun, after: number): void;
  /** Applies redactions to events of the stream that it still has to tell, right before they come. */
  redact?(stream: RoomStream, redactions: EventRun): void;
}

/** Turns pages read from the log into the events that a stream's subscribers get. */
export interface PageFilter {
  /** Whether it holds back events that {@linkcode flush} would return. */
  readonly isHolding: boolean;
  /** Takes the next events and returns those to pass on now. */
  push(events: EventRun): EventRun;
  /** Returns the events held back. */
  flush(): EventRun;
}

export abstract class RoomStream {
  /** The name as it was first written. */
  abstract readonly name: string;
  /** What the room is about, `""` if unset. */
  abstract readonly topic: string;
  /** As in `RoomRecord`. */
  abstract readonly topicOrigin: TopicOrigin | undefined;
  /** The people in the room, in the order in which they joined. */
  abstract readonly members: Set<Member>;
  /** Who is in it as the events published so far tell: names by origin. */
  abstract readonly present: ReadonlyMap<number, string>;
  /** The moves that readers of the stream may still have to follow. */
  abstract readonly moves: readonly MovePlace[];
  /** The latest runs, for subscribers that are behind. */
  readonly replay = new ReplayBuffer();
  readonly #subscribers = new Set<Subscriber>();
  readonly #recent = new RecentTalk();
  #lastSeq = 0;

  /** The `seq` of the last event published. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** The last things said, for people who join. */
  get recent(): EventRun {
    return this.#recent.events;
  }

  get hasSubscribers(): boolean {
    return this.#subscribers.size > 0;
  }

  /** Publishes later events to `subscriber` too. */
  subscribe(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
  }

  unsubscribe(subscriber: Subscriber): void {
    if (this.#subscribers.delete(subscriber) && !this.hasSubscribers) this.onUnused();
  }

  /** Creates a filter for events read from the log; absent if subscribers get all of them. */
  createPageFilter?(): PageFilter;

  /** Called when the last subscriber has gone. */
  protected onUnused(): void {}

  /**
   * Continues after the events from before the stream began, or from while its start was being
   * read.
   */
  protected resumeAfter(lastSeq: number, recent: EventRun): void {
    this.#lastSeq = Math.max(this.#lastSeq, lastSeq);
    this.#recent.restore(recent);
  }

  /**
   * Publishes events, at least one.
   *
   * @param told Those that subscribers get at once; the others only count as published.
   */
  protected publish(events: EventRun, told = events): void {
    const after = this.#lastSeq;
    // First, so that a subscriber that falls behind below reads up to the end of this run.
    this.#lastSeq = events[events.length - 1].seq;
    this.#recent.add(events);
    const redactions = redactionsAmong(events);
    if (redactions.length > 0) this.#redact(redactions);
    this.replay.push(events, after);
    if (told.length > 0) {
      for (const subscriber of this.#subscribers) deliver(subscriber, this, told, after);
    }
    this.replay.trim();
  }

  #redact(redactions: EventRun): void {
    this.replay.redact(redactions);
    for (const subscriber of this.#subscribers) subscriber.redact?.(this, redactions);
  }
}

/** A subscriber that throws must not cost the others the event. Not a closure: the hottest path. */
function deliver(
  subscriber: Subscriber,
  stream: RoomStream,
  events: EventRun,
  after: number,
): void {
  try {
    subscriber.deliver(stream, events, after);
  } catch (error) {
    log("room").error("Cannot deliver to {subscriber}: {error}", {
      subscriber: subscriber.label,
      error,
    });
  }
}
