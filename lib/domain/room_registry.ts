/**
 * All rooms with somebody in them, and the way of every event: from a member through the
 * sequencer to the log, and only then to the members.
 *
 * @module
 */

import { type Clock, systemClock } from "../clock.ts";
import { DomainError } from "./domain_error.ts";
import { type LogSource, LogSources } from "./log_source.ts";
import { type Loss, LossBook, lossOf, toGap } from "./loss.ts";
import type { Member, Watcher } from "./member.ts";
import type { RoomHistory } from "./message_log.ts";
import { nameKey } from "./name.ts";
import { Posts } from "./posts.ts";
import { recentTalk } from "./recent_talk.ts";
import { RECENT_LIMIT, Room } from "./room.ts";
import { RoomDelays } from "./room_delays.ts";
import type { Draft, RoomEvent, RoomEventKind } from "./room_event.ts";
import type { Sequencer } from "./sequencer.ts";

export interface RoomRegistryOptions {
  readonly log: RoomHistory;
  readonly sequencer: Sequencer;
  /** @default {systemClock} */
  readonly clock?: Clock;
  /** Something that log lines are to wait for, besides the log, if anything; else `undefined`. */
  readonly brake?: () => Promise<void> | undefined;
}

/** The rooms of this process. */
export class RoomRegistry {
  readonly #log: RoomHistory;
  readonly #sequencer: Sequencer;
  readonly #brake: () => Promise<void> | undefined;
  readonly #rooms = new Map<string, Room>();
  readonly #loading = new Map<Room, Promise<void>>();
  readonly #posts = new Posts();
  readonly #delays: RoomDelays;
  readonly #sources = new LogSources();
  readonly #losses = new LossBook();

  constructor({ log, sequencer, clock = systemClock, brake }: RoomRegistryOptions) {
    this.#log = log;
    this.#sequencer = sequencer;
    this.#delays = new RoomDelays(clock);
    this.#brake = brake ?? (() => undefined);
    sequencer.listen({
      committed: (events) => this.#deliver(events),
      refused: (drafts, reason) => this.#refuse(drafts, reason),
    });
  }

  /** Rooms with somebody in them, or somebody who watches. */
  get open(): Iterable<Room> {
    return this.#rooms.values();
  }

  /** The room of that name, compared without case, if somebody is in it. */
  find(name: string): Room | undefined {
    return this.#rooms.get(nameKey(name));
  }

