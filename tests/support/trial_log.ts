/** A log in memory that can be full, unreadable or slow. */

import type { DatedSetting, StateSetting } from "../../lib/domain/state_store.ts";
import { EventNumbering } from "../../lib/backplane/event_numbering.ts";
import { type Clock, systemClock } from "../../lib/clock.ts";
import { DomainError } from "../../lib/domain/domain_error.ts";
import type { MessageLog } from "../../lib/domain/message_log.ts";
import {
  MOST_ENCODED_EVENTS,
  type RoomHistory,
  type SeqRange,
} from "../../lib/domain/history/room_history.ts";
import type { Draft, RoomEvent } from "../../lib/domain/room_event.ts";
import { MemoryMessageLog } from "../../lib/store/memory/message_log.ts";
import { nextTurn } from "./fake_clock.ts";
import type { SeededRandom } from "./random.ts";

/** A log that also numbers and reads events. */
export interface AppendableLog extends MessageLog, RoomHistory {
  /** Numbers drafts and stores them, as a sequencer does with a batch. */
  append(drafts: readonly Draft[]): Promise<readonly RoomEvent[]>;
}

export class TrialLog extends MemoryMessageLog implements AppendableLog {
  readonly #clock: Clock;
  /** Whether appending fails. */
  isFull = false;
  /** Whether reading fails. */
  isUnreadable = false;
  /** Awaited before a batch is stored. */
  beforeStoring: (events: readonly RoomEvent[]) => Promise<void> | void = () => {};
  /** Awaited before a page is read; its errors make the read fail. */
  beforeReading: (room: string, after: number, limit: number) => Promise<void> | void = () => {};
  /** If set, each call takes a random number of turns of the event loop. */
  hesitation: SeededRandom | undefined;
  /** The bodies of all batches passed to `store`, including those that failed. */
  readonly batches: string[][] = [];
  /** The arguments of all reads. */
  readonly reads: { readonly room: string; readonly after: number; readonly limit: number }[] = [];

  /** @param clock Gives appended events their time. */
  constructor(clock: Clock = systemClock, setState?: (setting: StateSetting) => void) {
    super(setState);
    this.#clock = clock;
  }

  async append(drafts: readonly Draft[]): Promise<readonly RoomEvent[]> {
    const events = await new EventNumbering(this, this.#clock).number(drafts);
    await this.store(events);
    return events;
  }

  override async store(
    events: readonly RoomEvent[],
    settings?: readonly DatedSetting[],
    _ends?: readonly number[],
  ): Promise<void> {
    this.batches.push(events.map(({ body }) => body));
    await this.beforeStoring(events);
    if (this.isFull) throw new Error("database or disk is full");
    await super.store(events, settings);
    await this.#hesitate();
  }

  override async read(room: string, after: number, limit: number): Promise<RoomEvent[]> {
    this.reads.push({ room, after, limit });
    await this.beforeReading(room, after, limit);
    this.#checkReadable();
    const events = await super.read(room, after, limit);
    await this.#hesitate();
    return events;
  }

  override async encode(room: string, range: SeqRange, form: string) {
    await this.beforeReading(room, range.after, MOST_ENCODED_EVENTS);
    this.#checkReadable();
    return await super.encode(room, range, form);
  }

  override async rooms(limit: number) {
    this.#checkReadable();
    return await super.rooms(limit);
  }

  override async room(name: string) {
    this.#checkReadable();
    const record = await super.room(name);
    await this.#hesitate();
    return record;
  }

  #checkReadable(): void {
    if (this.isUnreadable) {
      throw new DomainError("unavailable", "The log cannot be read right now.");
    }
  }

  async #hesitate(): Promise<void> {
    if (!this.hesitation) return;
    for (let turns = this.hesitation.int(3); turns > 0; turns--) await nextTurn();
  }
}
