/**
 * One room: who is in it, what it is about, and the telling of its events to all of them.
 *
 * @module
 */

import { log } from "../log.ts";
import { LogCollapser } from "./log_collapser.ts";
import type { Member, Watcher } from "./member.ts";
import type { RoomRecord } from "./message_log.ts";
import { removedThrough } from "./retention_gap.ts";
import { type Draft, isArrivalOrDeparture, type RoomEvent } from "./room_event.ts";
import { ReplayBuffer } from "./replay_buffer.ts";

/** Beyond so many members, arrivals and departures are counted instead of named. */
const CROWD_SIZE = 50;
/** How many of the latest things said a room keeps at hand for those who come in. */
export const RECENT_LIMIT = 20;

/** Events as they are told: in a crowded room without the comings and goings, which are counted. */
export interface Telling {
  readonly events: readonly RoomEvent[];
  readonly joined: number;
  readonly left: number;
}

const NOTHING_TOLD: Telling = { events: [], joined: 0, left: 0 };

/** A room with somebody in it. */
export class Room {
  readonly members = new Set<Member>();
  readonly watchers = new Set<Watcher>();
  /** What was told of late, for members that are behind; and for watchers. */
  readonly tail = new ReplayBuffer();
  readonly watchedTail = new ReplayBuffer();
  #name: string;
  #topic: string | undefined;
  readonly #folder = new LogCollapser();
  /** The number of the last event that came, of the last one told, and of the last told before. */
  #heardSeq = 0;
  #lastSeq = 0;
  #previousSeq = 0;
  #recent: readonly RoomEvent[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  /** Whether there is nobody left to tell anything. */
  get isDeserted(): boolean {
    return this.members.size === 0 && this.watchers.size === 0;
  }

  /** The name as it was first written by anybody. */
  get name(): string {
    return this.#name;
  }

  /** What the room is about, `""` if nobody said. */
  get topic(): string {
    return this.#topic ?? "";
  }

  /** The number of the last event told to the members. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /**
   * The number after which begins what is being told: where a member has to go on that does not
   * take it. What was folded has no number of its own.
   */
  get previousSeq(): number {
    return this.#previousSeq;
  }

  /** The number of the last event that there is, told to the watchers but perhaps not to members. */
  get heardSeq(): number {
    return this.#heardSeq;
  }

  /** How long log lines are to be held back that may become too many; 0 where there are none. */
  get holdMs(): number {
    return this.#folder.isHolding ? this.#folder.holdMs : 0;
  }

  /** The latest events but joins and parts, in order, at most {@linkcode RECENT_LIMIT}. */
  get recent(): readonly RoomEvent[] {
    return this.#recent;
  }

  /** Takes over what the log knows; events told since the log was asked are newer and win. */
  restore(past: Omit<RoomRecord, "firstSeq">, recent: readonly RoomEvent[]): void {
    this.#name = past.name;
    this.#topic ??= past.topic;
    this.#lastSeq = Math.max(this.#lastSeq, past.lastSeq);
    this.#heardSeq = Math.max(this.#heardSeq, past.lastSeq);
    const firstSeq = this.#recent[0]?.seq ?? Infinity;
    this.#keepRecent([...recent.filter((event) => event.seq < firstSeq), ...this.#recent]);
  }

  /**
   * Tells committed events to every watcher, and to every member but for log lines that are held
   * back; returns what was only counted.
   */
  fanOut(committed: readonly RoomEvent[]): Telling {
    const events = this.#withoutRestored(committed);
    if (events.length === 0) return NOTHING_TOLD;
    this.#heardSeq = events[events.length - 1].seq;
    for (const event of events) {
      if (event.kind === "topic") this.#topic = event.body;
      else if (event.kind === "gap") this.#forgetRemoved(event);
    }
    this.#tellWatchers(events);
    // Nobody needs to be spared where nobody is.
    if (this.members.size > 0) return this.#tell(this.#folder.push(events));
    this.#tell(this.#folder.flush());
    return this.#tell(events);
  }

  /** Tells the members the log lines that are held back. */
  tellHeld(): void {
    this.#tell(this.#folder.flush());
  }

  /** `lastSeq` moves on first: a member that falls behind here finds the end it has to reach. */
  #tell(events: readonly RoomEvent[]): Telling {
    if (events.length === 0) return NOTHING_TOLD;
    this.#previousSeq = this.#lastSeq;
    this.#lastSeq = events[events.length - 1].seq;
    const talk = withoutArrivals(events);
    if (talk.length > 0) this.#keepRecent([...this.#recent, ...talk.slice(-RECENT_LIMIT)]);
    const telling = this.tell(events, talk);
    this.tail.push(events, this.#previousSeq);
    if (telling.events.length > 0) {
      for (const member of this.members) deliver(member, telling.events);
    }
    this.tail.trim();
    return telling;
  }

  #tellWatchers(events: readonly RoomEvent[]): void {
    if (this.watchers.size === 0) return;
    this.watchedTail.push(events);
    for (const watcher of this.watchers) deliver(watcher, events);
    this.watchedTail.trim();
  }

  /** How a run of this room's events is told while the room is as large as it is now. */
  tell(events: readonly RoomEvent[], talk = withoutArrivals(events)): Telling {
    if (this.members.size <= CROWD_SIZE || talk.length === events.length) {
      return { events, joined: 0, left: 0 };
    }
    let joined = 0;
    for (const event of events) {
      if (event.kind === "join") joined++;
    }
    return { events: talk, joined, left: events.length - talk.length - joined };
  }

  /** Tells the members how many came and went since they were told last. */
  tellCrowd(joined: number, left: number): void {
    this.#eachMember((member) => member.deliverCrowd(this.#name, joined, left));
  }

  /** Tells each member which drafts of its own could not be kept. */
  tellRefusal(drafts: readonly Draft[], reason: Error): void {
    this.#eachMember((member) => {
      const own = drafts.filter((draft) => draft.origin === member.origin);
      if (own.length > 0) member.deliverRefusal(own, reason);
    });
  }

  /**
   * The same array, but in a room that was opened while a large batch was being told: its log
   * had all of the batch.
   */
  #withoutRestored(events: readonly RoomEvent[]): readonly RoomEvent[] {
    if (events[0].seq > this.#heardSeq) return events;
    return events.filter((event) => event.seq > this.#heardSeq);
  }

  #eachMember(tell: (member: Member) => void): void {
    for (const member of this.members) {
      try {
        tell(member);
      } catch (error) {
        noteFailure(member, error);
      }
    }
  }

  /** What the log does not keep any more is not for newcomers either. */
  #forgetRemoved(gap: RoomEvent): void {
    const last = removedThrough(gap);
    if (last !== undefined) this.#recent = this.#recent.filter(({ seq }) => seq > last);
  }

  #keepRecent(events: readonly RoomEvent[]): void {
    this.#recent = events.slice(-RECENT_LIMIT);
  }
}

/** The same array where there is nothing to leave out, which is the usual case. */
function withoutArrivals(events: readonly RoomEvent[]): readonly RoomEvent[] {
  return events.some(isArrivalOrDeparture)
    ? events.filter((event) => !isArrivalOrDeparture(event))
    : events;
}

/** Without a closure: this is what the server does most. */
function deliver(member: Watcher, events: readonly RoomEvent[]): void {
  try {
    member.deliver(events);
  } catch (error) {
    noteFailure(member, error);
  }
}

/** What goes wrong with one member is not the others' loss. */
function noteFailure(member: Watcher, error: unknown): void {
  log("room").error("Cannot deliver to {member}: {error}", { member: member.nickname, error });
}
