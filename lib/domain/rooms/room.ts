/**
 * One room: its members, its topic, and the stream of everything that happens in it.
 *
 * @module
 */

import { PresentPeople } from "./present_people.ts";
import { redactionsAmong, withRedactions } from "../redaction.ts";
import { type Draft, respelledTo } from "../room_event.ts";
import { type RoomRecord, type TopicOrigin, topicOriginOf } from "../message_log.ts";
import { type EventRun, type Member, type MovePlace, RoomStream } from "./room_stream.ts";

/** Redactions that later events may not know of: they quote what was read before. */
const REDACTIONS_KEPT = 100;
const NONE: EventRun = [];

/** A move of everybody in a room to another room. */
export interface RoomMove extends MovePlace {
  readonly to: Room;
  /** The number of the last event in the other room before the move. */
  readonly after: number;
  /** Whether somebody who was not in this room was in the other one already. @default {false} */
  readonly isOccupied?: boolean;
  /** Why, if somebody has said so. */
  readonly reason?: string;
}

/** A room that somebody is in, or reads. */
export class Room extends RoomStream {
  readonly members = new Set<Member>();
  /**
   * Who is in the room, and under which name, as the events published so far tell: the names of
   * members by origin.
   */
  readonly present = new PresentPeople();
  moves: readonly RoomMove[] = [];
  /** Origins of members who were moved here while their nickname change was not yet committed. */
  readonly lateNames = new Set<number>();
  readonly #onUnused: (room: Room) => void;
  #name: string;
  #isRespelled = false;
  #topic: string | undefined;
  #topicOrigin: TopicOrigin | undefined;
  #redactions = NONE;

  /** @param onUnused Called when the last subscriber has gone. */
  constructor(name: string, onUnused: (room: Room) => void = () => {}) {
    super();
    this.#name = name;
    this.#onUnused = onUnused;
  }

  get name(): string {
    return this.#name;
  }

  get topic(): string {
    return this.#topic ?? "";
  }

  get topicOrigin(): TopicOrigin | undefined {
    return this.#topicOrigin;
  }

  /** Whether nobody is in the room and nothing reads it. */
  get isDeserted(): boolean {
    return this.members.size === 0 && !this.hasSubscribers;
  }

  /** Takes over what the log knows. Events published while the log was read are newer and win. */
  restore(past: Omit<RoomRecord, "firstSeq">, recent: EventRun): void {
    if (!this.#isRespelled) this.#name = past.name;
    if (this.#topic === undefined) this.#setTopic(past.topic, past.topicOrigin);
    this.resumeAfter(past.lastSeq, recent);
  }

  /** Takes over the topic of the log. @param before Nothing changes if it is no longer this. */
  retopic(topic: string, before: string): void {
    if (this.topic === before) this.#setTopic(topic, this.#topicOrigin);
  }

  /** Notes what a member did, once it is published or will never be. */
  noteOutcome({ kind, origin, from, body }: Draft): void {
    if (origin === undefined) return;
    if (kind === "join") this.present.set(origin, from);
    else if (kind === "part") this.present.delete(origin);
    else if (kind === "nick") {
      this.lateNames.delete(origin);
      if (this.present.has(origin)) this.present.set(origin, body);
    }
  }

  /** Publishes committed events to all subscribers. */
  fanOut(committed: EventRun): void {
    const fresh = this.#withoutRestored(committed);
    if (fresh.length < committed.length) {
      // Who is here is not restored.
      for (const event of committed.slice(0, committed.length - fresh.length)) {
        this.noteOutcome(event);
      }
    }
    if (fresh.length === 0) return;
    const events = withRedactions(fresh, this.#redactionsFor(fresh));
    for (const event of events) {
      if (event.kind === "topic") this.#setTopic(event.body, topicOriginOf(event));
      else this.noteOutcome(event);
      const spelled = respelledTo(event);
      if (spelled === undefined) continue;
      this.#name = spelled;
      this.#isRespelled = true;
    }
    this.publish(events);
  }

  /**
   * The redactions that events may have to be told after: those among them and, if any of them
   * quotes an event, the latest before, because what it quotes was read a moment ago.
   */
  #redactionsFor(events: EventRun): EventRun {
    const redactions = redactionsAmong(events);
    const before = this.#redactions;
    if (redactions.length > 0) {
      this.#redactions = [...before, ...redactions].slice(-REDACTIONS_KEPT);
    }
    return before.length > 0 && events.some(({ about }) => about)
      ? [...before, ...redactions]
      : redactions;
  }

  #setTopic(topic: string, origin: TopicOrigin | undefined): void {
    this.#topic = topic;
    this.#topicOrigin = topic === "" ? undefined : origin;
  }

  protected override onUnused(): void {
    this.#onUnused(this);
  }

  /**
   * Usually the same array. A room opened while a large batch is being published has read all of
   * that batch from the log already.
   */
  #withoutRestored(events: EventRun): EventRun {
    if (events[0].seq > this.lastSeq) return events;
    return events.filter((event) => event.seq > this.lastSeq);
  }
}