  /**
   * Lets a member into the room, which need not exist before.
   *
   * @param name As `parseRoomName` gives it.
   * @param onEntered Called once the member is in and before it is delivered anything: `room.recent`
   * and what is delivered afterwards join without a gap.
   */
  async join(member: Member, name: string, onEntered: (room: Room) => void): Promise<void> {
    await this.#enter(name, (room) => {
      if (room.members.has(member)) return;
      // What is told later must not have happened before.
      room.tellHeld();
      room.members.add(member);
      onEntered(room);
      this.#submit(member, room, "join", "");
    });
  }

  /** As {@linkcode RoomRegistry.join}, for somebody who only looks on, unseen by the others. */
  async watch(watcher: Watcher, name: string, onEntered: (room: Room) => void): Promise<void> {
    await this.#enter(name, (room) => {
      room.watchers.add(watcher);
      onEntered(room);
    });
  }

  /** Ends a {@linkcode RoomRegistry.watch}. */
  unwatch(watcher: Watcher, room: Room): void {
    room.watchers.delete(watcher);
    this.#dropIfEmpty(room);
  }

  /** Lets a member out, with a last word if there is one. */
  leave(member: Member, room: Room, farewell = ""): void {
    if (room.members.delete(member)) this.#submit(member, room, "part", farewell);
  }

  /**
   * Says, or tells, something in a room; the members hear of it once it is on disk.
   *
   * @throws {DomainError} `not-in-room`.
   */
  say(member: Member, room: Room, kind: RoomEventKind, body: string): void {
    if (!room.members.has(member)) {
      throw new DomainError(
        "not-in-room",
        `You are not in #${room.name}. Enter it with /join ${room.name}.`,
      );
    }
    this.#submit(member, room, kind, body);
  }

  /**
   * Puts drafts of somebody who is in no room into the log, all or none; resolves to the events
   * once they are on disk.
   *
   * @param drafts At least one, all of one origin, which nobody else has.
   * @throws {Error} where they could not be kept.
   */
  post(drafts: readonly Draft[]): Promise<readonly RoomEvent[]> {
    const kept = this.#posts.expect(drafts);
    for (const draft of drafts) this.#sequencer.submit(draft);
    return kept;
  }

  /**
   * Lets something write lines into rooms; it hears what becomes of those that bear its `origin`.
   * It is in no room: what others say is not told to it.
   */
  attach(source: LogSource): void {
    this.#sources.add(source);
  }

  /** Says that nobody is left to hear. */
  detach(source: LogSource): void {
    this.#sources.delete(source);
  }

  /** Writes a line into its room, which need not exist before. */
  record(draft: Draft): void {
    this.#sequencer.submit(draft);
  }

  /**
   * Writes down that something was lost, as a `gap`. Where that cannot be kept either, it is once
   * something can.
   */
  recordLoss(loss: Loss): void {
    this.#sequencer.submit(toGap(loss));
  }

  /** Something to await before going on, where the log is behind; else `undefined`. */
  backpressure(): Promise<void> | undefined {
    return this.#sequencer.isBusy ? this.#sequencer.settled() : undefined;
  }

  /** As {@linkcode RoomRegistry.backpressure}, for those who pour in lines by the thousand. */
  linePressure(): Promise<void> | undefined {
    return this.#sequencer.hasEnough ? this.#sequencer.settled() : this.#brake();
  }

  /** Resolves once all that was said before has been delivered or refused. */
  settled(): Promise<void> {
    return this.#sequencer.settled();
  }

  #submit(member: Member, room: Room, kind: RoomEventKind, body: string): void {
    this.#sequencer.submit({
      room: room.name,
      kind,
      from: member.nickname,
      body,
      via: member.via,
      origin: member.origin,
    });
  }

  /** Calls `enter` with the room of that name once it is open, and in the same turn. */
  async #enter(name: string, enter: (room: Room) => void): Promise<void> {
    const key = nameKey(name);
    for (;;) {
      const room = this.#rooms.get(key);
      // Asked again after every wait: the room may have emptied and gone meanwhile.
      if (room && !this.#loading.has(room)) return enter(room);
      await (room ? this.#loading.get(room) : this.#open(key, name));
    }
  }

  /** Puts the room in the map before its past is read, so that no event is missed meanwhile. */
  async #open(key: string, name: string): Promise<void> {
    const room = new Room(name);
    this.#rooms.set(key, room);
    const loading = this.#restore(room);
    this.#loading.set(room, loading);
    try {
      await loading;
    } catch (error) {
      this.#rooms.delete(key);
      throw error;
    } finally {
      this.#loading.delete(room);
    }
  }

  async #restore(room: Room): Promise<void> {
    const record = await this.#log.room(room.name);
    if (!record) return;
    const before = record.lastSeq + 1;
    room.restore(record, await recentTalk(this.#log, record.name, { before, count: RECENT_LIMIT }));
  }

  #deliver(events: readonly RoomEvent[]): void {
    this.#posts.settle(events);
    for (const [name, run] of byRoom(events)) {
      const room = this.find(name);
      if (!room) continue;
      const { joined, left } = room.fanOut(run);
      if (joined + left > 0) this.#delays.countCrowd(room, joined, left);
      if (room.holdMs > 0) this.#delays.hold(room);
      this.#dropIfEmpty(room);
    }
    this.#sources.tell(events);
    // What could not be kept before can be now.
    for (const loss of this.#losses.take()) this.recordLoss(loss);
  }

  #dropIfEmpty(room: Room): void {
    if (!room.isDeserted || this.#loading.has(room)) return;
    this.#rooms.delete(nameKey(room.name));
  }

  #refuse(drafts: readonly Draft[], reason: Error): void {
    this.#posts.refuse(drafts, reason);
    for (const [name, refused] of byRoom(drafts)) {
      const room = this.find(name);
      if (!room) continue;
      room.tellRefusal(refused, reason);
      this.#dropIfEmpty(room);
    }
    for (const draft of drafts) {
      const loss = lossOf(draft);
      if (loss) this.#losses.add(loss);
    }
    this.#sources.refuse(drafts, reason);
  }
}

/** Splits a batch by room, keeping the order within each. */
function byRoom<Item extends Draft>(items: readonly Item[]): Iterable<[string, readonly Item[]]> {
  const first = items[0]?.room;
  if (items.every((item) => item.room === first)) {
    return first === undefined ? [] : [[first, items]];
  }
  const runs = new Map<string, Item[]>();
  for (const item of items) {
    const run = runs.get(item.room);
    if (run) run.push(item);
    else runs.set(item.room, [item]);
  }
  return runs;
}
